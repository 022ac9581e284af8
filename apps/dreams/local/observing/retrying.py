"""What worked after a call had failed, and in what it differed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from apps.dreams.local.calls import Call
from apps.dreams.local.handing import hands_over
from apps.dreams.local.masking import mask
from apps.dreams.local.observing.arguments import has_new, leaves
from apps.dreams.local.steps import Step, only_looks

_MOST_DIFFERENT = 3
_SOON = 4
"""Calls after which the same program again is no answer to the failure any more."""
_LEAST_VALUE = 4
_LEAST_TEXT = 3
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.){1,4}[a-z]{2,}\b")
_TYPED = re.compile(r"(?:[^\s'\"]|'[^']*'|\"[^\"]*\")+")
_WORD = re.compile(r"[\w.%@/-]+")
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")
_SETTING = re.compile(r"[A-Z][A-Z0-9_]+(?==)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FORM = re.compile(r"\b[YMDHSymdhs]{1,4}(?:[-/:.][YMDHSymdhs]{1,4})+\b")
"""How a message writes the form that a date or a time should have."""


_Done = tuple[Step, Call]


@dataclass(slots=True)
class Fix:
    """A way out that was seen: how one tells it, and where it stands."""

    way: str
    """again | instead | handover | moved"""
    what: str
    call: Call
    details: dict[str, str] = field(default_factory=dict)


def fixes(call: Call, step: Step, after: list[Call]) -> Iterator[Fix]:
    """Ways out of this failure, as far as the calls after it show any."""
    between: list[_Done] = []
    has_worked = False
    for number, other in enumerate(after):
        if other.has_failed or not other.use.text.strip():
            continue
        for tried in other.steps:
            if hands_over(tried):
                yield Fix("handover", tried.label, other)
            elif not has_worked and _is_same(step, tried):
                helped = _helped(call, step, between)
                if _is_tried_again(call, step, other, tried, number) or (helped and number < _SOON):
                    has_worked = True
                    yield from _again(call, step, other, tried, between)
            elif not has_worked and _shares_object(call, other):
                yield from _instead(step, tried, other)
            between.append((tried, other))


def _is_same(step: Step, tried: Step) -> bool:
    return step.tool == tried.tool and step.base.split(" | ")[0] == tried.base.split(" | ")[0]


def _shares_object(call: Call, other: Call) -> bool:
    return not (call.objects.isdisjoint(other.objects) and _values(call).isdisjoint(_values(other)))


def _values(call: Call) -> set[str]:
    """Whole values of named arguments, long enough to be meant."""
    if any(step.text for step in call.steps):
        return set()
    given = (call.use.input or {}).values()
    return {each for each in given if isinstance(each, str) and len(each) >= _LEAST_VALUE}


def _is_tried_again(call: Call, step: Step, other: Call, tried: Step, number: int) -> bool:
    """Whether it is the same undertaking: the same object, or all of its words and more."""
    if not call.objects.isdisjoint(other.objects) or call.use.input == other.use.input:
        return True
    if number >= _SOON:
        return False
    if step.text:
        return not Counter(_TYPED.findall(step.text)) - Counter(_TYPED.findall(tried.text))
    before, then = call.use.input or {}, other.use.input or {}
    return any(
        then.get(name) == value or _more_words(value, then.get(name))
        for name, value in before.items()
    )


def _more_words(old: object, new: object) -> list[str]:
    """What a long text has more than another, if it has all of that one."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return []
    before, words = _TYPED.findall(old), _TYPED.findall(new)
    if len(before) < _LEAST_TEXT or Counter(before) - Counter(words):
        return []
    return [word for word in words if word not in before]


def _helped(call: Call, step: Step, between: list[_Done]) -> _Done | None:
    """What was done in between with the same object, or at least with the same program."""
    for done, other in between:
        if _is_same(step, done):
            continue
        if _shares_object(call, other) or (step.text and _program(done) == _program(step)):
            return done, other
    return None


def _program(step: Step) -> str:
    return step.base.partition(" ")[0]


def _instead(step: Step, tried: Step, other: Call) -> Iterator[Fix]:
    """Another way. To look something up does not do what a call with arguments was to do."""
    if step.text or not only_looks(tried.base) or only_looks(step.base):
        yield Fix("instead", tried.label if tried.flags else tried.coarse, other)


