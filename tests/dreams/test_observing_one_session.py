"""What is seen in one session: errors and what worked after them, rules, handovers."""

from apps.dreams.findings import Kind, Observation, Transcript
from apps.dreams.local.observing import observe
from apps.reviews.drafting import Role
from tests.dreams.corpora import FAILED, Session


def seen(transcript: Transcript, what: str) -> list[Observation]:
    return [each for each in observe(transcript) if each.details["what"] == what]


def test_an_error_is_told_without_what_is_of_the_case():
    session = Session("s").call(
        "lookup",
        "Error: customer ana.diaz@shop.example has no order W-4411 of 2026-03-02",
        failed=FAILED,
        customer="ana.diaz@shop.example",
    )

    (error,) = seen(session.done(), "error")

    assert error.kind is Kind.MISTAKE
    assert error.details["template"] == "Error: customer <email> has no order <id> of <date>"
    assert error.details["failing_call"] == "lookup(customer)"
    assert "ana" not in error.statement + "".join(error.details.values())


def test_a_mistake_rests_on_the_call_itself_and_not_on_what_a_tool_says_alone():
    session = Session("s")
    for path in ("/in/a.xls", "/in/b.xls"):
        session.call("load", f"load: {path} is locked", failed=FAILED, path=path)

    (error,) = seen(session.done(), "error")

    assert {span.role for span in error.spans} == {Role.SHOWS_MISTAKE}
    assert [span.is_tainted for span in error.spans] == [True, False, True, False]
    assert [span.quote.split()[-1] for span in error.spans[1::2]] == ["/in/a.xls", "/in/b.xls"]


def test_two_cases_of_one_error_have_one_key():
    first = Session("a").call("load", "load: /srv/a b.xls is locked by pid 88", failed=FAILED)
    second = Session("b").call("load", "load: /srv/q3/z.xls is locked by pid 7", failed=FAILED)

    keys = {seen(each.done(), "error")[0].key for each in (first, second)}

    assert keys == {"load: load: <path>.xls is locked by pid <number>"}


def test_another_tool_on_the_same_object_is_a_way_out():
    session = (
        Session("s")
        .call("open", "open: sheet.numbers: unknown type", failed=FAILED, path="/in/sheet.numbers")
        .call("bash", "total 4", command="ls /tmp")
        .call(
            "bash",
            "written",
            command="numbers2csv --encoding=plain /in/sheet.numbers > /tmp/sheet.csv",
        )
    )

    (fix,) = seen(session.done(), "fix")

    assert (fix.kind, fix.details["way"]) == (Kind.WORKAROUND, "instead")
    assert fix.details["fix"] == "numbers2csv --encoding=plain"
    assert [span.role for span in fix.spans] == [Role.SHOWS_MISTAKE, Role.SHOWS_FIX]
    assert [span.is_tainted for span in fix.spans] == [True, False]


def test_arguments_that_were_made_right_are_named_and_not_shown():
    session = (
        Session("s")
        .call(
            "pay",
            "Error: total is 120, got 100",
            failed=FAILED,
            order="order_77",
            parts=[{"card": "card_9", "amount": 60}, {"card": "card_8", "amount": 40}],
        )
        .call(
            "pay",
            "paid",
            order="order_77",
            parts=[{"card": "card_9", "amount": 80}, {"card": "card_8", "amount": 40}],
        )
    )

    (fix,) = seen(session.done(), "fix")

    assert fix.details["fix"] == "pay with another parts.amount"
    assert fix.details["named"] == "parts.amount"
    assert fix.details["working_call"] == "pay(order, parts)"


def test_another_host_that_answers_has_taken_the_place_of_the_first():
    session = (
        Session("s")
        .call(
            "bash", "curl: (7) no route", failed=FAILED, command="curl https://old.acme.dev/v2/tags"
        )
        .call("bash", "[]", command="curl https://new.acme.dev/v2/tags")
    )

    moved = [fix for fix in seen(session.done(), "fix") if fix.details["way"] == "moved"]

    assert [fix.details["fix"] for fix in moved] == ["new.acme.dev instead of old.acme.dev"]


def test_a_refusal_by_a_person_is_no_error_of_the_tool():
    session = Session("s").call(
        "send", "The user denied this tool use: not yet", failed=FAILED, to="a@b.example"
    )

    assert seen(session.done(), "error") == []


