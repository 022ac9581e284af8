"""What a redacted version said is not said on in the proposals and decisions around it."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.memory import retaining, verifying
from apps.memory.actions.memories import delete_memory
from apps.memory.actions.versions import redact_version
from apps.memory.models import MemoryVersion
from apps.reviews import recording
from apps.reviews.actions import undoing
from apps.reviews.models import Decision, Proposal
from tests import make
from tests.reviews import making
from tests.reviews.pages.conftest import at, body, signed_in

pytestmark = pytest.mark.django_db

SECRET = "Call Ana on 555-0199."


@pytest.fixture
def store():
    return making.store(a="one\n")


@pytest.fixture
def accepted(store):
    """Edited as it was accepted, and written over since."""
    quote = making.heard("Say two.")
    draft = making.update(
        making.at(store, "/a.md"),
        f"one\n{SECRET}\n",
        rationale=f"She asked: {SECRET}",
        evidence=(quote,),
    )
    made = making.proposal(store, draft)
    making.accept(made, content=f"one\nTwo. {SECRET}\n")
    making.write(store, "/a.md", "one\n")
    made.refresh_from_db()
    return made


@pytest.fixture
def resting(store):
    """It waits, and was drafted against a text that was written over since."""
    memory = making.write(store, "/a.md", f"one\n{SECRET}\n")
    draft = making.update(memory, "one\n", fingerprint="f", evidence=(making.heard("Say one."),))
    made = making.proposal(store, draft)
    making.write(store, "/a.md", "two\n")
    return made


def redact(store, sequence=None):
    """The version that says the secret, or the one of this number."""
    versions = MemoryVersion.objects.of(store)
    version = (
        versions.get(sequence=sequence) if sequence else versions.get(content__contains=SECRET)
    )
    return redact_version(store_id=store.pk, version_id=version.pk, by=make.actor())


def kept_of(*models):
    """Every column of every row, as the database has it."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"SELECT to_jsonb(it)::text FROM {model._meta.db_table} AS it")
            yield from (row for (row,) in cursor.fetchall())


def test_what_a_decision_wrote_goes_from_decision_and_proposal(store, accepted):
    before = Decision.objects.get()

    redact(store)

    after = Decision.objects.get()
    accepted.refresh_from_db()
    assert SECRET not in "".join(kept_of(Proposal, Decision, MemoryVersion))
    assert (after.content, after.hash) == (None, before.hash)
    assert (accepted.status, accepted.content, accepted.rationale) == ("accepted", None, "")
    assert accepted.evidence.get().quote == "Say two."
    assert verifying.verify(store).has_passed
    entry = AuditEntry.objects.get(action="proposal.redacted")
    assert entry.object_id == accepted.pk


def test_what_waits_is_withdrawn_and_cannot_come_back(store, resting):
    assert SECRET in resting.no_longer_said[0]["text"]

    redact(store)

    resting.refresh_from_db()
    decision = Decision.objects.get()
    assert SECRET not in "".join(kept_of(Proposal, Decision))
    assert (resting.status, decision.verdict) == ("withdrawn", "withdraw")
    assert decision.note.startswith("What a memory said was redacted")
    assert decision.is_automatic
    assert verifying.verify(store).has_passed
    with pytest.raises(recording.TextRedacted):
        undoing.undo(proposal_id=resting.pk, by=make.actor())


def test_others_keep_what_they_say(store, accepted):
    other = making.proposal(store, making.create())
    making.store("Other", a="one\n")
    neighbour = making.proposal(making.store("Third"), making.create())

    redact(store)

    assert Proposal.objects.get(pk=other.pk).content == other.content
    assert Proposal.objects.get(pk=neighbour.pk).status == "pending"


def test_redacting_again_changes_nothing(store, accepted):
    redact(store)
    first = Proposal.objects.get().redacted_at

    redact(store, sequence=2)

    assert Proposal.objects.get().redacted_at == first
    assert AuditEntry.objects.filter(action="proposal.redacted").count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_proposal SET text_sha256 = repeat('0', 64)",
        "UPDATE reviews_evidence SET sha256 = 'x'",
        "UPDATE reviews_proposal SET path = '/b.md'",
    ],
)
def test_what_is_left_is_still_checked(store, accepted, statement):
    redact(store)

    with connection.cursor() as cursor:
        cursor.execute(statement)

    [fault] = verifying.verify(store).faults
    assert "its proposal or its evidence is not what was decided on" in fault.problem


def test_an_acceptance_can_still_be_taken_back(store):
    made = making.proposal(store, making.create("/b.md", f"{SECRET}\n"))
    making.accept(made)
    delete_memory(store_id=store.pk, memory_id=making.at(store, "/b.md").pk, by=make.actor())
    redact(store, sequence=2)
    shown = undoing.preview_undo(proposal_id=made.pk, by=make.actor())

    undoing.undo(proposal_id=made.pk, by=make.actor(), token=shown.token)

    assert making.said(store) == {"/a.md": "one\n"}
    assert verifying.verify(store).has_passed


def test_the_page_says_that_it_was_redacted(store, accepted):
    redact(store)

    client = signed_in()
    page = client.get(at("proposal", accepted))

    assert page.status_code == 200
    assert "Redacted" in body(page)
    assert "its text with it" in body(page)
    assert "No fact lost" not in body(page)
    assert "555-0199" not in body(page)
    for view in ("before", "after"):
        assert "555-0199" not in body(client.get(at("proposal", accepted, view=view)))


def test_the_page_of_what_was_withdrawn_offers_no_way_back(store, resting):
    redact(store)

    shown = body(signed_in().get(at("proposal", resting)))

    assert "What a memory said was redacted, and this proposal rests on it." in shown
    assert "Put back into the queue" not in shown


def test_the_api_tells_it(store, accepted):
    api = make.api()
    assert api.get(f"/v1/proposals/{accepted.pk}").json()["redacted_at"] is None

    redact(store)

    told = api.get(f"/v1/proposals/{accepted.pk}").json()
    assert told["redacted_at"] is not None
    assert (told["content"], told["rationale"], told["hunks"]) == (None, "", [])
    assert told["decisions"][0]["content"] is None
    assert "555-0199" not in json.dumps(told)


def test_what_is_forgotten_with_time_is_forgotten_here_too(store, accepted, settings):
    settings.MEMORY_VERSIONS_KEPT_DAYS = 30
    for _ in range(retaining.RECENT):
        making.write(store, "/a.md", f"{making.at(store, '/a.md').content}more\n")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        long_ago = timezone.now() - timedelta(days=31)
        cursor.execute("UPDATE memory_memoryversion SET created_at = %s", [long_ago])
        cursor.execute("SET session_replication_role = DEFAULT")

    assert retaining.forget_old_versions() > 1

    assert SECRET not in "".join(kept_of(Proposal, Decision))


@pytest.mark.parametrize("fields", [{"text_sha256": "x"}, {"redacted_at": timezone.now()}])
def test_half_a_redaction_is_none(store, fields):
    made = making.proposal(store, making.create())
    name = "a_redacted_proposal_says_nothing_and_waits_for_nobody"

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(**fields)
