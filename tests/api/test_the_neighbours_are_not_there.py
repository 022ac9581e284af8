"""Every address of the API, tried with another workspace's ids."""

import json
import re

import pytest

from apps.core.api.openapi import document
from tests import make
from tests.api import world

pytestmark = pytest.mark.django_db

METHODS = {"get", "post", "delete"}
OPERATIONS = [
    (method, path)
    for path, item in document()["paths"].items()
    for method in item
    if method in METHODS
]
# What these take, so that it is the address and not the body that is refused.
BODIES = {
    ("post", "/v1/sessions/{session_id}/events"): {"events": [world.said("hello")]},
    ("post", "/v1/sessions/{session_id}/resources"): {"type": "file", "file_id": "{file_id}"},
    ("post", "/v1/sessions/{session_id}/resources/{resource_id}"): {"authorization_token": "x"},
    ("post", "/v1/memory_stores/{memory_store_id}/memories"): {"path": "/mine", "content": ""},
    ("post", "/v1/memory_stores/{memory_store_id}/memories/{memory_id}"): {"content": "mine"},
    ("post", "/v1/memory_stores/{memory_store_id}/memories/{memory_id}/restore"): {
        "memory_version_id": "{memory_version_id}"
    },
    ("post", "/v1/memory_stores/{memory_store_id}/review_policy"): {"mode": "auto"},
    ("post", "/v1/dream_comparisons/{dream_comparison_id}/rows/{row_id}/pick"): {"choice": "both"},
    ("post", "/v1/outcome_evaluations/{evaluation_id}/labels"): {
        "criterion": "it",
        "user_id": "user_1",
        "label": "pass",
    },
    ("post", "/v1/proposals/{proposal_id}/decision"): {"verdict": "accept"},
    ("post", "/v1/memory_stores/{memory_store_id}/restore"): {"at": "2026-11-22T09:00:00Z"},
}
QUERIES = {("get", "/v1/memory_stores/{memory_store_id}/search"): "?q=mine"}


@pytest.fixture
def theirs():
    return world.inhabit(make.workspace("theirs"))


def names_of(path):
    return re.findall(r"{(\w+)}", path)


@pytest.mark.parametrize(("method", "path"), [each for each in OPERATIONS if names_of(each[1])])
def test_what_is_the_neighbours_does_not_exist(method, path, theirs):
    body, query = json.dumps(BODIES.get((method, path), {})), QUERIES.get((method, path), "")
    for name, value in theirs.items():
        path, body = path.replace(f"{{{name}}}", value), body.replace(f"{{{name}}}", value)
    assert not names_of(path), "tests.api.world makes none of this"

    answer = make.api(of=make.workspace("ours")).generic(
        method.upper(),
        f"{path}{query}",
        body if method == "post" else "",
        content_type="application/json",
    )

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "not_found_error"


@pytest.mark.parametrize("path", [p for m, p in OPERATIONS if m == "get" and not names_of(p)])
def test_no_list_holds_what_is_the_neighbours(path, theirs):
    answer = make.api(of=make.workspace("ours")).get(path)

    assert answer.status_code == 200
    assert "secret of theirs" not in answer.text
    assert not [value for value in theirs.values() if value in answer.text]


def test_a_session_takes_nothing_of_the_neighbours(theirs):
    ours = make.workspace("ours")
    mine = world.inhabit(ours)
    session = {"agent": mine["agent_id"], "environment_id": mine["environment_id"]}
    file = {"type": "file", "file_id": theirs["file_id"]}
    store = {"type": "memory_store", "memory_store_id": theirs["memory_store_id"]}
    attempts = [
        session | {"agent": theirs["agent_id"]},
        session | {"environment_id": theirs["environment_id"]},
        session | {"resources": [file]},
        session | {"resources": [store]},
    ]

    answers = [
        make.api(of=ours).post("/v1/sessions", each, content_type="application/json")
        for each in attempts
    ]

    assert {answer.status_code for answer in answers} <= {400, 404}
    assert "secret of theirs" not in "".join(answer.text for answer in answers)
