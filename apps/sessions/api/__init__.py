"""The wire API of sessions: events, resources and threads included (contract: 3.3 to 3.6)."""
