"""The limits and faults of the simulated service: throttling, latency, errors, and unusual
responses."""
