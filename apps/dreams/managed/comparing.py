"""What the vendor's dream made of the store: its output against the input as it was. Pure.

The output is a copy, so its memories have ids of their own: they are told apart by path, and one
that only moved by what it says.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.memory import chain
from apps.reviews.drafting import Kind


@dataclass(frozen=True, slots=True)
class Before:
    """A memory of the input. Without `memory_id` there is no copy here that says the same."""

    path: str
    sha256: str
    memory_id: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `path` is where it lies afterwards, or where it lay."""

    kind: Kind
    path: str
    before: Before | None
    after: str | None


def changes(before: Sequence[Before], after: Mapping[str, str]) -> list[Change]:
    """In the order of their paths."""
    was = {each.path: each for each in before}
    found = list(_changed(was, after))
    gone = [each for each in before if each.path not in after]
    come = [path for path in after if path not in was]
    moved = dict(_moved(gone, come, after))
    found += [Change(Kind.RENAME, path, each, None) for path, each in moved.items()]
    left = {each.path for each in moved.values()}
    found += [Change(Kind.RETIRE, e.path, e, None) for e in gone if e.path not in left]
    found += [Change(Kind.CREATE, path, None, after[path]) for path in come if path not in moved]
    return sorted(found, key=lambda each: (each.path, each.kind))


def _changed(was: Mapping[str, Before], after: Mapping[str, str]) -> Iterator[Change]:
    for path, content in after.items():
        each = was.get(path)
        if each is not None and each.sha256 != chain.content_sha256(content):
            yield Change(Kind.UPDATE, path, each, content)


def _moved(
    gone: Sequence[Before], come: Sequence[str], after: Mapping[str, str]
) -> Iterator[tuple[str, Before]]:
    """Where exactly one that says this is gone, and exactly one has come."""
    old: defaultdict[str, list[Before]] = defaultdict(list)
    new: defaultdict[str, list[str]] = defaultdict(list)
    for each in gone:
        old[each.sha256].append(each)
    for path in come:
        new[chain.content_sha256(after[path])].append(path)
    for sha256, paths in new.items():
        if len(paths) == 1 and len(old[sha256]) == 1:
            yield paths[0], old[sha256][0]


def added_lines(old: str, new: str) -> list[str]:
    """Lines of the new text that the old one has nowhere."""
    known = {line.strip() for line in old.splitlines()}
    lines = (line.strip() for line in new.splitlines())
    return [line for line in dict.fromkeys(lines) if line and line not in known]
