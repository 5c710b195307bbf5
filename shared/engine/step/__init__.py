"""One look at a drain, and what follows from it."""
