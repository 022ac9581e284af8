"""The embedded stack: a database, a queue and every process of agentsite on one machine.

What an environment variable names (`DATABASE_URL`, `CELERY_BROKER_URL`) is taken from there and
not started. Nothing in here needs Django.
"""
