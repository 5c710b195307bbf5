"""Who calls the app."""
