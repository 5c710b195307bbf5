"""How good forecasts are: simulated weeks of drains, each forecast held to when it truly ended."""
