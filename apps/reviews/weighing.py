"""What is to be thought of a proposed text: its flags, their places, what gets lost, its risk."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from apps.reviews import losing, poison
from apps.reviews.drafting import Draft, File, Kind
from apps.reviews.models import Evidence, Proposal

Flag = Proposal.Flag
Risk = Proposal.Risk
ADDITIVE = frozenset({Kind.CREATE, Kind.UPDATE})
"""What adds to a store. The rest takes away or moves, and is never applied by a cautious policy."""
DESTRUCTIVE = frozenset({Kind.MERGE, Kind.RETIRE, Kind.RESTRUCTURE})
POISON = frozenset(
    {
        Flag.TAINTED,
        Flag.SECRET,
        Flag.INJECTION,
        Flag.EXFILTRATION,
        Flag.MARKUP,
        Flag.HIDDEN_CHARACTERS,
        Flag.LOOKALIKES,
        Flag.ENCODED,
    }
)
"""One person is not enough for these, in whatever store."""
OF_TEXT = (POISON | {Flag.LARGE}) - {Flag.TAINTED}
"""What is found in the text itself: an edited one may be without it, or have it anew."""
LARGE = 8_000
"""Characters of proposed text that nobody reads through."""
FEW = 2
"""Sessions below which something seen is an anecdote."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What was found out about a draft."""

    flags: list[str]
    marks: list[dict[str, Any]]
    no_longer_said: list[dict[str, Any]]
    risk: int


def weigh(draft: Draft, said: Sequence[str], evidence: Sequence[Evidence]) -> Weight:
    """`said` is what the memories that it changes or replaces said when it was drafted."""
    files = files_of(draft)
    found = marks_of(_looked_at(draft))
    losses = losses_of(draft.kind, said, files)
    flags = {str(each["flag"]) for each in found}
    if draft.kind != Kind.RETIRE and losing.unmentioned(
        losses, f"{draft.title}\n{draft.rationale}"
    ):
        flags.add(Flag.LOSES_FACTS)
    if evidence and all(each.is_tainted for each in evidence):
        flags.add(Flag.TAINTED)
    if evidence and len({each.session_id for each in evidence}) < _sessions(draft, FEW):
        flags.add(Flag.ANECDOTE)
    if sum(len(each.content) for each in files) > LARGE:
        flags.add(Flag.LARGE)
    return Weight(
        sorted(flags), found, [asdict(each) for each in losses], risk_of(draft.kind, flags)
    )


def files_of(draft: Draft) -> list[File]:
    """Every text that it wants written."""
    own = [] if draft.content is None else [File(draft.path, draft.content)]
    return [*own, *draft.also]


def _looked_at(draft: Draft) -> list[File]:
    """The same, and a path that something only moves to."""
    return [File(draft.path, draft.content or ""), *draft.also]


def marks_of(files: Iterable[File]) -> list[dict[str, Any]]:
    """What is wrong in the files, and in the words of their paths."""
    found: list[dict[str, Any]] = []
    for each in files:
        for mark in poison.marks(each.content):
            found.append({"path": each.path, "in": "content", **asdict(mark)})  # noqa: PERF401
        for mark in poison.marks(_spoken(each.path)):
            found.append({"path": each.path, "in": "path", **asdict(mark)})  # noqa: PERF401
    return found


def losses_of(kind: str, said: Sequence[str], files: Iterable[File]) -> list[losing.Lost]:
    """What was said and is not any more; a new memory replaces nothing, a move loses nothing."""
    if kind in {Kind.CREATE, Kind.RENAME}:
        return []
    return losing.lost(said, "\n".join(each.content for each in files))


def risk_of(kind: str, flags: Iterable[str]) -> int:
    found = set(flags)
    if found & POISON or (kind in DESTRUCTIVE and Flag.LOSES_FACTS in found):
        return Risk.HIGH
    return Risk.MEDIUM if found or kind in DESTRUCTIVE else Risk.LOW


def _spoken(path: str) -> str:
    """A path's words, as an agent reads them: `/ignore-all-rules.md`."""
    return path.replace("-", " ").replace("_", " ").replace("/", "\n").strip()


def _sessions(draft: Draft, least: int) -> int:
    """How many distinct sessions it takes; fewer are quoted than counted, so the count decides."""
    counted = draft.support.get("sessions")
    return 0 if isinstance(counted, int) and counted >= least else least
