"""What begins by itself."""
