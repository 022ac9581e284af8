"""The OpenAPI document beside the vendor's own: paths, fields, what is required, types."""

import json
from functools import cache
from pathlib import Path

import pytest

from apps.core.api.openapi import document

SPEC = Path(__file__).parents[3] / "shared" / "spec"
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="needs ../shared/spec")

# Resources of the contract that later issues bring.
LATER = (
    "/v1/deployments",
    "/v1/deployment_runs",
    "/v1/skills",
    "/v1/vaults",
    "/v1/models",
    "/v1/environments/{environment_id}/work",
    "/v1/messages",
    "/v1/complete",
    "/v1/user_profiles",
    "/v1/tunnels",
    "/v1/organizations",
)
UNIONS = ("allOf", "anyOf", "oneOf")
HERE = (
    "/v1/agents",
    "/v1/dreams",
    "/v1/environments",
    "/v1/files",
    "/v1/memory_stores",
    "/v1/sessions",
)


@cache
def theirs():
    """Operations of the vendor's document by path and method, without `?beta=true`."""
    spec = json.loads((SPEC / "openapi-2026-08-20.json").read_text())
    found = {}
    for path, item in spec["paths"].items():
        bare = path.removesuffix("?beta=true")
        if bare.startswith(HERE) and not bare.startswith(LATER):
            for method, operation in item.items():
                if method in {"get", "post", "delete"}:
                    found[bare, method] = operation
    return spec["components"]["schemas"], found


@cache
def answers():
    return json.loads((SPEC / "sdk-2.12.0-response-schemas.json").read_text())


def resolved(schema, schemas):
    """What a reference, or a union of one, stands for."""
    while True:
        alone = [schema[key][0] for key in UNIONS if len(schema.get(key, ())) == 1]
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        elif alone:
            schema = alone[0]
        else:
            return schema


def json_body(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


@pytest.mark.parametrize("key", sorted(theirs()[1]) if SPEC.exists() else [])
def test_every_operation_of_the_vendor_is_there(key):
    path, method = key

    assert method in document()["paths"].get(path, {})


@pytest.mark.parametrize(
    "key",
    sorted(key for key, each in theirs()[1].items() if json_body(each)) if SPEC.exists() else [],
)
def test_a_request_has_the_same_fields(key):
    schemas, operations = theirs()
    path, method = key
    ours = document()
    mine = resolved(json_body(ours["paths"][path][method]) or {}, ours["components"]["schemas"])
    given = resolved(json_body(operations[key]), schemas)

    assert set(given.get("properties", {})) <= set(mine.get("properties", {}))
    assert set(mine.get("required", ())) == set(given.get("required", ()))


@pytest.mark.parametrize("key", sorted(theirs()[1]) if SPEC.exists() else [])
def test_a_query_has_the_same_parameters(key):
    path, method = key
    _, operations = theirs()
    mine = {each["name"] for each in document()["paths"][path][method].get("parameters", [])}
    given = {
        each["name"].removesuffix("[]")
        for each in operations[key].get("parameters", [])
        if each.get("in") == "query" and each["name"] not in {"beta", "order_by"}
    }

    assert given <= {name.removesuffix("[]") for name in mine}


AGENT, ENVIRONMENT = "BetaManagedAgentsAgent", "BetaEnvironment"
SESSION, THREAD = "BetaManagedAgentsSession", "BetaManagedAgentsSessionThread"
STORE, MEMORY = "BetaManagedAgentsMemoryStore", "BetaManagedAgentsMemory"
VERSION = "BetaManagedAgentsMemoryVersion"
ONE_STORE = "/v1/memory_stores/{memory_store_id}"
ONE_VERSION = f"{ONE_STORE}/memory_versions/{{memory_version_id}}"
ANSWERS = {
    ("/v1/agents", "post"): AGENT,
    ("/v1/agents/{agent_id}", "get"): AGENT,
    ("/v1/agents/{agent_id}", "post"): AGENT,
    ("/v1/agents/{agent_id}/archive", "post"): AGENT,
    ("/v1/environments", "post"): ENVIRONMENT,
    ("/v1/environments/{environment_id}", "get"): ENVIRONMENT,
    ("/v1/environments/{environment_id}", "post"): ENVIRONMENT,
    ("/v1/environments/{environment_id}", "delete"): "BetaEnvironmentDeleteResponse",
    ("/v1/environments/{environment_id}/archive", "post"): ENVIRONMENT,
    ("/v1/sessions", "post"): SESSION,
    ("/v1/sessions/{session_id}", "get"): SESSION,
    ("/v1/sessions/{session_id}", "post"): SESSION,
    ("/v1/sessions/{session_id}", "delete"): "BetaManagedAgentsDeletedSession",
    ("/v1/sessions/{session_id}/archive", "post"): SESSION,
    ("/v1/sessions/{session_id}/events", "post"): "BetaManagedAgentsSendSessionEvents",
    ("/v1/sessions/{session_id}/resources", "post"): "BetaManagedAgentsFileResource",
    (
        "/v1/sessions/{session_id}/resources/{resource_id}",
        "delete",
    ): "BetaManagedAgentsDeleteSessionResource",
    ("/v1/sessions/{session_id}/threads/{thread_id}", "get"): THREAD,
    ("/v1/sessions/{session_id}/threads/{thread_id}/archive", "post"): THREAD,
    ("/v1/files", "post"): "BetaFileMetadata",
    ("/v1/files/{file_id}", "get"): "BetaFileMetadata",
    ("/v1/files/{file_id}", "delete"): "BetaDeletedFile",
    ("/v1/memory_stores", "post"): STORE,
    (ONE_STORE, "get"): STORE,
    (ONE_STORE, "post"): STORE,
    (ONE_STORE, "delete"): "BetaManagedAgentsDeletedMemoryStore",
    (f"{ONE_STORE}/archive", "post"): STORE,
    (f"{ONE_STORE}/memories", "post"): MEMORY,
    (f"{ONE_STORE}/memories/{{memory_id}}", "get"): MEMORY,
    (f"{ONE_STORE}/memories/{{memory_id}}", "post"): MEMORY,
    (f"{ONE_STORE}/memories/{{memory_id}}", "delete"): "BetaManagedAgentsDeletedMemory",
    (ONE_VERSION, "get"): VERSION,
    (f"{ONE_VERSION}/redact", "post"): VERSION,
}


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_an_answer_has_every_required_field_in_its_type(key):
    path, method = key
    ours = document()
    schemas = ours["components"]["schemas"]
    content = ours["paths"][path][method]["responses"]["200"]["content"]
    mine = resolved(content["application/json"]["schema"], schemas)
    wanted = answers()[ANSWERS[key]]

    required = wanted.get("required", [])

    assert set(required) <= set(mine["required"])
    for name in required:
        allowed = types(wanted["properties"][name], wanted.get("$defs", {}))
        assert types(mine["properties"][name], schemas) <= allowed, name


def types(schema, schemas):
    """The JSON types that a value may have."""
    schema = resolved(schema, schemas)
    for key in UNIONS:
        if key in schema:
            return set().union(*(types(each, schemas) for each in schema[key]))
    if "const" in schema:
        return {_NAMES[type(schema["const"])]}
    if "enum" in schema:
        return {_NAMES[type(each)] for each in schema["enum"]}
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


_NAMES = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
