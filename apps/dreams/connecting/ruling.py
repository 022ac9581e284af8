"""How well a sentence would stand as a rule: complete, addressed to nobody, saying what to do."""

import re
from functools import lru_cache

_LEAD = re.compile(
    r"(?i)^\W*(?:\w+: )?(?:(?:please|pls|always|never|and|but|so|also|only|"
    r"from (?:now|here|today) on|in future|going forward|next time)\b[\s,:–—-]*)*"
)
_DOES = re.compile(
    r"(?i)^(?:don't|do not|use|write|put|keep|make|give|send|avoid|mark|replace|order|sort|start|"
    r"check|leave|drop|remove|add|show|call|name|include|ask|quote|book|copy|save|share|sign|"
    r"format|round|list|say|tell|set|run|open|close|stick|spell|state|begin|end|attach|mention|"
    r"report|schedule|plan|deliver|deploy|commit|push|test|review|file|store|cite|reply|answer|"
    r"address|treat|count|convert|translate|link|number|date|round|wait|confirm|verify|get|take|"
    r"do|be|let|limit|group|separate|prefer|follow|never|pay|buy|serve|wrap|pack|print|label)\b"
)
_STATES = re.compile(
    r"(?i)\b(?:is|are|must|should|has|have|needs?|gets?|goes|go|we|stays?|comes?|begins?|starts?|"
    r"ends?|belongs?)\b"
)
_BETWEEN_PEOPLE = re.compile(
    r"(?i)\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself|he|she|said|told|asked|forgot|mention|again|"
    r"remember|as (?:always|usual|before)|like last time|sorry|thanks?|hey|hi|ok|okay|know|today|"
    r"yesterday|this one)\b"
)
_CUT_SHORT = re.compile(r"(?i)^\W*(?:no|nope|stop|wait|wrong|careful|and|but|or|because)\b")
_POINTS = re.compile(r"(?i)\b(?:it|it's|they|them|this|that|these|those|theirs)\b")
_LEAST_WORDS, _MOST_WORDS = 4, 24


@lru_cache(maxsize=4096)
def talk_in(sentence: str) -> int:
    """How much of it is talk between two people; nothing where it is a rule as it stands."""
    plain = sentence.replace("’", "'").strip()
    does = _DOES.search(_LEAD.sub("", plain)) is not None
    words = len(plain.split())
    return (
        (0 if does else 1 if _STATES.search(plain) else 3)
        + 2 * len(_BETWEEN_PEOPLE.findall(plain))
        + len(_POINTS.findall(plain))
        + 2 * bool(_CUT_SHORT.search(plain) and not does)
        + 2 * plain.endswith("?")
        + (words < _LEAST_WORDS)
        + (words > _MOST_WORDS)
    )
