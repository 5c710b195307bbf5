"""Sends notifications to receivers, one file per kind of receiver."""
