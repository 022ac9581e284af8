"""Texts with what differs from case to case taken out: the words stay, the values go."""

import re
from functools import lru_cache

_EXTENSIONS = (
    "docx?|xlsx?|pptx?|pdf|csv|tsv|txt|md|rst|msg|eml|json|jsonl|ya?ml|toml|xml|html?|log|py|js|ts|"
    "sql|zip|gz|tar|png|jpe?g|gif|svg|ipynb|parquet|db"
)
_VARYING = re.compile(
    rf"""
    (?P<url>(?P<scheme>https?://)(?P<host>[\w.-]+(?::\d+)?)(?P<rest>[/?][^\s'"<>\])]*)?)
  | (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<keep>\b(?i:utf|iso|cp|latin|sha|md|http|ipv|oauth|base)[-_]?\d[\d.-]*\d?\b)
  | (?P<path>(?<![\w<])(?:~|\.\.?)?/[^\s'",;:()]*(?:[ ][^\s'",;:()/]+){{0,6}}?
      \.(?P<suffix>{_EXTENSIONS})\b)
  | (?P<folder>(?<![\w</])(?:~|\.\.?)?/[\w.@+-]+(?:/[\w.@+-]*)+)
  | \((?P<bracketed>(?:[^()\n]|\([^()\n]*\)){{1,120}}\.(?P<kind>{_EXTENSIONS}))\)
  | (?P<file>\b[\w-]+(?:\.[\w-]+)*\.(?P<ending>{_EXTENSIONS})\b)
  | (?P<date>\b\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?[\w.:+]*)?)
  | (?P<hex>\b0x[0-9a-fA-F]+\b)
  | (?P<id>\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])\w[\w-]{{2,}}\b|\#\w{{3,}}\#?)
  | (?P<number>(?<![\w.])[-+]?[$€£]?\d[\d,.:]*(?<![.,:])%?)
  | (?P<quoted>"[^"\n]{{1,300}}"|`[^`\n]{{1,300}}`|(?<!\w)'[^'\n]{{1,300}}'(?!\w))
    """,
    re.VERBOSE,
)
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_.-]{1,30}")
_PLACEHOLDER = re.compile(r"<\w+>(?:\.\w+)?")
_LONGEST_TEMPLATE = 200
_LONGEST_READ = 2_000
_BLANK = re.compile(r"\s+")
_TELLING = re.compile(r"(?i)\b(error|exception|fatal|denied|failed|cannot|can't|not |invalid|no )")


def _in_general(match: re.Match[str]) -> str:  # noqa: PLR0911 -- a table of what is told how
    kind = match.lastgroup
    if match["keep"]:
        return match[0]
    if match["url"]:
        return f"{match['scheme']}{match['host']}" + ("/<path>" if match["rest"] else "")
    if match["path"]:
        return f"<path>.{match['suffix'].lower()}"
    if match["bracketed"]:
        return f"(<file>.{match['kind'].lower()})"
    if match["file"]:
        return f"<file>.{match['ending'].lower()}"
    if match["quoted"]:
        return _quoted(match["quoted"])
    if match["folder"]:
        return "<path>"
    return f"<{kind}>"


def _quoted(text: str) -> str:
    if _IDENTIFIER.fullmatch(text[1:-1]):
        return text
    inside = _VARYING.sub(_in_general, text[1:-1])
    return inside if _PLACEHOLDER.fullmatch(inside) else "<text>"


@lru_cache(maxsize=4096)
def mask(text: str) -> str:
    """What a text says in general."""
    masked = _VARYING.sub(_in_general, text[:_LONGEST_READ])
    return _BLANK.sub(" ", masked).strip()[:_LONGEST_TEMPLATE]


def numbers_in(text: str) -> list[str]:
    """What stands where `mask` writes `<number>`."""
    return [found[0] for found in _VARYING.finditer(text) if found.lastgroup == "number"]


def telling_line(text: str) -> tuple[int, int]:
    """Where in the text of an error the line stands that says what is wrong."""
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]+", text[:_LONGEST_READ])]
    if not lines:
        return 0, 0
    if text.startswith("Traceback") and len(text) <= _LONGEST_READ:
        return lines[-1]
    return next((at for at in lines if _TELLING.search(text, *at)), lines[0])
