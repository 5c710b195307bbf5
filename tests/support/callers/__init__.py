"""Callers of the app."""
