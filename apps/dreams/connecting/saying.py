"""How a pattern is called: short, in words, without placeholders."""

import re

_PREFIX = re.compile(r"^(?:(?:Error|ERROR|error|\w+Error|[a-z_]+):\s+)+(?=\S)")
_FILE = re.compile(r"(?:<path>|<file>)\.(\w+)")
_PAGE = re.compile(r"(://[\w.:-]+)/<path>")
_PLAIN = {
    "<number>": "N", "<path>": "a path", "<id>": "…", "<date>": "…", "<text>": "…",
    "<email>": "an address", "<hex>": "…", "<file>": "a file", "<url>": "an address", "<*>": "N",
}  # fmt: skip
_PLACEHOLDER = re.compile(r"<[\w*]+>")
_LONGEST = 90


def in_words(template: str) -> str:
    """A template as a person reads it."""
    said = _FILE.sub(r"a .\1 file", _PREFIX.sub("", template))
    said = _PAGE.sub(r"\1/…", said)
    return _PLACEHOLDER.sub(lambda found: _PLAIN.get(found[0], "…"), said)


def short(text: str, most: int = _LONGEST) -> str:
    """The beginning of a text, ending with a whole word."""
    text = " ".join(text.split()).rstrip(".:;,")
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(".:;,(") + "…"


def headline(text: str) -> str:
    """As a title begins."""
    text = short(in_words(text).strip("-–—,;: "))
    return text[:1].upper() + text[1:]


def of_error(template: str) -> str:
    """The message in quotes, without what every message of the tool begins with."""
    return f"“{short(in_words(template), 80)}”"
