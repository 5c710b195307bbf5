"""What is remembered of a drain."""
