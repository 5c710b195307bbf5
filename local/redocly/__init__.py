"""The linter of the API's description."""
