"""What follows from one look at a pool."""
