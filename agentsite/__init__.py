"""Wiring: settings, urls, the two server entry points, Celery, and the embedded stack. No domain words."""
