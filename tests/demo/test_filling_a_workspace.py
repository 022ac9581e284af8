"""`manage.py demo`, and again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Workspace
from apps.dreams import dreaming
from apps.dreams.models import Dream
from apps.reviews.models import Proposal
from apps.sessions.models import Event, Session


@pytest.mark.django_db
def test_the_second_time_adds_nothing():
    Workspace.objects.get_or_create(slug="default", defaults={"name": "Default"})
    first, second = StringIO(), StringIO()
    call_command("demo", stdout=first)
    sessions, events = Session.objects.count(), Event.objects.count()
    assert (sessions, events > 15_000) == (62, True)
    call_command("demo", stdout=second)
    assert (Session.objects.count(), Event.objects.count()) == (sessions, events)
    assert "0 sessions, 0 threads, 0 events added" in second.getvalue()


@pytest.mark.django_db
def test_a_workspace_that_does_not_exist_is_named():
    with pytest.raises(CommandError, match="no workspace called nowhere"):
        call_command("demo", workspace="nowhere")


@pytest.mark.django_db
def test_it_asks_for_a_dream_about_each_store():
    place, _ = Workspace.objects.get_or_create(slug="default", defaults={"name": "Default"})
    call_command("demo", stdout=StringIO())
    call_command("demo", stdout=StringIO())
    dreams = list(Dream.objects.filter(workspace=place))

    # Whoever asks does not wait for them.
    assert [dream.status for dream in dreams] == ["pending"] * 4
    assert min(len(dream.session_ids) for dream in dreams) >= 8
    for dream in dreams:
        dreaming.dream_here(dream.pk)
        dream.refresh_from_db()
    assert {dream.status for dream in dreams} == {"completed"}
    waiting = Proposal.objects.visible_in(place).waiting()
    assert waiting.count() >= 12
    assert waiting.values("store").distinct().count() == 4
