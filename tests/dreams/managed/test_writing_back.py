"""What is written into the copy is written into the store there: once, in order, never over."""

import pytest
from django.db import transaction
from django.utils import timezone

from apps.dreams.managed import actions, mirroring, pushing, reproposing
from apps.dreams.managed.models import Mirror, WriteBack
from apps.linking.models import Link
from apps.memory.actions import stores
from apps.memory.actions.versions import redact_version
from apps.memory.models import Memory, MemoryVersion
from apps.reviews.actions.handing_in import create_proposal
from apps.reviews.drafting import Base, Draft, Kind
from tests import make
from tests.dreams.managed.conftest import Killed, accept, edit, here, me, move

pytestmark = pytest.mark.django_db
STATUS = WriteBack.Status


def statuses():
    return list(WriteBack.objects.order_by("sequence").values_list("path", "status"))


def test_every_edit_is_written_there_in_its_order(synced, serve, there):
    edit(synced, "/new.md", "One.\n")
    edit(synced, "/new.md", "Two.\n")
    move(synced, "/style.md", "/voice.md")
    edit(synced, "/style.md", "In its place.\n")
    edit(synced, "/refunds.md", None)

    serve()

    assert there.said() == here(synced)
    assert {status for _, status in statuses()} == {"done"}
    assert serve().waits_for == ""
    versions = MemoryVersion.objects.filter(store=there.store)
    assert versions.filter(path="/new.md").count() == 2


def test_what_comes_from_there_is_not_sent_back(synced, serve, there, place):
    there.write("/refunds.md", "Theirs.\n")
    actions.read_again(mirror_id=synced.pk, by=me(place))

    serve()

    assert here(synced)["/refunds.md"] == "Theirs.\n"
    assert not WriteBack.objects.exists()
    assert not Mirror.objects.due().exists()


def test_an_edit_that_is_undone_by_its_transaction_is_never_sent(synced, serve, there):
    with transaction.atomic():
        edit(synced, "/new.md", "Never.\n")
        transaction.set_rollback(True)

    serve()

    assert not WriteBack.objects.exists()
    assert "/new.md" not in there.said()


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("POST", lambda mirror: edit(mirror, "/new.md", "New.\n")),
        ("POST", lambda mirror: edit(mirror, "/style.md", "Shorter.\n")),
        ("POST", lambda mirror: move(mirror, "/style.md", "/voice.md")),
        ("DELETE", lambda mirror: edit(mirror, "/style.md", None)),
    ],
    ids=["create", "update", "move", "delete"],
)
def test_a_worker_that_is_killed_before_it_noted_the_answer_writes_once(
    synced, serve, there, method, change
):
    change(synced)
    there.http.faults.append((method, "/memories", Killed, True))
    with pytest.raises(Killed):
        serve()
    count = MemoryVersion.objects.filter(store=there.store).count()

    serve()

    assert [status for _, status in statuses()] == ["done"]
    assert there.said() == here(synced)
    assert MemoryVersion.objects.filter(store=there.store).count() == count


def test_what_changed_there_is_not_written_over(synced, serve, there):
    edit(synced, "/refunds.md", "Ours.\n")
    edit(synced, "/style.md", "Ours, too.\n")
    there.write("/refunds.md", "Theirs.\n")

    serve()

    assert there.said() == {"/refunds.md": "Theirs.\n", "/style.md": "Ours, too.\n"}
    assert statuses() == [("/refunds.md", "conflict"), ("/style.md", "done")]
    assert WriteBack.objects.get(path="/refunds.md").error == pushing.CHANGED
    edit(synced, "/refunds.md", "Ours again.\n")
    serve()
    assert there.said()["/refunds.md"] == "Theirs.\n"


@pytest.mark.parametrize(
    ("change", "meanwhile", "error"),
    [
        (lambda m: edit(m, "/style.md", "Ours.\n"), lambda t: t.delete("/style.md"), "DELETED"),
        (lambda m: edit(m, "/style.md", None), lambda t: t.write("/style.md", "X"), "CHANGED"),
        (lambda m: edit(m, "/new.md", "Ours.\n"), lambda t: t.write("/new.md", "X"), "TAKEN"),
        (lambda m: move(m, "/style.md", "/a.md"), lambda t: t.write("/a.md", "X"), "TAKEN"),
    ],
    ids=["deleted there", "changed there", "made there", "in the way"],
)
def test_every_other_way_to_clash_is_a_conflict_too(synced, serve, there, change, meanwhile, error):
    change(synced)
    meanwhile(there)
    was = there.said()

    serve()

    assert [each.status for each in WriteBack.objects.all()] == ["conflict"]
    assert WriteBack.objects.get().error == getattr(pushing, error)
    assert there.said() == was


def test_a_conflict_is_read_again_and_proposed_again(synced, serve, there, place):
    """With what both sides changed: nothing of either is lost on the way."""
    proposal = propose(
        synced, place, "/refunds.md", "# Refunds\nRefunds take 3 days.\nAsk first.\n"
    )
    accept(proposal, place)
    there.write("/refunds.md", "# All refunds\nRefunds take 3 days.\n")
    serve()
    conflict = WriteBack.objects.get()
    assert (conflict.status, conflict.proposal_id) == ("conflict", proposal.pk)
    with pytest.raises(reproposing.ReadFirst):
        actions.propose_again(write_back_id=conflict.pk, by=me(place))
    assert WriteBack.objects.get().status == "conflict"
    actions.read_again(mirror_id=synced.pk, by=me(place))
    serve()
    assert here(synced)["/refunds.md"] == "# All refunds\nRefunds take 3 days.\n"

    again = actions.propose_again(write_back_id=conflict.pk, by=me(place))

    assert again.content == "# All refunds\nRefunds take 3 days.\nAsk first.\n"
    assert again.changeset.author_id == proposal.changeset.author_id
    conflict.refresh_from_db()
    assert (conflict.status, conflict.again_id) == ("reproposed", again.pk)
    with pytest.raises(actions.NotSo):
        actions.propose_again(write_back_id=conflict.pk, by=me(place))
    accept(again, place)
    serve()
    assert there.said()["/refunds.md"] == again.content


