"""The one error of the embedded stack: a sentence for the person at the terminal."""


class CannotStart(Exception):
    """Says in one sentence what is wrong and what to do about it."""
