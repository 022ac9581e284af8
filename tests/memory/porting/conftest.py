"""A store, files to bring into it, and what it holds."""

import io
import zipfile

import pytest

from apps.memory import writing
from apps.memory.actions import importing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore
from apps.memory.porting import opening
from apps.memory.porting.planning import Options
from tests import make


@pytest.fixture
def store():
    return MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")


def write(store, path, content="text"):
    with writing.writing(store.pk, by=Author()) as pen:
        return pen.create(path, content)


def held(store):
    """What the store says, by path."""
    live = Memory.objects.live().filter(store=store)
    return {path: content.encode() for path, content in live.values_list("path", "content")}


def zip_of(files, *, comment=b"", method=zipfile.ZIP_DEFLATED):
    """A zip of these names and bytes, open for reading."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.comment = comment
        for name, data in files:
            archive.writestr(name, data)
    packed.seek(0)
    return packed


def bundle_of(files, **how):
    return opening.from_upload([("notes.zip", zip_of(files, **how))])


def planned(store, files, prefix="/", *, deletes=False, **how):
    return importing.plan_import(
        store_id=store.pk,
        bundle=bundle_of(files, **how),
        options=Options.checked(prefix, deletes=deletes),
        by=make.actor(),
    )


def imported(store, files, prefix="/", *, deletes=False, expecting="", **how):
    return importing.import_memories(
        store_id=store.pk,
        bundle=bundle_of(files, **how),
        options=Options.checked(prefix, deletes=deletes),
        expected_plan=expecting,
        by=make.actor(),
    )


def steps(plan):
    return [(step.kind.value, step.path) for step in plan.steps]


def refusals(plan):
    return {step.path: step.remark for step in plan.of("refused")}
