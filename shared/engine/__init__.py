"""Performs what the core decides. No rules here, and no Azure: the outside comes as ports."""
