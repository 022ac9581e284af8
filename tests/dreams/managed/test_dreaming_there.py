"""The vendor dreams about its own store; what it makes of it waits here, edit by edit."""

from contextlib import suppress

import httpx2
import pytest

from apps.dreams.actions import dreams as actions
from apps.dreams.managed.models import ManagedDream, WriteBack
from apps.dreams.models import Dream
from apps.memory.models import MemoryVersion
from apps.reviews.actions.undoing import undo
from apps.reviews.models import Proposal
from tests.dreams.managed.conftest import Killed, accept, edit, here, me, proposals

pytestmark = pytest.mark.django_db
SAID = "Please remember that refunds over 500 euros always need a second signature."


@pytest.fixture
def followed(start, sessions, go_on):
    """A dream that was asked for there, and is dreamt."""
    return go_on(start(sessions(SAID, "Hello there"), instructions="Look for rules."))


def test_the_store_is_copied_and_the_dream_is_asked_for_there(followed, there, mirror):
    mirror.refresh_from_db()
    managed = followed.managed
    [asked] = there.dreams()

    assert here(mirror) == there.said()
    assert followed.status == "running"
    assert followed.input_store_id == mirror.store_id
    assert managed.vendor_dream_id == asked.pk
    assert (asked.input_store_id, asked.output_behavior) == (there.store.pk, "create_new")
    assert asked.session_ids == followed.session_ids
    assert (asked.model, asked.instructions) == ("claude-sonnet-4-5", "Look for rules.")
    assert not Proposal.objects.exists()


def test_each_difference_is_a_proposal(followed, go_on, there, mirror, place):
    there.comes_to(
        refunds="# Refunds\nRefunds take 3 days.\nRefunds over 500 euros need a second signature.",
        style=None,
        voice="Write short.\n",
        tone="# Tone\nNobody ever said anything like this before today.\n",
    )

    dream = go_on(followed)

    found = proposals(dream)
    assert dream.status == "completed"
    assert {path: each.kind for path, each in found.items()} == {
        "/refunds.md": "update",
        "/voice.md": "rename",
        "/tone.md": "create",
    }
    borne, unborne = found["/refunds.md"], found["/tone.md"]
    assert [each.quote for each in borne.evidence.all()] == [SAID]
    assert "see the quotes" in borne.rationale
    assert not unborne.evidence.exists()
    assert "No evidence from the vendor" in unborne.rationale
    assert unborne.confidence == "low"
    assert (dream.input_tokens, dream.output_tokens) == (1200, 34)
    assert dream.inputs.filter(status="read").count() == 2
    assert here(mirror := ManagedDream.objects.get().mirror) == there.said()
    assert not WriteBack.objects.filter(mirror=mirror).exists()


def test_what_is_accepted_is_written_there_and_what_is_undone_too(
    followed, go_on, there, place, serve
):
    there.comes_to(refunds="# Refunds\nRefunds take 4 days.\n", style=None, new="New.\n")
    was = there.said()
    found = proposals(go_on(followed))
    assert found["/style.md"].kind == "retire"

    for each in found.values():
        accept(each, place)
    assert there.said() == was
    serve()
    assert there.said() == {"/new.md": "New.\n", "/refunds.md": "# Refunds\nRefunds take 4 days.\n"}
    assert set(WriteBack.objects.values_list("status", "proposal_id")) == {
        ("done", each.pk) for each in found.values()
    }

    for each in found.values():
        undo(proposal_id=each.pk, by=me(place))
    serve()
    assert there.said() == was
    assert set(WriteBack.objects.values_list("status", flat=True)) == {"done"}


def test_nothing_to_change_is_a_success(followed, go_on, there):
    there.comes_to()

    dream = go_on(followed)

    assert (dream.status, dream.changeset_id, dream.funnel["proposals"]) == ("completed", "", 0)


@pytest.mark.parametrize("is_answered", [True, False], ids=["answered", "sent"])
@pytest.mark.parametrize("what", [Killed, httpx2.ReadError], ids=["killed", "cut off"])
def test_a_dream_is_made_there_once(start, sessions, go_on, there, is_answered, what):
    """Whether the request arrived is not known then; a look at the dreams there tells."""
    there.http.faults.append(("POST", "/v1/dreams", what, is_answered))
    dream = start(sessions(SAID))
    with suppress(Killed):
        go_on(dream)
    assert ManagedDream.objects.get().vendor_dream_id == ""

    dream = go_on(dream)

    assert len(there.dreams()) == 1
    assert dream.managed.vendor_dream_id == there.dreams()[0].pk
    assert there.http.count("POST", "/v1/dreams") == 1


