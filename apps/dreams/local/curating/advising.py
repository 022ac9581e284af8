"""What to do about a call that fails, as far as the sessions that met it show any way."""

import re
from collections.abc import Iterator, Mapping

from apps.dreams.connecting.saying import in_words, short

Details = Mapping[str, str]

_MASKED = re.compile(r"<[\w*]+>")
_WORD = re.compile(r"[\w-]{2,}")
_LONGEST_MESSAGE = 48
_MANY_AGAIN = 2


def advised(details: Details) -> tuple[str, str]:
    """A title and what to do, by the way out that most sessions found."""
    return _way(details) or (_message(details), " ".join(_without_way(details)))


def is_telling(example: str, fix: str) -> bool:
    """Whether an example says more than the advice does, and not only placeholders."""
    words = set(_WORD.findall(_MASKED.sub("", example)))
    return not words <= set(_WORD.findall(fix))


def _message(details: Details) -> str:
    return f"`{details['program']}`: {short(in_words(details['template']), _LONGEST_MESSAGE)}"


def _way(details: Details) -> tuple[str, str] | None:
    way, fix, program = details.get("way", ""), details.get("fix", ""), details["program"]
    example = details.get("working_call", "")
    shown = f": `{example}`" if example and is_telling(example, fix) else ""
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


def _again(details: Details, program: str, fix: str, shown: str) -> tuple[str, str] | None:
    done, _, first = fix.partition(" after ")
    if first:
        return f"`{program}`: `{first}` first", f"Do `{first}` first, then `{done}` again."
    if done == "the same call":
        return f"`{program}`: try again", "It worked when the same call was made again."
    if details.get("named"):
        advice = " ".join(_adding_up(details))
        return f"`{program}`: make `{details['named']}` add up", advice
    if " with another " in fix:
        return _another(details, program)
    added, swapped, old = fix.partition(" with ")[2].partition(" instead of ")
    if swapped:
        return f"`{program}` with `{added}`", f"Use `{added}` instead of `{old}`{shown}."
    return (f"`{program}` with `{added}`", f"Call it with `{added}`{shown}.") if added else None


def _adding_up(details: Details) -> Iterator[str]:
    named, fixed, less = details["named"], details["fixed_sessions"], _count(details, "short")
    yield f"Make the values of `{named}` add up to the number that the message names."
    if less:
        yield (
            f"What had been given came to less in {less} of {fixed} sessions:"
            " work out the whole before calling."
        )
    yield from _same_again(details)


def _another(details: Details, program: str) -> tuple[str, str]:
    """Another value of an argument, or the same in another form."""
    name = details["argument"]
    if form := details.get("form"):
        return f"`{program}`: `{name}` as {form}", f"Write `{name}` as {form}."
    origin, invented = details.get("origin", ""), _count(details, "invented")
    fixed = _count(details, "fixed_sessions")
    if origin and 2 * invented >= fixed:
        return _message(details), (
            f"Take `{_leaf(name)}` from {_where(origin)} before calling:"
            f" in {invented} of {fixed} sessions the one that failed had stood in no result."
        )
    said = [*_told_beforehand(details)]
    if came := details.get("came"):
        said.append(f"`{came}` as `{_leaf(name)}` worked where `{details['went']}` did not.")
    elif origin and not said:
        said.append(f"Take another `{_leaf(name)}` from {_where(origin)}.")
    return _message(details), " ".join(said) or f"Call it with another `{name}`."


def _without_way(details: Details) -> Iterator[str]:
    """What would have told beforehand, and that nothing helped afterwards."""
    yield from _told_beforehand(details)
    looked_at = details.get("looked_at", "")
    if hint := details.get("hint_empty"):
        argument, tool, _, _, sessions = hint.split("\t")
        yield (
            f"Asked for the same `{_leaf(argument)}` afterwards, `{tool}` found nothing"
            f" in {sessions} of {looked_at} sessions."
        )
    worked, handed = _count(details, "worked_sessions"), _count(details, "handed_over")
    then = f"; in {handed} the work was handed over" if handed else ""
    if worked:
        yield f"A later call went through in {worked} of the sessions{then}."
    else:
        yield f"No call that followed got around it{then}: say so instead of trying on."
    yield from _same_again(details)


def _told_beforehand(details: Details) -> Iterator[str]:
    """Where it could have been read that the call would fail."""
    hint = details.get("hint_tells") or details.get("hint_counts") or details.get("hint_is")
    if not hint:
        return
    argument, tool, path, field, _ = hint.split("\t")
    field, _, value = field.partition("=")
    leaf, where = _leaf(argument), _where(f"{tool}\t{path}")
    if value:
        known = (line.partition("=") for line in details.get("described", "").splitlines())
        worked = [f"`{other}`" for name, _, other in known if name == field and other != value]
        then = f": {' and '.join(worked)} worked" if worked else ""
        yield f"Give a `{leaf}` whose `{field}` in {where} is not `{value}`{then}."
    else:
        yield f"Before calling, look at `{field}` of each `{leaf}` in {where}."


def _same_again(details: Details) -> Iterator[str]:
    repeated = _count(details, "repeated_unchanged")
    if repeated >= _MANY_AGAIN:
        of = details["failed_calls"]
        yield f"Do not repeat the call unchanged: {repeated} of the {of} that failed were that."


def _where(origin: str) -> str:
    tool, _, path = origin.partition("\t")
    return f"`{tool}` (`{path}`)" if path else f"what `{tool}` returns"


def _leaf(argument: str) -> str:
    return argument.rpartition(".")[2]


def _count(details: Details, name: str) -> int:
    return int(details.get(name) or 0)
