"""Schedules and campaigns: begins what is due, and reports when it has ended."""
