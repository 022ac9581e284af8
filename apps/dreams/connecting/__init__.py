"""What recurs across sessions: the stage that all engines share.

A pattern's `details["what"]` and what else they hold, for whoever writes it up:

- `error` (mistake: no way out, or the same call made right; workaround: another tool; fact: another
  host; escalation: hand over): `tool`, `program`, `template`, `failing_call`, `failed_calls` of
  `calls` to the tool, `calling_sessions`, `repeated_unchanged`, `worked_sessions` and `handed_over`
  (sessions in which any later call worked, in which somebody else took over), `hint_tells` and so
  on (the hint of that kind that most of the sessions `looked_at` share, and how many do); where a
  way out is known `way`, `fix`, `working_call`, `fixed_sessions`, `origin` (that most share) and
  what `local.observing` says of a `fix`, `invented` and `short` as numbers of sessions.
- `statement` (preference; fact where it changed; mistake where only corrected): `saying` (the part
  that says it best), `sentence`, `sayings` (up to five, a line each), `words` (stems they share),
  `cue`, `meant_in` (sessions that said it as a rule, a correction or a change).
- `grade` (mistake): the same, of graders' explanations.
- `rerun`, `corrected` (mistake): `program`, `fix`, `working_call`; `said`, `by`.
- `handover` (escalation), one for each reason: `how`, `reasons` (words that go with it often), and
  where agents said so `saying`, `sentence`, `sayings`, `words` as above; `wishes`, a line each with
  how many of the sessions `looked_at` it was wanted in.
- `workflow`: `steps` in order, a line each; `goes_with` `success` or `failure`. Where the place of
  one `step` decides: the step it has to come `before` or `after`; `others` are then the sessions
  that left it out (`without_sessions`, `without_failed`), and some that failed are in `seen`.

- `told` (any): what a model noted in its own words; `keys` and `sayings`, a line each, as sessions
  call and say it.

Observations of another engine, whose details say no `what`, are grouped by kind and key alone.

All have `of_sessions`: how many were read. Evidence (`seen`) is kept of a dozen sessions.
"""

from collections.abc import Iterable, Iterator

from apps.dreams.connecting.errors import error_patterns
from apps.dreams.connecting.groups import Group, pattern
from apps.dreams.connecting.handovers import handover_patterns
from apps.dreams.connecting.saying import headline
from apps.dreams.connecting.sightings import Sightings, sightings
from apps.dreams.connecting.statements import statement_patterns
from apps.dreams.connecting.told import told_patterns
from apps.dreams.connecting.workflows import workflow_patterns
from apps.dreams.findings import Kind, Pattern, Seen

LEAST_SESSIONS = 3
"""Fewer are an anecdote."""
_SAME_SESSIONS = 0.6


def connect(seen: Iterable[Seen], *, least_sessions: int = LEAST_SESSIONS) -> list[Pattern]:
    """What recurs in a stream, which is read once."""
    return recurring(sightings(seen), least_sessions=least_sessions)


def recurring(seen: Sightings, *, least_sessions: int = LEAST_SESSIONS) -> list[Pattern]:
    """What was seen in so many sessions, the most frequent first."""
    found = list(_patterns(seen, least_sessions))
    return sorted(_once(found), key=lambda each: (-each.sessions, each.kind, each.key))


def _patterns(seen: Sightings, least: int) -> Iterator[Pattern]:
    of, whole = seen.of, seen.whole
    yield from error_patterns(of("error"), of("fix"), whole, least)
    yield from statement_patterns(of("statement"), whole, least)
    yield from statement_patterns(of("grade"), whole, least)
    for group in (*of("rerun"), *of("corrected")):
        if group.sessions >= least:
            yield pattern(Kind.MISTAKE, group, _redone(group), whole, group.details)
    yield from handover_patterns(of("handover"), whole, least)
    yield from told_patterns(of("told"), whole, least)
    for group in of(""):
        if group.sessions >= least:
            kind = group.seen[0].observation.kind
            yield pattern(kind, group, headline(group.statement), whole, group.details)
    yield from workflow_patterns(seen.paths, whole, least)


def _redone(group: Group) -> str:
    if group.details["what"] == "rerun":
        return f"`{group.details['fix']}` from the start: without it the command was run twice"
    said = headline(group.details["said"])
    return f"{said}: put right with `{group.details['fix']}`"


def _once(found: list[Pattern]) -> Iterator[Pattern]:
    """A handover that is the way out of an error is told with the error alone.

    What a grader says of work that was then put right is told with what put it right.
    """
    redone = [each for each in found if each.details.get("what") == "corrected"]
    solved = [each for each in found if each.details.get("way") == "handover"]
    for each in found:
        how = each.details.get("how")
        if any(how == other.details["fix"] and _is_same(each, other) for other in solved):
            continue
        if each.details.get("what") != "grade" or not any(
            _is_same(each, other) for other in redone
        ):
            yield each


def _is_same(one: Pattern, other: Pattern) -> bool:
    here = {seen.session_id for seen in one.seen}
    there = {seen.session_id for seen in other.seen}
    return len(here & there) >= _SAME_SESSIONS * len(here | there)
