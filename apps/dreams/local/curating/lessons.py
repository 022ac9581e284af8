"""What a good colleague would write down of a pattern: what happens, what to do, how sure it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.dreams.connecting.saying import in_words, short
from apps.dreams.findings import Kind, Pattern
from apps.dreams.local.curating.sayings import said, sayings
from apps.reviews.losing import lost

_MASKED = re.compile(r"<[\w*]+>")
_FLAG = re.compile(r"--[a-z][\w=-]*")
_OF_A_CASE = re.compile(
    r"(?i)\b(?:user|customer|client|he|she|his|her|hers|him|wants?|i|you|your)\b"
    r"|\b(?=\w*\d)(?=\w*[a-z])\w{5,}\b"
)
_LONGEST_TITLE = 72
_MOST_WORDINGS = 2


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
    failing = f"`{program}` fails with “{short(in_words(details['template']), 160)}”."
    way = _way(details)
    title, advice = way or _no_way(details)
    share = f"{details['failed_calls']} of {details['calls']} calls of `{tool}` failed like this"
    worked = int(details.get("fixed_sessions", "0"))
    known = f"; in {worked} of the sessions this got it to work" if worked else ""
    body = (failing, advice, f"Seen in {how_often(pattern)}: {share}{known}.")
    fix = details.get("fix", "")
    names = {program.split(" | ")[0], *_FLAG.findall(fix)}
    names |= {details["fixing_tool"]} if details.get("way") == "instead" else set()
    return Lesson(
        title=title,
        body=body,
        core=advice,
        terms=frozenset(names),
        subjects=tuple(dict.fromkeys((program, tool))) if program != "bash" else (),
    )


def _no_way(details: Mapping[str, str]) -> tuple[str, str]:
    program = details["program"]
    if int(details.get("repeated_unchanged", "0")):
        advice = "Making the same call again does not help. Read the message, change the call."
    else:
        advice = "No call that followed got around it. Check for it before calling."
    message = short(in_words(details["template"]), 48)
    return f"`{program}`: {message}", advice


def _way(details: Mapping[str, str]) -> tuple[str, str] | None:
    """The title and what to do, by the way out that most sessions found."""
    way, fix, program = details.get("way", ""), details.get("fix", ""), details["program"]
    example = details.get("working_call", "")
    shown = f": `{example}`" if example and _is_telling(example, fix) else ""
    if way == "moved":
        new, old = details["new"], details["old"]
        return f"{new} has replaced {old}", f"Use {new}. {old} is not there any more."
    if way == "handover":
        advice = f"Hand over with `{fix}` at once. Trying again does not help."
        return f"`{program}`: hand over", advice
    if way == "instead":
        return f"`{program}`: use `{fix}`", f"Use `{fix}`{shown}."
    if way == "again":
        return _again(details, program, fix, shown)
    return None


def _again(
    details: Mapping[str, str], program: str, fix: str, shown: str
) -> tuple[str, str] | None:
    done, _, first = fix.partition(" after ")
    if first:
        return f"`{program}`: `{first}` first", f"Run `{first}` first, then `{done}` again."
    if done == "the same call":
        return f"`{program}`: try again", "It worked when the same call was made again."
    if details.get("named"):
        named = details["named"].replace(".", " ")
        return (
            f"`{program}`: make `{named}` add up",
            f"Make the values of `{named}` add up to the number that the message names.",
        )
    if " with another " in fix:
        return _another(details, program, fix.partition(" with another ")[2], shown)
    if " with " in fix:
        added = fix.partition(" with ")[2]
        return f"`{program}` with `{added}`", f"Call it with `{added}`{shown}."
    return None


def _another(details: Mapping[str, str], program: str, name: str, shown: str) -> tuple[str, str]:
    """Another value of an argument, or the same in another form."""
    if form := details.get("form"):
        return f"`{program}`: `{name}` as {form}", f"Write `{name}` as {form}."
    message = short(in_words(details["template"]), 48)
    return f"`{program}`: {message}", f"Give another `{name}`, as the message says{shown}."


def _is_telling(example: str, fix: str) -> bool:
    """Whether an example says more than the advice does, and not only placeholders."""
    plain = _MASKED.sub("", example).strip(" .,()")
    return len(plain) > 3 and plain != fix


def _statement(pattern: Pattern) -> Lesson:
    told = sayings(pattern)
    verb = {
        Kind.PREFERENCE: "Asked for in",
        Kind.FACT: "Said in",
    }.get(pattern.kind, "Corrected in")
    others = [each for each in told[1:] if not lost([told[0]], each) or lost([each], told[0])]
    words = [f"- “{each}”" for each in others[:_MOST_WORDINGS]]
    in_their_words = ("In other words:\n\n" + "\n".join(words),) if words else ()
    return Lesson(
        title=short(told[0].rstrip(".!?"), _LONGEST_TITLE),
        body=(told[0], *in_their_words, f"{verb} {how_often(pattern)}."),
        core=told[0],
    )


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
    shown = f": `{example}`" if example and _is_telling(example, fix) else ""
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
    reasons = pattern.details.get("reasons", "").split()
    if not reasons:
        return None  # that work is handed over now and then is no news
    # What is written with a handover tells one case; a sentence about anybody is a rule.
    told = sayings(pattern) if pattern.details.get("saying") else []
    text = next((each for each in told if not _OF_A_CASE.search(each)), "")
    about = ", ".join(reasons[:4])
    how = pattern.details["how"]
    with_tool = f" with `{how}`" if pattern.details.get("tool") else ""
    return Lesson(
        title=f"Hand over: {short(text.rstrip('.!?'), 56) if text else about}",
        body=(
            *((text,) if text else ()),
            f"Requests about {about} end with a person: hand over{with_tool} at once.",
            f"Seen in {how_often(pattern)}.",
        ),
        core=f"Hand over{with_tool}: {about}.",
        subjects=(how,) if pattern.details.get("tool") else (),
    )


def _workflow(pattern: Pattern) -> Lesson:
    steps = pattern.details["steps"].splitlines()
    rate, others = pattern.success, pattern.others
    went = (
        f"{rate.successes} of {rate.tries} judged sessions that did so succeeded"
        f" ({_percent(rate.low)}–{_percent(rate.high)} %), {others.successes} of {others.tries}"
        " of the others."
    )
    small = " Few sessions: take it as a hint." if rate.tries < 10 else ""
    ends_well = pattern.details["goes_with"] == "success"
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
    done = ", then ".join(f"`{each}`" for each in steps)
    if len(steps) == 1:
        return f"{'Call' if ends_well else 'Think twice before'} {done}"
    return f"{'Do' if ends_well else 'Avoid'} {done}"


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
