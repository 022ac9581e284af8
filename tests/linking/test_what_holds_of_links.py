"""What may never be true of a link, and what no web process may load."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.linking.models import Link, LinkedSession

pytestmark = pytest.mark.django_db


def test_a_web_process_never_loads_the_vendors_client():
    code = (
        "import django, sys; django.setup();"
        " from django.urls import get_resolver; get_resolver().url_patterns;"
        " import agentsite.asgi, apps.linking.tasks;"
        " print(sorted(name for name in sys.modules if name.startswith('anthropic')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent.parent,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "agentsite.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"status": "running"}, "a_link_is_held_exactly_while_it_syncs"),
        ({"lease_expires_at": timezone.now()}, "a_link_is_held_exactly_while_it_syncs"),
        ({"every_minutes": 0}, "a_link_syncs_between_each_minute_and_each_week"),
        ({"sealed_key": ""}, "a_link_always_has_a_sealed_key"),
    ],
)
def test_what_may_never_be_true_of_a_link(link, wrong, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Link.objects.update(**wrong)


def test_a_session_is_known_once_and_described_while_it_waits(link):
    known = {
        "link": link,
        "public_id": "sesn_1",
        "created_at": timezone.now(),
        "changed_at": timezone.now(),
    }
    LinkedSession.objects.create(**known, listed={"id": "sesn_1"})

    with pytest.raises(IntegrityError, match="a_link_knows_a_session_once"), transaction.atomic():
        LinkedSession.objects.create(**known, listed={})
    with (
        pytest.raises(IntegrityError, match="a_session_to_be_read_is_described"),
        transaction.atomic(),
    ):
        LinkedSession.objects.update(listed=None)
