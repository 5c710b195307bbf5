"""Callbacks: tells subscribers how a drain goes."""
