"""The wire of environments."""

import json
from pathlib import Path

import jsonschema
import pytest

from apps.accounts.models import AuditEntry
from apps.agents.api.answers import Environment as Answer
from apps.agents.models import Environment
from tests import make
from tests.agents import given

SPEC = Path(__file__).parents[3] / "shared/spec/sdk-2.12.0-response-schemas.json"
NO_PACKAGES = {name: [] for name in ("apt", "cargo", "gem", "go", "npm", "pip")}
LIMITED = {"type": "limited"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return make.api()


def post(api, path, body=None):
    data = "" if body is None else json.dumps(body)
    return api.post(f"/v1/{path}", data, content_type="application/json")


def made(api, **fields):
    answer = post(api, "environments", {"name": "python"} | fields)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def refused(answer, status=400):
    assert answer.status_code == status, answer.json()
    error = answer.json()["error"]
    return error["message"], error.get("details", {}).get("error_code")


def cloud(**fields):
    return {"config": {"type": "cloud"} | fields}


def test_a_name_is_enough(api):
    environment = made(api)

    assert environment == {
        "id": environment["id"],
        "type": "environment",
        "name": "python",
        "description": None,
        "config": {
            "type": "cloud",
            "networking": {"type": "unrestricted"},
            "packages": {"type": "packages"} | NO_PACKAGES,
        },
        "metadata": {},
        "scope": "organization",
        "created_at": environment["created_at"],
        "updated_at": environment["created_at"],
        "archived_at": None,
    }


def test_every_list_and_switch_is_answered(api):
    config = made(api, **cloud(networking=LIMITED, packages={"pip": []}))["config"]

    assert config["networking"] == LIMITED | {
        "allowed_hosts": [],
        "allow_mcp_servers": False,
        "allow_package_managers": False,
    }
    assert config["packages"] == {"type": "packages"} | NO_PACKAGES


def test_omitted_parts_of_a_config_keep(api):
    limits = {"allowed_hosts": ["api.example.com"], "allow_package_managers": True}
    environment = made(
        api, **cloud(networking=LIMITED | limits, packages={"pip": ["pandas"], "apt": ["jq"]})
    )
    path = f"environments/{environment['id']}"

    post(api, path, cloud(packages={"apt": []}))
    config = post(api, path, cloud(networking=LIMITED | {"allow_mcp_servers": True}))

    assert config.json()["config"] == {
        "type": "cloud",
        "networking": LIMITED | limits | {"allow_mcp_servers": True},
        "packages": {"type": "packages"} | NO_PACKAGES | {"pip": ["pandas"]},
    }


def test_packages_need_a_way_to_their_registries(api):
    body = {"name": "p"} | cloud(networking=LIMITED, packages={"pip": ["pandas"]})

    message, _ = refused(post(api, "environments", body))

    assert message == "config.packages: packages need networking.allow_package_managers to be true"


def test_an_environment_stays_what_it_was_made_as(api):
    environment = made(api, config={"type": "self_hosted"})

    _, code = refused(post(api, f"environments/{environment['id']}", cloud()))

    assert code == "invalid_config_type_change"
    assert environment["config"] == {"type": "self_hosted"}


def test_null_clears_a_description_and_empty_text_does_not(api):
    path = f"environments/{made(api, description='Python.')['id']}"

    assert post(api, path, {"description": ""}).json()["description"] == ""
    assert post(api, path, {"name": None}).json()["description"] == ""
    assert post(api, path, {"description": None}).json()["description"] is None


def test_metadata_is_merged_and_an_empty_value_removes(api):
    path = f"environments/{made(api, metadata={'a': '1', 'b': '2', 'c': '3'})['id']}"

    merged = post(api, path, {"metadata": {"a": None, "b": "", "d": "4"}}).json()

    assert merged["metadata"] == {"c": "3", "d": "4"}


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({f"{n}": "v" for n in range(17)}, "metadata: these are 17 pairs; at most 16"),
        ({"k" * 65: "v"}, f"metadata: '{'k' * 65}' is longer than 64"),
        ({"k": "v" * 513}, "metadata: the value of 'k' is longer than 512"),
    ],
)
def test_metadata_has_limits(api, metadata, said):
    assert refused(post(api, "environments", {"name": "p", "metadata": metadata})) == (
        said,
        "invalid_metadata",
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "name: this field is required"),
        ({"name": ""}, "name: string should have at least 1 character"),
        ({"name": "n" * 257}, "name: string should have at most 256 characters"),
        ({"name": "n", "description": "d" * 1025}, "description: string should have at most"),
        ({"name": "n", "size": "l"}, "size: unknown field"),
        ({"name": "n", "config": {"type": "on_prem"}}, "config: 'type' must be one of"),
        ({"name": "n", "scope": "account"}, "scope: only 'organization' is supported"),
        ({"name": "n", "scope": "galaxy"}, "scope: input should be"),
        (
            {"name": "n", **cloud(networking=LIMITED | {"allowed_hosts": "x"})},
            "config.networking.allowed_hosts: input should be a valid list",
        ),
        (
            {"name": "n", **cloud(packages={"pip": [""]})},
            "config.packages.pip.0: string should have at least 1 character",
        ),
    ],
)
def test_what_is_refused_says_where(api, body, said):
    message, _ = refused(post(api, "environments", body))

    assert message.startswith(said)


