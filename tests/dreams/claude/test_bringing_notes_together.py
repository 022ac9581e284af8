"""Each session calls the same thing otherwise: what is one thing and what is two."""

import pytest

from apps.dreams.connecting import connect
from apps.dreams.findings import Kind, Observation, Seen, Span
from apps.reviews.drafting import Role

NOTES = {
    "search dates": [
        (
            "search_orders date format",
            "Give `since` of `search_orders` as an ISO 8601 date; other forms are refused.",
        ),
        (
            "order search date format",
            "Pass ISO 8601 dates such as 2025-04-03 to search_orders; 3/4/2025 is refused.",
        ),
        (
            "search_orders since parameter",
            "`search_orders` accepts `since` in ISO format only: convert dates before.",
        ),
    ],
    "currency": [
        ("report currency", "Give amounts in reports in euros."),
        ("currency in reports", "Always state report amounts in EUR, not in dollars."),
        ("euro amounts in reports", "Reports show every amount in euros."),
    ],
    "identity": [
        ("refund before identity check", "Verify the customer's identity before a refund."),
        ("identity check before refund", "Check who the customer is, then process refunds."),
        ("refund identity verification", "Never refund without authenticating the user first."),
    ],
    "exchange": [
        ("exchange items one call", "Collect all items first: the exchange runs once per order."),
        ("exchange tool single use", "exchange_items works once per order: ask for all items."),
        ("order exchange all items", "Have every item listed before the exchange of an order."),
    ],
    "legal": [
        ("escalate legal threats", "Hand over to a human when legal action is threatened."),
        ("legal threat handover", "Transfer threats of legal action to a human agent."),
        ("legal action escalation", "A human takes over as soon as somebody threatens to sue."),
    ],
    "commits": [
        ("commit message style", "Write commit subjects in the imperative, below 60 characters."),
        ("commit subject style", "Commit subjects are imperative and short."),
        ("commit subjects", "Keep a commit's subject imperative and below 60 characters."),
    ],
    "registry": [
        ("npm install registry timeout", "npm install times out: use the internal mirror."),
        ("npm registry mirror", "Set the mirror before `npm ci`: the registry does not answer."),
        ("npm mirror", "Install npm packages by the internal mirror."),
    ],
}


def seen(session, key, statement, kind=Kind.MISTAKE, tool=""):
    span = Span("sevt_1", 0, 1, "x", Role.SHOWS_MISTAKE)
    said = Observation(kind, key, statement, (span,), tool=tool, details={"what": "told"})
    return Seen(session, "clerk", "", None, None, said)


def stream(notes=NOTES, **more):
    return [
        seen(f"{name} {number}", key, statement, **more)
        for name, told in notes.items()
        for number, (key, statement) in enumerate(told)
    ]


def test_what_is_called_otherwise_in_each_session_is_one_pattern_and_never_two_things():
    """One of seven is told in words too different: nine pairs of ten are found, and none wrong."""
    found = connect(stream(), least_sessions=3)
    anecdotes = connect(stream(), least_sessions=1)

    assert len(found) == len(NOTES) - 1
    assert {len({each.session_id.split()[0] for each in one.seen}) for one in anecdotes} == {1}
    first = next(each for each in found if "search" in each.key)
    assert set(first.details["keys"].splitlines()) == {key for key, _ in NOTES["search dates"]}


@pytest.mark.parametrize("order", [slice(None, None, -1), slice(3, None)])
def test_the_order_in_which_sessions_come_changes_nothing(order):
    some = stream()

    whole = {(each.key, each.sessions) for each in connect(some, least_sessions=1)}
    turned = [*some[order], *(each for each in some if each not in some[order])]
    assert {(each.key, each.sessions) for each in connect(turned, least_sessions=1)} == whole


def test_a_rule_is_no_mistake_but_a_way_round_one_is_the_same_lesson():
    told = NOTES["registry"]
    some = [
        seen("a", *told[0]),
        seen("b", *told[1], kind=Kind.WORKAROUND),
        seen("c", *told[2], kind=Kind.PREFERENCE),
    ]
    found = connect([*some, *stream({k: v for k, v in NOTES.items() if k != "registry"})])

    assert not [each for each in found if each.sessions == 3 and "npm" in each.key]
    found = connect(some, least_sessions=1)
    assert sorted((each.kind, each.sessions) for each in found) == [
        ("mistake", 2),
        ("preference", 1),
    ]


def test_the_same_about_another_tool_is_another_thing():
    some = [
        seen("a", "search date format", "Give dates of the search as ISO 8601.", tool="orders"),
        seen("b", "date format", "Dates are to be ISO 8601.", tool="flights"),
    ]

    assert len(connect(some, least_sessions=1)) == 2
    called_the_same = [seen("a", "date format", "ISO.", tool="orders"), some[1]]
    assert len(connect(called_the_same, least_sessions=1)) == 1
