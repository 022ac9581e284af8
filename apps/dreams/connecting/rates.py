"""Shares with the interval that says how little a few tries prove."""

from math import sqrt

from apps.dreams.findings import Rate

_Z = 1.959964


def rate(successes: int, tries: int) -> Rate:
    """The 95 % Wilson interval: right for few tries, too, and never beyond 0 and 1."""
    if not tries:
        return Rate(0, 0, 0.0, 1.0)
    share = successes / tries
    spread = 1 + _Z**2 / tries
    middle = (share + _Z**2 / (2 * tries)) / spread
    half = _Z * sqrt(share * (1 - share) / tries + _Z**2 / (4 * tries**2)) / spread
    return Rate(successes, tries, max(0.0, middle - half), min(1.0, middle + half))
