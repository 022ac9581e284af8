"""JSON schemas as structured output takes them: which are taken, and a document that fits one."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

# What the vendor's documents name as not supported. A client moves these into descriptions.
_UNSUPPORTED = set(
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern "
    "maxItems uniqueItems minProperties maxProperties patternProperties oneOf not if".split()
)
_FORMATS = {
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "date": "2026-01-01",
    "duration": "PT1S",
    "email": "a@example.com",
    "hostname": "example.com",
    "uri": "https://example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_EMPTY = {"string": "none", "integer": 0, "number": 0, "boolean": False, "null": None}


def complaints(schema: Schema, where: str = "schema") -> Iterator[str]:
    """Why the service would not take this schema."""
    for name in sorted(_UNSUPPORTED & schema.keys()):
        yield f"{where}: '{name}' is not supported"
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield f"{where}: for 'object' type, 'additionalProperties' must be explicitly set to false"
    if schema.get("minItems", 0) not in {0, 1}:
        yield f"{where}: for 'array' type, 'minItems' must be 0 or 1"
    if schema.get("type") == "string" and schema.get("format", "uri") not in _FORMATS:
        yield f"{where}: string format '{schema['format']}' is not supported"
    for name, inner in _inside(schema):
        yield from complaints(inner, f"{where}.{name}")


def _inside(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for group in ("$defs", "definitions", "properties"):
        yield from schema.get(group, {}).items()
    for group in ("anyOf", "allOf"):
        yield from (
            (f"{group}.{number}", each) for number, each in enumerate(schema.get(group, []))
        )
    if isinstance(schema.get("items"), dict):
        yield "items", schema["items"]


def filled(schema: Schema, root: Schema | None = None) -> Any:
    """The smallest document that fits: empty lists, the first of what is offered."""
    root = root if root is not None else schema
    if "$ref" in schema:
        return filled(_referred(schema["$ref"], root), root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], root)
    if "allOf" in schema:
        return filled(schema["allOf"][0], root)
    return _of_type(schema, root)


def _of_type(schema: Schema, root: Schema) -> Any:
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            return {name: filled(schema["properties"][name], root) for name in wanted}
        case "array":
            return [filled(schema["items"], root)] * schema.get("minItems", 0)
        case "string" if "format" in schema:
            return _FORMATS[schema["format"]]
        case plain:
            return _EMPTY[plain]


def _referred(ref: str, root: Schema) -> Schema:
    found: Any = root
    for name in ref.removeprefix("#/").split("/"):
        found = found[name.replace("~1", "/").replace("~0", "~")]
    return found
