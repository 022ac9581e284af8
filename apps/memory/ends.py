"""How lines end: browsers send every end as CR LF, and a memory keeps its own.

Lines that were there keep the end they had; new ones get the end that most lines have.
"""

import re
from collections import Counter
from collections.abc import Iterator

from apps.memory import matching

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")


def plain(text: str) -> str:
    """With a line feed at every end, as an editor holds it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_ends_of(before: str, typed: str) -> str:
    """What was typed, its lines ending as those of the text that it was made from."""
    wanted = plain(typed)
    if "\r" not in before:
        return wanted
    return "".join(_ended(list(_lines(before)), list(_lines(wanted))))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for found in _LINE.finditer(text):
        line, end = found.groups()
        if line or end:
            yield line, end


def _ended(before: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> Iterator[str]:
    ends = Counter(end for _, end in before if end)
    usual = ends.most_common(1)[0][0]
    kept = {}
    for block in matching.blocks([line for line, _ in before], [line for line, _ in wanted]):
        for at in range(block.size):
            kept[block.new + at] = before[block.old + at][1]
    last = ""
    for at, (line, end) in enumerate(wanted):
        own = (kept.get(at) or usual) if end else ""
        if (last, line, own) == ("\r", "", "\n"):
            own = "\r"  # the two together would be one end
        yield line + own
        last = own
