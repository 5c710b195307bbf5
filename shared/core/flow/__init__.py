"""What one look leads to."""
