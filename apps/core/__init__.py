"""Plumbing that every app stands on: ids, errors, pagination, htmx, health, logs.

Nothing here knows a noun of the product.
"""
