"""Webhooks: what happened, written down in the transaction that made it happen, to be told later.

An outbox event is there if and only if what it tells was committed.
"""
