"""Memory stores that a session mounts: where, how, and what stays when the store changes."""

import pytest
from django.db import IntegrityError

from apps.sessions.models import Resource
from tests.sessions.api.asking import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_store(api):
    def made(name="Team notes", by=api, **fields):
        return by.post("memory_stores", name=name, **fields)["id"]

    return made


def mount(store_id, **fields):
    return {"type": "memory_store", "memory_store_id": store_id} | fields


def test_a_store_is_mounted_by_its_name(api, ids, new_store):
    store = new_store("Team  Notes & more", description="How we work")

    told = api.post("sessions", **ids, resources=[mount(store)])

    assert told["resources"] == [
        {
            "type": "memory_store",
            "memory_store_id": store,
            "name": "Team  Notes & more",
            "description": "How we work",
            "access": "read_write",
            "instructions": None,
            "mount_path": "/mnt/memory/team-notes-more",
        }
    ]
    assert api.get(f"sessions/{told['id']}")["resources"] == told["resources"]
    assert api.get(f"sessions/{told['id']}/resources")["data"] == told["resources"]


def test_it_says_what_the_agent_may_do_and_is_told(api, ids, new_store):
    told = api.post(
        "sessions",
        **ids,
        resources=[mount(new_store(), access="read_only", instructions="Look here first.")],
    )

    [resource] = told["resources"]
    assert (resource["access"], resource["instructions"]) == ("read_only", "Look here first.")


def test_stores_of_one_name_lie_apart_and_in_their_order(api, ids, new_store):
    names = ["Team notes", "Team notes!", "team-notes-2", "Team notes"]
    stores = [new_store(name) for name in names]

    told = api.post("sessions", **ids, resources=[mount(each) for each in stores])

    assert [each["mount_path"] for each in told["resources"]] == [
        "/mnt/memory/team-notes",
        "/mnt/memory/team-notes-2",
        "/mnt/memory/team-notes-2-2",
        "/mnt/memory/team-notes-3",
    ]
    assert [each["memory_store_id"] for each in told["resources"]] == stores


def test_they_stand_among_other_resources_in_the_order_given(api, ids, file, new_store):
    resources = [mount(new_store()), {"type": "file", "file_id": file.pk}, mount(new_store("x"))]

    told = api.post("sessions", **ids, resources=resources)

    assert [each["type"] for each in told["resources"]] == ["memory_store", "file", "memory_store"]


def test_what_the_store_was_called_stays(api, ids, new_store):
    store = new_store("Team notes", description="How we work")
    told = api.post("sessions", **ids, resources=[mount(store)])

    api.post(f"memory_stores/{store}", name="Others", description="")
    assert api.get(f"sessions/{told['id']}")["resources"] == told["resources"]
    api.delete(f"memory_stores/{store}")
    assert api.get(f"sessions/{told['id']}")["resources"] == told["resources"]
    assert [each["id"] for each in api.get("sessions", memory_store_id=store)["data"]] == [
        told["id"]
    ]


def test_sessions_are_found_by_what_they_mounted(api, ids, new_store, neighbour):
    first, second = new_store(), new_store()
    with_both = api.post("sessions", **ids, resources=[mount(first), mount(second)])
    with_one = api.post("sessions", **ids, resources=[mount(first)])
    api.post("sessions", **ids)

    def found(store, by=api):
        return [each["id"] for each in by.get("sessions", memory_store_id=store)["data"]]

    assert found(first) == [with_one["id"], with_both["id"]]
    assert found(second) == [with_both["id"]]
    assert found("memstore_nowhere") == []
    assert found(first, by=neighbour) == []


def test_eight_are_mounted_and_nine_are_not(api, ids, new_store):
    resources = [mount(new_store()) for _ in range(9)]

    assert len(api.post("sessions", **ids, resources=resources[:8])["resources"]) == 8
    assert "at most 8" in api.refused("sessions", **ids, resources=resources)


def test_what_cannot_be_mounted(api, ids, new_store, neighbour):
    archived, foreign, twice = new_store(), new_store(by=neighbour), new_store()
    api.post(f"memory_stores/{archived}/archive")

    def refused(status, *resources):
        return api.refused("sessions", status, **ids, resources=list(resources))

    assert "is archived" in refused(400, mount(archived))
    assert f"no memory store '{foreign}'" in refused(404, mount(foreign))
    assert "no memory store" in refused(404, mount("a\x00"))
    assert "mounts a memory store once" in refused(400, mount(twice), mount(twice))
    assert "4096" in refused(400, mount(twice, instructions="x" * 4097))
    assert "resources.0" in refused(400, mount(twice, access="append"))
    assert "unknown field" in refused(400, mount(twice, mount_path="/mnt/memory/x"))
    assert api.get("sessions")["data"] == []


def test_it_cannot_be_mounted_later(api, session, new_store):
    told = api.refused(f"sessions/{session['id']}/resources", **mount(new_store()))

    assert "type" in told


def test_a_repository_cannot_lie_above_it(api, ids, new_store):
    above = {"type": "github_repository", "url": "https://github.com/a/b", "mount_path": "/mnt"}

    told = api.refused("sessions", **ids, resources=[above, mount(new_store())])

    assert "lies inside /mnt" in told


def test_the_database_mounts_it_once(api, ids, new_store):
    store = new_store()
    told = api.post("sessions", **ids, resources=[mount(store)])

    with pytest.raises(IntegrityError, match="a_memory_store_is_mounted_once_in_a_session"):
        Resource.objects.create(
            session=row(told),
            type="memory_store",
            memory_store_id=store,
            access="read_only",
            mount_path="/mnt/memory/elsewhere",
        )
