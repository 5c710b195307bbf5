"""The work of timers, and of the queue of calls: overdue work, abandoned hosts, old records."""
