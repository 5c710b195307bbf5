"""Those whom the operator wants to be told."""
