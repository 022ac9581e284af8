"""Saying, while a dream waits for a model, that its worker is alive."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings

from apps.core import beating as core

BEATS_PER_LEASE = 3


def beating(beat: Callable[[], object]) -> AbstractContextManager[None]:
    """Beat well within each lease, until the block ends."""
    return core.beating(beat, every=settings.DREAM_LEASE_SECONDS / BEATS_PER_LEASE)
