"""Whoever is to be told how a drain goes."""
