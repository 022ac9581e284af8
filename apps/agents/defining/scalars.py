"""What a plain word of YAML means here: what it would mean in JSON, and else text.

So `on`, `no` and dates are text, as anyone who writes them thinks.
"""

import re

NULL = re.compile(r"^(?:~|null|Null|NULL|)$")
BOOL = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
INT = re.compile(r"^-?(?:0|[1-9][0-9]{0,300})$")
FLOAT = re.compile(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$")


def value_of(word: str) -> str | int | float | bool | None:
    """The value of a word that stands without quotes."""
    if NULL.match(word):
        return None
    if BOOL.match(word):
        return word.lower() == "true"
    if INT.match(word):
        return int(word)
    return _float(word) if FLOAT.match(word) else word


def _float(word: str) -> float | str:
    number = float(word)
    return number if abs(number) != float("inf") else word
