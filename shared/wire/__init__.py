"""JSON to records and back, for whoever sends it: requests, settings, events, and what is kept as JSON."""
