"""What timers and queues call: late work, hosts left behind, old records."""
