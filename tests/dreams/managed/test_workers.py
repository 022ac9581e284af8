"""Who has what in their hands, and what the sweep finds for them to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.queue import app
from apps.dreams.actions import dreams as actions
from apps.dreams.failing import Lost
from apps.dreams.managed import pushing, tasks
from apps.dreams.managed.models import ManagedDream, Mirror, WriteBack
from apps.dreams.managed.reaching import Hurried
from apps.linking.models import Link
from tests.dreams.managed.conftest import Killed, edit, me

pytestmark = pytest.mark.django_db


def test_a_mirror_is_in_one_workers_hands_until_its_lease_is_over(synced, there):
    edit(synced, "/style.md", "Ours.\n")
    first = Mirror.objects.claim(synced.pk)
    assert Mirror.objects.claim(synced.pk) is None
    assert not Mirror.objects.due().exists()
    Mirror.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert Mirror.objects.due().exists()
    second = Mirror.objects.claim(synced.pk)

    with pytest.raises(Lost):
        pushing.push(first, there.connect("http://localhost", there.secret))

    assert not WriteBack.objects.exists()
    assert there.said()["/style.md"] == "Write short.\n"
    assert second.let_go()
    assert not first.let_go()


def test_requests_count_to_the_budget_of_the_link(start, sessions, go_on, there, settings):
    dream = start(sessions("One"))
    there.http.asked.clear()
    Link.objects.update(spent=[])
    settings.LINK_REQUESTS_PER_MINUTE = 1
    go_on(dream)
    made = len(there.http.asked)

    go_on(dream)

    minute, counted = Link.objects.values_list("spent", flat=True).get()
    assert made == len(there.http.asked) == counted > 1
    assert ManagedDream.objects.get().waits_for == Hurried().message
    Link.objects.update(spent=[minute - 1, counted])
    go_on(dream)
    assert len(there.http.asked) > made


def test_the_sweep_finds_what_is_to_be_written_told_and_listed(
    synced, start, sessions, go_on, place, monkeypatch, django_capture_on_commit_callbacks
):
    dream = go_on(start(sessions("One")))
    sent = []
    monkeypatch.setattr(
        app.Task,
        "apply_async",
        lambda self, kwargs=None, **_: sent.append((self.name.rpartition(".")[2], kwargs)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_managed()
    assert sent == []

    actions.cancel_dream(dream_id=dream.pk, by=me(place))
    edit(synced, "/style.md", "Ours.\n")
    type(synced.link.store_list).objects.update(due_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_managed()

    assert sent == [
        ("serve_mirror", {"mirror_id": synced.pk}),
        ("settle_dream", {"dream_id": dream.pk}),
        ("list_stores", {"link_id": synced.link_id}),
    ]


@pytest.mark.parametrize("is_answered", [True, False], ids=["made", "not made"])
def test_one_that_was_stopped_before_its_answer_was_known_is_stopped_there(
    start, sessions, go_on, there, place, settle, is_answered
):
    there.http.faults.append(("POST", "/v1/dreams", Killed, is_answered))
    dream = start(sessions("One"))
    with pytest.raises(Killed):
        go_on(dream)
    actions.cancel_dream(dream_id=dream.pk, by=me(place))
    assert ManagedDream.objects.unsettled().exists()

    settle(dream)

    assert [each.status for each in there.dreams()] == ["canceled"] * is_answered
    assert not ManagedDream.objects.unsettled().exists()
