"""Mirrors and write-backs over the API: listed, read, told as documented."""

import json

import pytest

from apps.dreams.managed import answers
from apps.dreams.managed.models import Mirror
from tests import make
from tests.dreams.managed.conftest import edit
from tests.sessions.api.asking import Api

pytestmark = pytest.mark.django_db


def holds(shape, told):
    shape.model_validate_json(json.dumps(told), strict=True)
    return told


def test_a_mirror_and_what_was_written_back_of_it(synced, serve, there):
    edit(synced, "/style.md", "Write shorter.\n")
    there.write("/refunds.md", "Refunds take 4 days.\n")
    edit(synced, "/refunds.md", "Refunds take 5 days.\n")
    serve()
    api, at = Api(), f"mirrors/{synced.pk}"

    [mirror] = api.get("mirrors")["data"]
    conflict, done = api.get(f"{at}/write_backs")["data"]

    assert holds(answers.Mirror, mirror) == api.get(at)
    names = ("workspace_link_id", "memory_store_id", "remote_memory_store_id")
    assert [mirror[each] for each in names] == [synced.link_id, synced.store_id, there.store.pk]
    assert [(each["path"], each["status"]) for each in (conflict, done)] == [
        ("/refunds.md", "conflict"),
        ("/style.md", "done"),
    ]
    for each in (conflict, done):
        assert holds(answers.WriteBack, each) == api.get(f"{at}/write_backs/{each['id']}")
    assert api.get(f"{at}/write_backs", statuses="conflict")["data"] == [conflict]
    api.get(f"{at}/write_backs", 400, statuses="lost")
    api.get(f"mirrors/mirror_another/write_backs/{done['id']}", 404)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same(count, django_assert_num_queries):
    api, place = Api(), make.workspace()
    for number in range(count):
        mirror = Mirror.objects.create(workspace=place, vendor_id=f"memstore_{number}", name="x")
    for number in range(count):
        fields = {"version_id": f"memver_{number}", "sequence": number, "path": "/a"}
        mirror.write_backs.create(memory_id="mem_1", **fields)

    with django_assert_num_queries(3):
        assert len(api.get("mirrors")["data"]) == count
    with django_assert_num_queries(3):
        assert len(api.get(f"mirrors/{mirror.pk}/write_backs")["data"]) == count
    stranger = Api(of=make.workspace("next-door"))
    assert stranger.get("mirrors")["data"] == []
    stranger.get(f"mirrors/{mirror.pk}/write_backs", status=404)
