"""One step: one look at a drain, and what follows from it."""
