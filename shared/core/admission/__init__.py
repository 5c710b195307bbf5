"""Which host may go out now."""
