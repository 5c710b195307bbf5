"""What is told of a drain, shape and maker side by side."""
