"""Answers to the questions of a dream: what anyone can see who only looks for words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.standin.asked import Asked
from tests.standin.faults import Json

MOST_NOTES = 6
_WISH = re.compile(
    r"[^.!?\n]*\b(?:always|never|please don't|I want|I prefer)\b[^.!?\n\[]*[.!?]?", re.IGNORECASE
)
_PLAIN = set(
    "about after also been from have into must that their them then there they this what when which"
    " will with your".split()
)
_HANDED_OVER = "transfer"


class Event(NamedTuple):
    label: str
    speaker: str
    text: str


class Memory(NamedTuple):
    label: str
    path: str
    text: str


class Pattern(NamedTuple):
    label: str
    kind: str
    title: str


def words(text: str) -> list[str]:
    """Those that say what a text is about, once each."""
    found = re.findall(r"[a-z]{4,}", text.lower())
    return list(dict.fromkeys(each for each in found if each not in _PLAIN))


def observe(asked: Asked) -> Json:
    """Errors of tools, wishes of people, and work that was handed on, each by its own words."""
    notes: dict[tuple[str, str], Json] = {}
    for event in events(asked.text):
        for note in _noted(event):
            notes.setdefault((note["kind"], note["key"]), note)
    return {"notes": list(notes.values())[:MOST_NOTES]}


def events(text: str) -> Iterator[Event]:
    """The transcript behind its fence."""
    for label, rest in _parts(text, r"e\d+"):
        speaker, _, said = rest.partition("\n")
        yield Event(label, speaker, said)


def _noted(event: Event) -> Iterator[Json]:
    is_error = event.speaker.endswith(", an error") or event.text.startswith("Error:")
    if event.speaker.startswith("tool result") and is_error:
        about = " ".join(words(event.text.removeprefix("Error:"))[:4])
        said = f"A tool fails with “{about}”: look before calling it."
        yield from _note("mistake", about, said, event, event.text, "shows_mistake")
    elif event.speaker.startswith("person"):
        for wish in _WISH.findall(event.text):
            said = f"People say: {' '.join(words(wish))}."
            about = " ".join(words(wish)[:2])
            yield from _note("preference", about, said, event, wish, "states_preference")
    elif _HANDED_OVER in event.speaker:
        said = "Hand work over to a person when it is not yours to do."
        yield from _note("escalation", "hand over", said, event, event.text, "shows_success")


def _note(
    kind: str, key: str, statement: str, event: Event, words_of_it: str, role: str
) -> Iterator[Json]:
    """None of what has nothing to quote: never across a removal, and never a line's end."""
    quote = re.split(r"[\[\n]", words_of_it.strip(), maxsplit=1)[0][:200].strip()
    if len(quote) >= 5 and key:
        evidence = [{"event": event.label, "quote": quote, "role": role}]
        yield {"kind": kind, "key": key, "statement": statement, "evidence": evidence}


def curate(asked: Asked) -> Json:
    """For each pattern a memory, or words added to the one that speaks of it; nothing is tidied."""
    shelf = [each for each in _memories(asked.text) if each.path not in _taken(asked.text)]
    edits, skipped = [], []
    for pattern in _patterns(asked.text):
        if pattern.kind == "workflow":
            skipped.append({"pattern": pattern.label, "reason": "nothing to act on"})
            continue
        about = next((each for each in shelf if _speaks_of(each, pattern)), None)
        if about is None:
            edits.append(_create(pattern))
        elif pattern.title in about.text:
            skipped.append({"pattern": pattern.label, "reason": "known already"})
        else:
            shelf.remove(about)
            edits.append(_update(about, pattern))
    return {"edits": edits, "skipped": skipped}


def _create(pattern: Pattern) -> Json:
    path = f"/{pattern.kind}s/{'-'.join(words(pattern.title)[:6]) or 'note'}.md"
    return _edit("create", path, f"# {pattern.title}\n", [], pattern)


def _update(memory: Memory, pattern: Pattern) -> Json:
    content = f"{memory.text.rstrip()}\n\n{pattern.title}\n"
    return _edit("update", memory.path, content, [memory.label], pattern)


def _edit(kind: str, path: str, content: str, memories: list[str], pattern: Pattern) -> Json:
    return {
        "kind": kind,
        "title": pattern.title[:80],
        "path": path,
        "content": content,
        "memories": memories,
        "patterns": [pattern.label],
        "also": [],
        "rationale": f"Seen again and again as a {pattern.kind}.",
        "certainty": "high",
    }


def _speaks_of(memory: Memory, pattern: Pattern) -> bool:
    wanted = set(words(pattern.title))
    return len(wanted & set(words(memory.text))) * 2 > len(wanted)


def _patterns(text: str) -> Iterator[Pattern]:
    for label, rest in _parts(text, r"p\d+"):
        head, title = rest.splitlines()[:2]
        yield Pattern(label, head.partition(",")[0], title)


def _memories(text: str) -> Iterator[Memory]:
    for label, rest in _parts(text, r"m\d+"):
        head, _, content = rest.partition("\n")
        yield Memory(label, head.rpartition(", last changed ")[0], content)


def _taken(text: str) -> set[str]:
    found = re.search(
        r"^Already in other edits of this dream, so leave alone: (.*)\.$", text, re.MULTILINE
    )
    return set(found[1].split(", ")) if found else set()


def _parts(text: str, label: str) -> Iterator[tuple[str, str]]:
    """What stands behind the fences that the question itself names, up to the next one."""
    named = re.search(
        r"Only a line that begins with ([0-9a-f]{12})(?: or ([0-9a-f]{12}))? is", text
    )
    fences = "|".join(filter(None, named.groups())) if named else "none"
    for part in re.split(rf"^(?={fences})", text, flags=re.MULTILINE):
        found = re.match(rf"(?:{fences}) ({label}) (.*)", part, re.DOTALL)
        if found:
            yield found[1], found[2].removesuffix("\n")
