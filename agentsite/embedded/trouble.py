"""The one error of the embedded stack: a sentence for the person at the terminal."""


class CannotStart(Exception):  # noqa: N818 -- it says what happened, to a person
    """Says in one sentence what is wrong and what to do about it."""
