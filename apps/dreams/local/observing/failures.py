"""Errors of tools as templates, and the calls that worked after them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from apps.dreams.findings import Kind, Observation, Span
from apps.dreams.local.calls import Call
from apps.dreams.local.handing import hands_over
from apps.dreams.local.masking import mask, telling_line
from apps.dreams.local.observing.spans import span
from apps.dreams.local.steps import Step, only_looks
from apps.dreams.local.words import content
from apps.reviews.drafting import Role

_CALLS_LOOKED_AT = 8
_MOST_DIFFERENT = 3
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.){1,4}[a-z]{2,}\b")
_WORD = re.compile(r"[\w.%@/-]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEAST_WORDS = 3
_NAMES_ITSELF = 200


@dataclass(slots=True)
class _Fix:
    """A way out that was seen: how one tells it, and where it stands."""

    way: str
    """again | instead | handover | moved"""
    what: str
    call: Call
    details: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Failure:
    """One template of an error in one session."""

    tool: str
    program: str
    template: str
    failed: list[Call] = field(default_factory=list)
    fixes: dict[str, _Fix] = field(default_factory=dict)

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
        yield from (_way_out(failure, fix) for fix in failure.fixes.values())


def _take(found: dict[str, _Failure], call: Call, thread: list[Call]) -> None:
    start, end = telling_line(call.result.text)
    template = mask(call.result.text[start:end])
    if not template:
        return
    step = _failing_step(call)
    failure = _Failure(call.use.tool, step.base, template)
    failure = found.setdefault(failure.key, failure)
    failure.failed.append(call)
    after = thread[call.number + 1 : call.number + 1 + _CALLS_LOOKED_AT]
    for fix in _fixes(call, step, after):
        failure.fixes.setdefault(f"{fix.way} {fix.what}", fix)


def _failing_step(call: Call) -> Step:
    said = call.result.text[:_NAMES_ITSELF]
    named = (step for step in call.steps if step.base.split(" ")[0] in said)
    return next(named, call.steps[0])


def _fixes(call: Call, step: Step, after: list[Call]) -> Iterator[_Fix]:
    between: list[str] = []
    has_worked = False
    for other in after:
        if other.has_failed or not other.use.text.strip():
            continue
        for tried in other.steps:
            if hands_over(tried):
                yield _Fix("handover", tried.label, other)
            elif not has_worked and (call.objects & other.objects):
                again = _is_same(step, tried)
                has_worked = again
                yield from (
                    _again(call, step, other, tried, between)
                    if again
                    else _instead(step, tried, other)
                )
        between.extend(tried.coarse for tried in other.steps)


def _instead(step: Step, tried: Step, other: Call) -> Iterator[_Fix]:
    """Another way. To look something up does not do what a call with arguments was to do."""
    if step.text or not only_looks(tried.base) or only_looks(step.base):
        yield _Fix("instead", tried.label if tried.flags else tried.coarse, other)


def _is_same(step: Step, tried: Step) -> bool:
    return step.tool == tried.tool and step.base.split(" | ")[0] == tried.base.split(" | ")[0]


def _again(call: Call, step: Step, other: Call, tried: Step, between: list[str]) -> Iterator[_Fix]:
    """The same thing worked later: what was different?"""
    added = [flag for flag in tried.flags if flag not in step.flags]
    if added:
        yield _Fix("again", f"{tried.base} with {' '.join(added)}", other)
    old, new = _swapped_host(step.text, tried.text)
    if new:
        yield _Fix("moved", f"{new} instead of {old}", other, {"old": old, "new": new})
    if call.use.input == other.use.input or step.files:
        after = next((done for done in between if done != tried.coarse), "")
        yield _Fix("again", f"{tried.coarse} after {after}" if after else "the same call", other)
    elif step.text:
        yield from _other_words(step.text, tried, other)
    else:
        yield from _other_input(call, other)


def _swapped_host(old: str, new: str) -> tuple[str, str]:
    before, after = set(_HOST.findall(old)), set(_HOST.findall(new))
    gone, come = before - after, after - before
    if len(gone) == len(come) == 1:
        return gone.pop(), come.pop()
    return "", ""


def _other_words(text: str, tried: Step, other: Call) -> Iterator[_Fix]:
    old, new = _WORD.findall(text), _WORD.findall(tried.text)
    gone = [word for word in old if word not in new]
    come = [word for word in new if word not in old]
    if len(gone) == len(come) == 1 and mask(gone[0]) == gone[0] and mask(come[0]) == come[0]:
        yield _Fix("again", f"{tried.base} with {come[0]} instead of {gone[0]}", other)


def _other_input(call: Call, other: Call) -> Iterator[_Fix]:
    """Which arguments were others, told by their names; a value is shown to nobody."""
    before, after = _leaves(call.use.input), _leaves(other.use.input)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    details = {"changed": ", ".join(changed), "named": _named(call, before, after)}
    for name in changed[:_MOST_DIFFERENT]:
        fixed = {**details, "argument": name}
        yield _Fix("again", f"{call.use.tool} with another {name}", other, fixed)


def _leaves(given: object, name: str = "") -> dict[str, list[str]]:
    """Values by the name of their argument, those of lists together."""
    found: dict[str, list[str]] = {}
    parts: list[tuple[str, object]] = []
    if isinstance(given, Mapping):
        parts = [(f"{name}.{key}" if name else str(key), value) for key, value in given.items()]
    elif isinstance(given, list):
        parts = [(name, value) for value in given]
    else:
        return {name: [json.dumps(given)]}
    for path, value in parts:
        for leaf, values in _leaves(value, path).items():
            found.setdefault(leaf, []).extend(values)
    return found


def _named(call: Call, before: dict[str, list[str]], after: dict[str, list[str]]) -> str:
    """The argument whose values add up to a number that the error names, as they did not before."""
    told = {float(number) for number in _NUMBER.findall(call.result.text[:500])}
    for name, values in after.items():
        if values != before.get(name) and _sum(values) in told and len(told) > 0:
            return name
    return ""


def _sum(values: list[str]) -> float:
    try:
        return sum(map(float, values))
    except ValueError:
        return -1


def _error_span(call: Call) -> Span:
    return span(call.result, Role.SHOWS_MISTAKE, *telling_line(call.result.text))


def _observed(failure: _Failure) -> Observation:
    calls = failure.failed
    step = _failing_step(calls[0])
    repeated = sum(1 for first, then in pairwise(calls) if first.use.input == then.use.input)
    return Observation(
        kind=Kind.MISTAKE,
        key=failure.key,
        statement=f"{failure.program} failed: {failure.template}",
        spans=tuple(_error_span(call) for call in calls[:3]),
        tool=failure.tool,
        details={
            "what": "error",
            "program": failure.program,
            "template": failure.template,
            "failed_calls": str(len(calls)),
            "repeated_unchanged": str(repeated),
            "failing_call": _told(step, calls[0]),
        },
    )


def _arguments(call: Call) -> str:
    """A call of a tool with named arguments, told without their values."""
    return f"{call.use.tool}({', '.join(call.use.input or ())})"


def _argument_at(fix: _Fix) -> tuple[int, int | None]:
    """Where the argument stands that made the difference; the whole call if it was not one."""
    name = fix.details.get("argument", "").split(".")[0]
    found = re.search(rf"(?m)^{re.escape(name)}: .*$", fix.call.use.text) if name else None
    return found.span() if found else (0, None)


def _way_out(failure: _Failure, fix: _Fix) -> Observation:
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


def _telling_step(fix: _Fix) -> Step:
    return next((step for step in fix.call.steps if step.base in fix.what), fix.call.steps[0])


def _told(step: Step, call: Call) -> str:
    """A call as one would type it, without the values of the case."""
    if not step.text:
        return _arguments(call)
    is_command = step.base != step.tool
    return mask(step.text if is_command else f"{step.tool} {step.text}")
