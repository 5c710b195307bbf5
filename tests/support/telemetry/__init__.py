"""What the app tells of itself, taken in."""
