"""Saying, while somebody waits for a model, that they are alive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import connection

BEATS_PER_LEASE = 3


@contextmanager
def beating(beat: Callable[[], object]) -> Iterator[None]:
    """Beat, well within each lease, until the block ends: with its worker the beat ends, too."""
    is_done = Event()
    thread = Thread(target=_beat, args=(beat, is_done), daemon=True, name="dream-beat")
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _beat(beat: Callable[[], object], is_done: Event) -> None:
    try:
        while not is_done.wait(settings.DREAM_LEASE_SECONDS / BEATS_PER_LEASE):
            beat()
    finally:
        connection.close()
