"""What is told of a drain, its hosts and its orders."""
