"""What a person or client may do with agents and environments."""
