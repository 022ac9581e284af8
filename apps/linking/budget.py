"""How many requests a minute a linked workspace is sent, whoever here sends them."""

import time

from django.conf import settings
from django.db import transaction

from apps.linking.models import Link


def wait(link: Link) -> float:
    """Seconds until this minute's requests are made up for; 0 while there is room."""
    minute, into = divmod(time.time(), 60)
    spent = _spent(Link.objects.filter(pk=link.pk).values_list("spent", flat=True).first(), minute)
    return 60 - into if spent >= settings.LINK_REQUESTS_PER_MINUTE else 0.0


@transaction.atomic
def count(link: Link) -> None:
    """One more request to it."""
    minute = time.time() // 60
    row = Link.objects.select_for_update().filter(pk=link.pk)
    before = _spent(row.values_list("spent", flat=True).first(), minute)
    row.update(spent=[int(minute), before + 1])


def _spent(told: list[int] | None, minute: float) -> int:
    this_minute, spent = told or (0, 0)
    return spent if this_minute == int(minute) else 0
