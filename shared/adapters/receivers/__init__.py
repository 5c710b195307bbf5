"""Those whom the operator wants to be told: a file a kind."""
