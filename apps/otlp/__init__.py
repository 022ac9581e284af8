"""OpenTelemetry traces become sessions: spans come in any order and in pieces."""
