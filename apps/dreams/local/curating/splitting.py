"""A note that is too long to be read, as several, with the old one leading to them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.reviews.drafting import File

LARGE = 12_000
"""Bytes of a note from which on an agent reads it in parts, or not at all."""
_LEAST_PARTS = 2
_PART = 8_000
"""Characters of a part, where nothing else says where to cut."""
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s")
_NUMBER = re.compile(r"(?:[-*+]\s+)?#?(\d+)\b")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_DATED = re.compile(r"\b(\d{4}-\d{2})-\d{2}\b|\b\d{1,2} (\w+ \d{4})\b")


@dataclass(frozen=True, slots=True)
class _Part:
    title: str
    text: str


def split(path: str, content: str) -> tuple[str, tuple[File, ...]] | None:
    """What the note becomes, and the new files; None where nothing says how to divide it.

    Every line goes, as it is, to one of the files or stays; none is written anew.
    """
    parts = _by_heading(content) or _by_month(content) or _by_entry(content)
    if parts is None:
        return None
    opening, found = parts
    folder = path.removesuffix(".md")
    files = tuple(
        File(f"{folder}/{name}.md", f"# {part.title}\n\n{part.text.strip()}\n")
        for name, part in zip(_names(found), found, strict=True)
    )
    listed = "\n".join(
        f"- [{part.title}]({folder.rpartition('/')[2]}/{file.path.rpartition('/')[2]})"
        for part, file in zip(found, files, strict=True)
    )
    return f"{opening.rstrip()}\n\n{listed}\n".lstrip("\n"), files


def _by_heading(content: str) -> tuple[str, list[_Part]] | None:
    """By the headings of the highest level of which there are several."""
    for level in (1, 2, 3):
        mark = f"{'#' * level} "
        lines = content.split("\n")
        at = [number for number, line in enumerate(lines) if line.startswith(mark)]
        if len(at) >= _LEAST_PARTS:
            ends = [*at[1:], len(lines)]
            parts = [
                _Part(lines[start][level:].strip(), "\n".join(lines[start + 1 : end]))
                for start, end in zip(at, ends, strict=True)
            ]
            return "\n".join(lines[: at[0]]), parts
    return None


def _by_month(content: str) -> tuple[str, list[_Part]] | None:
    """A log has no headings, but dates: a part for each month."""
    opening = list[str]()
    dated = list[tuple[str, list[str]]]()
    for line in content.split("\n"):
        found = _DATED.search(line)
        month = (found[1] or found[2]) if found else ""
        if month and (not dated or dated[-1][0] != month):
            dated.append((month, []))
        (dated[-1][1] if dated else opening).append(line)
    months = dict[str, list[str]]()
    for month, lines in dated:
        months.setdefault(month, []).extend(lines)
    if len(months) < _LEAST_PARTS:
        return None
    return "\n".join(opening), [_Part(month, "\n".join(lines)) for month, lines in months.items()]


def _by_entry(content: str) -> tuple[str, list[_Part]] | None:
    """What has neither is a row of entries: so many at a time, called by where they begin and end.

    An entry is an item with the lines below it, or else a paragraph.
    """
    opening, entries = _entries(content)
    each = max(1, round(len(entries) * _PART / max(1, len(content))))
    if len(entries) <= each:
        return None
    parts = [
        _Part(_called(entries, at, min(at + each, len(entries))), "".join(entries[at : at + each]))
        for at in range(0, len(entries), each)
    ]
    return opening, parts


def _entries(content: str) -> tuple[str, list[str]]:
    lines = content.splitlines(keepends=True)
    is_list = sum(bool(_ITEM.match(line)) for line in lines) * 2 > len(lines)
    opening, entries, begins = list[str](), list[str](), False
    for line in lines:
        if _ITEM.match(line) if is_list else begins and line.strip():
            entries.append(line)
        elif entries:
            entries[-1] += line
        else:
            opening.append(line)
        begins = not line.strip()
    return "".join(opening), entries


def _called(entries: Sequence[str], start: int, end: int) -> str:
    """By the numbers that they begin with, where these only rise; else by their place."""
    numbers = [int(found[1]) if (found := _NUMBER.match(entry)) else -1 for entry in entries]
    if min(numbers) >= 0 and numbers == sorted(set(numbers)):
        return f"{numbers[start]} to {numbers[end - 1]}"
    return f"Entries {start + 1} to {end}"


def _names(parts: Sequence[_Part]) -> Iterator[str]:
    """A file name for each, and no name twice."""
    taken = set[str]()
    for part in parts:
        slug = _NO_SLUG.sub("-", part.title.lower()).strip("-")[:60] or "part"
        name, number = slug, 2
        while name in taken:
            name, number = f"{slug}-{number}", number + 1
        taken.add(name)
        yield name
