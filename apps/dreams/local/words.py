"""Sentences, and the words in them that carry what is meant."""

import re
from collections.abc import Iterator
from functools import lru_cache

_SENTENCE = re.compile(r"[^\s].*?(?:[.!?…]+(?=[\s)\"'”]|$)|\n+|$)", re.DOTALL)
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|no|approx)\.$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*[A-Za-z]|%|\d+%?")
_STOP = frozenset(
    """
    a about above after afternoon again all also always am an and any anything anywhere are
    aren't as at be because been before being below between both but by can can't cannot careful
    could did didn't do does doesn't doing don't done down during each either else ever every
    everybody everyone everything everywhere few first for forget forgot from further get give
    go going good got great had has hasn't have haven't having he hello her here hers hi him his
    house how however i i'd i'll i'm i've if in instead into is isn't it it'd it'll it's its
    itself just keep kindly know last let let's like love lovely make makes many may maybe me
    mention might mine month months more morning most much must my need needs never new next no
    nobody none nor not nothing now of off ok okay on once one ones only or other others
    otherwise our ours out over own per please pls prefer put quite rather really remember right
    rule rules same say says see she should shouldn't since so some something sorry still stop
    style such sure take tell than thank thanks that that's the their them then there there's
    these they they're thing things this those though through time times to today too two under
    until up us use used useful uses using very want wants was wasn't way we we'd we'll we're
    we've well were what when where which while who why will with without won't would year years
    yes yet you you'd you'll you're you've your yours
    """.split()
)
_ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ness", ""), ("ments", "ment"), ("ings", ""), ("ing", ""),
    ("edly", ""), ("ed", ""), ("ely", ""), ("ly", ""), ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_LEAST_STEM = 3
NUMBER = "<number>"


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends."""
    begin = -1
    for found in _SENTENCE.finditer(text):
        begin = found.start() if begin < 0 else begin
        end = found.end()
        if _ABBREVIATED.search(text, begin, end):
            continue
        trimmed = len(text[begin:end].rstrip())
        if trimmed:
            yield begin, begin + trimmed
        begin = -1


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The same for a word's forms; not a word itself."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > _LEAST_STEM and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word


def spoken(text: str) -> list[str]:
    """The same words as `content`, as they were said, without numbers."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        said = word.lower().replace("’", "'")
        if len(said) > 1 and not said[0].isdigit() and said not in _STOP:
            found.setdefault(stem(said), said)
    return list(found.values())


def content(text: str) -> list[str]:
    """The stems of the words that carry meaning, in their order, each once; numbers are one."""
    found: dict[str, None] = {}
    for word in _WORD.findall(text):
        if word[0].isdigit():
            found[NUMBER] = None
        elif word == "%" or (len(word) > 1 and word.lower().replace("’", "'") not in _STOP):
            found[stem(word)] = None
    return list(found)
