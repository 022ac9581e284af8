"""Asking the vendor for a dream, once.

The contract has no key that makes a repeated request harmless, and dreams carry no metadata. So
what is the newest dream there is written down before asking. Whoever finds that it was asked, and
not what came of it, looks through the dreams that are newer: the one with the same inputs, model
and instructions that no other dream here follows is the one that was asked for.
"""

from collections.abc import Callable, Iterator

from django.utils import timezone

from apps.core import payloads
from apps.dreams.managed import pulling
from apps.dreams.managed.models import ManagedDream
from apps.dreams.models import Dream
from apps.linking.describing import own_id
from apps.linking.remote import Unreadable, Writable
from apps.sessions.formats.shapes import Json, text_of


def ask(dream: Dream, managed: ManagedDream, remote: Writable) -> None:
    """Have the vendor dream, and write down as what. Raises Lost, and what a Remote raises."""
    made = _asked_before(dream, managed, remote, dream.keep) if managed.asked_at else None
    if made is None:
        if not managed.asked_at:
            _note_newest(managed, remote)
        made = remote.create_dream(
            managed.mirror.vendor_id,
            dream.session_ids,
            model=dream.model,
            instructions=dream.instructions,
        )
    if not own_id(made):
        raise Unreadable("Its answer to a new dream names none.")
    _note(managed, made)


def look(managed: ManagedDream, remote: Writable) -> bool:
    """Of a dream that ended before the answer was known: whether it was made there after all."""
    made = _asked_before(managed.dream, managed, remote, lambda: True)
    if made is None:
        managed.note(asked_at=None)
        return False
    _note(managed, made)
    return True


def _note(managed: ManagedDream, made: Json) -> None:
    managed.note(
        vendor_dream_id=own_id(made),
        vendor_status=payloads.storable(text_of(made, "status"))[:16],
        vendor_session_id=payloads.storable(text_of(made, "session_id"))[:128],
    )


def _note_newest(managed: ManagedDream, remote: Writable) -> None:
    newest = next(iter(remote.dreams(limit=1).rows), {})
    told = {name: payloads.storable(text_of(newest, name)) for name in ("id", "created_at")}
    managed.note(asked_at=timezone.now(), newest_there=told if told["id"] else {})


def _asked_before(
    dream: Dream, managed: ManagedDream, remote: Writable, keep: Callable[[], bool]
) -> Json | None:
    """The one that was asked for, if the request arrived."""
    followed = set(
        ManagedDream.objects.filter(mirror__base_url=managed.mirror.base_url)
        .exclude(vendor_dream_id="")
        .values_list("vendor_dream_id", flat=True)
    )
    for each in _newer(managed, remote, keep):
        if own_id(each) not in followed and _is_the_same(each, dream, managed):
            return each
    return None


def _newer(managed: ManagedDream, remote: Writable, keep: Callable[[], bool]) -> Iterator[Json]:
    """Those that came after what was the newest, by their own clock."""
    last = managed.newest_there
    for each in pulling.rows(remote.dreams, keep):
        at = text_of(each, "created_at")
        if last and (own_id(each) == last["id"] or at < last["created_at"]):
            return
        yield each


def _is_the_same(each: Json, dream: Dream, managed: ManagedDream) -> bool:
    inputs = each.get("inputs")
    inputs = [row for row in inputs if isinstance(row, dict)] if isinstance(inputs, list) else []
    stores = [row.get("memory_store_id") for row in inputs if row.get("type") == "memory_store"]
    sessions = [row.get("session_ids") for row in inputs if row.get("type") == "sessions"]
    named = sorted(map(str, sessions[0])) if sessions and isinstance(sessions[0], list) else []
    model = each.get("model")
    told = model.get("id") if isinstance(model, dict) else model
    return (
        stores == [managed.mirror.vendor_id]
        and named == sorted(dream.session_ids)
        and (each.get("instructions") or "") == dream.instructions
        and told == dream.model
    )
