"""What is wrong with the store itself: the same twice, the opposite, what is over, too much."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath

from apps.dreams.findings import Note
from apps.dreams.local.curating.combining import combined, restated
from apps.dreams.local.curating.indexing import index_of, without_dangling
from apps.dreams.local.curating.splitting import split
from apps.memory import likeness
from apps.reviews.drafting import Base, Draft, Kind
from apps.reviews.losing import lost

_WHOLE_NOTE = 3
"""Statements up to which a note goes as a whole when one of them is over."""
_SURE_OF_SIZE = 0.7
_SURE_OF_DATE = 0.75
_NUMBERED = re.compile(r"^\d+(?:\.\d+)+\s+")


def tidied(notes: Sequence[Note], *, today: date) -> list[Draft]:
    """One draft at most for each note: what is merged is not retired as well."""
    by_id = {note.memory_id: note for note in notes}
    told = [likeness.Note(note.memory_id, note.path, note.content) for note in notes]
    taken: set[str] = set()
    drafts: list[Draft] = []
    looks: tuple[Callable[[], Iterator[Draft]], ...] = (
        # First: what speaks against each other is as alike as what says the same.
        lambda: _contradictions(told, by_id),
        # What is over is not kept alive by a merge.
        lambda: _outdated(told, by_id, today),
        lambda: _merges(told, by_id),
        lambda: _oversized(told, by_id),
        lambda: _indexes(notes),
    )
    for look in looks:
        for draft in look():
            touched = {base.memory_id for base in draft.bases}
            if not touched & taken:
                taken |= touched
                drafts.append(draft)
    return drafts


def _merges(told: Sequence[likeness.Note], by_id: dict[str, Note]) -> Iterator[Draft]:
    for pair in likeness.near_duplicates(told):
        one, other = by_id[pair.first.key], by_id[pair.second.key]
        # What says most is kept as it is; the other one adds what only it says.
        main, added = (one, other) if len(one.content) >= len(other.content) else (other, one)
        text = combined(main.content, [added.content])
        known = restated(main.content, added.content)
        brings = len(lost([added.content], main.content)) - len(known)
        kept = (
            f"What only {added.path} says is added: {_count(brings, 'statement')}."
            if brings
            else f"{added.path} says nothing that {main.path} does not."
        )
        kept += "".join(f" “{each}” is left out, as “{said}” says it." for each, said in known)
        yield Draft(
            kind=Kind.MERGE,
            path=main.path,
            content=text,
            rationale=f"{main.path} and {added.path} say the same. {kept}",
            bases=(_base(main), _base(added)),
            title=f"{_name(main)} and {_name(added)} say the same",
            confidence=round(min(0.95, pair.score), 3),
            support={"finding": "duplicate", "score": pair.score},
            fingerprint=_fingerprint("duplicate", main, added),
        )


def _contradictions(told: Sequence[likeness.Note], by_id: dict[str, Note]) -> Iterator[Draft]:
    for found in likeness.contradictions(told):
        sides = (found.first, found.second)
        old, new = sorted(sides, key=lambda side: by_id[side.note.key].updated_at)
        note, newer = by_id[old.note.key], by_id[new.note.key]
        if old.text not in note.content:
            continue  # it stands over two lines: to be put right by hand
        yield Draft(
            kind=Kind.UPDATE,
            path=note.path,
            content=note.content.replace(old.text, _as_prose(new.text, for_=old.text), 1),
            rationale=(
                f"Two memories cannot both be followed. {note.path} says “{old.text}” (last changed"
                f" {note.updated_at:%-d %b %Y}), {newer.path} says “{new.text}”"
                f" ({newer.updated_at:%-d %b %Y}). The newer one is taken for right; if it is not,"
                f" reject this and change {newer.path}."
            ),
            bases=(_base(note),),
            title=f"{_name(note)} contradicts {newer.path}",
            confidence=round(min(0.75, found.score), 3),
            support={"finding": "contradiction", "against": newer.path, "score": found.score},
            fingerprint=_fingerprint("contradiction", note, newer),
        )


def _as_prose(statement: str, *, for_: str) -> str:
    """As it stands in another text: a row of a table as words, no number of its own section."""
    first, *rest = _NUMBERED.sub("", statement).split(" | ")
    said = f"{first[:1].upper()}{first[1:]}: {', '.join(rest)}" if rest else first
    if said.endswith(":") and not for_.endswith(":"):
        said = said[:-1]  # the list that it leads to stays behind
    ends = said.endswith((".", "!", "?", ":")) or not for_.endswith(".")
    return said if ends else f"{said}."


def _outdated(
    told: Sequence[likeness.Note], by_id: dict[str, Note], today: date
) -> Iterator[Draft]:
    for found in likeness.dated(told, today=today):
        statement = found.statement
        note = by_id[statement.note.key]
        why = f"“{statement.text}” {found.why} ({found.ended_on:%-d %b %Y})."
        whole = len(statement.note.statements) <= _WHOLE_NOTE
        text = None if whole else _without(note.content, statement.text)
        if not whole and text is None:
            continue
        goes = "The memory says little else, so it is retired." if whole else "It is taken out."
        yield Draft(
            kind=Kind.RETIRE if whole else Kind.UPDATE,
            path=note.path,
            content=text,
            rationale=f"{why} {goes} If it still holds, reject this and give it a new date.",
            bases=(_base(note),),
            title=f"{_name(note)} was over on {found.ended_on:%-d %b %Y}",
            confidence=_SURE_OF_DATE,
            support={"finding": "outdated", "ended_on": found.ended_on.isoformat()},
            fingerprint=_fingerprint(f"outdated {found.ended_on}", note),
        )


def _oversized(told: Sequence[likeness.Note], by_id: dict[str, Note]) -> Iterator[Draft]:
    for found in likeness.oversized(told):
        note = by_id[found.note.key]
        divided = split(note.path, note.content)
        if divided is None:
            continue
        text, files = divided
        yield Draft(
            kind=Kind.RESTRUCTURE,
            path=note.path,
            content=text,
            also=files,
            rationale=(
                f"{note.path} has {found.size:,} bytes; half of the others have at most"
                f" {found.usual:,}. An agent that reads it reads all of it. Every line goes to one"
                f" of {len(files)} files as it is, and the memory leads to them."
            ),
            bases=(_base(note),),
            title=f"{_name(note)} is too long to be read",
            confidence=_SURE_OF_SIZE,
            support={"finding": "oversized", "size_bytes": found.size},
            fingerprint=_fingerprint("oversized", note),
        )


def _indexes(notes: Sequence[Note]) -> Iterator[Draft]:
    if made := index_of(notes):
        yield Draft(
            kind=Kind.CREATE,
            path=made.path,
            content=made.content,
            rationale=(
                f"{len(notes)} memories and none that leads to them: an agent that comes here has"
                " to list the store, or guess."
            ),
            title="The store has no index",
            confidence=_SURE_OF_SIZE,
            support={"finding": "index"},
            fingerprint="index",
        )
    for note in notes:
        text, gone = without_dangling(note, notes)
        if gone:
            yield Draft(
                kind=Kind.UPDATE,
                path=note.path,
                content=text,
                rationale=f"{note.path} leads to what is not there: {', '.join(gone)}.",
                bases=(_base(note),),
                title=f"{_name(note)} leads nowhere",
                confidence=_SURE_OF_DATE,
                support={"finding": "dangling", "missing": list(gone)},
                fingerprint=_fingerprint(f"dangling {' '.join(gone)}", note),
            )


def _without(content: str, statement: str) -> str | None:
    """The text without this statement, and without its line where only a label is left."""
    if statement not in content:
        return None
    lines: list[str] = []
    is_gone = False
    for line in content.split("\n"):
        if statement in line:
            rest = _shortened(line, statement)
            # What a statement with a colon leads to goes with it.
            is_gone = statement.endswith(":") or rest.strip("-*+|> ")[-1:] in ("", ":")
            lines.extend(() if is_gone else (rest,))
        elif line.strip() or not (is_gone and lines and not lines[-1].strip()):
            lines.append(line)
            is_gone = False
    return "\n".join(lines)


def _shortened(line: str, statement: str) -> str:
    """What else stands in its line, no further in than it was."""
    rest = line.replace(statement, "", 1).rstrip()
    margin = rest[: len(line) - len(line.lstrip())]
    return margin + rest[len(margin) :].lstrip().replace("  ", " ")


def _base(note: Note) -> Base:
    return Base(note.memory_id, note.sha256)


def _name(note: Note) -> str:
    return PurePosixPath(note.path).name


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _fingerprint(what: str, *notes: Note) -> str:
    return f"{what}:" + " ".join(sorted(note.memory_id for note in notes))
