"""The block in braces that a criterion may end in: its id, its weight, whether it is required, its
check.

    - The total is right {#total weight=2 required regex="\\d+ USD"}

Values with spaces stand in quotes of any kind; a backslash stays a backslash, except before the
quote that it keeps from ending the value. Braces that hold none of our words are text.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from rapidfuzz import process

from apps.outcomes.checks import CheckKind, UnfitCheck, require_fit

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NAMES: Final = ("weight", "required", *CheckKind)
_HEAVIEST: Final = 1_000
LONGEST_BLOCK: Final = 25_000
"""Characters of a block; a schema may be inside."""
_QUOTES: Final = ('"', "'", "`")
_TOKEN = re.compile(
    r"""\s*(?:
        \#(?P<key>[^\s={}"'`]*)
      | (?P<name>[A-Za-z_][\w-]*)
        (?:=(?:"(?P<double>(?:[^"\\]|\\.)*)"
              |'(?P<single>(?:[^'\\]|\\.)*)'
              |`(?P<code>[^`]*)`
              |(?P<bare>[^\s"'`]+)))?
    )(?=\s|$)""",
    re.VERBOSE,
)


class Unreadable(Exception):
    """A block that is meant as attributes and is none."""


@dataclass(slots=True)
class Attributes:
    """What a block says; what it does not say is as usual."""

    key: str = ""
    weight: Decimal = Decimal(1)
    is_required: bool = False
    check_kind: str = ""
    check_value: str = ""
    needs_schema: bool = False
    """The schema is in the fenced block below."""


def split(line: str) -> tuple[str, str | None]:
    """A line's text and what stands in the braces at its end, if these are meant as attributes."""
    whole = line.rstrip()
    if not whole.endswith("}"):
        return line, None
    places = [at.start() for at in re.finditer(r"\{", whole)]
    near = [at for at in places if len(whole) - at < LONGEST_BLOCK]
    for at in near:
        if _is_block(whole[at + 1 : -1]):
            return whole[:at].rstrip(), whole[at + 1 : -1]
    for at in reversed(near):
        if _is_nearly(whole[at + 1 : -1]):
            return whole[:at].rstrip(), whole[at + 1 : -1]
    return line, None


def _is_block(inside: str) -> bool:
    """All of it is ids, words and values, and the first is no mere word such as `{name}`."""
    first = _TOKEN.match(inside)
    if first is None or not _is_ours(first):
        return False
    at = first.end()
    while token := _TOKEN.match(inside, at):
        at = token.end()
    return not inside[at:].strip()


def _is_ours(token: "re.Match[str]") -> bool:
    return token["key"] is not None or token["name"] in _NAMES or "=" in token[0]


def _is_nearly(inside: str) -> bool:
    """Something in it cannot be read, but whoever wrote one of our words first meant them."""
    return re.match(rf"\s*(?:#\w|(?:{'|'.join(_NAMES)})(?:=|\s|$))", inside) is not None


def read(inside: str) -> Attributes:
    """Raises Unreadable, and says what to write instead."""
    found = Attributes()
    seen: set[str] = set()
    at = 0
    while inside[at:].strip():
        token = _TOKEN.match(inside, at)
        if token is None:
            raise Unreadable(f"cannot read {_from(inside, at)}; is a quote missing?")
        name = "#" if token["key"] is not None else token["name"]
        if name in seen:
            raise Unreadable(f"{_shown(name)} is there twice")
        seen.add(name)
        _take(found, name, token)
        at = token.end()
    return found


def _from(inside: str, at: int) -> str:
    rest = inside[at:].strip()
    return f"“{rest[:40]}…”" if len(rest) > 40 else f"“{rest}”"


def _shown(name: str) -> str:
    return "the id" if name == "#" else name


def _take(found: Attributes, name: str, token: "re.Match[str]") -> None:
    value = _value(token)
    if name == "#":
        found.key = _key(token["key"])
    elif name == "required":
        if value is not None:
            raise Unreadable("required stands alone, without a value")
        found.is_required = True
    elif name == "weight":
        found.weight = _weight(value)
    elif name in list(CheckKind):
        _take_check(found, name, value)
    else:
        raise Unreadable(_unknown(name))


def _take_check(found: Attributes, kind: str, value: str | None) -> None:
    if found.check_kind:
        raise Unreadable(
            f"{found.check_kind} and {kind}: a criterion has one check; write a second bullet"
        )
    found.check_kind = kind
    if value is None and kind == CheckKind.JSON_SCHEMA:
        found.needs_schema = True
        return
    if value is None:
        raise Unreadable(f"{kind} needs a value, such as {_EXAMPLES.get(kind, f'{kind}=200')}")
    found.check_value = value
    try:
        require_fit(kind, value)
    except UnfitCheck as error:
        raise Unreadable(f"{kind}: {error.message}") from None


_EXAMPLES: Final[dict[str, str]] = {
    CheckKind.REGEX: r'regex="\d+ USD"',
    CheckKind.CONTAINS: 'contains="Total"',
    CheckKind.NOT_CONTAINS: 'not_contains="TBD"',
}


def _value(token: "re.Match[str]") -> str | None:
    if token["double"] is not None:
        return _unescaped(token["double"], '"')
    if token["single"] is not None:
        return _unescaped(token["single"], "'")
    return token["bare"] if token["code"] is None else token["code"]


def _unescaped(text: str, quote: str) -> str:
    r"""Only `\` before the quote means the quote: patterns are written as they are."""
    return re.sub(r"\\(.)", lambda it: quote if it[1] == quote else it[0], text, flags=re.DOTALL)


def _key(text: str) -> str:
    if KEY.fullmatch(text) is None:
        raise Unreadable(
            "an id is # and up to 64 letters, digits, - or _, beginning with a letter or digit, "
            "such as #total"
        )
    return text


def _weight(text: str | None) -> Decimal:
    try:
        weight = Decimal(text or "")
    except InvalidOperation:
        weight = Decimal(0)
    if not (weight.is_finite() and 0 < weight <= _HEAVIEST and weight == round(weight, 3)):
        raise Unreadable(
            f"a weight is a number above 0, at most {_HEAVIEST:,}, "
            "with up to three decimals, such as weight=2"
        )
    return round(weight, 3).normalize()


def _unknown(name: str) -> str:
    close = process.extractOne(name.lower().replace("-", "_"), _NAMES, score_cutoff=70)
    meant = f"; did you mean {close[0]}?" if close else f"; write {', '.join(_NAMES)} or #an-id"
    return f"{name} is not known here{meant}"


def write(attributes: Attributes) -> str:
    """The block that reads as these; empty where nothing is to be said."""
    said = [f"#{attributes.key}"] if attributes.key else []
    if attributes.weight != 1:
        said.append(f"weight={attributes.weight:f}")
    if attributes.is_required:
        said.append("required")
    if attributes.check_kind and attributes.needs_schema:
        said.append(attributes.check_kind)
    elif attributes.check_kind:
        said.append(f"{attributes.check_kind}={_quoted(attributes.check_value)}")
    return f"{{{' '.join(said)}}}" if said else ""


def _quoted(value: str) -> str:
    if re.fullmatch(r"\d+", value):
        return value
    for quote in _QUOTES:
        inside = value if quote == "`" else value.replace(quote, f"\\{quote}")
        token = _TOKEN.fullmatch(f"x={quote}{inside}{quote}")
        if token is not None and _value(token) == value:
            return f"{quote}{inside}{quote}"
    raise ValueError(f"no quotes hold {value!r}")
