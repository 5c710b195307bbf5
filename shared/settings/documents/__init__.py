"""Settings whose value is a JSON document."""
