"""What the store says without a proposal and with it, as an agent that has it would know it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from apps.memory.models import Memory
from apps.reviews import planning
from apps.reviews.models import Proposal
from apps.reviews.planning import Effect, EffectKind, OutOfDate
from apps.sessions.models import MemoryUse, Session


@dataclass(frozen=True, slots=True)
class Sides:
    """The store's text on both sides; of the same files but for those that the proposal touches."""

    before: str
    after: str
    left_out: int


def effects(proposal: Proposal) -> list[Effect]:
    """What accepting it would do now. Raises OutOfDate."""
    planned = planning.plan(proposal)
    if planned.obstacles:
        raise OutOfDate(planned.obstacles)
    return planned.writes


def touched(found: Iterable[Effect]) -> list[str]:
    """Every path that says something else afterwards, old and new."""
    paths = (path for each in found for path in (each.old_path, each.path) if path)
    return list(dict.fromkeys(paths))


def sides(proposal: Proposal, found: Collection[Effect], sessions: Iterable[Session]) -> Sides:
    """What is touched, then what the sessions read, then the rest by path, as much as fits."""
    live = Memory.objects.live().filter(store=proposal.store_id).order_by("path")
    before = dict(live.values_list("path", "content"))
    after = _applied(before, found)
    own = touched(found)
    reads = MemoryUse.objects.of(proposal.store).reads().filter(session__in=list(sessions))
    read = list(reads.order_by("path").values_list("path", flat=True).distinct())
    order = dict.fromkeys((*own, *(path for path in read if path in before), *before))
    kept, left_out = _fitting(order, before, after, always=set(own))
    tag = _tag((*before.values(), *after.values()))
    return Sides(_written(kept, before, tag), _written(kept, after, tag), left_out)


def _applied(before: Mapping[str, str], found: Iterable[Effect]) -> dict[str, str]:
    after = dict(before)
    for each in found:
        after.pop(each.old_path, None)
    for each in found:
        if each.kind != EffectKind.DELETE and each.after is not None:
            after[each.path] = each.after
    return after


def _fitting(
    order: Iterable[str], before: Mapping[str, str], after: Mapping[str, str], always: set[str]
) -> tuple[list[str], int]:
    kept: list[str] = []
    room = settings.OUTCOME_TRIAL_MEMORY_LIMIT
    left_out = 0
    for path in order:
        size = max(len(before.get(path, "")), len(after.get(path, "")))
        if path in always or size <= room:
            kept.append(path)
            room -= size
        else:
            left_out += 1
    return sorted(kept), left_out


def _tag(texts: Iterable[str]) -> str:
    """No text can know it, for it is made from all of them."""
    whole = "\0".join(texts)
    return f"file-{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _written(paths: Iterable[str], said: Mapping[str, str], tag: str) -> str:
    return "\n\n".join(f"{path}\n<{tag}>\n{said[path]}\n</{tag}>" for path in paths if path in said)
