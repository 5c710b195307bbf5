"""JSON to records, and back: for requests, settings, events, and what is stored as JSON."""
