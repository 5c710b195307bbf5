"""Events, each source translated in a file of its own into what the engine can do. No I/O, no decision
of its own: a payload becomes an intent, or is ignored (why), or is malformed (all its faults)."""
