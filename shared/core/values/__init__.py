"""What things are called, and measured in."""