def _again(call: Call, step: Step, other: Call, tried: Step, between: list[_Done]) -> Iterator[Fix]:
    """The same thing worked later: what was different?"""
    has_moved = any(_swapped_host(step.text, tried.text))
    if not has_moved and _is_about_what_was_made(between, call, other):
        return
    helped = _helped(call, step, between)
    if helped and not (only_looks(helped[0].base) and step.text):
        yield Fix("again", f"{tried.coarse} after {helped[0].coarse}", helped[1])
    if call.use.input == other.use.input:
        if not helped:
            yield Fix("again", "the same call", other)
    elif _is_command(step):
        yield from _other_command(step, tried, other)
    else:
        yield from _other_input(call, other)


def _is_about_what_was_made(between: list[_Done], call: Call, other: Call) -> bool:
    """Whether a step in between made what the call that worked is about: then that is the way."""
    stems = {name.partition(".")[0] for name in _files_of(other) - _files_of(call)}
    return any(
        len(stem) >= _LEAST_VALUE and stem in maker.use.text
        for step, maker in between
        for stem in stems
        if not only_looks(step.base) and _shares_object(call, maker)
    )


def _files_of(call: Call) -> set[str]:
    """Names of files in what a call was given; a host has more dots."""
    given = " ".join(str(value) for value in (call.use.input or {}).values())
    names = (word.rpartition("/")[2] for word in _WORD.findall(given) if "//" not in word)
    return {name for name in names if name.count(".") == 1}


def _is_command(step: Step) -> bool:
    return bool(step.text) and step.base != step.tool


def _other_command(step: Step, tried: Step, other: Call) -> Iterator[Fix]:
    added = [flag for flag in tried.flags if flag not in step.flags]
    if added:
        yield Fix("again", f"{tried.base} with {' '.join(added)}", other)
    for more in dict.fromkeys(_options_more(step.text, tried.text)):
        if more != " ".join(added):
            yield Fix("again", f"{tried.base} with {more}", other)
    old, new = _swapped_host(step.text, tried.text)
    if new:
        yield Fix("moved", f"{new} instead of {old}", other, {"old": old, "new": new})
    yield from _other_words(step.text, tried, other)


def _options_more(old: str, new: str) -> Iterator[str]:
    """Options and settings that only the second has: as they stand, and without their values."""
    before, words = _TYPED.findall(old), _TYPED.findall(new)
    known = {_name(word) for word in before}
    found = [
        (_name(word), _with_value(word, after, before))
        for word, after in zip(words, (*words[1:], ""), strict=True)
        if _name(word) and _name(word) not in known
    ]
    if found:
        yield " ".join(said for _, said in found)
        yield " ".join(name for name, _ in found)


def _name(word: str) -> str:
    found = _OPTION.match(word) or _SETTING.match(word)
    return found[0] if found else ""


def _with_value(word: str, after: str, before: list[str]) -> str:
    """An option with the word after it, where that came with it and is of no case."""
    if word != _name(word):
        return word if mask(word) == word else _name(word)
    is_value = after and after not in before and not _name(after) and mask(after) == after
    return f"{word} {after}" if is_value else word


def _swapped_host(old: str, new: str) -> tuple[str, str]:
    before, after = set(_HOST.findall(old)), set(_HOST.findall(new))
    gone, come = before - after, after - before
    if len(gone) == len(come) == 1:
        return gone.pop(), come.pop()
    return "", ""


def _other_words(text: str, tried: Step, other: Call) -> Iterator[Fix]:
    old, new = _WORD.findall(text), _WORD.findall(tried.text)
    gone = [word for word in old if word not in new]
    come = [word for word in new if word not in old]
    if len(gone) == len(come) == 1 and mask(gone[0]) == gone[0] and mask(come[0]) == come[0]:
        yield Fix("again", f"{tried.base} with {come[0]} instead of {gone[0]}", other)


def _other_input(call: Call, other: Call) -> Iterator[Fix]:
    """Which arguments were others or more, told by their names; a value is shown to nobody."""
    before, after = leaves(call.use.input), leaves(other.use.input)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    form = _FORM.search(call.result.text[:500])
    named = _named(call, before, after)
    details = {
        "changed": ", ".join(changed),
        "named": named,
        "short": str(int(bool(named) and _sum(before.get(named, [])) < _sum(after[named]))),
        "form": form[0] if form else "",
    }
    tool = call.use.tool
    if changed and not before.keys() & set(changed):
        yield Fix("again", f"{tool} with {_listed(changed)}", other, {**details, "added": "yes"})
        return
    given, then = call.use.input or {}, other.use.input or {}
    for name in changed[:_MOST_DIFFERENT]:
        more = mask(" ".join(_more_words(given.get(name), then.get(name))))
        if more:
            yield Fix("again", f"{tool} with {more} in {name}", other, {"argument": name})
        if has_new(before, after, name):
            told = {**details, "argument": name}
            yield Fix("again", f"{tool} with another {name}", other, told)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)


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
