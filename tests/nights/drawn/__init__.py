"""Draws the parts of a night at random."""
