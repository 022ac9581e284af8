"""What requests about sessions look like (contract: 3.3, 3.4, 3.7)."""
