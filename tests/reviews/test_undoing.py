"""Taking decisions back."""

import pytest

from apps.memory.actions.memories import create_memory
from apps.memory.models import MemoryVersion
from apps.reviews import planning, recording
from apps.reviews.actions import deciding, undoing
from apps.reviews.models import Proposal
from tests import make
from tests.reviews import making

pytestmark = pytest.mark.django_db


def undo(made, **said):
    return undoing.undo(proposal_id=made.pk, by=make.actor(), **said)


def test_an_undone_acceptance_leaves_the_store_as_it_was():
    store = making.store(a="one\n", b="two\n")
    before = making.said(store)
    ids = [making.at(store, path).pk for path in before]
    made = making.proposal(
        store, making.merge([making.at(store, path) for path in before], "/c.md", "one\ntwo\n")
    )
    making.accept(made)

    done = undo(made)

    assert making.said(store) == before
    assert [making.at(store, path).pk for path in before] == ids
    assert done.proposal.status == "reverted"
    assert {each.reason for each in done.versions} == {f"Undid proposal {made.pk}: /c.md"}
    assert {each.written_by.decision for each in done.versions} == {done.decision}
    with pytest.raises(undoing.NothingToUndo):
        undo(made)


def test_what_was_undone_is_put_back_to_be_decided_otherwise():
    store = making.store(a="one\n", b="two\n")
    both = [making.at(store, path) for path in ("/a.md", "/b.md")]
    for draft in (
        making.create("/d.md", "three\n"),
        making.update(making.at(store, "/a.md"), "1\n"),
        making.merge(both, "/c.md", "one\ntwo\n"),
    ):
        made = making.proposal(store, draft)
        making.accept(made)
        undo(made)

        again = deciding.repropose(proposal_id=made.pk, by=make.actor())

        assert (again.kind, again.path, again.content) == (made.kind, draft.path, draft.content)
        with pytest.raises(recording.WaitsAgain):
            deciding.repropose(proposal_id=made.pk, by=make.actor())
        making.accept(again)
        undo(again)
    assert making.said(store) == {"/a.md": "one\n", "/b.md": "two\n"}


def test_what_was_built_on_it_is_shown_first():
    store = making.store(a="one\n\n\n\ntwo\n")
    made = making.proposal(store, making.update(making.at(store, "/a.md"), "1\n\n\n\ntwo\n"))
    making.accept(made)
    later = making.proposal(store, making.update(making.at(store, "/a.md"), "1\n\n\n\n2\n"))
    making.write(store, "/a.md", "1\n\n\n\ntwo\nthree\n")
    [reader] = making.read_by(1, store, "/a.md")

    with pytest.raises(undoing.LookFirst) as refused:
        undo(made)
    shown = undoing.preview_undo(proposal_id=made.pk, by=make.actor())

    assert refused.value.extra["proposal_ids"] == [later.pk]
    assert [each.content for each in shown.consequences.versions] == ["1\n\n\n\ntwo\nthree\n"]
    assert list(shown.consequences.sessions) == [reader]
    assert shown.consequences.session_count == 1
    undo(made, token=shown.token)
    assert making.said(store) == {"/a.md": "one\n\n\n\ntwo\nthree\n"}


def test_a_token_stands_for_what_was_shown():
    store = making.store(a="one\n")
    made = making.proposal(store, making.update(making.at(store, "/a.md"), "1\n"))
    making.accept(made)
    shown = undoing.preview_undo(proposal_id=made.pk, by=make.actor())
    making.write(store, "/a.md", "1\nmore\n")

    with pytest.raises(undoing.NoLongerSo):
        undo(made, token=shown.token)


def test_lines_that_were_written_anew_since_are_not_taken_back():
    store = making.store(a="one\n")
    made = making.proposal(store, making.update(making.at(store, "/a.md"), "1\n"))
    making.accept(made)
    making.write(store, "/a.md", "first\n")
    token = undoing.preview_undo(proposal_id=made.pk, by=make.actor()).token

    with pytest.raises(planning.OutOfDate):
        undo(made, token=token)

    assert making.said(store) == {"/a.md": "first\n"}


def test_what_was_made_and_written_in_since_does_not_go():
    store = making.store()
    made = making.proposal(store, making.create())
    making.accept(made)
    making.write(store, "/new.md", "somebody's own\n")
    token = undoing.preview_undo(proposal_id=made.pk, by=make.actor()).token

    with pytest.raises(planning.OutOfDate):
        undo(made, token=token)


def test_what_lies_where_it_was_is_in_the_way():
    store = making.store(a="one\n")
    made = making.proposal(store, making.retire(making.at(store, "/a.md")))
    making.accept(made)
    create_memory(store_id=store.pk, path="/a.md", content="other\n", by=make.actor())

    with pytest.raises(planning.OutOfDate, match="in the way"):
        undo(made)


def test_a_rejection_is_undone_by_putting_it_back():
    made = making.proposal(making.store(), making.create())
    making.reject(made)

    undo(made)

    made.refresh_from_db()
    assert made.is_waiting
    assert (made.decided_at, made.decided_by_name) == (None, "")


def test_it_is_not_put_back_beside_the_same_finding():
    store = making.store()
    first, second = making.heard("Refunds", key="a"), making.heard("Refunds", key="b")
    made = making.proposal(store, making.create(fingerprint="f", evidence=(first,)))
    making.reject(made)
    making.propose(store, making.create(fingerprint="f", evidence=(second,)))

    with pytest.raises(recording.WaitsAgain):
        undo(made)


def test_what_an_acceptance_withdrew_waits_again():
    store = making.store(a="one\n")
    retired, sibling = making.propose(
        store,
        making.retire(making.at(store, "/a.md")),
        making.update(making.at(store, "/a.md"), "two\n"),
    )
    making.accept(retired)

    done = undo(retired)

    assert list(done.reopened) == [sibling]
    assert Proposal.objects.get(pk=sibling.pk).is_waiting


def test_undoing_is_a_version_and_takes_nothing_out_of_the_history():
    store = making.store(a="one\n")
    made = making.proposal(store, making.update(making.at(store, "/a.md"), "1\n"))
    making.accept(made)

    undo(made)

    said = MemoryVersion.objects.of(store).in_order().values_list("content", flat=True)
    assert list(said) == ["one\n", "1\n", "one\n"]