def test_archiving_is_for_good_and_may_be_repeated(api):
    path = f"environments/{made(api)['id']}"

    archived = post(api, f"{path}/archive").json()

    assert archived["archived_at"]
    assert post(api, f"{path}/archive").json() == archived
    assert refused(post(api, path, {"name": "x"}))[1] == "environment_archived"
    assert api.get("/v1/environments").json()["data"] == []
    assert api.get("/v1/environments?include_archived=true").json()["data"] == [archived]


def test_deleted_it_is_gone_for_all_but_its_sessions(api):
    environment = given.environment()
    session = make.session()
    session.environment = environment
    session.save(update_fields=["environment"])
    path = f"/v1/environments/{environment.public_id}"

    assert api.delete(path).json() == {
        "id": environment.public_id,
        "type": "environment_deleted",
    }

    for answer in (api.get(path), api.delete(path), post(api, path[4:], {"name": "x"})):
        assert refused(answer, 404)[1] == "environment_not_found"
    assert api.get("/v1/environments?include_archived=true").json()["data"] != [environment]
    session.refresh_from_db()
    assert session.environment == environment


def test_what_stands_for_work_done_elsewhere_is_shown_and_stays(api):
    make.session()
    path = f"environments/{Environment.ELSEWHERE}"

    [shown] = api.get("/v1/environments").json()["data"]

    assert shown["config"] == {"type": "self_hosted"}
    for answer in (
        post(api, path, {"name": "x"}),
        post(api, f"{path}/archive"),
        api.delete(f"/v1/{path}"),
    ):
        assert "done elsewhere" in refused(answer)[0]
    assert Environment.objects.get().name == "Recorded elsewhere"


def test_one_that_came_with_a_transcript_can_be_configured(api):
    environment = Environment.objects.of_record(make.workspace(), "env_from_afar")
    path = f"environments/{environment.public_id}"

    named = post(api, path, {"name": "Afar"}).json()
    settled = post(api, path, cloud()).json()

    assert (named["name"], named["config"]) == ("Afar", {"type": "self_hosted"})
    assert settled["config"]["type"] == "cloud"


@pytest.mark.skipif(not SPEC.exists(), reason="needs the contract beside the repository")
def test_answers_keep_the_contract(api):
    schema = json.loads(SPEC.read_text())["BetaEnvironment"]

    for fields in ({}, cloud(networking=LIMITED), {"config": {"type": "self_hosted"}}):
        environment = made(api, **fields)
        jsonschema.validate(environment, schema)
        assert Answer.model_validate(environment).model_dump(mode="json") == environment


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_however_long(api, rows, django_assert_num_queries):
    for number in range(rows):
        given.environment(name=f"e{number}")

    api.get("/v1/environments")  # the key's use is noted once
    with django_assert_num_queries(2):
        listed = api.get("/v1/environments?limit=1000").json()

    assert [each["name"] for each in listed["data"]] == [f"e{n}" for n in reversed(range(rows))]


def test_a_list_is_paged(api):
    for number in range(5):
        given.environment(name=f"e{number}")

    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/v1/environments", {"limit": 2, "page": cursor}).json()
        seen += [each["name"] for each in page["data"]]
        cursor = page["next_page"]

    assert seen == ["e4", "e3", "e2", "e1", "e0"]


@pytest.mark.parametrize(
    ("method", "path"), [("get", ""), ("post", ""), ("post", "/archive"), ("delete", "")]
)
def test_a_neighbours_environment_does_not_exist(api, method, path):
    theirs = given.environment(of=make.workspace("neighbour"))

    answer = getattr(api, method)(
        f"/v1/environments/{theirs.public_id}{path}", content_type="application/json"
    )

    assert refused(answer, 404)[1] == "environment_not_found"
    assert api.get("/v1/environments").json()["data"] == []
    theirs.refresh_from_db()
    assert theirs.deleted_at is theirs.archived_at is None


def test_changes_are_noted_and_repetitions_are_not(api):
    environment = made(api)
    path = f"environments/{environment['id']}"
    for _ in range(2):
        post(api, path, {"name": "other"})
        post(api, f"{path}/archive")
    api.delete(f"/v1/{path}")

    noted = AuditEntry.objects.filter(object_id=environment["id"]).order_by("pk")
    assert [each.action.partition(".")[2] for each in noted] == [
        "created",
        "updated",
        "archived",
        "deleted",
    ]
    assert (noted[1].before, noted[1].after) == ({"name": "python"}, {"name": "other"})


def test_reading_takes_read_and_changing_takes_write():
    environment = given.environment()
    reader = make.api("read")
    path = f"environments/{environment.public_id}"

    assert reader.get(f"/v1/{path}").status_code == 200
    for answer in (
        post(reader, path, {}),
        post(reader, "environments", {}),
        reader.delete(f"/v1/{path}"),
    ):
        assert answer.status_code == 403
