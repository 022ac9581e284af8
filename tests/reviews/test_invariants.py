"""What may never be true of a row, and what may never happen to one."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from apps.memory.actions.stores import delete_store
from apps.memory.models import MemoryStore
from apps.reviews.models import (
    Changeset,
    Decision,
    Evidence,
    Proposal,
    Source,
    StorePolicy,
    WrittenVersion,
)
from apps.webhooks.models import OutboxEvent
from apps.webhooks.publishing import publish
from tests import make
from tests.reviews import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return making.store(a="one\n")


@pytest.fixture
def made(store):
    draft = making.update(making.at(store, "/a.md"), "two\n", evidence=(making.heard("two"),))
    return making.proposal(store, draft)


def refused(name, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_decided_proposal_says_by_whom_and_when", {"status": "accepted"}),
        ("a_decided_proposal_says_by_whom_and_when", {"decided_by_name": "ines"}),
        ("a_claim_says_whose_and_until_when", {"claimed_until": timezone.now()}),
        ("a_claim_says_whose_and_until_when", {"claimed_by_name": "ines"}),
        ("a_proposal_has_text_where_its_kind_does", {"content": None}),
        ("a_proposal_has_text_where_its_kind_does", {"kind": "retire"}),
        ("confidence_is_between_nothing_and_one", {"confidence_value": 1.5}),
        ("a_proposal_has_a_known_risk", {"risk": 0}),
    ],
)
def test_a_proposal(made, name, fields):
    refused(name, lambda: Proposal.objects.filter(pk=made.pk).update(**fields))


def test_a_finding(store, made):
    other = making.proposal(store, making.create())

    refused(
        "a_finding_waits_once_in_a_store",
        lambda: Proposal.objects.filter(pk=other.pk).update(fingerprint=made.fingerprint),
    )


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_changeset_has_a_known_origin", {"origin": "rumour"}),
        ("a_changeset_says_who_drafted_it", {"author_name": ""}),
    ],
)
def test_a_changeset(made, name, fields):
    refused(name, lambda: Changeset.objects.update(**fields))


def test_sources_and_evidence(store, made):
    source, evidence = made.sources.get(), made.evidence.get()
    again = Source(
        proposal=made,
        position=0,
        memory=source.memory,
        path="/a.md",
        base_sha256=source.base_sha256,
        base_version=source.base_version,
    )
    refused("sources_of_a_proposal_are_in_order", again.save)
    again.position = 1
    refused("a_memory_is_a_source_once", again.save)
    evidence.pk = None
    refused("evidence_of_a_proposal_is_in_order", evidence.save)
    refused("evidence_quotes_something", lambda: Evidence.objects.update(end=0))


def test_policies_and_the_outbox(made):
    refused("a_store_has_a_known_policy", lambda: StorePolicy.objects.update(mode="yolo"))
    refused("an_outbox_event_has_a_dotted_type", lambda: OutboxEvent.objects.update(type="x"))


def copied(decision, **fields):
    decision.pk = f"{decision.pk}x"
    decision._state.adding = True
    for name, value in fields.items():
        setattr(decision, name, value)
    decision.save(force_insert=True)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("decisions_of_a_store_are_numbered_once", {}),
        ("decisions_of_a_store_are_numbered_from_one", {"sequence": 0}),
        ("a_rejection_and_only_that_has_a_reason", {"sequence": 2, "reason": ""}),
        ("a_decision_says_whose_it_is", {"sequence": 2, "by_name": ""}),
    ],
)
def test_a_decision(made, name, fields):
    decision = making.reject(made).decision

    refused(name, lambda: copied(decision, **fields))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_decision SET note = 'never said'",
        "UPDATE reviews_decision SET content = 'other'",
        "UPDATE reviews_decision SET content = NULL, verdict = 'revert'",
        "DELETE FROM reviews_decision",
        "TRUNCATE reviews_decision CASCADE",
    ],
)
def test_a_decision_never_changes(made, statement):
    making.accept(made, content="edited\n")

    with pytest.raises(DatabaseError, match="append-only"):
        run("SET LOCAL agentsite.may_truncate = 'off'", "SET CONSTRAINTS ALL IMMEDIATE", statement)


def run(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)


def test_an_edited_text_can_be_taken_out_of_a_decision(made):
    decision = making.accept(made, content="edited\n").decision

    Decision.objects.filter(pk=decision.pk).update(content=None)

    decision.refresh_from_db()
    assert decision.content is None
    assert decision.content_sha256


def test_a_store_takes_its_reviews_along_and_no_others(store, made):
    making.accept(made)
    other = making.accept(making.proposal(making.store("Other"), making.create()))

    delete_store(store_id=store.pk, by=make.actor())

    assert not MemoryStore.objects.filter(pk=store.pk).exists()
    assert list(Proposal.objects.all()) == [other.proposal]
    assert list(Decision.objects.all()) == [other.decision]
    for model, left in ((Changeset, 1), (StorePolicy, 1), (WrittenVersion, 1), (Evidence, 0)):
        assert model.objects.count() == left


def test_evidence_outlives_its_session(made):
    make_gone(made.evidence.get().session_id)

    [kept] = made.evidence.all()
    assert kept.quote == "two"


def make_gone(session_id):
    answer = make.api().delete(f"/v1/sessions/{session_id}")
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_nothing_is_published_outside_of_a_transaction():
    with pytest.raises(RuntimeError):
        publish("proposal.accepted", workspace=make.workspace(), object_id="prop_1")
