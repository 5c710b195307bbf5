"""What the service gives at once, what goes wrong with it, and what it says that it does not usually say."""
