"""What is made of a model's notes on a session: only what its very words bear out."""

from apps.dreams.claude import observing
from apps.dreams.claude.answers import Noted, Notes, Shows
from apps.dreams.findings import Kind, Transcript, Turn
from apps.reviews.drafting import Role

KEY = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
SESSION = Transcript(
    "sesn_1",
    "clerk",
    (
        Turn("sevt_a", 1, "user.message", "Amounts in euros, please, and dates as 2025-04-03."),
        Turn("sevt_b", 2, "agent.tool_use", "since: 3/4/2025", tool="search"),
        Turn("sevt_c", 3, "agent.tool_result", f"ValueError: not ISO. {KEY} is bad", tool="search"),
        Turn("sevt_d", 4, "agent.message", "Done."),
    ),
)


def shows(event, quote, role=Role.SHOWS_MISTAKE):
    return Shows(event=event, quote=quote, role=role)


def noted(*evidence, kind=Kind.MISTAKE, key="search date format", statement="Use ISO dates."):
    return Noted(kind=kind, key=key, statement=statement, evidence=list(evidence))


def seen(*windows):
    found, dropped = observing.observations(SESSION, [Notes(notes=list(each)) for each in windows])
    return [each for each in found if each.details["what"] == "told"], dropped


def test_a_note_rests_on_the_very_characters_of_its_event():
    (one,), dropped = seen([noted(shows("e3", "ValueError: not ISO."), shows("e2", "3/4/2025"))])

    assert [(each.event_id, each.start, each.end) for each in one.spans] == [
        ("sevt_c", 0, 20),
        ("sevt_b", 7, 15),
    ]
    assert one.tool == "search"
    assert not dropped


def test_what_comes_from_a_tool_is_tainted_whatever_the_model_says():
    (one,), _ = seen(
        [
            noted(
                shows("e3", "not ISO", Role.STATES_PREFERENCE),
                shows("e1", "Amounts in euros", Role.STATES_PREFERENCE),
                kind=Kind.PREFERENCE,
            )
        ]
    )

    assert [each.is_tainted for each in one.spans] == [True, False]


def test_a_note_without_a_quote_that_is_there_is_dropped_with_its_reason():
    found, dropped = seen(
        [
            noted(shows("e1", "Amounts in dollars")),
            noted(shows("e77", "Done.")),
            noted(shows("e3", "not ISO. [API key removed] is bad")),
            noted(),
            noted(shows("e4", "Done."), statement=" "),
        ]
    )

    assert found == []
    assert dropped == {
        "a quote is not what its event says": 2,
        "a quote of an event that is not there": 1,
        "a quote goes over something that was not sent": 1,
        "no statement": 1,
    }


def test_one_good_quote_is_enough():
    (one,), dropped = seen([noted(shows("e1", "dollars"), shows("e1", "in euros"))])

    assert [each.quote for each in one.spans] == ["in euros"]
    assert not dropped


def test_what_two_windows_see_is_seen_once_with_all_of_its_evidence():
    euros = noted(shows("e1", "in euros"), key="report currency", statement="Use euros.")
    found, _ = seen(
        [noted(shows("e3", "not ISO")), euros],
        [
            noted(shows("e2", "3/4/2025"), key="Search dates' format"),
            noted(shows("e1", "in euros"), key="amounts", statement="Amounts are in euros."),
        ],
    )

    assert [(each.key, [span.quote for span in each.spans]) for each in found] == [
        ("search date format", ["not ISO", "3/4/2025"]),
        ("report currency", ["in euros"]),
    ]


def test_two_things_in_one_sentence_are_two():
    found, _ = seen(
        [
            noted(shows("e1", "Amounts in euros, please"), key="currency"),
            noted(shows("e1", "Amounts in euros, please"), key="date format"),
        ]
    )

    assert [each.key for each in found] == ["currency", "date format"]


def test_a_secret_that_the_model_made_up_is_not_kept():
    (one,), _ = seen([noted(shows("e4", "Done."), statement=f"Log in with {KEY}.")])

    assert one.statement == "Log in with [API key removed]."
