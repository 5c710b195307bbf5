"""Notifications: tells the receivers that the operator configured."""
