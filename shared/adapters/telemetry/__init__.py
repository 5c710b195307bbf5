"""Telemetry, sent by OpenTelemetry. See docs/telemetry.md."""
