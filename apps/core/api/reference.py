"""The OpenAPI document as people read it: by resource, with types in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.text import slugify

Json = Mapping[str, Any]
METHODS = ("get", "post", "delete")
_PREFIX = "#/components/schemas/"
_LONGEST_LIST_OF_VALUES = 12


@dataclass(frozen=True, slots=True)
class Type:
    """A type in words, and the object it names, if it names one."""

    words: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    types: tuple[Type, ...]
    is_required: bool
    description: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Object:
    """A named shape: its fields, or the shapes that it may be."""

    name: str
    description: str
    fields: tuple[Field, ...]
    choices: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    status: str
    description: str
    types: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    body: tuple[Type, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One resource: what can be done with it, and what is spoken of there."""

    slug: str
    title: str
    operations: tuple[Operation, ...]
    objects: tuple[Object, ...]


class Reference:
    """The document, cut into sections by tag."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._schemas: Json = document.get("components", {}).get("schemas", {})

    @cached_property
    def sections(self) -> list[Section]:
        by_tag: dict[str, list[tuple[str, str, Json]]] = {}
        for path, item in self._document["paths"].items():
            for method in METHODS:
                if method in item:
                    tag = item[method].get("tags", ["Other"])[0]
                    by_tag.setdefault(tag, []).append((method, path, item[method]))
        return [self._section(tag, found) for tag, found in by_tag.items()]

    def section(self, slug: str) -> Section | None:
        """The section with this slug, or None."""
        return next((each for each in self.sections if each.slug == slug), None)

    def _section(self, tag: str, found: list[tuple[str, str, Json]]) -> Section:
        operations = tuple(self._operation(*each) for each in found)
        objects = self._closure({name for each in operations for name in _named(each)})
        return Section(slugify(tag), tag, operations, tuple(objects))

    def _operation(self, method: str, path: str, given: Json) -> Operation:
        body = given.get("requestBody", {}).get("content", {})
        return Operation(
            id=given["operationId"],
            method=method.upper(),
            path=path,
            summary=given.get("summary", ""),
            description=given.get("description", ""),
            parameters=tuple(_parameter(each) for each in given.get("parameters", [])),
            body=_content(body),
            outcomes=tuple(
                Outcome(status, answer.get("description", ""), _content(answer.get("content", {})))
                for status, answer in sorted(given.get("responses", {}).items())
            ),
        )

    def _closure(self, names: set[str]) -> Iterator[Object]:
        """These objects and every one that they speak of, by name."""
        seen: set[str] = set()
        waiting = sorted(names)
        found = {}
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self._schemas:
                continue
            seen.add(name)
            found[name] = made = _object(name, self._schemas[name])
            types = [*made.choices, *(each for field in made.fields for each in field.types)]
            waiting.extend(each.object for each in types if each.object)
        yield from (found[name] for name in sorted(found))


def _named(operation: Operation) -> Iterator[str]:
    for types in (operation.body, *(each.types for each in operation.outcomes)):
        yield from (each.object for each in types if each.object)


def _content(content: Json) -> tuple[Type, ...]:
    for kind, given in content.items():
        types = _types(given.get("schema", {}))
        return types if kind == "application/json" else (Type(kind), *types)
    return ()


def _parameter(given: Json) -> Field:
    return Field(
        given["name"],
        _types(given.get("schema", {})),
        bool(given.get("required")),
        given.get("description", ""),
        given.get("in", ""),
    )


def _object(name: str, schema: Json) -> Object:
    required = set(schema.get("required", ()))
    fields = tuple(
        Field(key, _types(each), key in required, each.get("description", ""))
        for key, each in schema.get("properties", {}).items()
    )
    return Object(name, schema.get("description", ""), fields, () if fields else _types(schema))


def _types(schema: Json) -> tuple[Type, ...]:
    """What a value may be: one entry per member of a union."""
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return tuple(each for part in schema[key] for each in _types(part))
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_PREFIX)
        return (Type(name, name),)
    if schema.get("type") == "array":
        return tuple(
            Type(f"list of {each.words}", each.object) for each in _types(schema.get("items", {}))
        )
    return (Type(_words(schema)),)


def _words(schema: Json) -> str:
    if "const" in schema:
        return f"“{schema['const']}”"
    if "enum" in schema:
        values = [f"“{each}”" for each in schema["enum"][:_LONGEST_LIST_OF_VALUES]]
        return " or ".join(values) + (" …" if len(schema["enum"]) > len(values) else "")
    kind = schema.get("type", "any value")
    name = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{name}{_limits(schema)}"


def _limits(schema: Json) -> str:
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    unit = " characters" if "maxLength" in schema or "minLength" in schema else ""
    if low is not None and high is not None:
        return f", {low:,} to {high:,}{unit}"
    if high is not None:
        return f", at most {high:,}{unit}"
    return f", at least {low:,}{unit}" if low is not None else ""
