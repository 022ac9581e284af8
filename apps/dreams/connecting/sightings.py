"""Everything that was seen, grouped by what it says: what patterns are looked for in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.dreams.connecting.groups import Group, Whole
from apps.dreams.connecting.ways import Paths
from apps.dreams.findings import Kind, Seen

PATH = "path"
"""Of an observation that is the way a session went, and the only one of its kind there."""


@dataclass(slots=True)
class Sightings:
    """Observations that say the same are one group, in the order in which they were first made."""

    groups: dict[str, dict[str, Group]] = field(default_factory=dict)
    """By `details["what"]`, and then by name."""
    paths: Paths = field(default_factory=Paths)
    whole: Whole = field(default_factory=Whole)

    def of(self, what: str) -> list[Group]:
        return list(self.groups.get(what, {}).values())

    def group(self, what: str, kind: Kind, cue: str, key: str) -> Group:
        """The group of what says this; an empty one if nothing did yet."""
        return self.groups.setdefault(what, {}).setdefault(f"{kind} {cue} {key}", Group(key))

    def go(self, session: Seen, steps: str, calls: str) -> None:
        """Take in the way that a session went."""
        self.whole.add(session, calls)
        self.paths.add(session, steps)


def sightings(seen: Iterable[Seen]) -> Sightings:
    """What is in this stream, which has all of a session together."""
    found = Sightings()
    for one in seen:
        said = one.observation
        what = said.details.get("what", "")
        if what == PATH:
            found.go(one, said.details["steps"], said.details["calls"])
        else:
            found.group(what, said.kind, said.details.get("cue", ""), said.key).add(one)
    return found
