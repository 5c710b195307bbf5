"""The app's state in Table Storage, and its queues."""
