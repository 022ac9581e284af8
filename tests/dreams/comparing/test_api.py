"""Comparisons over the API: asked for, read row by row, picked, handed in, told as documented."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from apps.dreams.comparing import answers
from apps.dreams.models import Comparison, Dream
from apps.reviews.models import Changeset
from tests import make
from tests.dreams.comparing.conftest import RIVAL, dream_both
from tests.dreams.engine import MODEL
from tests.sessions.api.asking import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(api, store, engine, rival):
    def made(session_ids, status=200, **fields):
        given = {"memory_store_id": store.pk, "session_ids": list(session_ids)}
        sides = {"a": {"model": MODEL}, "b": {"model": RIVAL, "instructions": "Be brief."}}
        return api.post("dream_comparisons", status, **given | sides | fields)

    return made


def holds(shape, told):
    shape.model_validate_json(json.dumps(told), strict=True)


def dream(told):
    dream_both(Comparison.objects.get(pk=told["id"]))


def test_from_asking_to_the_changeset(api, ask, hurt, rival):
    rival.edit = lambda draft: replace(draft, content="Else.\n") if "hot" in draft.path else None
    made = ask(hurt("hot stove") + hurt("sharp knife"), cap_usd=1.5)
    assert set(Dream.objects.values_list("cap_usd", flat=True)) == {Decimal("1.5")}
    holds(answers.DreamComparison, made)
    assert made["status"] == "running"
    assert api.get(f"dream_comparisons/{made['id']}/rows") == {"data": [], "next_page": None}
    at = f"dream_comparisons/{made['id']}"

    dream(made)
    rows = api.get(f"{at}/rows", limit=1)["data"]
    rows += api.get(f"{at}/rows", page=api.get(f"{at}/rows", limit=1)["next_page"])["data"]
    for each, choice in zip(rows, ("b", "a"), strict=True):
        holds(answers.DreamComparisonRow, each)
        picked = api.post(f"{at}/rows/{each['id']}/pick", choice=choice)
        assert (picked["pick"]["choice"], picked["pick"]["is_blind"]) == (choice, False)
        holds(answers.DreamComparisonRow, picked)
    handed = api.post(f"{at}/hand_in")

    assert [each["verdict"] for each in rows] == ["differ", "only_a"]
    assert handed["rows"] == {"agree": 0, "differ": 1, "only_a": 1, "only_b": 0}
    assert handed["picks"] == {"a": 1, "b": 1, "both": 0, "neither": 0}
    sides = handed["sides"]
    assert [(each["wins"], each["good_proposals"]) for each in sides.values()] == [(1, 1), (1, 1)]
    assert handed["changeset_id"] == Changeset.objects.get().pk
    assert all(each["proposal_id"] for each in api.get(f"{at}/rows")["data"])
    holds(answers.DreamComparison, handed)
    [first, second] = api.get("dream_comparisons/standings")["data"]
    for each in (first, second):
        holds(answers.DreamContender, each)
        assert (each["wins"], each["losses"], each["blind_picks"]) == (1, 1, 0)


def test_what_it_would_take_is_told_by_side_and_nothing_is_started(api, store, engine, hurt):
    given = {"memory_store_id": store.pk, "session_ids": hurt()}

    def told(a, b):
        sides = {"a": {"model": a}, "b": {"model": b}}
        answer = api.post("dream_comparisons/estimate", **given, **sides)
        holds(answers.DreamComparisonEstimate, answer)
        return answer

    twice = told("agentsite-local", "agentsite-local")
    other = told("agentsite-local", MODEL)

    reads = [each["new_sessions"] for each in twice["sides"].values()]
    assert (twice["sessions"], reads, twice["cost_usd"]) == (3, [3, 0], "0")
    assert [each["new_sessions"] for each in other["sides"].values()] == [3, 3]
    assert (other["sides"]["b"]["cost_usd"], other["cost_usd"]) == (None, None)
    assert not Comparison.objects.exists()
    Api(of=make.workspace("next-door")).post("dream_comparisons/estimate", 404, **given, a={}, b={})


def test_what_is_refused(api, ask, hurt):
    ids = hurt()
    ask(ids, 404, memory_store_id="memstore_gone")
    ask([*ids, "sesn_gone"], 404)
    ask([], 400)
    ask(ids, 400, a={"model": ""})
    made = ask(ids)
    at = f"dream_comparisons/{made['id']}"

    api.post(f"{at}/archive", 409)
    api.post(f"{at}/rows/drmrow_gone/pick", 404, choice="a")
    api.post(f"{at}/hand_in", 409)
    canceled = api.post(f"{at}/cancel")
    holds(answers.DreamComparison, canceled)
    assert (canceled["status"], canceled["sides"]["a"]["status"]) == ("failed", "canceled")
    api.post(f"{at}/cancel", 400)
    api.post(f"{at}/hand_in", 400)
    assert api.post(f"{at}/archive")["archived_at"]


def test_picking_takes_the_right_to_review(api, ask, hurt):
    made = ask(hurt())
    dream(made)
    row = api.get(f"dream_comparisons/{made['id']}/rows")["data"][0]["id"]

    for scopes, status in ((("read", "write"), 403), (("read", "review"), 200)):
        client = make.api(*scopes)
        said = {"choice": "both"}
        path = f"/v1/dream_comparisons/{made['id']}/rows/{row}/pick"
        assert client.post(path, said, content_type="application/json").status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same(api, ask, hurt, count, django_assert_num_queries):
    made = [ask(hurt(f"stove {number}"))["id"] for number in range(count)]

    with django_assert_num_queries(4):
        told = api.get("dream_comparisons")
    assert [each["id"] for each in told["data"]] == made[::-1]


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_the_same(api, ask, hurt, count, django_assert_num_queries):
    made = ask([each for number in range(count) for each in hurt(f"stove {number}")])
    dream(made)

    with django_assert_num_queries(3):
        told = api.get(f"dream_comparisons/{made['id']}/rows")
    assert len(told["data"]) == count


def test_the_neighbour_s_are_not_there(ask, hurt):
    made = ask(hurt())
    dream(made)
    row = Comparison.objects.get().rows.get().pk
    stranger = Api(of=make.workspace("next-door"))
    at = f"dream_comparisons/{made['id']}"

    assert stranger.get("dream_comparisons")["data"] == []
    for path in (at, f"{at}/rows"):
        stranger.get(path, status=404)
    for path in (f"{at}/cancel", f"{at}/archive", f"{at}/hand_in"):
        stranger.post(path, 404)
    stranger.post(f"{at}/rows/{row}/pick", 404, choice="both")
