"""The side address ``/_sim/``: shows and changes the estate, publishes events and receives the
app's."""
