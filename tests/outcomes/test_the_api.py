"""Rubrics, evaluations, runs and labels as programs use them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import AuditEntry
from apps.files.models import File
from apps.outcomes import grading
from apps.outcomes.api import answers
from apps.outcomes.models import Evaluation, Rubric
from apps.webhooks.models import OutboxEvent
from tests import make
from tests.outcomes.test_grading import said
from tests.scripted import scripted

pytestmark = pytest.mark.django_db

AMOUNT = '- Says how much {#amount contains="42 USD"}'
WORK = {"type": "text", "text": "You owe 42 USD."}
TONE = {"type": "text", "content": "- It is polite {#polite}"}


def strictly(shape, told):
    return shape.model_validate_json(json.dumps(told), strict=True)


def rubric(api, content=AMOUNT, **fields):
    return api.post("rubrics", **{"name": "Bills", "content": content} | fields)


def ref(made, **fields):
    return {"type": "rubric", "rubric_id": made["id"], **fields}


def uploaded(api, data, name="bill.txt"):
    told = api.client.post("/v1/files", {"file": SimpleUploadedFile(name, data)})
    return told.json()["id"]


def answered(text, key, **fields):
    return make.session(make.event("agent.message", text, key=key), **fields)


def evaluate(api, **fields):
    made = api.post("outcome_evaluations", **{"artifact": WORK} | fields)
    grading.grade_here(made["id"])
    return api.get(f"outcome_evaluations/{made['id']}")


def test_a_rubric_from_its_first_version_to_its_archive(api):
    made = rubric(api)
    changed = api.post(f"rubrics/{made['id']}", content=f"{AMOUNT}\n- It is polite", version=1)
    same = api.post(f"rubrics/{made['id']}", content=f"{AMOUNT}\n- It is polite")

    strictly(answers.Rubric, made)
    assert made["criteria"] == [
        {
            "key": "amount",
            "text": "Says how much",
            "group": None,
            "weight": 1.0,
            "is_required": False,
            "check": {"kind": "contains", "value": "42 USD"},
        }
    ]
    assert [each["key"] for each in changed["criteria"]] == ["amount", "it-is-polite"]
    assert (changed["version"], same["version"]) == (2, 2)
    assert "version" in api.refused(f"rubrics/{made['id']}", 409, name="Invoices", version=1)
    first = api.get(f"rubrics/{made['id']}/versions/1")
    assert strictly(answers.RubricVersion, first).content == AMOUNT
    assert api.get(f"rubrics/{made['id']}/versions/x", 404)

    api.post(f"rubrics/{made['id']}/archive")
    assert api.get("rubrics")["data"] == []
    assert "archived" in api.refused(f"rubrics/{made['id']}", 400, name="Invoices")
    told = AuditEntry.objects.filter(object_id=made["id"]).order_by("created_at")
    assert [each.action for each in told] == [
        "rubric.created",
        "rubric.updated",
        "rubric.archived",
    ]


def test_a_rubric_that_cannot_be_read_says_where(api):
    said_ = api.post("rubrics", 400, name="Bills", content='- Total {regex="("}')["error"]

    assert said_["problems"][0]["line"] == 1
    assert not Rubric.objects.exists()


def test_grading_a_text(api):
    told = evaluate(api, rubric=ref(rubric(api)))

    strictly(answers.GradedOutcome, told)
    assert (told["status"], told["result"], told["score"]) == ("completed", "satisfied", 1.0)
    assert told["verdicts"][0]["quote"] == {"text": "42 USD", "start": 8, "end": 14}
    assert told["artifact"]["text"] == WORK["text"]
    assert told["cost"]["amount"] == "0.000000000"
    kinds = OutboxEvent.objects.filter(object_id=told["id"]).values_list("type", flat=True)
    assert list(kinds) == ["outcome_evaluation.completed"]


def test_an_older_version_grades_too(api):
    made = rubric(api)
    api.post(f"rubrics/{made['id']}", content='- No amount {not_contains="USD"}')

    assert evaluate(api, rubric=ref(made, version=1))["result"] == "satisfied"
    assert evaluate(api, rubric=ref(made))["result"] == "needs_revision"
    api.refused("outcome_evaluations", 404, rubric=ref(made, version=3), artifact=WORK)


def test_the_same_text_is_the_same_rubric_and_stays_as_it_came(api):
    inline = {"type": "text", "content": AMOUNT}
    one, two = (evaluate(api, rubric=inline)["rubric"] for _ in range(2))

    assert one == two
    assert api.get("rubrics")["data"] == []
    assert [each["id"] for each in api.get("rubrics", origin="session")["data"]] == [one["id"]]
    assert "came with a session" in api.refused(f"rubrics/{one['id']}", 400, name="Mine")


def test_files_hold_rubrics_and_work(api):
    told = evaluate(
        api,
        rubric={"type": "file", "file_id": uploaded(api, AMOUNT.encode(), "rubric.md")},
        artifact={"type": "file", "file_id": uploaded(api, b"\xef\xbb\xbf42 USD")},
    )

    assert told["result"] == "satisfied"
    assert told["artifact"]["name"] == "bill.txt"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe4\x002\x00", "UTF-8"),
        (b"a\0b", "UTF-8"),
        (b" \n", "nothing"),
        (b"x" * 101, "at most 100"),
        (b"x" * 401, "401 bytes"),
    ],
)
def test_what_no_grader_can_read_is_refused(api, settings, data, why):
    made = rubric(api)
    settings.OUTCOME_ARTIFACT_LIMIT = 100
    artifact = {"type": "file", "file_id": uploaded(api, data)}

    assert why in api.refused("outcome_evaluations", 400, rubric=ref(made), artifact=artifact)


def test_a_session_is_graded_by_its_last_deliverable_or_else_by_its_last_words(api):
    by = ref(rubric(api))
    session = make.session(
        make.event("agent.message", "It costs 42 USD.", key="s", after=1),
        make.event("agent.message", "Anything else?", key="s", after=2),
    )
    artifact = {"type": "session_deliverable", "session_id": session.public_id}
    words = evaluate(api, rubric=by, artifact=artifact)
    for name, text in (("old.md", b"41 USD"), ("bill.md", b"42 USD")):
        file_id = uploaded(api, text, name)
        File.objects.filter(pk=file_id).update(scope_id=session.public_id, downloadable=True)
    last = evaluate(api, rubric=by, artifact=artifact)
    named = evaluate(api, rubric=by, artifact=artifact | {"path": "/mnt/session/outputs/old.md"})

    assert (words["artifact"]["type"], words["artifact"]["text"]) == ("answer", "Anything else?")
    assert (last["artifact"]["name"], last["result"]) == ("bill.md", "satisfied")
    assert (named["artifact"]["name"], named["result"]) == ("old.md", "needs_revision")
    assert last["session_id"] == session.public_id
    assert last["agent"]["name"] == "coordinator"
    api.refused("outcome_evaluations", 404, rubric=by, artifact=artifact | {"path": "/new.md"})
    empty = make.session(make.event(text="Hello?", key="silent"))
    artifact = {"type": "session_deliverable", "session_id": empty.public_id}
    assert "nothing" in api.refused("outcome_evaluations", 400, rubric=by, artifact=artifact)


def test_without_a_model_only_what_code_checks_is_graded(api):
    refused = api.refused("outcome_evaluations", 400, rubric=TONE, artifact=WORK)

    assert "No model is connected" in refused
    assert not Evaluation.objects.exists()


def test_canceling(api):
    made = api.post("outcome_evaluations", rubric=ref(rubric(api)), artifact=WORK)
    at = f"outcome_evaluations/{made['id']}/cancel"
    first, again = api.post(at), api.post(at)

    assert (first["status"], first["result"]) == ("canceled", "interrupted")
    assert again == first
    assert grading.attempt(made["id"], holder="late") is None
    done = evaluate(api, rubric=ref(rubric(api)))
    assert "nothing left" in api.refused(f"outcome_evaluations/{done['id']}/cancel", 400)


def test_people_label_what_a_model_judged(api, connected):
    person = make.user()
    with scripted(said(polite=("pass", "You owe"))):
        told = evaluate(api, rubric=TONE | {"content": f"{TONE['content']}\n{AMOUNT}"})
    at = f"outcome_evaluations/{told['id']}/labels"
    label = {"criterion": "polite", "user_id": person.public_id, "label": "fail", "note": "Curt."}
    made = api.post(at, **label)
    api.post(at, **label | {"label": "unclear"})

    strictly(answers.HumanLabel, made)
    assert [each["label"] for each in api.get(at)["data"]] == ["unclear"]
    told_ = AuditEntry.objects.filter(action="verdict.relabelled").get()
    assert (told_.before, told_.after) == ({"label": "fail"}, {"label": "unclear"})
    assert "checked by code" in api.refused(at, 400, **label | {"criterion": "amount"})
    api.refused(at, 404, **label | {"criterion": "other"})
    stranger = make.user("stranger", of=make.workspace("next-door"))
    api.refused(at, 404, **label | {"user_id": stranger.public_id})
    agreement = api.get(f"rubrics/{told['rubric']['id']}/agreement")
    (polite,) = strictly(answers.RubricAgreements, agreement).data
    assert (polite.criterion, polite.labels, polite.standing) == ("polite", 1, "too_few")
    assert polite.model == told["model"]


def test_a_run_grades_what_passes_a_filter(api, connected):
    sessions = [answered(f"42 USD, {key}", key, agent="billing") for key in ("a", "b")]
    answered("42 USD", "other")
    make.session(make.event(text="Hi", key="silent"), agent="billing")
    asked = {
        "rubric": TONE,
        "sessions": {"agent_id": sessions[0].agent.public_id, "created_from": "2026-11-01"},
        "max_cost": "2.50",
    }
    expected = api.post("outcome_evaluation_runs/estimate", **asked)
    assert not Evaluation.objects.exists()
    run = api.post("outcome_evaluation_runs", **asked)
    rows = api.get("outcome_evaluations", run_id=run["id"])["data"]
    with scripted(lambda question: said(polite=("pass", "42 USD"))) as engine:
        for each in rows:
            grading.grade_here(each["id"])
    done = api.get(f"outcome_evaluation_runs/{run['id']}")

    estimate = strictly(answers.EvaluationRunEstimate, expected)
    assert (estimate.sessions, estimate.skipped, estimate.output_tokens) == (2, 1, 240)
    assert float(estimate.cost.amount) > 0
    assert {each["session_id"] for each in rows} == {each.public_id for each in sessions}
    strictly(answers.EvaluationRun, done)
    assert (run["status"], done["status"]) == ("running", "completed")
    assert done["counts"] == {
        "graded": 2, "skipped": 1, "ended": 2, "completed": 2, "satisfied": 2, "failed": 0
    }  # fmt: skip
    assert {(job.id, str(job.cap)) for job in engine.jobs} == {(run["id"], "2.5000")}
    assert "nothing left" in api.refused(f"outcome_evaluation_runs/{run['id']}/cancel", 400)


def test_canceling_a_run_cancels_what_is_left_of_it(api):
    for key in ("a", "b"):
        answered("42 USD", key)
    run = api.post("outcome_evaluation_runs", rubric=ref(rubric(api)))
    first, second = api.get("outcome_evaluations", run_id=run["id"])["data"]
    grading.grade_here(first["id"])
    canceled = api.post(f"outcome_evaluation_runs/{run['id']}/cancel")

    assert canceled["status"] == "canceled"
    assert canceled["counts"]["satisfied"] == 1
    left = api.get(f"outcome_evaluations/{second['id']}")
    assert (left["status"], left["result"]) == ("canceled", "interrupted")
    nothing = {"session_ids": ["sesn_none"]}
    assert "No session" in api.refused(
        "outcome_evaluation_runs", 400, rubric=ref(rubric(api)), sessions=nothing
    )


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(count, api, django_assert_num_queries):
    by = ref(rubric(api))
    for number in range(count):
        rubric(api, AMOUNT)
        api.post(f"rubrics/{by['rubric_id']}", content=f"{AMOUNT}\n- Version {number}")
        answered("42 USD", f"session {number}")
    by |= {"version": 1}
    made = [evaluate(api, rubric=by)["id"] for _ in range(count)]
    for _ in range(count):
        api.post("outcome_evaluation_runs", rubric=by)

    with django_assert_num_queries(2):
        rubrics = api.get("rubrics", limit=count)
    with django_assert_num_queries(4):
        versions = api.get(f"rubrics/{by['rubric_id']}/versions", limit=count)
    with django_assert_num_queries(4):
        evaluations = api.get("outcome_evaluations", **{"statuses[]": "completed"})
    with django_assert_num_queries(2):
        runs = api.get("outcome_evaluation_runs", rubric_id=by["rubric_id"])

    assert [each["id"] for each in evaluations["data"]] == made[::-1]
    assert [len(each["data"]) for each in (rubrics, versions, runs)] == [count] * 3
    for shape, told in (
        (answers.RubricSummary, rubrics),
        (answers.RubricVersion, versions),
        (answers.GradedOutcome, evaluations),
        (answers.EvaluationRun, runs),
    ):
        strictly(shape, told["data"][0])


def test_the_neighbours_rubrics_files_and_sessions_are_not_there(api, neighbour):
    by = ref(rubric(api))
    file = {"type": "file", "file_id": uploaded(api, b"42 USD")}
    session = answered("42 USD", "ours")
    theirs = {
        "artifact": [{"type": "session_deliverable", "session_id": session.public_id}, file],
        "rubric": [by, file],
    }

    mine = {"rubric": {"type": "text", "content": AMOUNT}, "artifact": WORK}
    for name, refs in theirs.items():
        for each in refs:
            neighbour.refused("outcome_evaluations", 404, **mine | {name: each})
    neighbour.refused("outcome_evaluations", 404, **mine, session_id=session.public_id)
    chosen = {"session_ids": [session.public_id]}
    neighbour.refused("outcome_evaluation_runs", 400, rubric=mine["rubric"], sessions=chosen)
    chosen = {"agent_id": session.agent.public_id}
    neighbour.refused("outcome_evaluation_runs", 400, rubric=mine["rubric"], sessions=chosen)
