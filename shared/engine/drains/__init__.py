"""Drains as they are asked for and steered."""
