"""Names, identifiers and measures that all other districts share."""
