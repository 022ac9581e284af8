"""Lists cost the same however long they are, and hold nothing of the neighbour's."""

import json

import pytest

from apps.dreams import dreaming
from apps.dreams.api import answers
from apps.dreams.models import Dream
from tests import make
from tests.dreams.engine import MODEL

pytestmark = pytest.mark.django_db


def inputs(store, session_ids=()):
    found = [{"type": "memory_store", "memory_store_id": store.pk}]
    if session_ids:
        found.append({"type": "sessions", "session_ids": list(session_ids)})
    return found


@pytest.fixture
def dream(api, store, engine):
    def asked(session_ids=(), **fields):
        return api.post("dreams", 200, inputs=inputs(store, session_ids), model=MODEL, **fields)

    return asked


@pytest.fixture
def schedule(api, store):
    def made(**fields):
        given = {"name": "nightly", "memory_store_id": store.pk}
        return api.post(
            "dream_schedules", **given | {"schedule": {"expression": "0 6 * * *"}} | fields
        )

    return made


@pytest.mark.parametrize("count", [1, 3])
def test_dreams(count, api, dream, django_assert_num_queries):
    made = [dream()["id"] for _ in range(count)]

    with django_assert_num_queries(2):
        told = api.get("dreams")

    assert [each["id"] for each in told["data"]] == made[::-1]
    for each in told["data"]:
        answers.Dream.model_validate_json(json.dumps(each), strict=True)


@pytest.mark.parametrize("count", [1, 3])
def test_patterns_of_a_dream(count, api, dream, hurt, django_assert_num_queries):
    ids = [each for number in range(count) for each in hurt(f"stove {number}")]
    made = dream(ids)
    dreaming.dream_here(made["id"])

    with django_assert_num_queries(3):
        told = api.get(f"dreams/{made['id']}/patterns")

    assert len(told["data"]) == count
    for each in told["data"]:
        answers.DreamPattern.model_validate_json(json.dumps(each), strict=True)
        assert each["became"] == "proposed"
        assert each["sessions"] == 3
    funnel = api.get(f"dreams/{made['id']}/funnel")
    answers.DreamFunnel.model_validate_json(json.dumps(funnel), strict=True)
    assert (funnel["patterns"], funnel["proposals"]) == (count, count)


@pytest.mark.parametrize("count", [1, 3])
def test_schedules(count, api, schedule, django_assert_num_queries):
    made = [schedule()["id"] for _ in range(count)]

    with django_assert_num_queries(2):
        told = api.get("dream_schedules")

    assert [each["id"] for each in told["data"]] == made[::-1]
    for each in told["data"]:
        answers.DreamSchedule.model_validate_json(json.dumps(each), strict=True)
        assert len(each["schedule"]["upcoming_runs_at"]) == 5


@pytest.mark.parametrize("count", [1, 3])
def test_runs_of_a_schedule(count, api, schedule, django_assert_num_queries):
    made = schedule()
    for _ in range(count):
        api.post(f"dream_schedules/{made['id']}/run")

    with django_assert_num_queries(3):
        told = api.get(f"dream_schedules/{made['id']}/runs")

    assert len(told["data"]) == count
    for each in told["data"]:
        answers.DreamScheduleRun.model_validate_json(json.dumps(each), strict=True)
        assert each["skipped_reason"].startswith("0 new sessions")


def test_a_schedule_from_its_making_to_its_end(api, schedule, store):
    made = schedule(sessions={"limit": 7}, policy="review")
    at = f"dream_schedules/{made['id']}"

    changed = api.post(at, schedule={"expression": "30 7 * * 1-5", "timezone": "Europe/Berlin"})
    assert (changed["sessions"]["limit"], changed["policy"]) == (7, "review")
    assert changed["schedule"]["expression"] == "30 7 * * 1-5"
    assert api.post(f"{at}/pause")["status"] == "paused"
    assert api.get(at)["schedule"]["upcoming_runs_at"] == []
    assert api.post(f"{at}/unpause")["status"] == "active"
    assert api.post(f"{at}/archive")["archived_at"] is not None
    assert api.refused(f"{at}/pause").startswith("This schedule is archived")
    assert api.get("dream_schedules")["data"] == []
    assert api.delete(at) == {"id": made["id"], "type": "dream_schedule_deleted"}
    api.get(at, 404)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"schedule": {"expression": "often"}}, "no cron expression"),
        ({"schedule": {"expression": "0 6 * * *", "timezone": "Nowhere"}}, "no such time zone"),
        ({"output_behavior": {"type": "update_existing", "memory_store_id": "x"}}, "and no other"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_no_schedule_is_refused(fields, words, api, store):
    given = {"name": "n", "memory_store_id": store.pk, "schedule": {"expression": "0 6 * * *"}}

    assert words in api.refused("dream_schedules", 400, **given | fields)


def test_nobody_dreams_of_the_neighbours(api, neighbour, store, hurt, dream):
    (theirs,) = hurt(count=1, of=make.workspace("next-door"))
    mine = hurt(count=1)

    assert "no session" in api.refused(
        "dreams", 404, inputs=inputs(store, [*mine, theirs]), model=MODEL
    )
    assert neighbour.refused("dreams", 404, inputs=inputs(store), model=MODEL)
    made = dream(mine)
    for path in ("", "/patterns", "/funnel"):
        neighbour.get(f"dreams/{made['id']}{path}", 404)
    neighbour.post(f"dreams/{made['id']}/cancel", 404)
    assert neighbour.get("dreams")["data"] == []
    assert Dream.objects.get().status == "pending"
