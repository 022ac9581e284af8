"""Errors that recur, each with the way out that most sessions found."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil

from apps.dreams.connecting.groups import Group, Whole, joined, pattern
from apps.dreams.connecting.saying import headline, of_error
from apps.dreams.findings import Kind, Pattern

_ALIKE = 0.7
_NAME = re.compile(r"^[\"'`].*[\"'`]$|[\w>][./_@-][\w<]")
_LEAST_SHARE_FIXED = 0.4
_LEAST_FIXED = 2
_MOSTLY = 0.5
_PREFERRED = ("moved", "again", "handover", "instead")
_KINDS = {
    "moved": Kind.FACT,
    "handover": Kind.ESCALATION,
    "instead": Kind.WORKAROUND,
    "again": Kind.MISTAKE,
}


def error_patterns(
    errors: Iterable[Group], fixes: Iterable[Group], whole: Whole, least: int
) -> Iterator[Pattern]:
    """One pattern per template that was met often enough."""
    ways: dict[str, list[Group]] = {}
    for fix in fixes:
        ways.setdefault(fix.details["of"], []).append(fix)
    for alike in _near(errors):
        error = _one(alike)
        if error.sessions >= least:
            known = [way for one in alike for way in ways.get(one.key, ())]
            error.totals["worked"] = _sessions_that_went_on(known)
            yield _pattern(error, _best(error, known), whole)


def _near(errors: Iterable[Group]) -> list[list[Group]]:
    """Templates of one tool that differ in a word or two, or only in names, are one."""
    found: list[list[Group]] = []
    buckets: dict[tuple[str, int], list[tuple[list[str], list[Group]]]] = {}
    for error in sorted(errors, key=lambda group: (-group.sessions, group.key)):
        words = error.details["template"].split()
        bucket = buckets.setdefault((error.tool, len(words)), [])
        for leader, alike in bucket:
            if _is_alike(leader, words):
                alike.append(error)
                break
        else:
            bucket.append((words, alike := [error]))
            found.append(alike)
    return found


def _is_alike(leader: list[str], words: list[str]) -> bool:
    pairs = list(zip(leader, words, strict=True))
    same = sum(one == other for one, other in pairs)
    names = sum(one != other and _is_name(one) and _is_name(other) for one, other in pairs)
    return same > 2 and same >= _ALIKE * (len(pairs) - names)


def _is_name(word: str) -> bool:
    """Whether it is written like something that has a name and not like speech."""
    return _NAME.search(word.strip(".,:;()")) is not None


def _one(alike: list[Group]) -> Group:
    """Of templates that differ, what they have in common: a name of one session is told nowhere."""
    error = joined(alike, alike[0].key)
    if len(alike) > 1:
        columns = zip(*(each.details["template"].split() for each in alike), strict=True)
        template = " ".join(_common(list(words)) for words in columns)
        error.details = {**error.details, "template": template}
        error.key = f"{error.key.partition(': ')[0]}: {template}"
    return error


def _common(words: list[str]) -> str:
    if len(set(words)) == 1:
        return words[0]
    mark = words[0][-1] if words[0][-1] in ".,:;" else ""
    return f"<word>{mark}"


def _best(error: Group, known: list[Group]) -> Group | None:
    """The way out that most found; of equals, the one that says most."""
    ways: dict[tuple[str, str], list[Group]] = {}
    for fix in known:
        ways.setdefault((fix.details["way"], fix.details["fix"]), []).append(fix)
    together = [joined(alike, alike[0].key) for alike in ways.values()]
    together.sort(key=_how_telling)
    enough = max(_LEAST_FIXED, ceil(error.sessions * _LEAST_SHARE_FIXED))
    return together[0] if together and together[0].sessions >= enough else None


def _sessions_that_went_on(known: list[Group]) -> int:
    """In how many a call worked afterwards, whichever it was."""
    done = (way.verdicts for way in known if way.details["way"] != "handover")
    return len({session for verdicts in done for session in verdicts})


def _shared_words(group: Group, name: str) -> str:
    """A call as most sessions made it; what only one of them has is of its case."""
    calls = [seen.observation.details.get(name, "").split() for seen in group.seen]
    calls = [call for call in calls if call]
    length, _ = Counter(map(len, calls)).most_common(1)[0] if calls else (0, 0)
    columns = zip(*(call for call in calls if len(call) == length), strict=True)
    return " ".join(_most_common(words) for words in columns)


def _most_common(words: tuple[str, ...]) -> str:
    word, times = Counter(words).most_common(1)[0]
    return word if times > len(words) * _MOSTLY else "…"


def _how_telling(fix: Group) -> tuple[int, int, bool, int, str]:
    way, told = fix.details["way"], fix.details["fix"]
    return (-fix.sessions, _PREFERRED.index(way), " after " not in told, -len(told), told)


def _agreed(group: Group, name: str) -> list[tuple[int, str]]:
    """Lines that sessions enough have in common, those of most sessions first."""
    told = Counter(
        line
        for seen in group.seen
        for line in filter(None, seen.observation.details.get(name, "").split("\n"))
    )
    least = max(_LEAST_FIXED, ceil(len(group.seen) * _LEAST_SHARE_FIXED))
    return sorted(
        ((count, line) for line, count in told.items() if count >= least),
        key=lambda each: (-each[0], each[1]),
    )


def _hints(error: Group) -> dict[str, str]:
    """Of each kind of hint the one that most sessions show, and in how many of those kept."""
    found: dict[str, str] = {}
    for count, line in _agreed(error, "hints"):
        kind, _, rest = line.partition("\t")
        found.setdefault(f"hint_{kind}", f"{rest}\t{count}")
    return found | {"looked_at": str(len(error.seen))}


def _swap(fix: Group) -> dict[str, str]:
    """Where the value that worked stood before, and what it was where that is of no case."""
    said = {name: _agreed(fix, name) for name in ("origins", "went", "came")}
    return {
        "origin": said["origins"][0][1] if said["origins"] else "",
        "invented": str(fix.totals["invented"]),
        "short": str(fix.totals["short"]),
        "went": said["went"][0][1] if said["went"] else "",
        "came": said["came"][0][1] if said["came"] else "",
        "described": "\n".join(line for _, line in _agreed(fix, "described")),
    }


def _pattern(error: Group, fix: Group | None, whole: Whole) -> Pattern:
    programs = {seen.observation.details.get("program", "") for seen in error.seen}
    told = {**error.details, "program": error.tool if len(programs) > 1 else programs.pop()}
    error.details = told
    calls = whole.calls[error.tool]
    details = {
        **told,
        "tool": error.tool,
        "failing_call": _shared_words(error, "failing_call"),
        "failed_calls": str(error.totals["failed_calls"]),
        "repeated_unchanged": str(error.totals["repeated_unchanged"]),
        "calls": str(calls),
        "calling_sessions": str(whole.callers[error.tool]),
        "fixed_sessions": "0",
        "worked_sessions": str(error.totals["worked"]),
        "handed_over": str(error.totals["handed_over"]),
        **_hints(error),
    }
    del details["hints"]
    if fix is None:
        return pattern(Kind.MISTAKE, error, _unsolved(error), whole, details)
    details |= {**fix.details, "what": "error", "fixed_sessions": str(fix.sessions)}
    details |= {"working_call": _shared_words(fix, "working_call"), **_swap(fix)}
    details.pop("origins", None)
    evidence = joined((fix, error), error.key)
    evidence.totals = error.totals
    return pattern(_KINDS[fix.details["way"]], evidence, _solved(error, fix), whole, details)


def _unsolved(error: Group) -> str:
    return headline(f"`{error.details['program']}` fails: {of_error(error.details['template'])}")


def _solved(error: Group, fix: Group) -> str:
    way, done = fix.details["way"], fix.details["fix"]
    program, message = error.details["program"], of_error(error.details["template"])
    if way == "moved":
        return f"{fix.details['new']} has replaced {fix.details['old']}"
    if way == "handover":
        return f"`{program}` says {message}: hand over with `{done}`"
    if way == "instead":
        return f"`{program}` says {message}: use `{done}`"
    return _put_right(fix, done, program, message)


def _put_right(fix: Group, done: str, program: str, message: str) -> str:
    if fix.details.get("named"):
        named = fix.details["named"].replace(".", " ").replace("_", " ")
        return f"`{program}`: {message}. Make the {named} add up to the number it names"
    if fix.details.get("form"):
        asked, form = fix.details["argument"], fix.details["form"]
        return f"`{program}` says {message}: give `{asked}` as {form}"
    if " after " in done:
        return f"`{program}` says {message}: `{done.partition(' after ')[2]}` first, then again"
    words = done.partition(" with ")[2]
    if fix.details.get("changed"):
        words = words.replace(".", " ").replace("_", " ")
    return f"`{program}` says {message}: try again{' with ' + words if words else ''}"
