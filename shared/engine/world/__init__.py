"""What the engine stands on: the outside, and how it is called."""
