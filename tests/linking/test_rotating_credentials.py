"""Putting a new key in front, sealing everything anew, dropping the old one."""

import pytest
from django.core.management import CommandError, call_command

from apps.core import sealing
from apps.linking.models import Link
from apps.sessions.models import Resource
from tests import make
from tests.linking.conftest import make_link
from tests.linking.standin import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_key(settings):
    settings.CREDENTIAL_KEYS = ["the first key"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "something else", []


def test_every_secret_opens_after_the_old_key_is_dropped(first_key, settings, capsys):
    link = make_link("https://api.example.com")
    token = Resource.objects.create(
        session=make.session(),
        type=Resource.Type.GITHUB_REPOSITORY,
        url="https://github.com/a/b",
        mount_path="/b",
        sealed_token=sealing.seal("token"),
    )
    settings.CREDENTIAL_KEYS = ["the second key", "the first key"]

    call_command("rotate_credentials")

    assert "2 credentials are sealed" in capsys.readouterr().out
    settings.CREDENTIAL_KEYS = ["the second key"]
    link.refresh_from_db()
    token.refresh_from_db()
    assert link.key == KEY
    assert sealing.open_sealed(token.sealed_token) == "token"


def test_what_no_key_opens_is_named_and_left(first_key, settings):
    lost = make_link("https://api.example.com")
    settings.CREDENTIAL_KEYS = ["another key"]
    kept = make_link("https://api.example.com")
    sealed = lost.sealed_key

    with pytest.raises(CommandError, match=f"linking.Link {lost.pk}: sealed_key"):
        call_command("rotate_credentials")

    assert Link.objects.get(pk=lost.pk).sealed_key == sealed
    assert Link.objects.get(pk=kept.pk).key == KEY
