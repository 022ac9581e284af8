"""What a good colleague would write down of a pattern: what happens, what to do, how sure it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.dreams.connecting.saying import in_words, short
from apps.dreams.findings import Kind, Pattern
from apps.dreams.local.curating.advising import advised, is_telling
from apps.dreams.local.curating.sayings import said, sayings
from apps.dreams.local.words import content

_FLAG = re.compile(r"--[a-z][\w=-]*")
_NAME = re.compile(r"[A-Za-z][\w.-]{2,}")
_RUNNERS = frozenset(("python", "python3", "node", "ruby", "perl", "bash", "npx", "deno", "after"))
_OF_A_CASE = re.compile(
    r"(?i)\b(?:user|customer|client|he|she|his|her|hers|him|wants?|i|you|your)\b"
    r"|\b(?=\w*\d)(?=\w*[a-z])\w{5,}\b"
)
_MASKED = re.compile(r"<[\w*]+>")
_LONGEST_TITLE = 72
_NAMED_STEPS = 2
_FEWEST_JUDGED, _FEWEST_TELLING, _FAR_APART = 3, 5, 0.2
_MOST_WORDINGS, _LEAST_WORDS, _MOST_BESIDE = 2, 4, 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """A note in the making. `core` is what the note must say to be known already."""

    title: str
    body: tuple[str, ...]
    core: str
    terms: frozenset[str] = frozenset()
    """Names that every note about this has in it: the tool, the option, the new value."""
    subjects: tuple[str, ...] = ()
    """What the note is about, as a file might be called."""
    message: str = ""
    """What a note about it quotes: other messages are answered in much the same words."""

    @property
    def text(self) -> str:
        return "\n\n".join((f"# {self.title}", *self.body)) + "\n"

    @property
    def section(self) -> str:
        """As a part of a note that says other things, too."""
        return "\n\n".join((f"## {self.title}", *self.body)) + "\n"


def lesson(pattern: Pattern) -> Lesson | None:
    """None where there is nothing that somebody could do otherwise."""
    write = _WRITERS.get(pattern.details["what"])
    return write(pattern) if write else None


def how_often(pattern: Pattern) -> str:
    """How many sessions, whose and when: what a reader weighs the rest by."""
    of = pattern.details.get("of_sessions", "")
    parts = [f"{pattern.sessions} of {of} sessions" if of else f"{pattern.sessions} sessions"]
    if pattern.users > 1:
        parts.append(f"{pattern.users} people")
    if pattern.agents > 1:
        parts.append(f"{pattern.agents} agents")
    when = _between(pattern.first_at, pattern.last_at)
    return ", ".join(parts) + (f" ({when})" if when else "")


def _error(pattern: Pattern) -> Lesson:
    details = pattern.details
    program, tool = details["program"], details["tool"]
    message = short(in_words(details["template"]), 160)
    failing = f"`{program}` fails with “{message}”."
    title, advice = advised(details)
    share = f"{details['failed_calls']} of {details['calls']} calls of `{tool}` failed like this"
    worked = int(details.get("fixed_sessions", "0"))
    known = f"; in {worked} of the sessions this got it to work" if worked else ""
    seen = f"Seen in {how_often(pattern)}: {share}{known}.{_ended(pattern)}"
    return Lesson(
        title=title,
        body=(failing, advice, seen),
        core=advice,
        terms=_names(details),
        message=message,
        subjects=tuple(dict.fromkeys((program, tool))) if program != "bash" else (),
    )


def _names(details: Mapping[str, str]) -> frozenset[str]:
    """What every note about it names: what is used instead, or else the program itself."""
    fix = details.get("fix", "")
    program, flags = details["program"].split(" | ")[0], _FLAG.findall(fix)
    if details.get("way") != "instead":
        return frozenset((program, *flags))
    words = [word for word in fix.split(" --")[0].split() if _NAME.fullmatch(word)]
    names = {word for word in words if word not in {*_RUNNERS, details["fixing_tool"]}}
    if not names:
        return frozenset((program, *words))
    return frozenset((*names, *flags)) if len(names) + len(flags) > 1 else frozenset((*names, fix))


def _ended(pattern: Pattern) -> str:
    """How such sessions ended, where they ended otherwise than the rest."""
    rate, others = pattern.success, pattern.others
    if rate.tries < _FEWEST_TELLING or abs(rate.value - others.value) < _FAR_APART:
        return ""
    return (
        f" {rate.successes} of {rate.tries} judged sessions with it ended well,"
        f" {others.successes} of {others.tries} without."
    )


def _statement(pattern: Pattern) -> Lesson:
    told = sayings(pattern)
    verb = {
        Kind.PREFERENCE: "Asked for in",
        Kind.FACT: "Said in",
    }.get(pattern.kind, "Corrected in")
    others = [each for each in told[1:] if _is_another_wording(pattern, each, told[0])]
    words = [f"- “{each}”" for each in others[:_MOST_WORDINGS]]
    in_their_words = ("In other words:\n\n" + "\n".join(words),) if words else ()
    return Lesson(
        title=short(told[0].rstrip(".!?"), _LONGEST_TITLE),
        body=(told[0], *in_their_words, f"{verb} {how_often(pattern)}."),
        core=told[0],
    )


def _is_another_wording(pattern: Pattern, saying: str, best: str) -> bool:
    """Not the best one again with more around it, no scrap, and not mostly about something else."""
    beside = set(content(saying)) - set(pattern.details.get("words", "").split())
    is_one = len(saying.split()) >= _LEAST_WORDS and len(beside) <= _MOST_BESIDE
    return is_one and best.rstrip(".!?") not in saying


def _grade(pattern: Pattern) -> Lesson:
    text = said(pattern)
    return Lesson(
        title=f"Graders object: {short(text.rstrip('.!?'), 56)}",
        body=(
            f"Work was sent back because of this: {text}",
            "Check it before handing in.",
            f"Seen in {how_often(pattern)}.",
        ),
        core=text,
    )


def _redone(pattern: Pattern) -> Lesson:
    details = pattern.details
    fix, example = details["fix"], details.get("working_call", "")
    shown = f": `{example}`" if example and is_telling(example, fix) else ""
    if details["what"] == "rerun":
        told = f"`{details['program']}` was run, and then again with more options: `{fix}`."
    else:
        whose = "a grader" if details.get("by") == "grader" else "somebody"
        told = f"It took {whose} to object (“{short(in_words(details['said']), 160)}”)."
    return Lesson(
        title=f"Use `{fix}` from the start",
        body=(told, f"Use `{fix}` the first time{shown}.", f"Seen in {how_often(pattern)}."),
        core=f"Use `{fix}`.",
        terms=frozenset({details["program"].split(" | ")[0], *_FLAG.findall(fix)}),
        subjects=(details["program"],),
    )


def _handover(pattern: Pattern) -> Lesson | None:
    """None where nobody said why, or where those who did it anyway came off worse."""
    rate, others = pattern.success, pattern.others
    if rate.tries and rate.high < others.low:
        return None
    how = pattern.details["how"]
    with_tool = f" with `{how}`" if pattern.details.get("tool") else ""
    when, text = _when_to_hand_over(pattern, f"Hand over{with_tool}")
    if not when:
        return None
    went = (
        f" {rate.successes} of {rate.tries} judged sessions that ended so went well,"
        f" {others.successes} of {others.tries} of the others."
        if rate.tries >= _FEWEST_JUDGED
        else ""
    )
    return Lesson(
        title=short(f"Hand over: {when}", _LONGEST_TITLE),
        body=(*text, f"Seen in {how_often(pattern)}.{went}"),
        core=f"Hand over{with_tool}: {when}.",
        terms=frozenset({how}) if with_tool else frozenset(),
        subjects=(how,) if with_tool else (),
        message=when,
    )


def _when_to_hand_over(pattern: Pattern, advice: str) -> tuple[str, tuple[str, ...]]:
    """As a title says it, and as a text does: what was wanted, or else a sentence of the agents."""
    wishes = [line.split("\t") for line in pattern.details.get("wishes", "").splitlines()]
    if wishes:
        looked_at = pattern.details["looked_at"]
        (first, count), *others = wishes
        more = "".join(f", or {_wanted(each)} ({times})" for each, times in others)
        when = f"somebody {_wanted(first)}"
        return when, (f"{advice} when {when} ({count} of {looked_at} sessions){more}.",)
    if not pattern.details.get("saying"):
        return "", ()
    whole = pattern.details["sayings"].splitlines()
    rules = (each for each in (*whole, *sayings(pattern)) if not _OF_A_CASE.search(each))
    text = next((each for each in rules if not _MASKED.search(each)), "")
    return text.rstrip(".!?"), (text, f"{advice}.") if text else ()


def _wanted(wish: str) -> str:
    """After “somebody”."""
    is_doing = wish.partition(" ")[0].endswith("ing")
    return f"needs help {wish}" if is_doing else f"wants {wish}"


def _workflow(pattern: Pattern) -> Lesson | None:
    """None of a single step that goes with bad ends: what to do instead is not known."""
    steps = pattern.details["steps"].splitlines()
    rate, others = pattern.success, pattern.others
    went = (
        f"{rate.successes} of {rate.tries} judged sessions that did so succeeded"
        f" ({_percent(rate.low)}–{_percent(rate.high)} %), {others.successes} of {others.tries}"
        " of the others."
    )
    small = " Few sessions: take it as a hint." if rate.tries < 10 else ""
    ends_well = pattern.details["goes_with"] == "success"
    if len(steps) == 1 and not ends_well:
        return None
    title = _way_of_working(pattern.details, steps, ends_well=ends_well)
    listed = "\n".join(f"{number}. `{step}`" for number, step in enumerate(steps, 1))
    opening = "What works:" if ends_well else "What tends to go wrong:"
    return Lesson(
        title=short(title, _LONGEST_TITLE),
        body=(f"{opening}\n\n{listed}", went + small),
        core=" ".join(f"`{step}`" for step in steps),
        terms=frozenset(steps),
        subjects=(steps[0],) if len(steps) == 1 else (),
    )


def _way_of_working(details: Mapping[str, str], steps: Sequence[str], *, ends_well: bool) -> str:
    """As a title: what to do before or after what, where that is what decides."""
    step = details.get("step", "")
    for place in ("before", "after"):
        if step and details.get(place):
            return f"`{step}` {place} `{details[place]}`"
    done = ", then ".join(f"`{each}`" for each in steps[:_NAMED_STEPS])
    more = len(steps) - _NAMED_STEPS
    rest = f" and {more} more step{'s' * (more > 1)}" if more > 0 else ""
    return f"{'Do' if ends_well else 'Avoid'} {done}{rest}"


_WRITERS: Mapping[str, Callable[[Pattern], Lesson | None]] = {
    "error": _error,
    "statement": _statement,
    "grade": _grade,
    "rerun": _redone,
    "corrected": _redone,
    "handover": _handover,
    "workflow": _workflow,
}


def _percent(share: float) -> int:
    return round(100 * share)


def _between(first: datetime | None, last: datetime | None) -> str:
    """`3 Mar 2026` or `3 Mar – 9 May 2026`."""
    if first is None or last is None:
        return ""
    days = tuple(_days(first, last))
    return days[0] if days[0] == days[-1] else f"{days[0]} – {days[-1]}"


def _days(first: datetime, last: datetime) -> Iterator[str]:
    if first.date() != last.date():
        yield f"{first.day} {first:%b}" + ("" if first.year == last.year else f" {first.year}")
    yield f"{last.day} {last:%b %Y}"
