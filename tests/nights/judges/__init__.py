"""The judges: ``known`` is what they ask, ``promises`` whether a night kept them."""
