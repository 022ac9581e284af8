"""Errors of tools as templates, and the calls that worked after them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from apps.dreams.findings import Kind, Observation, Span
from apps.dreams.local.calls import Call
from apps.dreams.local.handing import hands_over
from apps.dreams.local.masking import mask, telling_line
from apps.dreams.local.observing.arguments import leaves, swapped
from apps.dreams.local.observing.retrying import Fix, fixes
from apps.dreams.local.observing.spans import span
from apps.dreams.local.observing.telling import descriptions, hints, is_plain, origins
from apps.dreams.local.steps import Step
from apps.dreams.local.words import content
from apps.reviews.drafting import Role

_CALLS_LOOKED_AT = 8
_LEAST_WORDS = 3
_NAMES_ITSELF = 200


@dataclass(slots=True)
class _Failure:
    """One template of an error in one session."""

    tool: str
    program: str
    template: str
    failed: list[Call] = field(default_factory=list)
    fixes: dict[str, Fix] = field(default_factory=dict)
    hints: set[str] = field(default_factory=set)
    was_handed_over: bool = False

    @property
    def key(self) -> str:
        """An error that says nothing of itself is told apart by the program."""
        says_much = len(content(self.template)) >= _LEAST_WORDS
        return f"{self.tool if says_much else self.program}: {self.template}"


def failures_in(calls: list[Call]) -> Iterator[Observation]:
    """One observation per template of an error, and one per way out of it that was seen."""
    by_thread: dict[int, list[Call]] = {}
    for call in calls:
        by_thread.setdefault(call.use.thread, []).append(call)
    found: dict[str, _Failure] = {}
    for call in calls:
        if call.has_failed and not call.was_refused:
            _take(found, call, by_thread[call.use.thread])
    for failure in found.values():
        yield _observed(failure)
        for fix in failure.fixes.values():
            if not _failed_as_well(failure, fix):
                yield _way_out(failure, fix)


def _take(found: dict[str, _Failure], call: Call, thread: list[Call]) -> None:
    start, end = telling_line(call.result.text)
    template = mask(call.result.text[start:end])
    if not template:
        return
    step = _failing_step(call)
    failure = _Failure(call.use.tool, step.base, template)
    failure = found.setdefault(failure.key, failure)
    failure.failed.append(call)
    failure.was_handed_over |= any(
        hands_over(done)
        for other in thread[call.number + 1 :]
        for done in other.steps
        if not other.has_failed
    )
    after = thread[call.number + 1 : call.number + 1 + _CALLS_LOOKED_AT]
    for fix in fixes(call, step, after):
        if f"{fix.way} {fix.what}" not in failure.fixes:
            failure.fixes[f"{fix.way} {fix.what}"] = fix
            fix.details |= _values_swapped(call, fix, thread)
    if not step.text:
        failure.hints.update(hints(call, thread))


def _values_swapped(call: Call, fix: Fix, thread: list[Call]) -> dict[str, str]:
    """Of the argument that made the difference: where its value was told, and the one before."""
    name = fix.details.get("argument", "")
    swap = swapped(leaves(call.use.input), leaves(fix.call.use.input), name)
    if not swap:
        return {}
    gone, come = swap
    if is_plain(gone) and is_plain(come):
        return {"went": gone, "came": come}
    earlier = thread[: fix.call.number]
    told = dict.fromkeys(origins(come, earlier))
    is_invented = bool(told) and not any(origins(gone, thread[: call.number]))
    return {
        "origins": "\n".join(told),
        "invented": str(int(is_invented)),
        "described": "\n".join(dict.fromkeys(descriptions(come, earlier))),
    }


def _failed_as_well(failure: _Failure, fix: Fix) -> bool:
    """Whether the value of the argument that worked had failed in the same way before."""
    name = fix.details.get("argument", "")
    worked = leaves(fix.call.use.input).get(name)
    return worked is not None and any(
        call.use.sequence < fix.call.use.sequence and leaves(call.use.input).get(name) == worked
        for call in failure.failed
    )


def _failing_step(call: Call) -> Step:
    said = call.result.text[:_NAMES_ITSELF]
    named = (step for step in call.steps if step.base.split(" ")[0] in said)
    return next(named, call.steps[0])


def _error_span(call: Call) -> Span:
    return span(call.result, Role.SHOWS_MISTAKE, *telling_line(call.result.text))


def _failure_spans(call: Call) -> Iterator[Span]:
    """What the tool said, and the agent's own call: a mistake does not rest on tools alone."""
    yield _error_span(call)
    if call.use.text.strip():
        yield span(call.use, Role.SHOWS_MISTAKE)


def _observed(failure: _Failure) -> Observation:
    calls = failure.failed
    step = _failing_step(calls[0])
    repeated = sum(1 for first, then in pairwise(calls) if first.use.input == then.use.input)
    return Observation(
        kind=Kind.MISTAKE,
        key=failure.key,
        statement=f"{failure.program} failed: {failure.template}",
        spans=tuple(each for call in calls[:3] for each in _failure_spans(call)),
        tool=failure.tool,
        details={
            "what": "error",
            "program": failure.program,
            "template": failure.template,
            "failed_calls": str(len(calls)),
            "repeated_unchanged": str(repeated),
            "failing_call": _told(step, calls[0]),
            "hints": "\n".join(sorted(failure.hints)),
            "handed_over": str(int(failure.was_handed_over)),
        },
    )


def _arguments(call: Call) -> str:
    """A call of a tool with named arguments, told without their values."""
    return f"{call.use.tool}({', '.join(call.use.input or ())})"


def _argument_at(fix: Fix) -> tuple[int, int | None]:
    """Where the argument stands that made the difference; the whole call if it was not one."""
    name = fix.details.get("argument", "").split(".")[0]
    found = re.search(rf"(?m)^{re.escape(name)}: .*$", fix.call.use.text) if name else None
    return found.span() if found else (0, None)


def _way_out(failure: _Failure, fix: Fix) -> Observation:
    return Observation(
        kind=Kind.WORKAROUND,
        key=f"{failure.key} → {fix.way} {fix.what}",
        statement=f"after “{failure.template}”, {fix.what} worked",
        spans=(
            _error_span(failure.failed[0]),
            span(fix.call.use, Role.SHOWS_FIX, *_argument_at(fix)),
        ),
        tool=failure.tool,
        details={
            "what": "fix",
            "of": failure.key,
            "way": fix.way,
            "fix": fix.what,
            "fixing_tool": fix.call.use.tool,
            "working_call": _told(_telling_step(fix), fix.call),
            **fix.details,
        },
    )


def _telling_step(fix: Fix) -> Step:
    return next((step for step in fix.call.steps if step.base in fix.what), fix.call.steps[0])


def _told(step: Step, call: Call) -> str:
    """A call as one would type it, without the values of the case."""
    if not step.text:
        return _arguments(call)
    is_command = step.base != step.tool
    return mask(step.text if is_command else f"{step.tool} {step.text}")
