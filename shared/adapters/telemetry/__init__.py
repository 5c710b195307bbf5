"""What the app tells of itself, by OpenTelemetry. See docs/telemetry.md."""
