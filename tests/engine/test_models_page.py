"""The page of models: the key, its test, choices, caps, and what was spent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.accounts.rights import Role
from apps.core import sealing
from apps.engine import checking, connecting, tasks
from apps.engine.models import DaySpend, JobSpend, ModelConnection
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/w/default/settings/models/"
KEY = "sk-ant-of-the-workspace-abcdef"


@pytest.fixture
def ada(client):
    person = make.user("ada", role=Role.ADMIN)
    client.force_login(person)
    return person


@pytest.fixture
def queue(monkeypatch):
    """The workspaces whose key workers were asked to test."""
    sent = []
    monkeypatch.setattr(
        tasks.check_model_key, "apply_async", lambda kwargs, **_: sent.append(kwargs)
    )
    return sent


def text_of(response):
    return " ".join(response.content.decode().split())


def bill(number, *, of=None, cost="0.25"):
    return JobSpend.objects.create(
        workspace=of or make.workspace(),
        job_kind="dream",
        job_id=f"drm_{number}",
        requests=2,
        input_tokens=1_000,
        cost_usd=Decimal(cost),
    )


def test_a_key_is_kept_sealed_tested_and_asked_with(
    client, ada, queue, there, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{PAGE}key", {"key": there.key, "base_url": there.url})

    workspace = make.workspace()
    connection = ModelConnection.objects.get()
    assert response["location"] == PAGE
    assert queue == [{"workspace_id": workspace.pk}]
    assert connecting.credentials(workspace.pk) == (there.key, there.url)
    assert there.key not in connection.sealed_key
    assert "Testing" in text_of(client.get(PAGE))
    checking.check(workspace.pk)
    assert "It works" in text_of(client.get(PAGE))
    entry = AuditEntry.objects.get(action="model_connection.key_set")
    assert there.key not in str((entry.before, entry.after))


def test_a_key_that_does_not_work_says_why(client, ada, queue, there):
    client.post(f"{PAGE}key", {"key": KEY, "base_url": there.url})

    checking.check(make.workspace().pk)

    page = text_of(client.get(PAGE))
    assert "It does not work" in page
    assert "does not accept the key" in page
    assert KEY not in page
    assert "…cdef" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": ""}, "Enter a key."),
        ({"key": "two words"}, "A key is one line"),
        ({"base_url": "https://10.0.0.1"}, "private network"),
        ({"base_url": "http://example.com"}, "by https only"),
    ],
)
def test_what_is_no_key_or_address_is_refused(client, ada, queue, wrong, said):
    given = {"key": KEY, "base_url": "https://api.example.com"}

    response = client.post(f"{PAGE}key", given | wrong)

    assert response.status_code == 422
    assert said in text_of(response)
    assert not ModelConnection.objects.exists()


def test_a_key_is_never_sent_to_an_address_that_it_was_not_given_for(client, ada, queue, settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-of-the-installation"
    settings.ANTHROPIC_BASE_URL = "https://models.example.org"
    client.post(f"{PAGE}key", {"key": KEY, "base_url": "https://theirs.example.com"})
    workspace, other = make.workspace(), make.workspace("other")

    client.post(f"{PAGE}key/remove")

    installed = ("sk-ant-of-the-installation", "https://models.example.org")
    assert connecting.credentials(workspace.pk) == installed
    assert connecting.credentials(other.pk) == installed
    assert AuditEntry.objects.filter(action="model_connection.key_removed").count() == 1


def test_a_key_of_its_own_is_no_other_workspaces(client, ada, queue, settings):
    client.post(f"{PAGE}key", {"key": KEY, "base_url": "https://api.example.com"})

    assert connecting.is_connected(make.workspace())
    assert not connecting.is_connected(make.workspace("other"))


def test_rotating_seals_the_key_anew(client, ada, queue, settings):
    settings.CREDENTIAL_KEYS = ["the first key"]
    client.post(f"{PAGE}key", {"key": KEY, "base_url": "https://api.example.com"})
    settings.CREDENTIAL_KEYS = ["the second key", "the first key"]

    call_command("rotate_credentials")

    settings.CREDENTIAL_KEYS = ["the second key"]
    assert sealing.open_sealed(ModelConnection.objects.get().sealed_key) == KEY


def test_models_and_caps_are_chosen(client, ada):
    given = {"dream_model": "claude-haiku-5-5", "daily_cap": "2.50"}

    client.post(f"{PAGE}choices", given)

    connection = ModelConnection.objects.get()
    assert (connection.daily_cap, connection.monthly_cap) == (Decimal("2.50"), None)
    workspace = make.workspace()
    assert connecting.default_model(workspace, "dreams") == "claude-haiku-5-5"
    assert connecting.default_model(workspace, "grading") == "claude-sonnet-5-5"
    assert client.post(f"{PAGE}choices", {"daily_cap": "-1"}).status_code == 422
    refused = client.post(f"{PAGE}choices", {"dream_model": "two words"})
    assert "A model is named by its id" in text_of(refused)
    assert 'value="two words"' in text_of(refused)


def test_a_viewer_sees_and_changes_nothing(client, settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-of-the-installation"
    client.force_login(make.user("vera", role=Role.VIEWER))

    page = text_of(client.get(PAGE))

    assert "the installation’s" in page
    assert "sk-ant" not in page
    assert "<form" not in page.partition('<div class="settings-page">')[2].partition("</main>")[0]
    for part in ("key", "key/remove", "choices", "check"):
        assert client.post(f"{PAGE}{part}").status_code == 403


def test_nothing_yet_says_what_to_do(client, ada, settings):
    page = text_of(client.get(PAGE))

    assert "No model is connected" in page
    assert "Enter a key below" in page
    assert "Nothing has asked a model yet." in page


def test_spend_is_shown_by_day_purpose_model_and_job(client, ada):
    today = timezone.localdate()
    for days, cost in ((0, "0.5"), (3, "1.25"), (40, "9")):
        DaySpend.objects.create(
            workspace=make.workspace(),
            spent_on=today - timedelta(days=days),
            purpose="dreams.observe",
            model="claude-opus-5-5",
            requests=2,
            input_tokens=1_000,
            cost_usd=Decimal(cost),
        )
    bill(1)
    JobSpend.objects.create(workspace=make.workspace(), job_kind="evaluation", job_id="orun_1")
    JobSpend.objects.create(workspace=make.workspace(), job_kind="else", job_id="else_1")
    bill(2, of=make.workspace("other"))

    page = text_of(client.get(PAGE))

    assert "$1.75" in page
    assert "the dearest day took $1.25" in page
    assert page.count("<rect") == 2
    assert "drm_1" in page
    assert 'href="/w/default/dreams/drm_1/"' in page
    assert 'href="/w/default/outcomes/runs/orun_1/"' in page
    assert "else_1" in page
    assert "drm_2" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_database_the_same_whatever_there_is(
    client, ada, rows, django_assert_num_queries
):
    for number in range(rows):
        bill(number)
    client.get(PAGE)

    with django_assert_num_queries(12):
        client.get(PAGE)


def test_jobs_are_paged(client, ada):
    for number in range(21):
        bill(number)

    first = client.get(PAGE)

    older = first.context["page"].older
    assert len(first.context["jobs"]) == 20
    assert len(client.get(PAGE, {"cursor": older}).context["jobs"]) == 1
    damaged = client.get(PAGE, {"cursor": "x"})
    assert damaged.status_code == 400
    assert "No such page" in text_of(damaged)