def test_an_equal_dream_that_was_there_before_is_another_one(start, sessions, go_on, there):
    ids = sessions(SAID)
    api = there.connect("http://localhost", there.secret)
    older = api.create_dream(there.store.pk, ids, model="claude-sonnet-4-5", instructions="")
    there.http.faults.append(("POST", "/v1/dreams", Killed, True))
    dream = start(ids)
    with pytest.raises(Killed):
        go_on(dream)

    dream = go_on(dream)

    assert len(there.dreams()) == 2
    assert dream.managed.vendor_dream_id not in {"", older["id"]}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/memories"), ("GET", "/v1/dreams"), ("GET", "/v1/dreams/drm")]
)
def test_killed_anywhere_it_goes_on_and_proposes_once(start, sessions, go_on, there, method, path):
    dream = start(sessions(SAID))
    for answered in (False, True):
        there.http.faults.append((method, path, Killed, answered))
        with pytest.raises(Killed):
            go_on(dream)
    go_on(dream)
    there.comes_to(refunds="# Refunds\nRefunds take 4 days.\n")
    output = there.dreams()[0].output_store_id
    there.http.faults.append(("GET", f"{output}/memories", Killed, True))
    with pytest.raises(Killed):
        go_on(dream)

    dream = go_on(dream)

    assert dream.status == "completed"
    assert len(there.dreams()) == 1
    assert list(proposals(dream)) == ["/refunds.md"]


def test_it_waits_as_long_as_it_is_asked_to(followed, go_on, there):
    there.http.faults.append(("GET", "/v1/dreams/", 429, False))

    dream = go_on(followed)

    waits = dream.lease_expires_at - dream.managed.looked_at
    assert (dream.status, dream.attempts) == ("running", 0)
    assert 6 < waits.total_seconds() < 60
    assert dream.managed.waits_for == "The other side asked us to wait."
    there.comes_to()
    assert go_on(dream).status == "completed"


def test_how_it_fails_there_is_how_it_fails_here(followed, go_on, there, mirror):
    Dream.objects.filter(pk=there.dreams()[0].pk).update(
        status="failed",
        ended_at=followed.created_at,
        error_type="input_memory_store_too_large",
        error_message="Too large.",
    )

    dream = go_on(followed)

    assert (dream.status, dream.error_type) == ("failed", "input_memory_store_too_large")
    assert dream.error_message == "The vendor’s dream failed: Too large."


def test_what_is_canceled_there_is_canceled_here(followed, go_on, there):
    actions.cancel_dream(dream_id=there.dreams()[0].pk, by=there.by)

    assert go_on(followed).status == "canceled"


def test_what_is_stopped_and_archived_here_is_so_there(followed, there, settle, place):
    actions.cancel_dream(dream_id=followed.pk, by=me(place))
    there.http.faults.append(("POST", "/cancel", 500, False))
    assert settle(followed).waits_for
    assert settle(followed).vendor_status == "canceled"
    assert there.dreams()[0].status == "canceled"

    actions.archive_dream(dream_id=followed.pk, by=me(place))
    assert settle(followed).is_archived_there
    assert there.dreams()[0].archived_at is not None
    asked = len(there.http.asked)
    settle(followed)
    assert len(there.http.asked) == asked


def test_a_refused_key_ends_it_before_it_is_asked_for_and_makes_it_wait_after(
    start, sessions, go_on, there
):
    there.http.faults.append(("GET", "/memories", 401, False))
    dream = go_on(start(sessions(SAID)))
    assert (dream.status, dream.error_type) == ("failed", "linked_workspace_refused")
    assert "refused this key" in dream.error_message

    later = go_on(start(sessions(SAID)))
    there.http.faults.append(("GET", "/v1/dreams/", 401, False))
    later = go_on(later)
    assert later.status == "running"
    assert "refused this key" in later.managed.waits_for


def test_what_changed_there_while_it_was_asked_for_is_left_out(start, sessions, go_on, there):
    """Nobody can say whether the dream has read it before or after."""
    there.http.faults.append(("GET", "/v1/dreams/", Killed, False))
    dream = start(sessions(SAID))
    with pytest.raises(Killed):
        go_on(dream)
    ManagedDream.objects.update(unsure=None)
    there.write("/refunds.md", "# Refunds\nSomebody else.\n")
    dream = go_on(dream)
    there.comes_to(refunds="# Refunds\nRefunds take 4 days.\n", style="Write shorter.\n")

    dream = go_on(dream)

    assert list(proposals(dream)) == ["/style.md"]
    [dropped] = dream.funnel["dropped"]
    assert dropped["reason"] == "the memory changed there while the dream was asked for"


def test_what_was_decided_here_meanwhile_is_not_proposed_over(followed, go_on, there, mirror):
    mirror.refresh_from_db()
    memory = edit(mirror, "/refunds.md", "By hand.\n")
    there.comes_to(refunds="# Refunds\nRefunds take 4 days.\n")

    dream = go_on(followed)

    assert proposals(dream) == {}
    assert MemoryVersion.objects.filter(memory=memory).count() == 2
