"""The store that a dream makes: a copy of its input, and then all that it proposes, at once."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.conf import settings
from django.db import transaction

from apps.accounts.acting import Actor
from apps.core.errors import DomainError
from apps.dreams.failing import Lost, TooManyStores
from apps.dreams.findings import Dropped
from apps.dreams.models import Dream
from apps.memory import writing
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore
from apps.memory.models.memory import MemoryQuerySet
from apps.memory.writing import Pen
from apps.reviews.drafting import Base, Draft, Kind

AT_ONCE = 200
"""Memories that are copied in one transaction."""
LONGEST_NAME = 255


class Changed(DomainError):
    """The memory was changed while the dream ran."""


@transaction.atomic
def make_output(dream: Dream, source: MemoryStore) -> None:
    """Make the empty store, once. Raises TooManyStores, Lost."""
    most = settings.DREAM_MOST_STORES
    if most and MemoryStore.objects.visible_in(dream.workspace).open().count() >= most:
        raise TooManyStores
    ending = f" (dream {dream.created_at:%Y-%m-%d})"
    given = NewStore(
        name=source.name[: LONGEST_NAME - len(ending)] + ending, description=source.description
    )
    made = stores.create_store(given=given, by=Actor.system(dream.workspace))
    dream.output_store_id = made.pk
    if not dream.keep(output_store_id=made.pk):
        raise Lost


def copy(dream: Dream, source: MemoryStore) -> None:
    """Bring over what is not there yet, a few at a time. Raises Lost."""
    rows = Memory.objects.live().filter(store=source).order_by("path")
    there = set(_output(dream).values_list("path", flat=True))
    missing = [each for each in rows.values_list("pk", "path") if each[1] not in there]
    for start in range(0, len(missing), AT_ONCE):
        batch = [pk for pk, _ in missing[start : start + AT_ONCE]]
        with _writing(dream, reason=f"Copied from {source.pk}") as pen:
            for each in rows.filter(pk__in=batch):
                pen.create(each.path, each.content)
        if not dream.keep():
            raise Lost


def apply(dream: Dream, drafts: Sequence[Draft]) -> list[Dropped]:
    """Write every draft into the output; those that do not fit it are told, and left out."""
    left_out = []
    paths = dict(Memory.objects.filter(store=dream.input_store_id).values_list("pk", "path"))
    for draft in drafts:
        there = dict(_output(dream).values_list("path", "pk"))
        mine = {base.memory_id: there.get(paths.get(base.memory_id, "")) for base in draft.bases}
        try:
            with _writing(dream, reason=draft.title or draft.kind) as pen:
                _write(pen, draft, mine)
        except DomainError as error:
            left_out.append(Dropped("propose", error.message, draft.path))
    return left_out


def _write(pen: Pen, draft: Draft, mine: dict[str, str | None]) -> None:
    """The draft, with the memories of the copy in the place of those it was drafted against."""
    own = [_unchanged(pen, mine[base.memory_id], base) for base in draft.bases]
    keeper = None if draft.kind == Kind.RETIRE else _keeper(draft, own)
    for each in own:
        if each is not keeper:
            pen.delete(each.pk)
    if keeper is not None:
        pen.update(keeper.pk, content=draft.content, path=draft.path)
    elif draft.content is not None:
        pen.create(draft.path, draft.content)
    for file in draft.also:
        pen.create(file.path, file.content)


def _unchanged(pen: Pen, memory_id: str | None, base: Base) -> Memory:
    """The memory of the copy. Raises Changed."""
    memory = pen.update(memory_id) if memory_id else None
    if memory is None or memory.content_sha256 != base.sha256:
        raise Changed
    return memory


def _keeper(draft: Draft, own: Sequence[Memory]) -> Memory | None:
    """The memory that lives on under the draft's path; the others go."""
    at_the_path = (each for each in own if each.path == draft.path)
    return next(at_the_path, own[0] if own else None)


def _output(dream: Dream) -> MemoryQuerySet:
    return Memory.objects.live().filter(store=dream.output_store_id)


def _writing(dream: Dream, *, reason: str) -> AbstractContextManager[Pen]:
    author = Author.session(dream.session_id, "dream")
    return writing.writing(dream.output_store_id, by=author, reason=reason[:500])
