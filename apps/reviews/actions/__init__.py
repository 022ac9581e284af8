"""What a person or client may do with proposals and policies."""
