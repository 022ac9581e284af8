"""The wire API of agents and environments (contract: 3.1, 3.2)."""
