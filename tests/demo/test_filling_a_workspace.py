"""`manage.py demo`, and again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Workspace
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
