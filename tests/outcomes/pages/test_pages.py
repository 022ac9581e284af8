"""Rubrics, evaluations and agreement, as a person sees them."""

import pytest
from django.utils import timezone

from apps.outcomes import actions
from apps.outcomes.models import Evaluation, EvaluationRun, HumanLabel, Rubric
from tests import make
from tests.outcomes import making
from tests.outcomes.pages.conftest import at, words

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"
WORK = f"Thank you. The total is 420 USD.\n{EVIL}\nRegards"


def a_rubric(content="- It is polite.\n- It names the total. {required weight=2}", name="Tone"):
    return actions.create_rubric(name=name, content=content, by=make.actor())


def graded(rubric=None, *, verdicts=("pass", "fail"), **fields):
    """An evaluation that has ended; the first verdict quotes `Thank you`, the others `420 USD`."""
    version = (rubric or a_rubric()).versions.order_by("-number").first()
    told = {"status": "completed", "result": "needs_revision", "score": 0.33, "artifact": WORK}
    found = making.evaluation(version, **told | {"ended_at": timezone.now()} | fields)
    for criterion, verdict in zip(version.criteria.order_by("position"), verdicts, strict=False):
        quote = "Thank you" if criterion.position == 0 else "420 USD"
        start = WORK.index(quote)
        making.verdict(
            found, criterion, verdict=verdict, quote=quote, start=start, end=start + len(quote),
            reason=f"Because of {quote}.", by="code" if criterion.check_kind else "model",
        )  # fmt: skip
    return found


def a_session(key="s", title="Refund", metadata=None, **fields):
    session = make.session(make.event(text="Do it.", key=key), key=key, **fields)
    session.title, session.metadata = title, metadata or {}
    session.save(update_fields=["title", "metadata"])
    return session


def of_session(session, rubric, *, iteration=0, **fields):
    told = {"agent_name": session.agent.name, "agent_version": 3, "iteration": iteration}
    return graded(rubric, session=session, **told | fields)


# ---- an evaluation -------------------------------------------------------------------------------


def test_the_grid_shows_what_failed_first_with_its_words_marked_in_the_work(client):
    found = graded()

    page = client.get(at("evaluation", found))

    text = words(page)
    assert "33% of what counts" in text
    assert "It names the total. required weight 2" in text
    assert "Because of 420 USD." in text
    marks = page.content.decode().split('<pre class="artifact"')[1]
    assert '<mark class="quote is-fail is-shown" id="quote"' in marks
    assert ">420 USD</mark>" in marks
    assert ">Thank you</mark>" in marks
    assert EVIL not in page.content.decode()


def test_another_cell_is_an_address(client):
    found = graded()
    polite = found.verdicts.get(verdict="pass")

    assert "Because of Thank you." in words(
        client.get(f"{at('evaluation', found)}?verdict={polite.pk}")
    )


def test_iterations_stand_side_by_side(client):
    session, rubric = a_session(), a_rubric()
    first = of_session(session, rubric, outcome_id="outc_1", verdicts=("pass", "fail"))
    second = of_session(
        session, rubric, outcome_id="outc_1", iteration=1, verdicts=("pass", "pass")
    )

    text = words(client.get(at("evaluation", second)))

    assert "Iteration 1 Needs revision Iteration 2 Needs revision" in text
    assert at("evaluation", first) in client.get(at("evaluation", second)).content.decode()
    assert "Iteration 2" in words(client.get(at("of_session", session.public_id)))


def test_disagreeing_takes_one_press_and_one_to_take_it_back(reviewer):
    found = graded()
    failed = found.verdicts.get(verdict="fail")

    answer = reviewer.post(at("label", failed), {"label": "pass"}, follow=True)

    assert answer.redirect_chain[0][0] == f"{at('evaluation', found)}?verdict={failed.pk}#verdict"
    assert "Kept: you say “pass”, the grader said “fail”." in words(answer)
    assert "You say Pass" in words(answer)
    assert "People disagree" in words(answer)

    answer = reviewer.post(at("label", failed), {"label": ""}, headers={"HX-Request": "true"})

    assert not HumanLabel.objects.exists()
    assert b"<html" not in answer.content
    assert "You say" not in words(answer)


