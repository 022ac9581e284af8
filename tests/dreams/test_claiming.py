"""Two workers that come for a dream at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.dreams.models import Dream
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_them_has_it():
    given = {"workspace": make.workspace(), "input_store_id": "s", "session_ids": ["a"]}
    dream = Dream.objects.create(**given, model="m", engine="e")
    together = Barrier(4)

    def claim(holder):
        connection.ensure_connection()
        together.wait()
        claimed = Dream.objects.claim(dream.pk, holder)
        connection.close()
        return claimed

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(claim, "abcd"))
    dream.refresh_from_db()

    assert [each.lease_holder for each in came if each is not None] == [dream.lease_holder]
    assert dream.attempts == 1
