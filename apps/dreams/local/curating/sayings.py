"""How people put what they ask for: of all their wordings the plainest, without their values."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from apps.dreams.connecting.saying import in_words
from apps.dreams.findings import Observation, Pattern
from apps.dreams.local.words import NUMBER, content

_VALUE = re.compile(r"[\w.+-]+@[\w.-]+\w|https?://\S+|\b[\w-]*\d[\w.,:%-]*\w|\d+%?")
_NAME = re.compile(r"(?<=[a-z0-9,;:’'] )[A-Z][a-z]+")
_LEAD = re.compile(
    r"""(?ix)^(?:
        (?:no|nope|stop|wait|hmm|sorry|careful|not\ quite|heads\ up|remember|okay|ok|good|as\ always
          |i\ said\ it\ before)\s*[,:;.–—-]+\s*
      | (?:and|but|so|also)\s+
    )"""
)
_ASKING = re.compile(
    r"(?i)^(?:could|can|would) you (?:please )?|^please (?:only ever )?|,? please(?=[.,;:!]|$)"
    r"|,? (?:remember that|from now on|as always)(?=[.!]|$)|^(?:from now on|in future),? "
)
_NUMBER = re.compile(r"\d[\d.,]*")
_TRAILING = re.compile(
    r"(?i)(?:[\s,–—-]+(?:always|as (?:always|usual|before|you know|last time)|like last time|good"
    r"|don't make me ask|(?:the )?same as (?:always|ever)|which it is|though|thanks|okay|ok))+"
    r"[.!]*$"
)
_BETWEEN = re.compile(r"\s*(?:[;:–—!?]|\s-\s|,\s+(?:and|but|so|or|then|plus|nor)\b)\s*")
_BREAKS = re.compile(r"[:–—;!?]|\s-\s")
_TALK = re.compile(
    r"(?i)\b(?:i|i'm|i've|me|my|you|your|they|he|she|him|her|please|pls|though|remember|recall|know"
    r"|mention|said|told|forgot|also|too|careful|good|this morning|this one|last time)\b"
)
_VERB = re.compile(
    r"(?i)\b(?:is|are|be|must|has|have|take|takes|go|goes|stay|stays|use|uses|write|put|keep|give"
    r"|make|quote|list|replace|show|leave|send|add|begin|start|need|needs|expect|want|close|move\w*"
    r"|works?|listens?|says?|do not|don't)\b"
)
_BROKEN_OFF = 7
"""What a rule loses that is no whole sentence: more than a word or two too many."""
_LEAST_WORDS, _LONG_ENOUGH = 4, 40


def said(pattern: Pattern) -> str:
    """What is meant, in the words of whoever put it best: short, whole, and not about themselves.

    A value that only one session names is one customer's, and stays out.
    """
    return sayings(pattern)[0]


def sayings(pattern: Pattern) -> list[str]:
    """Every wording that says all that is meant, the plainest first; never none."""
    quotes = [quote for seen in pattern.seen for quote in _words(seen.observation)]
    common = _common(quotes)
    words = frozenset(pattern.details.get("words", "").split())
    found: dict[str, float] = {}
    for quote in quotes:
        for clause in _clauses(quote):
            said_so = _plainly(clause)
            for value in _values(said_so) - common:
                if NUMBER in words and _NUMBER.fullmatch(value):
                    said_so = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "N", said_so)
            if _values(said_so) <= common:
                found.setdefault(said_so, _chattiness(said_so, words - {NUMBER}))
    if not found:
        return [_plainly(in_words(pattern.details.get("sentence") or pattern.details["saying"]))]
    return sorted(found, key=lambda clause: (found[clause], clause))


def _words(seen: Observation) -> list[str]:
    """What somebody said of it. The quotes of work that was graded apart are the work's own."""
    if seen.details.get("apart"):
        return [seen.details["sentence"]]
    return [span.quote for span in seen.spans]


def _common(quotes: Sequence[str]) -> set[str]:
    """Values and names that more than one quote has."""
    named = Counter(value for quote in quotes for value in _values(quote))
    return {value for value, count in named.items() if count >= 2}


def _values(text: str) -> set[str]:
    """Figures, ids and addresses, and what is written like a name."""
    return {*_VALUE.findall(text), *_NAME.findall(text)}


def _clauses(quote: str) -> Iterator[str]:
    """The sentence as a whole, and what it says beside other things."""
    yield quote
    parts = [part for part in _BETWEEN.split(quote) if part]
    if len(parts) > 1:
        yield from parts


def _chattiness(clause: str, core: frozenset[str]) -> float:
    """How far a clause is from a rule: what it leaves out, and what it says beside."""
    stems = frozenset(content(clause))
    missing = len(core - stems)
    beside = len(stems - core)
    talk = len(_TALK.findall(clause)) + 2 * len(_BREAKS.findall(clause))
    is_whole = bool(_VERB.search(clause)) and len(clause.split()) >= _LEAST_WORDS
    return (
        4 * missing
        + 1.5 * beside
        + 2 * talk
        + (0 if is_whole else _BROKEN_OFF)
        + abs(len(clause) - _LONG_ENOUGH) / 60
    )


def _plainly(sentence: str) -> str:
    """Without what is only said between people."""
    text = " ".join(sentence.split())
    while (shorter := _LEAD.sub("", text, count=1)) != text and len(shorter) > 12:
        text = shorter
    text = _TRAILING.sub("", _ASKING.sub("", text).strip(" ,;:–—-")) or text
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
