"""From a line of memory back to the events it rests on, and whether any of it was tampered with."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.memory import verifying
from apps.reviews.models import Evidence, Proposal
from tests import make
from tests.reviews import making
from tests.reviews.pages.conftest import at, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return making.store(a="one\n")


@pytest.fixture
def made(store):
    quote = making.heard("Say two.")
    draft = making.update(making.at(store, "/a.md"), "one\ntwo\n", evidence=(quote,))
    return making.proposal(store, draft)


def test_a_line_leads_to_its_proposal_its_reviewer_and_its_events(store, made):
    done = making.accept(made, making.person("ines"))
    memory = making.at(store, "/a.md")

    told = make.api().get(f"/v1/memory_stores/{store.pk}/memories/{memory.pk}/blame").json()

    by_hand, proposed = told["versions"]
    assert by_hand["trail"] is None
    trail = proposed["trail"]
    assert (trail["proposal_id"], trail["decision_id"]) == (made.pk, done.decision.pk)
    assert trail["decided_by"] == "ines"
    assert [each["quote"] for each in trail["grounds"]] == ["Say two."]


def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE reviews_decision SET note = 'x' WHERE sequence = 1", "its hash is not of"),
        ("DELETE FROM reviews_decision WHERE sequence = 1", "decisions 1 to 1 are missing"),
        ("DELETE FROM reviews_decision WHERE sequence = 2", "decisions 2 to 2 are missing"),
        ("UPDATE reviews_evidence SET sha256 = 'x'", "its evidence is not what was decided"),
        ("UPDATE reviews_proposal SET rationale = 'x'", "its proposal or its evidence"),
        ("UPDATE reviews_decision SET content = 'x' WHERE sequence = 2", "edited text is not"),
        ("UPDATE reviews_storepolicy SET chain_hash = 'x'", "do not end where"),
    ],
)
def test_what_is_changed_behind_its_back_is_found(store, made, statement, problem):
    making.reject(making.proposal(store, making.create()))
    making.accept(made, content="one\n2\n")
    assert verifying.verify(store).has_passed

    tamper(statement)

    assert any(problem in fault.problem for fault in verifying.verify(store).faults)


def test_evidence_is_compared_with_its_events(store, made, capsys):
    call_command("check_evidence")
    assert "1 quotes, 0 broken, 0 with erased sources" in capsys.readouterr().out

    tamper("UPDATE agent_sessions_event SET payload = replace(payload::text, 'two', '2')::json")

    with pytest.raises(CommandError, match="1 quotes"):
        call_command("check_evidence", store=store.pk)
    assert "the event says something else there" in capsys.readouterr().out


def test_broken_evidence_is_told_on_the_page_and_by_the_api(store, made):
    api, client = make.api(), signed_in()
    assert api.get(f"/v1/proposals/{made.pk}").json()["evidence"][0]["standing"] == "matches"

    tamper("UPDATE agent_sessions_event SET payload = replace(payload::text, 'two', '2')::json")

    shown, told = words(client.get(at("proposal", made))), api.get(f"/v1/proposals/{made.pk}")
    assert "The event says something else there now." in shown
    assert "0 of 1 quotes match" in shown
    [evidence] = told.json()["evidence"]
    assert (evidence["standing"], evidence["quote"]) == ("broken", "Say two.")
    assert not evidence["source_erased"]


def test_a_quote_with_another_hash_is_broken(made):
    Evidence.objects.update(quote="Say ten.")

    with pytest.raises(CommandError):
        call_command("check_evidence")


def test_an_erased_source_is_told_and_no_fault(made, capsys):
    make.api().delete(f"/v1/sessions/{made.evidence.get().session_id}")

    call_command("check_evidence")

    assert "1 with erased sources" in capsys.readouterr().out
    [evidence] = make.api().get(f"/v1/proposals/{made.pk}").json()["evidence"]
    assert (evidence["standing"], evidence["source_erased"]) == ("erased", True)
    assert "Source erased" in words(signed_in().get(at("proposal", made)))


def test_one_store_is_checked_alone_and_must_be_there(made, capsys):
    other = making.store("Other")

    call_command("check_evidence", store=other.pk)

    assert "0 quotes" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("check_evidence", store="memstore_no")
    assert Proposal.objects.count() == 1
