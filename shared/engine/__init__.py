"""Performs what the core decides. There are no rules here, and nothing of Azure: the outside comes
as ports."""
