"""Translates events, one file per source, into what the engine can do. There is no I/O and no
decision here: a payload becomes an intent, or is ignored (with the reason), or is malformed (with
all its faults)."""
