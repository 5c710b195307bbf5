"""What a request would make."""
