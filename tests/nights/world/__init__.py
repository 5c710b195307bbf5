"""What a night consists of: the app's instances, the Functions host, the estate, and what goes
wrong."""
