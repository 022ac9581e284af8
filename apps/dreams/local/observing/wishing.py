"""What somebody wants, as whoever hands their matter over puts it."""

import re
from collections.abc import Iterator

from apps.dreams.local.handing import asks_for_a_person
from apps.dreams.local.masking import mask
from apps.dreams.local.words import content, sentences

_WANTS = re.compile(
    r"(?i)\b(?:(?:wants?|wish(?:es)?|would like|needs?|requests?|requesting|seeks?|seeking|asks?|"
    r"asking|asked|requested|wanted|needed|trying|tries|demands?|insists?)(?: for| on)?)\s+"
    r"(?P<what>(?:to\s+)?\w.*)"
)
_ENDS = re.compile(
    r"[.;:!?,–—]|\s-\s|\s(?:but|because|due|despite|as|since|which|who|where|while|although|so|"
    r"after|before|than|such as|associated|related|regarding|concerning|if|when|"
    r"and (?:claims?|is|are|was|believes?|would|has|does|needs?|wants?))\s"
)
_ASIDE = re.compile(r"\s*\([^)]*\)?")
_VALUE = re.compile(r"\s*\b(?:ID|id|number|nr)?:?\s*<\w+>(?:\.\w+)?(?:\s*(?:,|and|or)\s*<\w+>)*")
_WHOSE = re.compile(r"(?i)\b(?:her|his|their|its|my|our)\b")
_HELP = re.compile(
    r"(?i)^(?:(?:to (?:speak|talk) (?:to|with) .*?|assistance|help|support|to be transferred .*?|"
    r"transfer .*?) (?:with|in|for|about|regarding|on|to)\s+)"
)
_EMPTY = re.compile(r"(?i)^(?:for|any|possible|some)\s+(?:(?:any|possible|some)\s+)*")
_NAMED = re.compile(r"(?<!^)\b[A-Z]\w*")
_LEAST_STEMS, _MOST_STEMS = 2, 9


def wishes_in(text: str) -> Iterator[str]:
    """Each thing that somebody is said to want: short, without values, naming nobody."""
    for start, end in sentences(text):
        said = _ASIDE.sub("", mask(text[start:end]))
        found = _WANTS.search(said)
        wish = _put_shortly(found["what"]) if found else ""
        if wish and not _NAMED.search(wish) and not asks_for_a_person(wish):
            yield wish


def _put_shortly(what: str) -> str:
    """Up to where it goes on to something else; nothing where that says too little or too much."""
    what = _HELP.sub("", what)
    end = _ENDS.search(what)
    what = _VALUE.sub("", what[: end.start()] if end else what)
    what = " ".join(_WHOSE.sub("the", what).split())
    what = _EMPTY.sub("", what)
    return what if _LEAST_STEMS <= len(content(what)) <= _MOST_STEMS else ""
