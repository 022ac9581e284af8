"""Requests that nobody thought of, made up from the OpenAPI document."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from apps.core.api.openapi import document
from tests import make
from tests.api import world

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 8
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@schemathesis.serializer("application/x-ndjson")
def as_lines(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [
    found.ok()
    for found in SCHEMA.get_all_operations()
    if not found.ok().path.endswith("/stream")  # stays open
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_no_request_breaks_an_endpoint(operation, live_server):
    _, secret = make.key()
    known = world.inhabit(make.workspace())
    headers = {"authorization": f"Bearer {secret}"}

    @settings(
        max_examples=EACH,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def attempt(case, is_known):
        if is_known:
            case.path_parameters = {
                name: known.get(name, value) for name, value in case.path_parameters.items()
            }
        answer = case.call(base_url=live_server.url, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    attempt()
