"""How passwords are kept in tests."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class OneRound(PBKDF2PasswordHasher):
    """Django's own, which every other process can check, without the half second it costs."""

    iterations = 1
