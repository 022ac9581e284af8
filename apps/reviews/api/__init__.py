"""Changesets, proposals and policies over HTTP."""
