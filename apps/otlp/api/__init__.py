"""OTLP over HTTP, as its specification has it; only authentication is this API's own."""
