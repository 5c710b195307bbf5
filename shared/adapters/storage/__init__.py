"""Table Storage and the queues."""