def test_others_see_who_said_what(client, reviewer):
    found = graded()
    reviewer.post(at("label", found.verdicts.get(verdict="fail")), {"label": "unclear"})

    text = words(client.get(at("evaluation", found)))

    assert "rosa says Unclear" in text
    assert "You say" not in text


def test_what_code_checked_is_no_opinion(client):
    found = graded(a_rubric('- It says so. {contains="Thank"}'), verdicts=("pass",))
    verdict = found.verdicts.get()

    assert "change the check" in words(client.get(at("evaluation", found)))
    refused = client.post(at("label", verdict), {"label": "fail"}, follow=True)
    assert "This was checked by code." in words(refused)
    assert not HumanLabel.objects.exists()


def test_a_viewer_reads_and_labels_nothing(viewer):
    found = graded()

    assert "What do you say?" not in words(viewer.get(at("evaluation", found)))
    assert viewer.post(at("label", found.verdicts.first()), {"label": "pass"}).status_code == 403
    assert viewer.get(at("new")).status_code == 403


def test_one_that_waits_says_so_and_can_be_stopped(client):
    found = making.evaluation(a_rubric().versions.get(), artifact="x")

    assert "It waits for a worker" in words(client.get(at("evaluation", found)))
    client.post(at("cancel", found))
    found.refresh_from_db()
    assert found.status == Evaluation.Status.CANCELED


@pytest.mark.parametrize("count", [1, 3])
def test_a_grid_asks_as_often_for_three_iterations_as_for_one(
    client, reviewer, django_assert_num_queries, count
):
    session, rubric = a_session(), a_rubric()
    for iteration in range(count):
        found = of_session(session, rubric, outcome_id="outc_1", iteration=iteration)
        for verdict in found.verdicts.all():
            reviewer.post(at("label", verdict), {"label": "unclear"})
    client.get(at("evaluation", found))

    with django_assert_num_queries(9):
        assert words(client.get(at("evaluation", found))).count("People disagree") == 2 * count
    with django_assert_num_queries(8):
        client.get(at("of_session", session.public_id))


# ---- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(client, django_assert_num_queries, count):
    rubric = a_rubric()
    for number in range(count):
        of_session(a_session(f"s{number}"), rubric)
        a_rubric(name=f"Other {number}")
        EvaluationRun.objects.create(
            workspace=make.workspace(), rubric_version=rubric.versions.get(), model="m"
        )
    client.get(at("list"))

    with django_assert_num_queries(7):
        assert words(client.get(at("list"))).count("33%") == count
    with django_assert_num_queries(6):
        assert words(client.get(at("rubrics"))).count("Other") == count
    with django_assert_num_queries(5):
        assert words(client.get(at("runs"))).count("Tone v1") == count


