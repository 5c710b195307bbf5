"""The side address ``/_sim/``: the estate shown and changed; events, and who takes them."""
