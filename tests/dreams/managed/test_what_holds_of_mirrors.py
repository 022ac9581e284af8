"""What the database refuses, whom nothing is shown, and who may not."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.rights import Role
from apps.dreams import starting as dreams
from apps.dreams.managed import actions, finding, mirroring, starting
from apps.dreams.managed.models import ManagedDream, Mirror, MirroredMemory, WriteBack
from apps.dreams.managed.starting import ManagedPlan
from apps.linking.models import LinkedSession
from tests import make
from tests.dreams.managed.conftest import edit, me

pytestmark = pytest.mark.django_db


def refused(name, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


def test_a_store_and_a_memory_are_mirrored_once(synced, link):
    same = {"workspace": synced.workspace, "base_url": link.base_url, "name": "x"}
    refused(
        "a_store_there_is_mirrored_once",
        lambda: Mirror.objects.create(vendor_id=synced.vendor_id, **same),
    )
    refused(
        "a_store_mirrors_one_other",
        lambda: Mirror.objects.create(vendor_id="other", store_id=synced.store_id, **same),
    )
    row = synced.memories.first()
    of = {"mirror": synced, "path": "/x.md", "sha256": "0"}
    refused(
        "a_memory_there_is_mirrored_once",
        lambda: MirroredMemory.objects.create(memory_id="m", vendor_id=row.vendor_id, **of),
    )
    refused(
        "a_memory_mirrors_one_other",
        lambda: MirroredMemory.objects.create(memory_id=row.memory_id, vendor_id="v", **of),
    )


def test_a_write_back_that_ended_says_when_and_why(synced, serve):
    edit(synced, "/style.md", "Ours.\n")
    serve()
    rows = WriteBack.objects.all()
    refused("a_write_back_that_has_ended_says_when", lambda: rows.update(ended_at=None))
    refused(
        "a_write_back_that_did_not_go_through_says_why",
        lambda: rows.update(status="conflict", error=""),
    )


def test_a_dream_there_is_followed_once_and_was_asked_for(start, sessions, mirror):
    first = start(sessions("One"))
    ManagedDream.objects.update(vendor_dream_id="drm_1", asked_at=timezone.now())
    type(first).objects.update(status="canceled", ended_at=timezone.now())
    second = start(sessions("Two"))
    rows = ManagedDream.objects.filter(pk=second.pk)
    refused("a_dream_there_was_asked_for", lambda: rows.update(vendor_dream_id="drm_2"))
    refused(
        "a_dream_there_is_followed_once",
        lambda: rows.update(vendor_dream_id="drm_1", asked_at=timezone.now()),
    )


def test_a_store_is_dreamed_about_by_one_at_a_time(start, sessions):
    start(sessions("One"))

    with pytest.raises(dreams.StoreHeld):
        start(sessions("Two"))


def test_what_cannot_be_dreamed_there_is_refused(start, sessions, mirror, place):
    ids = sessions("One")
    own = make.session(make.event(key="own"), key="own", of=place).public_id
    with pytest.raises(starting.NotOfThisLink):
        start([*ids, own])
    with pytest.raises(starting.TooMany):
        start([])
    with pytest.raises(starting.NoModel):
        start(ids, model=" ")
    LinkedSession.objects.update(is_gone=True)
    with pytest.raises(starting.NotOfThisLink):
        start(ids)
    Mirror.objects.update(is_gone=True)
    with pytest.raises(starting.NotThere):
        start(ids)


def test_a_store_that_is_gone_there_is_offered_no_more(mirror, link, there):
    type(there.store).objects.filter(pk=there.store.pk).update(archived_at=timezone.now())

    mirroring.list_stores(link.pk, there.connect)

    assert not Mirror.objects.offered().exists()
    there.http.faults.append(("GET", "/memory_stores", 401, False))
    mirroring.list_stores(link.pk, there.connect)
    assert "refused this key" in link.store_list.error
    assert link.pk not in mirroring.lists_due()


def test_nothing_of_it_is_there_for_the_neighbour(synced, serve, sessions, link):
    edit(synced, "/style.md", "Ours.\n")
    serve()
    each = WriteBack.objects.get()
    theirs = make.actor(of=make.workspace("next-door"))
    plan = ManagedPlan(mirror_id=synced.pk, session_ids=sessions("One"), model="m")

    for ask in (
        lambda: actions.create_dream(plan, by=theirs),
        lambda: actions.read_again(mirror_id=synced.pk, by=theirs),
    ):
        with pytest.raises(finding.NoSuchMirror):
            ask()
    for act in (actions.retry, actions.dismiss, actions.propose_again):
        with pytest.raises(finding.NoSuchWriteBack):
            act(write_back_id=each.pk, by=theirs)
    with pytest.raises(finding.NoSuchLink):
        actions.list_stores(link_id=link.pk, by=theirs)
    with pytest.raises(finding.NoSuchMirror):
        finding.mirror_in(theirs.workspace, synced.store_id)
    assert not WriteBack.objects.visible_in(theirs.workspace).exists()
    assert not Mirror.objects.visible_in(theirs.workspace).exists()


def test_a_viewer_changes_nothing_and_a_reviewer_settles_conflicts(synced, serve, there, place):
    edit(synced, "/style.md", "Ours.\n")
    there.write("/style.md", "Theirs.\n")
    serve()
    each = WriteBack.objects.get()
    viewer, reviewer = (Actor(place, role.rights) for role in (Role.VIEWER, Role.REVIEWER))

    for act in (actions.retry, actions.dismiss, actions.propose_again):
        with pytest.raises(NotAllowed):
            act(write_back_id=each.pk, by=viewer)
    with pytest.raises(NotAllowed):
        actions.read_again(mirror_id=synced.pk, by=reviewer)
    with pytest.raises(NotAllowed):
        actions.retry(write_back_id=each.pk, by=reviewer)
    actions.dismiss(write_back_id=each.pk, by=reviewer)
    assert WriteBack.objects.get().status == "dismissed"
    assert me(place).may("write")