def test_rules_are_told_from_wishes_and_from_talk():
    said = {
        "We never put prices in the subject line.": "standing",
        "As a rule, invoices go out as PDF.": "standing",
        "From here on, quote amounts in euros.": "standing",
        "That's wrong, the invoice is addressed to the branch.": "correction",
        "The warehouse has moved to Leeds.": "change",
        "Please add the delivery date.": "asked",
    }

    cues = {
        text: [each.details["cue"] for each in seen(Session("s").user(text).done(), "statement")]
        for text in said
    }

    assert cues == {text: [cue] for text, cue in said.items()}


def test_questions_and_small_talk_state_nothing():
    for text in (
        "Do you always check the stock first?",
        "I don't remember my order number.",
        "Thanks, you've always been kind!",
        "I have never heard of that.",
        "Yes, go ahead.",
    ):
        assert seen(Session("s").user(text).done(), "statement") == [], text


def test_every_time_speaks_of_the_sentence_before_it():
    session = Session("s").user("Totals at the top. Every time, please.")

    (statement,) = seen(session.done(), "statement")

    assert statement.details["cue"] == "standing"
    assert statement.spans[0].quote == "Totals at the top. Every time, please."


def test_what_a_grader_finds_wrong_is_a_mistake_and_what_it_finds_right_is_none():
    graded = Session("s").grade("The totals do not add up.", "needs_revision")
    passed = Session("s").grade("The totals add up.", "satisfied")

    assert [each.statement for each in seen(graded.done(), "grade")] == [
        "The totals do not add up."
    ]
    assert seen(passed.done(), "grade") == []


def test_what_is_done_at_once_after_a_correction_puts_it_right():
    session = (
        Session("s")
        .call("bash", "14", command="report build --month 3")
        .user("That's wrong, you counted the drafts.")
        .call("bash", "11", command="report build --month 3 --only published")
    )

    (corrected,) = seen(session.done(), "corrected")
    (rerun,) = seen(session.done(), "rerun")

    assert corrected.details["fix"] == "report build --only published"
    assert corrected.details["by"] == "user"
    assert rerun.key == "report build run again with --only published"


def test_who_does_not_want_a_person_has_not_asked_for_one():
    asks = Session("s").user("Could you put me through? I want to speak to a manager.")
    declines = Session("s").user("I really don't want to speak to a manager.")

    assert [each.kind for each in seen(asks.done(), "handover")] == [Kind.ESCALATION]
    assert seen(declines.done(), "handover") == []


def test_every_quote_is_the_text_at_its_place():
    session = (
        Session("s")
        .user("  Hello.  We only ship on Mondays!\nThanks ")
        .call(
            "ship",
            "\n\nTraceback (most recent call last):\n  x\nValueError: 'day'\n",
            failed=FAILED,
        )
    )
    transcript = session.done()
    texts = {turn.event_id: turn.text for turn in transcript.turns}

    spans = [span for each in observe(transcript) for span in each.spans]

    assert spans
    assert all(texts[span.event_id][span.start : span.end] == span.quote for span in spans)


def test_an_empty_session_shows_nothing():
    assert observe(Session("s").done()) == []


def test_the_same_program_with_an_option_more_is_a_way_out_though_nothing_is_shared():
    session = (
        Session("s")
        .call("bash", "fatal: no origin", failed=FAILED, command="hg publish")
        .call("bash", "ok", command="hg publish -B bookmark --create-remote")
    )

    told = {fix.details["fix"] for fix in seen(session.done(), "fix")}

    assert "hg publish with -B bookmark --create-remote" in told


def test_a_value_in_another_form_is_told_with_the_form_that_the_error_names():
    session = (
        Session("s")
        .call("rota", "day: use YYYY-MM-DD", failed=FAILED, team="night", day="3/4/26")
        .call("rota", "ok", team="night", day="2026-04-03")
    )

    (fix,) = seen(session.done(), "fix")

    assert (fix.details["fix"], fix.details["form"]) == ("rota with another day", "YYYY-MM-DD")


def test_to_change_a_page_or_a_ticket_is_no_handover():
    session = Session("s")
    for tool in ("update_page", "get_ticket", "transfer_funds", "open_case"):
        session.call(tool, "ok", item="birch-1", note="as agreed on the phone")

    assert [each.details["how"] for each in seen(session.done(), "handover")] == ["open_case"]
