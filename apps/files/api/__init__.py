"""The wire API of files (contract: 3.11)."""
