"""Checks that code makes and no model is asked for: a pattern, a length, a word, a schema.

Rubrics are written by anybody, so none of these can hang or blow up a worker. Patterns run on RE2,
whose time is linear in the text whatever the pattern (it has no look-around and no backreferences,
and says so when a rubric is saved); the patterns inside a schema run on a linear engine too, and a
schema's references are never fetched.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from itertools import islice
from typing import Any, Final

import jsonschema_rs
import orjson
import re2

from apps.core.errors import DomainError
from apps.outcomes.models import Judgement

LONGEST_VALUE: Final = 20_000
"""Characters of a check's value. A schema is the only one that gets near."""
MOST_COUNTED: Final = 10_000_000
_MOST_ERRORS: Final = 3
_LONGEST_SAID: Final = 200
_WORD = re.compile(r"\S+")
_FENCED = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1`*~*[ \t]*$", re.DOTALL | re.MULTILINE)


class CheckKind(StrEnum):
    """How a criterion is checked without a model; the names are those of the rubric's text."""

    REGEX = "regex"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    MIN_WORDS = "min_words"
    MAX_WORDS = "max_words"
    MIN_CHARACTERS = "min_characters"
    MAX_CHARACTERS = "max_characters"
    JSON_SCHEMA = "json_schema"


class UnfitCheck(DomainError):
    """This check cannot be made."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to. `start` and `end` are the part of the artifact that decided, if any."""

    verdict: Judgement
    start: int | None
    end: int | None
    reason: str


def require_fit(kind: str, value: str) -> None:
    """Raises UnfitCheck if no artifact could ever be checked so, and says what to write."""
    if len(value) > LONGEST_VALUE:
        raise UnfitCheck(f"the value has {len(value):,} characters; at most {LONGEST_VALUE:,}")
    if kind == CheckKind.REGEX:
        _pattern(value)
    elif kind == CheckKind.JSON_SCHEMA:
        _validator(value)
    elif kind in (CheckKind.CONTAINS, CheckKind.NOT_CONTAINS):
        if not value:
            raise UnfitCheck("there is nothing to look for; write some text between the quotes")
    else:
        _count(value)


def check(kind: str, value: str, artifact: str) -> Checked:
    """The verdict on the whole artifact; the same text always gets the same one."""
    return _CHECKS[CheckKind(kind)](value, artifact)


def _regex(value: str, artifact: str) -> Checked:
    found = _pattern(value).search(artifact)
    if found is None:
        return Checked(Judgement.FAIL, None, None, f"Nothing matches {_said(value)}.")
    start, end = found.span()
    if start == end:
        return Checked(Judgement.PASS, None, None, f"{_said(value)} matches.")
    return Checked(Judgement.PASS, start, end, f"{_said(found.group())} matches {_said(value)}.")


def _contains(value: str, artifact: str) -> Checked:
    start = artifact.find(value)
    if start < 0:
        return Checked(Judgement.FAIL, None, None, f"{_said(value)} does not occur.")
    return Checked(Judgement.PASS, start, start + len(value), f"{_said(value)} occurs.")


def _lacks(value: str, artifact: str) -> Checked:
    start = artifact.find(value)
    if start < 0:
        return Checked(Judgement.PASS, None, None, f"{_said(value)} does not occur.")
    return Checked(
        Judgement.FAIL, start, start + len(value), f"{_said(value)} occurs, and must not."
    )


def _at_least(unit: str, count: Callable[[str], int], value: str, artifact: str) -> Checked:
    limit, found = _count(value), count(artifact)
    verdict = Judgement.PASS if found >= limit else Judgement.FAIL
    return Checked(verdict, None, None, f"{found:,} {unit}; at least {limit:,}.")


def _at_most(unit: str, ends: Callable[[str, int], int | None], value: str, text: str) -> Checked:
    """What is too much is quoted: all that stands behind the limit."""
    limit = _count(value)
    end = ends(text, limit)
    if end is None:
        return Checked(Judgement.PASS, None, None, f"No more than {limit:,} {unit}.")
    return Checked(Judgement.FAIL, end, len(text), f"More than {limit:,} {unit}.")


def _words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def _beyond_words(text: str, limit: int) -> int | None:
    """Where the first word stands that is one too many."""
    for number, found in enumerate(_WORD.finditer(text)):
        if number == limit:
            return found.start()
    return None


def _beyond_characters(text: str, limit: int) -> int | None:
    return limit if len(text) > limit else None


def _schema(value: str, artifact: str) -> Checked:
    validator = _validator(value)
    text, offset = _json_of(artifact)
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        at = min(offset + error.pos, len(artifact))
        reason = f"This is not JSON: {error.msg} (line {artifact.count(chr(10), 0, at) + 1})."
        return Checked(Judgement.FAIL, *_around(artifact, at), reason)
    problems = [_problem(each) for each in islice(validator.iter_errors(document), _MOST_ERRORS)]
    if problems:
        return Checked(
            Judgement.FAIL, None, None, f"Not as the schema says: {'; '.join(problems)}."
        )
    return Checked(Judgement.PASS, None, None, "The JSON is as the schema says.")


def _json_of(artifact: str) -> tuple[str, int]:
    """The artifact itself, or the one fenced block in it: people ask agents for either."""
    blocks = list(_FENCED.finditer(artifact))
    if len(blocks) == 1 and artifact.lstrip()[:1] not in ("{", "["):
        return blocks[0][2], blocks[0].start(2)
    return artifact, 0


def _around(artifact: str, at: int) -> tuple[int | None, int | None]:
    """The rest of the line at which it went wrong, if anything stands there."""
    end = artifact.find("\n", at)
    end = min(len(artifact) if end < 0 else end, at + _LONGEST_SAID)
    return (at, end) if end > at else (None, None)


def _problem(error: jsonschema_rs.ValidationError) -> str:
    where = "".join(f"/{part}" for part in error.instance_path) or "the whole"
    return f"{_cut(where)}: {_cut(error.message)}"


def _said(text: str) -> str:
    return f"“{_cut(text)}”"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID]}…"


@lru_cache(maxsize=256)
def _pattern(value: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(value, options)
    except re2.error as error:
        said = error.args[0]
        why = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise UnfitCheck(
            f"the pattern cannot be read: {why}. Patterns are those of RE2, "
            "without look-ahead, look-behind and backreferences"
        ) from None


@lru_cache(maxsize=64)
def _validator(value: str) -> jsonschema_rs.Validator:
    try:
        schema = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UnfitCheck(f"the schema is not JSON: {error.msg} (its line {error.lineno})") from None
    if not isinstance(schema, dict | bool):
        raise UnfitCheck("a schema is a JSON object")
    try:
        return jsonschema_rs.validator_for(
            schema, retriever=_never_fetch, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        said = error.message if isinstance(error, jsonschema_rs.ValidationError) else str(error)
        raise UnfitCheck(f"this is no JSON schema: {_cut(said)}") from None


def _never_fetch(address: str) -> Any:
    raise ValueError(f"schemas from elsewhere are not fetched ({address}); put it below $defs")


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > MOST_COUNTED:
        raise UnfitCheck(f"write a whole number up to {MOST_COUNTED:,}, such as 200")
    return int(value)


_CHECKS: Mapping[CheckKind, Callable[[str, str], Checked]] = {
    CheckKind.REGEX: _regex,
    CheckKind.CONTAINS: _contains,
    CheckKind.NOT_CONTAINS: _lacks,
    CheckKind.MIN_WORDS: partial(_at_least, "words", _words),
    CheckKind.MAX_WORDS: partial(_at_most, "words", _beyond_words),
    CheckKind.MIN_CHARACTERS: partial(_at_least, "characters", len),
    CheckKind.MAX_CHARACTERS: partial(_at_most, "characters", _beyond_characters),
    CheckKind.JSON_SCHEMA: _schema,
}
