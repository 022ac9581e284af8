"""What results in the same session tell of the arguments of a call that failed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.dreams.local.calls import Call
from apps.dreams.local.observing.arguments import leaves
from apps.dreams.local.steps import only_looks
from apps.dreams.local.words import content

_FIELD = re.compile(r"[A-Za-z][A-Za-z_]{1,40}")
_PLAIN = re.compile(r"[a-z][a-z_-]{2,24}")
_WORDS = re.compile(r"[A-Za-z]{3,}")
_QUANTITY = re.compile(
    r"(?i)\b(?:enough|(?:in)?sufficient|exceed\w*|too (?:much|many|few|low|high|small|large|big)|"
    r"balance|at (?:most|least)|(?:more|less|fewer) than|maximum|minimum|quota|limit)\b"
)
_LEAST_NAMED = 4
_LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Record:
    """What stands together in a result: under which names, and under which key."""

    tool: str
    path: tuple[str, ...]
    key: str
    fields: Mapping[str, object]

    def has(self, value: str) -> bool:
        return self.key == value or value in self.fields.values()

    def is_of(self, value: str) -> bool:
        """Whether it tells of this thing, and not of another that names it."""
        return value in (self.key, self.fields.get("id"))


def is_plain(value: str) -> bool:
    """Whether it is a word of the tool's own language, and no value of a case."""
    return _PLAIN.fullmatch(value) is not None


def hints(call: Call, thread: Sequence[Call]) -> Iterator[str]:
    """Where it was to be read beforehand that the call would fail; parts by tabs.

    `tells`: a field beside the argument is what the message speaks of. `counts`: the only number
    it has, where the message speaks of an amount. `is`: what the message names is how the
    argument's value is described. `empty`: asked for the same value later, a tool found nothing.
    """
    message = call.result.text[:_LONGEST_MESSAGE]
    for argument, value in _blamed(call, message):
        leaf = argument.rpartition(".")[2]
        for other in _looking(call, thread):
            for record in records(other):
                if record.has(value) or leaf in record.fields:
                    for kind, field in _telling(record, leaf, value, message):
                        path = _named(record.path)
                        yield "\t".join((kind, argument, record.tool, path, field))
            if other.number > call.number and _is_empty(other) and _asks_for(other, value):
                yield "\t".join(("empty", argument, other.use.tool, "", ""))


def origins(value: str, earlier: Sequence[Call]) -> Iterator[str]:
    """The tool that told a value, and under which name it stood there, tab between."""
    for call in _that_look(earlier):
        for record in records(call):
            if record.key == value:
                yield f"{call.use.tool}\t{_named(record.path[:-1])}"
            for name, held in record.fields.items():
                if held == value and record.key != value:
                    yield f"{call.use.tool}\t{_named((*record.path, name))}"


def descriptions(value: str, earlier: Sequence[Call]) -> Iterator[str]:
    """How results described the thing with this id, in words of the tools' own."""
    for call in _that_look(earlier):
        for record in records(call):
            if record.is_of(value):
                yield from (
                    f"{field}={held}"
                    for field, held in record.fields.items()
                    if isinstance(held, str) and is_plain(held)
                )


def records(call: Call) -> Iterator[Record]:
    """All objects in a structured answer, outer ones first."""
    yield from _records(call.use.tool, call.answer, ())


def _records(tool: str, part: object, path: tuple[str, ...]) -> Iterator[Record]:
    if isinstance(part, Mapping):
        yield Record(tool, path, path[-1] if path else "", part)
        for name, value in part.items():
            if isinstance(value, (Mapping, list)):
                yield from _records(tool, value, (*path, str(name)))
    elif isinstance(part, list):
        for each in part:
            yield from _records(tool, each, path)


def _blamed(call: Call, message: str) -> Iterator[tuple[str, str]]:
    """Arguments of which the message speaks: it has the value itself, or the words in it."""
    said = {word.lower() for word in _WORDS.findall(message)}
    for argument, values in leaves(call.use.input).items():
        for value in dict.fromkeys(each.strip('"') for each in values):
            words = {word.lower() for word in _WORDS.findall(value)}
            is_id = len(value) >= _LEAST_NAMED and any(letter.isdigit() for letter in value)
            if is_id and (value in message or (words and words <= said)):
                yield argument, value


def _telling(record: Record, leaf: str, value: str, message: str) -> Iterator[tuple[str, str]]:
    said = set(content(message.replace("_", " ")))
    numbers = []
    for field, held in record.fields.items():
        if field == leaf or field.endswith("id") or not _FIELD.fullmatch(field):
            continue
        if _is_number(held) or (isinstance(held, Mapping) and all(map(_is_number, held.values()))):
            numbers.append(field)
            if said & set(content(field.replace("_", " "))):
                yield "tells", field
        elif isinstance(held, str) and is_plain(held) and record.is_of(value):
            words = set(content(held.replace("_", " ")))
            if words and words <= said:
                yield "is", f"{field}={held}"
    if len(numbers) == 1 and record.is_of(value) and _QUANTITY.search(message):
        yield "counts", numbers[0]


def _named(path: Sequence[str]) -> str:
    """Without keys that are values of a case."""
    return ".".join(name for name in path if _FIELD.fullmatch(name))


def _looking(call: Call, thread: Sequence[Call]) -> Iterator[Call]:
    return (other for other in _that_look(thread) if other is not call)


def _that_look(calls: Sequence[Call]) -> Iterator[Call]:
    return (
        each
        for each in calls
        if not each.has_failed and len(each.steps) == 1 and only_looks(each.steps[0].base)
    )


def _asks_for(call: Call, value: str) -> bool:
    return value in (call.use.input or {}).values()


def _is_empty(call: Call) -> bool:
    return call.result.text.strip() in ("", "[]", "{}", "null")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
