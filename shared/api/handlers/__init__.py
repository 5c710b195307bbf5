"""What each address does: a file a thing that it is about."""
