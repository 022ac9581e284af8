"""From text to an agent. Nothing in it can run, refer, repeat or grow beyond what was written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from json import JSONDecodeError
from typing import Any, TypeVar

import yaml
from yaml import events

from apps.agents.api.shapes import NewAgent
from apps.agents.defining.scalars import value_of
from apps.core import payloads
from apps.core.api.shapes import Misshapen, Problem, Shape, read
from apps.core.errors import DomainError

LONGEST = 1_000_000
DEEPEST = 50
_TOO_DEEP = f"this is nested deeper than {DEEPEST} levels"
Path = tuple[str | int, ...]
S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, and where it stands; both counted from one."""

    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


class Faulty(DomainError):
    """The definition cannot be taken as it is."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(sorted(complaints, key=lambda each: (each.line, each.column)))
        super().__init__("; ".join(str(each) for each in self.complaints))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, and the key that leads to it."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says, and where it says it."""

    value: dict[str, Any]
    places: dict[Path, Place] = field(default_factory=dict)

    def read(self, shape: type[S]) -> S:
        """Raises Faulty."""
        try:
            return read(shape, self.value)
        except Misshapen as wrong:
            raise self.faulty(wrong) from wrong

    def faulty(self, wrong: Misshapen) -> Faulty:
        """The same complaints at the lines that they are about."""
        return Faulty(self._complaint(each) for each in wrong.problems)

    def _complaint(self, problem: Problem) -> Complaint:
        is_unknown = problem.text == "unknown field"
        line, column = self._where(problem.path, at_key=is_unknown)
        hint = _hint(problem.path) if is_unknown else ""
        return Complaint(line, column, f"{problem}{hint}")

    def _where(self, path: Path, *, at_key: bool) -> tuple[int, int]:
        """The value's place, or that of the nearest thing around it that is there."""
        place = self.places.get(path)
        if place is None:
            return self._where(path[:-1], at_key=True) if path else (1, 1)
        return place.key if at_key or place.key[0] != place.value[0] else place.value


def parse(text: str) -> Document:
    """Raises Faulty with everything that keeps it from being read."""
    if len(text) > LONGEST:
        raise Faulty([Complaint(1, 1, f"this is longer than {LONGEST:,} characters")])
    text = payloads.storable(text)
    if text.lstrip().startswith("{"):
        return _of_json(text)
    try:
        return _Reader(text).document()
    except yaml.YAMLError as broken:
        raise Faulty([_of_yaml(broken, text)]) from broken


class _Reader:
    """Builds values from the events of a parser, which knows neither types nor references."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._places: dict[Path, Place] = {}
        self._complaints: list[Complaint] = []

    def document(self) -> Document:
        next(self._events)
        first = next(self._events)
        if isinstance(first, events.StreamEndEvent):
            raise Faulty([Complaint(1, 1, "there is nothing here")])
        top = next(self._events)
        value = self._value(top, ())
        if not isinstance(value, dict):
            self._complain(top, "an agent is keys and values, like `name: …`")
        next(self._events)
        second = next(self._events)
        if isinstance(second, events.DocumentStartEvent):
            self._complain(second, "there is a second document; give one agent at a time")
        if self._complaints:
            raise Faulty(self._complaints)
        return Document(value, self._places)

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > DEEPEST:
            raise Faulty([_at(event, _TOO_DEEP)])
        if isinstance(event, events.AliasEvent):
            return self._complain(event, "references (`*name`) are not used here; write it out")
        if event.anchor:
            self._complain(event, "anchors (`&name`) are not used here")
        if event.tag not in {None, "!"}:
            self._complain(event, f"types (`{event.tag}`) are not used here")
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, events.SequenceStartEvent):
            return self._sequence(path)
        is_plain = event.implicit[0] and not event.style
        return value_of(event.value) if is_plain else event.value

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(key := next(self._events), events.MappingEndEvent):
            name = self._key(key, path)
            event = next(self._events)
            at = (*path, name)
            if name in found:
                self._complain(key, f"'{name}' is there twice")
            else:
                self._places[at] = Place(_mark(key), _mark(event))
            found[name] = self._value(event, at)
        return found

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            at = (*path, len(found))
            self._places[at] = Place(_mark(event), _mark(event))
            found.append(self._value(event, at))
        return found

    def _key(self, event: Any, path: Path) -> str:
        if isinstance(event, events.ScalarEvent):
            return str(event.value)
        self._complain(event, "a key is a word")
        self._value(event, path)
        return ""

    def _complain(self, event: Any, text: str) -> None:
        self._complaints.append(_at(event, text))


# libyaml's, where it was built in: a hundred times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _at(event: Any, text: str) -> Complaint:
    return Complaint(*_mark(event), text)


def _hint(path: Path) -> str:
    """What was meant, where a key of the whole is misspelt."""
    if len(path) != 1:
        return ""
    near = get_close_matches(str(path[0]), list(NewAgent.model_fields), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _of_yaml(broken: yaml.YAMLError, text: str) -> Complaint:
    mark = getattr(broken, "problem_mark", None) or getattr(broken, "context_mark", None)
    if mark is not None:
        said = " ".join(filter(None, (broken.context, broken.problem)))  # type: ignore[attr-defined]
        return Complaint(mark.line + 1, mark.column + 1, f"this is not YAML: {said}")
    before = text[: getattr(broken, "position", 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Complaint(line, column, "there is a character here that YAML does not allow")


def _of_json(text: str) -> Document:
    """YAML reads nearly all of JSON: enough to say where things stand."""
    try:
        value = payloads.load(text)
    except JSONDecodeError as broken:
        said = f"this is not JSON: {broken.msg}"
        raise Faulty([Complaint(broken.lineno, broken.colno, said)]) from broken
    except payloads.TooDeep as deep:
        raise Faulty([Complaint(1, 1, _TOO_DEEP)]) from deep
    try:
        return Document(value, _Reader(_as_yaml(text)).document().places)
    except yaml.YAMLError:
        return Document(value)


_ESCAPED = re.compile(r"\\(?:(/|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)")
_INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)


def _as_yaml(json: str) -> str:
    """JSON without what YAML has not: tabs before a line, two kinds of escapes. Columns stay."""
    plain = _ESCAPED.sub(lambda found: "x" * len(found[0]) if found[1] else found[0], json)
    return _INDENTED.sub(lambda found: " " * len(found[0]), plain)
