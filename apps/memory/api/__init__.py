"""The wire API of memory stores, memories and their versions (contract: 3.8)."""
