"""Tokens of answers, as dreams count them."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

from apps.dreams.engines import Usage
from apps.engine.asking import Answer


def usage_of(answers: Iterable[Answer[Any]]) -> Usage:
    """Of all of them together."""
    return reduce(add, (Usage(*each.usage) for each in answers), Usage())