def test_reading_again_leaves_alone_what_waits_to_be_written(synced, serve, there, place):
    """It is written first, and is a conflict then; only that is read over."""
    edit(synced, "/refunds.md", "Ours.\n")
    there.write("/refunds.md", "Theirs.\n")
    there.http.faults.append(("POST", "/memories", 503, False))
    actions.read_again(mirror_id=synced.pk, by=me(place))
    serve()
    assert here(synced)["/refunds.md"] == "Ours.\n"
    assert statuses() == [("/refunds.md", "waiting")]

    serve()

    assert here(synced)["/refunds.md"] == "Theirs.\n"
    assert statuses() == [("/refunds.md", "conflict")]
    said = MemoryVersion.objects.filter(store=synced.store_id, content="Ours.\n")
    assert said.count() == 1


def test_what_is_refused_can_be_tried_again(synced, serve, there, place):
    edit(synced, "/style.md", "Ours.\n")
    there.http.faults.append(("POST", "/memories", 400, False))
    serve()
    refused = WriteBack.objects.get()
    assert (refused.status, refused.error) == ("failed", "It answered 400: status 400.")

    actions.retry(write_back_id=refused.pk, by=me(place))
    serve()

    assert statuses() == [("/style.md", "done")]
    with pytest.raises(actions.NotSo):
        actions.retry(write_back_id=refused.pk, by=me(place))
    with pytest.raises(actions.NotSo):
        actions.dismiss(write_back_id=refused.pk, by=me(place))


@pytest.mark.parametrize("what", ["paused", "unlinked", "away"])
def test_it_waits_as_long_as_nobody_can_be_reached(synced, serve, there, link, what):
    edit(synced, "/style.md", "Ours.\n")
    if what == "away":
        there.http.faults.append(("POST", "/memories", 503, False))
    else:
        Link.objects.update(is_paused=True)
    if what == "unlinked":
        Link.objects.get().delete()

    mirror = serve()

    assert statuses() == [("/style.md", "waiting")]
    assert mirror.waits_for
    assert mirror.due_at > timezone.now()
    assert there.said()["/style.md"] == "Write short.\n"


def test_linked_again_it_goes_on_and_another_server_gets_nothing(synced, serve, there, link):
    edit(synced, "/style.md", "Ours.\n")
    fields = {"workspace": link.workspace, "sealed_key": link.sealed_key, "key_hint": "…"}
    Link.objects.get().delete()
    serve()

    other = Link.objects.create(name="Other", base_url="http://127.0.0.1", **fields)
    mirroring.list_stores(other.pk, there.connect)
    assert Mirror.objects.get(pk=synced.pk).link is None
    again = Link.objects.create(name="Again", base_url="http://localhost", **fields)
    mirroring.list_stores(again.pk, there.connect)

    serve()

    assert there.said()["/style.md"] == "Ours.\n"


def test_what_was_redacted_before_it_was_sent_is_not_sent(synced, serve, there):
    edit(synced, "/style.md", "Secret.\n")
    edit(synced, "/style.md", "No secret.\n")
    pushing.note(Mirror.objects.claim(synced.pk))
    version = MemoryVersion.objects.get(store=synced.store_id, content="Secret.\n")
    redact_version(store_id=synced.store_id, version_id=version.pk, by=me(synced.workspace))

    serve()

    assert "Secret.\n" not in there.said().values()
    assert statuses()[0] == ("/style.md", "failed")


def test_swapped_deleted_and_new_ones_are_read_as_they_are_there(synced, serve, there, place):
    there.move("/refunds.md", "/x.md")
    there.move("/style.md", "/refunds.md")
    there.move("/x.md", "/style.md")
    there.write("/a/b.md", "Deep.\n")
    actions.read_again(mirror_id=synced.pk, by=me(place))
    serve()
    assert here(synced) == there.said()

    there.delete("/style.md")
    for number in range(25):
        there.write(f"/many/{number}.md", f"{number}\n")
    actions.read_again(mirror_id=synced.pk, by=me(place))
    mirror = serve()

    assert here(synced) == there.said()
    assert mirror.troubles == []


def test_a_copy_that_somebody_deleted_is_made_again(synced, serve, there, place):
    stores.delete_store(store_id=synced.store_id, by=me(place))
    actions.read_again(mirror_id=synced.pk, by=me(place))

    assert here(serve()) == there.said()
    assert not WriteBack.objects.exists()


def propose(mirror, place, path, content):
    memory = Memory.objects.live().get(store=mirror.store_id, path=path)
    base = Base(memory.pk, memory.content_sha256)
    draft = Draft(Kind.UPDATE, path, content, "Because.", bases=(base,), title="Ask first")
    somebody = make.actor(make.user("nils", of=place), of=place)
    return create_proposal(store_id=mirror.store_id, draft=draft, by=somebody)
