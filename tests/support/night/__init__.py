"""A whole night in one process."""
