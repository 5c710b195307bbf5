"""What one look saw, and what that proves."""
