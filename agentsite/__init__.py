"""Wiring: settings, urls, the web's entry point, Celery, the embedded stack. No domain words."""