def test_the_list_is_narrowed_by_rubric_result_and_agent(client):
    rubric = a_rubric()
    of_session(a_session(title="Mine"), rubric)
    graded(a_rubric(name="Other"), result="satisfied")

    def shown(**query):
        return "Mine" in words(client.get(at("list"), query))

    assert shown(rubric=rubric.pk, result="needs_revision", agent="coordinator")
    assert not shown(result="satisfied")
    assert not shown(agent="nobody")
    assert not shown(version="9")
    assert shown(version="3")
    assert client.get(at("list"), {"cursor": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["list", "rubrics", "runs", "rates", "new", "new_run"])
def test_nothing_yet_says_what_to_do_next(client, name):
    assert any(
        word in words(client.get(at(name))) for word in ("Write a rubric", "Grade many sessions")
    )


def test_pages_of_the_neighbour_are_not_there(stranger):
    rubric, found = a_rubric(), graded()
    run = EvaluationRun.objects.create(
        workspace=make.workspace(), rubric_version=rubric.versions.get(), model="m"
    )
    sides = ("rubric", "versions", "agreement", "edit_rubric", "archive_rubric")
    pages = [
        *(at(name, rubric) for name in sides),
        at("evaluation", found),
        at("run", run),
        at("of_session", a_session().public_id),
    ]
    theirs = [page.replace("/w/default/", "/w/next-door/") for page in pages]

    assert {stranger.get(page).status_code for page in [*pages, *theirs]} == {404}
    label = at("label", found.verdicts.first(), of="next-door")
    assert stranger.post(label, {"label": "pass"}).status_code == 404
    assert "Tone" not in words(stranger.get(at("list", of="next-door")))
    assert "Tone" not in words(stranger.get(at("rubrics", of="next-door")))
    assert "33%" not in words(stranger.get(at("rates", of="next-door")))


def test_pass_rates_are_told_per_version_with_their_interval(client):
    session, rubric = a_session(), a_rubric()
    for result in ("satisfied", "satisfied", "needs_revision"):
        of_session(session, rubric, result=result)
    of_session(session, rubric, result="satisfied", agent_version=4)
    # An iteration that was revised counts by its last.
    of_session(session, rubric, result="needs_revision", agent_version=4, outcome_id="outc_1")

    page = client.get(at("rates"))

    text = words(page)
    assert "coordinator v4 100%" in text
    assert "coordinator v3 67%" in text
    assert "2 of 3 satisfied: 67%, 95% interval 21 to 94%" in page.content.decode()
    assert "v3" not in words(client.get(at("rates"), {"rubric": "other"}))


# ---- rubrics -------------------------------------------------------------------------------------


def test_a_rubric_is_written_with_its_criteria_shown_before(client):
    content = "- It is polite. {required}\n- Short. {max_words=5}"

    preview = client.post(
        at("new_rubric"), {"content": content, "preview": "1"}, headers={"HX-Request": "true"}
    )
    assert b"<html" not in preview.content
    assert "2 criteria" in words(preview)
    assert "#short at most 5 words" in words(preview)
    assert not Rubric.objects.exists()

    page = client.post(at("new_rubric"), {"name": "Tone", "content": content}, follow=True)
    assert "2 criteria" in words(page)
    assert Rubric.objects.get().name == "Tone"


def test_what_cannot_be_read_is_told_by_line_and_nothing_typed_is_lost(client):
    told = {"name": "Tone", "content": "- A\n- B {weigth=2}"}

    refused = client.post(at("new_rubric"), told)

    assert refused.status_code == 422
    assert "Line 2: weigth is not known here; did you mean weight?" in words(refused)
    assert "- B {weigth=2}" in words(refused)
    assert not Rubric.objects.exists()
    assert client.post(at("new_rubric"), {"content": "- A"}).status_code == 422


def test_editing_tells_what_becomes_of_each_criterion(client):
    rubric = a_rubric("- It is polite.\n- It is short.\n- It has a total.")
    content = "- It is polite. {weight=2}\n- It is quite short.\n- It thanks for the order."

    preview = client.post(at("edit_rubric", rubric), {"content": content, "preview": "1"})
    text = words(preview)
    assert "1 changed 1 reworded 1 new 1 gone 0 kept" in text

    page = client.post(
        at("edit_rubric", rubric),
        {"name": "Tone", "content": content, "expected_version": 1},
        follow=True,
    )
    assert "Saved as version 2." in words(page)
    versions = words(client.get(at("versions", rubric)))
    assert "Version 2 against 1" in versions
    assert "Before: It is short." in versions


def test_who_saves_second_sees_both(client):
    rubric = a_rubric()
    actions.update_rubric(
        rubric_id=rubric.pk, changes={"content": "- Theirs."}, by=make.actor(make.user("tom"))
    )

    clash = client.post(
        at("edit_rubric", rubric), {"name": "T", "content": "- Mine.", "expected_version": 1}
    )

    assert clash.status_code == 409
    assert "saved version 2 meanwhile" in words(clash)
    assert "Theirs." in words(clash)
    again = client.post(
        at("edit_rubric", rubric), {"name": "T", "content": "- Mine.", "expected_version": 2}
    )
    assert again.status_code == 302


def test_a_rubric_is_archived_after_a_question(client):
    rubric = a_rubric()

    assert "It is offered no more" in words(client.get(at("archive_rubric", rubric)))
    client.post(at("archive_rubric", rubric))
    assert "Tone" in words(client.get(at("rubrics"), {"show": "archived"}))
    assert "No rubrics yet" in words(client.get(at("rubrics")))


# ---- agreement -----------------------------------------------------------------------------------


def test_agreement_says_which_criterion_stopped_gating_and_where_people_differ(client, settings):
    settings.OUTCOME_MIN_LABELS = 4
    rubric = a_rubric("- It is polite.\n- It names the total.\n- Not labelled.")
    tom = make.actor(make.user("tom"))
    for number in range(4):
        found = graded(rubric, verdicts=("pass" if number % 2 else "fail", "pass", "pass"))
        polite, total, _ = found.verdicts.order_by("criterion__position")
        for verdict, label in ((polite, "pass" if number < 2 else "fail"), (total, "pass")):
            actions.label_verdict(verdict_id=verdict.pk, label=label, by=tom)

    text = words(client.get(at("agreement", rubric)))

    assert "claude-haiku-4-5 advisory Advisory: it stopped gating on " in text
    assert "Kappa is 0.00 of 4 labels, and 0.6 is needed." in text
    assert "2 disagreements" in text
    assert "claude-haiku-4-5 one-sided" in text
    nobody = "claude-sonnet-5-5 too few labels Nobody has labelled what it says of this."
    assert text.count(nobody) == 3  # the usual grader, whoever was labelled
    own = words(client.get(at("rubric", rubric)))
    assert "It is polite. #it-is-polite advisory claude-haiku-4-5" in own


def test_agreement_asks_as_often_for_many_labels_as_for_one(client, django_assert_num_queries):
    rubric = a_rubric("- It is polite.\n- It names the total.")
    found, tom = graded(rubric), make.actor(make.user("tom"))
    for verdict in found.verdicts.all():
        actions.label_verdict(verdict_id=verdict.pk, label="unclear", by=tom)
    client.get(at("agreement", rubric))

    with django_assert_num_queries(9):
        client.get(at("agreement", rubric))


# ---- asking for one ------------------------------------------------------------------------------


def test_a_text_is_graded_by_a_rubric_of_checks_without_a_model(client):
    rubric = a_rubric('- It says so. {contains="Thank"}')
    form = {"rubric_id": rubric.pk, "what": "text", "text": "Thank you."}

    page = client.post(at("new"), form, follow=True)

    assert "It waits for a worker" in words(page)
    assert Evaluation.objects.get().artifact == "Thank you."


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(client):
    rubric = a_rubric('- It says so. {contains="Thank"}')

    refused = client.post(at("new"), {"rubric_id": rubric.pk, "what": "session", "text": "kept"})

    assert refused.status_code == 422
    assert "Enter the id of a session" in words(refused)
    assert "kept" in words(refused)
    gone = client.post(at("new"), {"rubric_id": rubric.pk, "what": "session", "session_id": "x\0y"})
    assert gone.status_code == 422


def test_many_sessions_are_counted_and_priced_before_they_are_graded(client):
    rubric = a_rubric('- It says so. {contains="Thank"}')
    for number in range(2):
        said = make.event("agent.message", text="Thank you.", key=f"s{number}")
        make.session(said, key=f"s{number}")
    form = {"rubric_id": rubric.pk, "limit": "10"}

    counted = client.post(at("estimate"), form)
    assert "2 sessions" in words(counted)
    assert "$0.00, code checks all of it" in words(counted)
    assert not EvaluationRun.objects.exists()

    page = client.post(at("new_run"), form | {"start": "1"}, follow=True)
    assert "0 of 2 graded" in words(page)
    assert client.post(at("new_run"), form | {"limit": "0"}).status_code == 422


def test_a_run_is_compared_with_the_rewards_that_were_imported(client):
    rubric = a_rubric()
    run = EvaluationRun.objects.create(
        workspace=make.workspace(), rubric_version=rubric.versions.get(), model="m"
    )
    for number, (result, reward) in enumerate(
        [("satisfied", "1.0"), ("satisfied", "0.0"), ("needs_revision", "0.0"), ("satisfied", None)]
    ):
        metadata = {"reward": reward} if reward else {}
        session = a_session(f"s{number}", title=f"Task {number}", metadata=metadata)
        of_session(session, rubric, result=result, run=run)

    text = words(client.get(at("run", run)))

    assert "Beside the rewards that were imported 3 sessions" in text
    assert "Satisfied 1 1 Not 0 1" in text
    assert "Where they differ Task 1 Satisfied reward 0.0" in text
    assert "1 more has no reward." in text
