"""The OpenAPI document, made from the endpoints themselves, and the pages that show it."""

from functools import cache
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from pydantic import BaseModel

from apps.core.api.errors import to_read
from apps.core.api.reference import Reference

_REF = "#/components/schemas/{model}"


class ShapeExtension(PydanticExtension):  # type: ignore[no-untyped-call]  # it registers itself
    """Requests as they are checked, answers as they are written: a default is optional in one."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        shape: type[BaseModel] = self.target
        mode = "validation" if direction == "request" else "serialization"
        schema = shape.model_json_schema(ref_template=_REF, mode=mode)  # type: ignore[arg-type]
        for name, inner in schema.pop("$defs", {}).items():
            component = ResolvedComponent(  # type: ignore[no-untyped-call]
                name=name, type=ResolvedComponent.SCHEMA, object=name, schema=inner
            )
            auto_schema.registry.register_on_missing(component)
        return schema


@cache
def document() -> dict[str, Any]:
    """The whole document. The endpoints do not change while a process lives."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@to_read
def as_json(request: HttpRequest) -> HttpResponse:
    return HttpResponse(orjson.dumps(document()), content_type="application/json")


@to_read
def docs(request: HttpRequest, section: str = "") -> HttpResponse:
    """The reference of one resource: its operations, and the objects they speak of."""
    reference = Reference(document())
    chosen = reference.section(section) if section else reference.sections[0]
    if chosen is None:
        raise Http404
    context = {"sections": reference.sections, "section": chosen}
    return render(request, "api/docs.html", context)
