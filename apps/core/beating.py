"""Saying, while somebody waits long for something, that they are alive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection


@contextmanager
def beating(beat: Callable[[], object], *, every: float) -> Iterator[None]:
    """Beat every so many seconds, the first time after that, until the block ends.

    With its process the beat ends, too: who holds a lease by it loses it.
    """
    is_done = Event()
    thread = Thread(target=_beat, args=(beat, every, is_done), daemon=True, name="beat")
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _beat(beat: Callable[[], object], every: float, is_done: Event) -> None:
    try:
        while not is_done.wait(every):
            beat()
    finally:
        connection.close()
