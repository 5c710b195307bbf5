"""What begins by itself, and when."""
