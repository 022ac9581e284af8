"""The local engine: no model, no key, the same answer each time."""
