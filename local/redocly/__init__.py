"""The linter of the API description."""
