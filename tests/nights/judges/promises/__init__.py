"""Whether a night kept each promise."""
