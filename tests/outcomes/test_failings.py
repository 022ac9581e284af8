"""What work fell short of feeds dreams: the same criterion is the same mistake."""

import pytest

from apps.dreams.local.observing.redoing import grades_in
from apps.outcomes import failings, scoring
from apps.outcomes.judging import Judged
from apps.outcomes.models import Criterion, Judgement
from apps.outcomes.quoting import Span
from tests.dreams.corpora import Session

WORK = "Pay 42 USD now."


def judged(text, verdict, reason="", *, span=None, is_advisory=False, **fields):
    criterion = Criterion(key=text[:8], text=text, weight=1, **fields)
    return Judged(criterion, Judgement(verdict), span, reason, is_advisory)


EXPLAINED = scoring.explain(
    [
        judged("The letter is polite", "fail", "No greeting.\nNone.", is_required=True),
        judged("The letter names the refund", "fail", span=Span(4, 10)),
        judged("The letter is brief", "unclear", "Hard to say."),
        judged("The letter is signed", "pass"),
        judged("The letter is warm", "fail", "Cold.", is_advisory=True),
    ],
    WORK,
)


def test_only_what_is_plainly_not_met_is_a_failing():
    found = failings.told_in(EXPLAINED)

    assert [each.criterion for each in found] == [
        "The letter is polite",
        "The letter names the refund",
    ]
    assert [EXPLAINED[each.start : each.end] for each in found] == [
        "The letter is polite (required) — No greeting. None.",
        "The letter names the refund — “42 USD”",
    ]


@pytest.mark.parametrize("text", ["", "The totals do not add up.", "2 of 3 tests pass."])
def test_what_somebody_else_wrote_is_read_as_prose(text):
    assert failings.told_in(text) is None


def test_a_criterion_is_the_same_mistake_whatever_the_reason():
    again = EXPLAINED.replace("No greeting. None.", "It begins with a demand.")
    first, second = (
        list(grades_in(Session(name).grade(text, "needs_revision").done()))
        for name, text in (("a", EXPLAINED), ("b", again))
    )

    assert [each.key for each in first] == [each.key for each in second]
    assert first[0].statement != second[0].statement
    assert first[0].spans[0].quote.startswith("The letter is polite (required)")
