"""What is shown of a drain: each shape beside the function that makes it."""
