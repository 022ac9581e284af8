"""`manage.py dream --engine managed`, and a dream that another server like this one dreams."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.dreams import dreaming
from apps.dreams.managed.models import Mirror
from apps.dreams.models import Dream
from tests.dreams.managed.conftest import proposals

pytestmark = pytest.mark.django_db
WISH = "From now on, always write dates as 2026-11-23, never as 11/23/2026."


def dream(*options):
    said = StringIO()
    call_command("dream", "--engine", "managed", *options, stdout=said)
    return said.getvalue()


def test_a_store_is_named_and_the_sessions_of_its_workspace_are_taken(mirror, sessions, place):
    ids = sessions("One", "Two")

    said = dream("--store", "Team notes", "--all", "--model", "claude-opus-5-5")

    made = Dream.objects.get(workspace=place)
    assert said == f"{made.pk} dreams about Team notes.\n"
    assert (made.engine, made.model) == ("managed", "claude-opus-5-5")
    assert (made.session_ids, made.managed.mirror_id) == (sorted(ids), mirror.pk)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--store", "Nothing", "--all"), "No linked workspace is known to have a store"),
        (("--store", "Team notes", "--agent", "nobody"), "No session that was read from there"),
        (("--store", "Team notes", "--session", "sesn_no"), "no session that was read from"),
        (("--store", "Team notes", "--all", "--wait"), "it takes one to follow a managed dream"),
    ],
)
def test_what_cannot_be_is_said(mirror, sessions, options, said):
    sessions("One")

    with pytest.raises(CommandError, match=said):
        dream(*options)


def test_another_server_like_this_one_dreams_for_us(mirror, sessions, go_on, there, place):
    """Nothing is made up here: its own engine reads the sessions there, and writes the output."""
    sessions(WISH, WISH, WISH)
    dream("--store", there.store.pk, "--all", "--model", "agentsite-local")
    made = go_on(Dream.objects.get(workspace=place))

    dreaming.dream_here(made.managed.vendor_dream_id)
    made = go_on(made)

    assert made.status == "completed"
    [proposal] = proposals(made).values()
    assert (proposal.kind, "2026-11-23" in proposal.content) == ("create", True)
    assert WISH in {each.quote for each in proposal.evidence.all()}
    assert made.lease_expires_at is None
    assert made.ended_at > timezone.now() - timedelta(minutes=1)
    assert Mirror.objects.get().store_id == made.input_store_id
