"""What is known of one host in a drain, and what may be done to it."""
