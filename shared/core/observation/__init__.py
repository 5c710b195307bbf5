"""What one look at a pool saw, and what that proves."""
