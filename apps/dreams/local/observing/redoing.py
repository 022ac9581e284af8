"""Work that was done again another way, though no tool had failed: somebody had noticed."""

from collections.abc import Iterator
from dataclasses import replace

from apps.dreams.findings import Kind, Observation, Transcript, Turn
from apps.dreams.local.calls import Call
from apps.dreams.local.cues import CORRECTION, cue_of
from apps.dreams.local.masking import mask
from apps.dreams.local.observing.spans import span
from apps.dreams.local.steps import Step
from apps.dreams.local.words import content, sentences
from apps.outcomes import failings
from apps.outcomes.scoring import WHY
from apps.reviews.drafting import Role

_CALLS_LOOKED_AT = 12
_SOON_AFTER = 3
_MOST_GRADED = 8
_GRADE = "span.outcome_evaluation_end"
_PASSED = "satisfied"


def redone_in(transcript: Transcript, calls: list[Call]) -> Iterator[Observation]:
    """What was run again with an option more, and what was done first after a correction."""
    found: dict[str, Observation] = {}
    for observation in (*_with_an_option_more(calls), *_after_a_correction(transcript, calls)):
        found.setdefault(observation.key, observation)
    yield from found.values()


def grades_in(transcript: Transcript) -> Iterator[Observation]:
    """One observation per criterion, or else per sentence, in which a grader says what is wrong."""
    left = _MOST_GRADED
    for turn in transcript.turns:
        if not _is_failed_grade(turn):
            continue
        for said, start, end in _faults(turn.text):
            stems = content(said)
            if left and len(stems) > 1:
                left -= 1
                yield _graded(turn, start, end, stems, turn.text[start:end])


def shortfalls_in(transcript: Transcript) -> Iterator[Observation]:
    """One observation per criterion that the session's work did not meet."""
    for turn in transcript.turns:
        for fault in turn.faults[:_MOST_GRADED]:
            said = f"{fault.criterion}{WHY}{fault.reason}" if fault.reason else fault.criterion
            seen = _graded(turn, fault.start, fault.end, content(fault.criterion), said)
            yield replace(seen, details={**seen.details, "apart": "yes"})


def _faults(text: str) -> Iterator[tuple[str, int, int]]:
    """What is wrong, and where it is said: the same criterion fails for many reasons."""
    failing = failings.told_in(text)
    if failing is not None:
        yield from failing
        return
    for start, end in sentences(text):
        yield text[start:end], start, end


def _graded(turn: Turn, start: int, end: int, stems: list[str], said: str) -> Observation:
    """`said`: what is wrong, in the grader's words."""
    return Observation(
        kind=Kind.MISTAKE,
        key=" ".join(sorted(stems)),
        statement=mask(said),
        spans=(span(turn, Role.SHOWS_MISTAKE, start, end),),
        details={"what": "grade", "cue": "grade", "sentence": mask(said)},
    )


def _with_an_option_more(calls: list[Call]) -> Iterator[Observation]:
    recent: dict[int, list[tuple[Call, Step]]] = {}
    for call in calls:
        before = recent.setdefault(call.use.thread, [])
        for step in () if call.has_failed else call.steps:
            for earlier, first in before:
                added = _added(first, step)
                if added:
                    yield _rerun(earlier, call, step, added)
            before.append((call, step))
        del before[:-_CALLS_LOOKED_AT]


def _added(first: Step, then: Step) -> tuple[str, ...]:
    """The options that the second has more, if it is the same command otherwise."""
    if first.base != then.base or len(then.flags) <= len(first.flags):
        return ()
    if not set(first.text.split()) < set(then.text.split()):
        return ()
    return tuple(flag for flag in then.flags if flag not in first.flags)


def _rerun(earlier: Call, call: Call, step: Step, added: tuple[str, ...]) -> Observation:
    options = " ".join(added)
    return Observation(
        kind=Kind.MISTAKE,
        key=f"{step.base} run again with {options}",
        statement=f"{step.base} was run again with {options}",
        spans=(span(earlier.use, Role.SHOWS_MISTAKE), span(call.use, Role.SHOWS_FIX)),
        tool=step.tool,
        details={
            "what": "rerun",
            "program": step.base,
            "fix": f"{step.base} {options}",
            "way": "again",
            "failing_call": mask(step.base),
            "working_call": mask(step.text),
        },
    )


def _after_a_correction(transcript: Transcript, calls: list[Call]) -> Iterator[Observation]:
    corrections = [turn for turn in transcript.turns if _corrects(turn)]
    if not corrections:
        return
    first_made: dict[str, int] = {}
    for call in calls:
        for step in call.steps:
            first_made.setdefault(step.label, call.use.sequence)
    for turn in corrections:
        later = [call for call in calls if call.use.sequence > turn.sequence][:_SOON_AFTER]
        for call in later:
            for step in call.steps:
                is_new = first_made[step.label] == call.use.sequence
                if is_new and step.flags and not call.has_failed:
                    yield _corrected(turn, call, step)


def _corrects(turn: Turn) -> bool:
    return _is_failed_grade(turn) or (
        turn.type == "user.message"
        and any(
            cue_of(turn.text[start:end]) == CORRECTION for start, end in sentences(turn.text[:1000])
        )
    )


def _is_failed_grade(turn: Turn) -> bool:
    """A reward that came with an import ends no evaluation, and explains nothing."""
    return turn.type == _GRADE and turn.closes is not None and turn.verdict not in ("", _PASSED)


def _corrected(turn: Turn, call: Call, step: Step) -> Observation:
    return Observation(
        kind=Kind.MISTAKE,
        key=f"put right with {step.label}",
        statement=mask(turn.text),
        spans=(span(turn, Role.SHOWS_MISTAKE), span(call.use, Role.SHOWS_FIX)),
        tool=step.tool,
        details={
            "what": "corrected",
            "by": "grader" if turn.type == _GRADE else "user",
            "program": step.base,
            "fix": step.label,
            "way": "again",
            "said": mask(turn.text),
            "said_words": " ".join(content(mask(turn.text))),
            "working_call": mask(step.text),
        },
    )
