"""Summaries of a drain whose size does not grow with its hosts."""
