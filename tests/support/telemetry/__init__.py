"""Receives the app's telemetry."""
