"""What an endpoint says of itself stands in the OpenAPI document, in the contract's words."""

from datetime import datetime
from typing import Literal

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from pydantic import BaseModel, Field

import apps.core.api.openapi  # noqa: F401 -- how shapes are written
from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import PageQuery, Shape


class Boats(PageQuery):
    since: datetime | None = Field(default=None, alias="created_at[gte]", description="Not older.")
    kinds: list[Literal["sail", "row"]] = Field(default=[], description="Any of these.")


class NewBoat(Shape):
    name: str = Field(max_length=40)


class Boat(BaseModel):
    """Floats."""

    id: str
    name: str


class Harbour(Endpoint):
    """Where they lie."""

    @documented("boats_list", tag="Boats", query=Boats, answer=Listed[Boat])
    def get(self, request: ApiRequest) -> None:
        """List boats, newest first.

        Sunk ones are left out.
        """

    @documented("boats_create", tag="Boats", request=NewBoat, answer=Boat, errors=(409,))
    def post(self, request: ApiRequest) -> None:
        """Build a boat."""


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator(patterns=[path("v1/boats", Harbour.as_view())]).get_schema(
        request=None, public=True
    )


@pytest.fixture
def listing(document):
    return document["paths"]["/v1/boats"]["get"]


@pytest.fixture
def creating(document):
    return document["paths"]["/v1/boats"]["post"]


def test_the_docstring_is_the_summary_and_the_rest_the_description(listing, creating):
    assert (listing["operationId"], listing["tags"]) == ("boats_list", ["Boats"])
    assert listing["summary"] == "List boats, newest first"
    assert listing["description"] == "Sunk ones are left out."
    assert "description" not in creating


def test_a_query_is_told_by_its_names_on_the_wire(listing):
    told = {each["name"]: each for each in listing["parameters"]}

    assert told == {
        "limit": {
            "in": "query",
            "name": "limit",
            "schema": {"type": "integer", "default": 20, "minimum": 1, "maximum": 100},
            "description": "Rows per page.",
        },
        "page": {
            "in": "query",
            "name": "page",
            "schema": {"type": "string"},
            "description": "`next_page` of the page before.",
        },
        "created_at[gte]": {
            "in": "query",
            "name": "created_at[gte]",
            "schema": {"type": "string", "format": "date-time"},
            "description": "Not older.",
        },
        "kinds[]": {
            "in": "query",
            "name": "kinds[]",
            "schema": {"type": "array", "items": {"type": "string", "enum": ["sail", "row"]}},
            "description": "Any of these.",
            "explode": True,
        },
    }


def test_every_refusal_is_told_and_has_the_envelope(listing, creating, document):
    envelope = {"$ref": "#/components/schemas/ErrorEnvelope"}

    assert sorted(listing["responses"]) == ["200", "400", "401", "403", "429"]
    assert sorted(creating["responses"]) == ["200", "400", "401", "403", "409", "413", "429"]
    refusal = creating["responses"]["409"]["content"]["application/json"]["schema"]
    assert refusal == envelope
    assert document["components"]["schemas"]["ErrorEnvelope"]["required"] == [
        "type",
        "error",
        "request_id",
    ]


def test_a_page_of_things_is_named_for_them(listing, document):
    page = listing["responses"]["200"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"]["BoatPage"]

    assert page == {"$ref": "#/components/schemas/BoatPage"}
    assert schema["required"] == ["data", "next_page"]
    assert schema["properties"]["data"]["items"] == {"$ref": "#/components/schemas/Boat"}


def test_a_body_is_told_with_its_limits(creating, document):
    assert creating["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/NewBoat"
    }
    name = document["components"]["schemas"]["NewBoat"]["properties"]["name"]
    assert name["maxLength"] == 40


def test_either_header_lets_a_program_in(listing, document):
    assert listing["security"] == [{"bearer": []}, {"x-api-key": []}]
    assert document["components"]["securitySchemes"]["x-api-key"] == {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
    }
