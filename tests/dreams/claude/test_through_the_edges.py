"""Claude's dreams as forms, pages, the API and a terminal ask for them and tell of them."""

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.dreams.actions import dreams as actions
from apps.dreams.models import Dream, DreamSchedule
from apps.dreams.overview.spending import spending
from apps.engine import batching
from apps.engine.models import Batch, Call
from apps.engine.pricing import token_cost
from tests import make
from tests.dreams.claude.conftest import MODEL, finished, sensible
from tests.dreams.pages.conftest import at, body, signed_in, words
from tests.scripted import scripted
from tests.standin import StandIn
from tests.standin.answering import sensible as found

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return signed_in()


def asked(store, **more):
    """What the form of a new dream sends."""
    return {
        "memory_store_id": store.pk,
        "which": "filter",
        "only_ended": "on",
        "most_sessions": "100",
        "model": MODEL,
        "output_behavior": "update_existing",
        "instructions": "",
        "policy": "",
        "cap_usd": "",
    } | more


def inputs(store, ids):
    return [
        {"type": "memory_store", "memory_store_id": store.pk},
        {"type": "sessions", "session_ids": ids},
    ]


def test_without_a_key_no_claude_is_offered_and_none_is_taken(client, store, said):
    said()
    assert "Claude Sonnet" not in words(client.get(at("new")))
    assert "connect a model under Settings" in words(client.get(at("new")))

    answer = client.post(at("new"), asked(store))

    assert answer.status_code == 422
    assert "No model is connected to this workspace." in words(answer)
    assert not Dream.objects.exists()


def test_with_a_key_the_form_tells_models_prices_and_what_it_would_cost(
    client, store, said, connected
):
    said(count=2)
    shown = words(client.get(at("new")))
    assert "Claude Sonnet 5.5: $2.00 in, $10.00 out per million tokens" in shown

    counted = words(client.post(at("matching"), asked(store, cap_usd="0.01")))
    tried = words(client.post(at("new"), asked(store, is_batched="on", **{"try": "1"})))

    assert f"with {MODEL}, which is more than its cap" in counted
    assert "Tokens in, out about" in tried
    assert "Cost about $0.0" in tried
    assert f"Engine {MODEL}" in tried
    wrong = client.post(at("new"), asked(store, cap_usd="0"))
    assert "Enter an amount of at least 0.01" in words(wrong)


def test_a_dream_says_what_it_may_cost_and_what_it_waits_for(client, store, said, connected):
    said()
    client.post(at("new"), asked(store, cap_usd="2.5", is_batched="on"))
    dream = Dream.objects.get()
    assert (dream.cap_usd, dream.is_batched, dream.engine) == (Decimal("2.5"), True, MODEL)
    until = timezone.now() + timedelta(minutes=5)
    Dream.objects.update(
        status="running", lease_expires_at=until, waits_until=until, waits_for="batch"
    )

    shown = words(client.get(at("dream", dream)))

    assert f"engine {MODEL}" in shown
    assert "It waits for a batch" in shown
    assert "May cost $2.50" in shown


def test_a_schedule_has_a_cap_of_each_dream(client, store, said, connected):
    said()
    given = asked(store, cap_usd="1.25", is_batched="on") | {
        "name": "Nightly",
        "cron": "0 2 * * *",
        "timezone": "UTC",
        "jitter_minutes": "0",
        "least_new_sessions": "1",
    }
    client.post(at("new_schedule"), given)
    schedule = DreamSchedule.objects.get()

    assert "Costs at most $1.25 a dream" in words(client.get(at("schedule", schedule)))
    assert 'value="1.25' in body(client.get(at("edit_schedule", schedule)))
    client.post(at("run", schedule))
    dream = Dream.objects.get()
    assert (dream.cap_usd, dream.is_batched) == (Decimal("1.25"), True)


def test_the_api_takes_a_cap_and_tells_who_reads(store, said, connected):
    api = make.api()
    given = {"inputs": inputs(store, said()), "model": MODEL, "cap_usd": 2, "batch": True}
    made = post(api, "dreams", **given).json()
    told = api.get(f"/v1/dreams/{made['id']}/funnel").json()

    assert {name: told[name] for name in ("engine", "cap_usd", "batch", "cost_usd")} == {
        "engine": MODEL,
        "cap_usd": 2.0,
        "batch": True,
        "cost_usd": 0.0,
    }
    assert post(api, "dreams", **given | {"cap_usd": 0}).status_code == 400


