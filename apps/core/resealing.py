"""Sealing every secret anew, so that an old key can be dropped.

A secret stands in a column whose name begins with `sealed_`, in whichever model; that is how it is
found here, and a new one needs no list to be put on.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db.models import Field, Model

from apps.core import sealing

PREFIX = "sealed_"


class Resealed(NamedTuple):
    """How many secrets are sealed with the newest key now, and which none of the keys opens."""

    done: int
    lost: list[str]


def reseal_all() -> Resealed:
    """Seal every secret with the newest key. Running it twice does no harm."""
    done, lost = 0, []
    for model, column in _columns():
        rows = model._default_manager.exclude(**{column: ""})  # noqa: SLF001 -- Django's name for it
        for pk, sealed in rows.values_list("pk", column).iterator():
            try:
                anew = sealing.renewed(sealed)
            except sealing.CannotBeOpened:
                lost.append(f"{model._meta.label} {pk}: {column}")  # noqa: SLF001 -- as above
                continue
            # One that was replaced meanwhile is sealed with the newest key already.
            rows.filter(pk=pk, **{column: sealed}).update(**{column: anew})
            done += 1
    return Resealed(done, lost)


def _columns() -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models():
        for each in model._meta.get_fields():  # noqa: SLF001 -- Django's own name for it
            if isinstance(each, Field) and each.name.startswith(PREFIX):
                yield model, each.name
