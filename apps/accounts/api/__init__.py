"""The API of accounts: the audit log."""
