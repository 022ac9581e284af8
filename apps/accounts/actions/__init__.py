"""What a person may do with accounts."""
