"""Secrets in text: where they stand, and the text without them. Pure.

What has the form of a credential is one. What only looks random is not: commit hashes and ids fill
transcripts, and whoever masks them hides what happened.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """Characters `start` to `end` of the text, and which kind of secret they are."""

    start: int
    end: int
    kind: str


MASK = "[{kind} removed]"
LEAST_ENTROPY = 2.5
"""Bits per character of a value that somebody called a password; below it is an example."""

_KEY = r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.{0,8000}?)(?:-----END [A-Z ]*-----|\Z)"
_HEADER = r"(?i)\b(?:bearer|basic)\s+(?P<value>[a-z0-9+/._~-]{16,}=*)"
_NAMED = (
    r"(?i)(?<![a-z])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_ -]?key|access[_ -]?key"
    r"|client[_ -]?secret|credential)s?[\"']?\s*(?:[:=]|\bis\b|=>)\s*[\"'`]?"
    r"(?P<guess>(?!(?i:pass(?:word|wd|phrase)?|secret|token)s?\b)[^\s\"'`,;<>{}()\[\]]{8,200})"
)
# Of those with a `value` only that is the secret; a `guess` must look like one, too.
_FORMS = (
    ("private key", _KEY),
    ("API key", r"\bsk-(?:ant-|proj-|agentsite-|or-)?[A-Za-z0-9_-]{20,}"),
    ("API key", r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}"),
    ("API key", r"\bAIza[0-9A-Za-z_-]{35}"),
    ("API key", r"\b(?:hf|npm|pypi|glpat|dop_v1|SG)[_.-][A-Za-z0-9_.-]{20,}"),
    ("access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("access token", r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}"),
    ("access token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("access token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    ("access token", _HEADER),
    ("webhook address", r"https://hooks\.slack\.com/services/[A-Za-z0-9/]{20,}"),
    ("password", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,100}:(?P<value>[^\s@/]{3,200})@"),
    ("password", _NAMED),
)
_COMPILED = [(kind, re.compile(form)) for kind, form in _FORMS]
_CARD = re.compile(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?!\d|[.-]\d)")


def secrets(text: str) -> list[Secret]:
    """Every secret in it, in order; none overlaps another."""
    found = sorted((*_by_form(text), *_cards(text)), key=lambda each: (each.start, -each.end))
    kept: list[Secret] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def masked(text: str) -> str:
    """The text with each secret replaced by what kind of one stood there."""
    parts, at = [], 0
    for each in secrets(text):
        parts += [text[at : each.start], MASK.format(kind=each.kind)]
        at = each.end
    return "".join((*parts, text[at:]))


def _by_form(text: str) -> Iterator[Secret]:
    for kind, form in _COMPILED:
        for match in form.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            if match.lastgroup != "guess" or _is_plausible(text[start:end]):
                yield Secret(start, end, kind)


def _is_plausible(value: str) -> bool:
    """No word, no placeholder: it mixes kinds of characters, and they are not the same few."""
    has_digit = any(character.isdigit() for character in value)
    has_letter = any(character.isalpha() for character in value)
    return has_digit and has_letter and _entropy(value) >= LEAST_ENTROPY


def _entropy(value: str) -> float:
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)


def _cards(text: str) -> Iterator[Secret]:
    for match in _CARD.finditer(text):
        digits = [int(each) for each in match.group() if each.isdigit()]
        if _passes_luhn(digits) and digits[0] in {3, 4, 5, 6}:
            yield Secret(*match.span(), "card number")


def _passes_luhn(digits: list[int]) -> bool:
    doubled = [2 * each - 9 * (each > 4) for each in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
