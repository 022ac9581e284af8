"""What a person or client may do with stores, memories and versions."""