def test_a_schedule_of_the_api_takes_a_cap_and_gives_it_up(store, connected):
    api = make.api()
    when = {"expression": "0 2 * * *"}
    made = post(
        api, "dream_schedules", name="N", memory_store_id=store.pk, schedule=when, cap_usd=3
    ).json()
    changed = post(api, f"dream_schedules/{made['id']}", cap_usd=None, batch=True).json()

    assert (made["cap_usd"], made["batch"]) == (3.0, False)
    assert (changed["cap_usd"], changed["batch"]) == (None, True)


def test_an_estimate_grows_with_what_is_to_be_read(store, said, connected, neighbour):
    api = make.api("read")
    few, many = said(count=1), said("word " * 2_000, count=3)

    def estimate(ids, **more):
        return post(api, "dreams/estimate", inputs=inputs(store, ids), model=MODEL, **more).json()

    small, large, batched = estimate(few), estimate(many), estimate(many, batch=True)
    assert large["input_tokens"] > small["input_tokens"] + 3 * 2_000
    assert 0 < batched["cost_usd"] < large["cost_usd"]
    assert (large["engine"], large["new_sessions"]) == (MODEL, 3)
    assert not Dream.objects.exists()
    assert (
        post(
            make.api(of=make.workspace("next-door")),
            "dreams/estimate",
            inputs=inputs(store, few),
            model=MODEL,
        ).status_code
        == 404
    )


def test_the_local_engine_costs_nothing(store, said):
    told = post(
        make.api(), "dreams/estimate", inputs=inputs(store, said()), model="agentsite-local"
    ).json()

    assert (told["engine"], told["cost_usd"], told["input_tokens"]) == ("agentsite-local", 0.0, 0)


def test_from_a_terminal_claude_is_asked_or_nobody(store, said, connected, settings):
    said()
    with scripted(sensible):
        out = io.StringIO()
        call_command(
            "dream", "--store", store.pk, "--all", "--engine", "claude", "--cap", "2.5", "--wait",
            "--model", MODEL, stdout=out,
        )  # fmt: skip
    dream = Dream.objects.get()
    assert (dream.engine, dream.cap_usd, dream.status) == (MODEL, Decimal("2.5"), "completed")

    settings.ANTHROPIC_API_KEY = ""
    with pytest.raises(CommandError, match="No model is connected"):
        call_command("dream", "--store", store.pk, "--all", "--engine", "claude")


def test_a_batch_is_asked_for_half_and_read_like_any_other(dream_of, said, settings):
    with StandIn(found) as there:
        settings.ENGINE = "apps.engine.claude.ClaudeEngine"
        settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = there.key, there.url
        there.batches.seconds = float("inf")
        dream = finished(dream_of(said(), is_batched=True))
        assert (dream.stage, dream.waits_for, dream.batched_at is None) == (
            "observe",
            "batch",
            False,
        )
        assert set(Call.objects.values_list("status", flat=True)) == {"batched"}

        there.batches.end()
        batching.look_at(Batch.objects.get().pk)
        Dream.objects.update(waits_until=timezone.now())
        dream = finished(dream)
        asked_alone = [each for each in there.asked if each.operation == "messages"]

    calls = Call.objects.filter(purpose="dreams.observe")
    assert (dream.status, dream.funnel["read"]) == ("completed", 3)
    assert len(asked_alone) == Call.objects.exclude(purpose="dreams.observe").count()
    for call in calls:
        assert call.cost_usd == token_cost(MODEL, call.usage) / 2
    assert dream.input_tokens == sum(each.input_tokens for each in Call.objects.all())
    paid = sum(each.cost_usd for each in Call.objects.all())
    assert spending(dream.workspace).total == paid


def test_without_its_key_a_dream_that_goes_on_says_so(dream_of, said, settings):
    dream = dream_of(said())
    settings.ENGINE, settings.ANTHROPIC_API_KEY = "apps.engine.claude.ClaudeEngine", ""
    finished(dream)

    assert (dream.status, dream.error_type) == ("failed", "model_unavailable")
    assert "No model is connected" in dream.error_message


def test_canceling_a_dream_cancels_its_batch(dream_of, said, settings):
    with StandIn(found) as there:
        settings.ENGINE = "apps.engine.claude.ClaudeEngine"
        settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = there.key, there.url
        there.batches.seconds = float("inf")
        dream = finished(dream_of(said(), is_batched=True))
    actions.cancel_dream(dream_id=dream.pk, by=make.actor())
    dream.refresh_from_db()

    assert (dream.status, dream.waits_until, dream.waits_for) == ("canceled", None, "")
    assert Batch.objects.get().status == "canceling"


def post(api, path, **given):
    return api.post(f"/v1/{path}", json.dumps(given), content_type="application/json")
