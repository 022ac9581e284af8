"""What an engine saw in many sessions, grouped by the database, which is quick at that.

Of what is seen in a thousand sessions only as many observations are loaded as evidence needs: time
and memory grow with what is distinct. Nothing is kept of it that could be out of date: a session
that is erased, or goes on and is read again, is so for the next dream as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import nsmallest
from typing import NamedTuple, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Q, Sum, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from pydantic import TypeAdapter

from apps.dreams import findings
from apps.dreams.connecting.groups import COUNTED, MOST_SEEN
from apps.dreams.connecting.sightings import PATH, Sightings
from apps.dreams.models import Observation
from apps.dreams.models.reading import ObservationQuerySet, ReadingQuerySet

GROUPS_AT_ONCE = 200
"""Whose evidence is loaded together."""
_SPANS = TypeAdapter(tuple[findings.Span, ...])
_UNSEEN = findings.Observation(findings.Kind.WORKFLOW, "", "", ())


class _Said(NamedTuple):
    """What says the same: by the place of its session among all, the first observation there."""

    group: tuple[str, findings.Kind, str, str]
    firsts: Mapping[int, int]
    totals: Mapping[str, int]

    @property
    def place(self) -> tuple[int, int]:
        """Where it was said first."""
        return min(self.firsts.items())

    @property
    def evidence(self) -> list[tuple[int, int]]:
        """Of no more sessions than a group keeps."""
        return nsmallest(MOST_SEEN, self.firsts.items())


def sightings(readings: ReadingQuerySet) -> Sightings:
    """Everything that was seen in these, as `connecting.sightings` has it of a stream."""
    places: dict[int, int] = {}
    sessions: list[findings.Seen] = []
    rows = readings.order_by("happened_at", "session__public_id")
    about = ("session__public_id", "agent", "user", "succeeded", "happened_at")
    for reading, session_id, agent, user, succeeded, at in rows.values_list("pk", *about):
        places[reading] = len(sessions)
        sessions.append(findings.Seen(session_id, agent, user, succeeded, at, _UNSEEN))
    found = Sightings()
    observations = Observation.objects.filter(reading__in=list(places)).annotate(what=_text("what"))
    _take_ways(found, observations, places, sessions)
    said = sorted(_said(observations, places), key=lambda each: each.place)
    for start in range(0, len(said), GROUPS_AT_ONCE):
        _take_groups(found, said[start : start + GROUPS_AT_ONCE], sessions)
    return found


def _take_ways(
    found: Sightings,
    observations: ObservationQuerySet,
    places: Mapping[int, int],
    sessions: Sequence[findings.Seen],
) -> None:
    ways = observations.filter(details__what=PATH).values_list(
        "reading", KT("details__steps"), KT("details__calls")
    )
    readings: dict[str, int] = {}
    for reading, steps, calls in ways.iterator():
        if reading in places:
            session = sessions[places[reading]]
            found.go(session, steps, calls)
            readings[session.session_id] = reading

    def recall(session_ids: Sequence[str]) -> Mapping[str, findings.Seen]:
        mine = Observation.objects.filter(reading__in=[readings[each] for each in session_ids])
        whole = mine.filter(details__what=PATH)
        seen = (_seen(each, sessions[places[each.reading_id]]) for each in whole)
        return {each.session_id: each for each in seen}

    found.paths.recall = recall


def _said(observations: ObservationQuerySet, places: Mapping[int, int]) -> Iterable[_Said]:
    rows = (
        observations.exclude(details__what=PATH)
        .annotate(what=_text("what"), cue=_text("cue"))
        .values("what", "kind", "cue", "key")
        .order_by()
        .annotate(
            readings=ArrayAgg("reading_id"),
            ids=ArrayAgg("pk"),
            **{name: _sum(name) for name in COUNTED},
        )
    )
    for each in rows.iterator():
        firsts: dict[int, int] = {}
        for reading, pk in zip(each["readings"], each["ids"], strict=True):
            if (place := places.get(reading)) is not None:
                firsts[place] = min(pk, firsts.get(place, pk))
        if firsts:
            group = (each["what"], findings.Kind(each["kind"]), each["cue"], each["key"])
            counted = cast("Mapping[str, int | None]", each)
            totals = {name: counted[name] or 0 for name in COUNTED}
            yield _Said(group, firsts, totals)


def _text(name: str) -> Coalesce:
    return Coalesce(KT(f"details__{name}"), Value(""), output_field=TextField())


def _sum(name: str) -> Sum:
    return Sum(Cast(KT(f"details__{name}"), BigIntegerField()), filter=Q(what__in=("error", "fix")))


def _take_groups(
    found: Sightings, said: Sequence[_Said], sessions: Sequence[findings.Seen]
) -> None:
    """What no evidence is left of, because its sessions were erased just now, is left out."""
    wanted = [pk for each in said for _, pk in each.evidence]
    rows = Observation.objects.in_bulk(wanted)
    for each in said:
        shown = [(place, rows[pk]) for place, pk in each.evidence if pk in rows]
        if shown:
            group = found.group(*each.group)
            group.totals.update(each.totals)
            for place in sorted(each.firsts):
                group.count(sessions[place])
            for place, row in shown:
                group.show(_seen(row, sessions[place]))


def _seen(row: Observation, session: findings.Seen) -> findings.Seen:
    observation = findings.Observation(
        kind=findings.Kind(row.kind),
        key=row.key,
        statement=row.statement,
        spans=_SPANS.validate_python(row.spans),
        tool=row.tool,
        details=row.details,
    )
    return replace(session, observation=observation)
