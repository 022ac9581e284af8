"""What was seen becomes a pattern where sessions enough show it, however they put it."""

from apps.core.rates import rate
from apps.dreams.connecting import connect
from apps.dreams.findings import Kind, Observation, Seen
from tests.dreams.corpora import FAILED, Session, patterns_of, seen_in

RULE = (
    "Always quote delivery dates as calendar weeks.",
    "Please remember that delivery dates are calendar weeks with us.",
    "Our policy: delivery dates in calendar weeks, not days.",
)


def locked(key: str, *, agent: str = "clerk", succeeded: bool | None = None) -> Session:
    path = f"/srv/{key}.xls"
    return (
        Session(key, agent=agent, succeeded=succeeded)
        .call("load", f"load: {path} is locked by pid 88", failed=FAILED, path=path)
        .call("bash", "ok", command=f"unlock --mode gentle {path}")
    )


def test_three_wordings_of_a_rule_are_one_preference():
    sessions = [Session(f"s{n}").user(text).done() for n, text in enumerate(RULE)]

    (pattern,) = patterns_of(sessions)

    assert (pattern.kind, pattern.sessions) == (Kind.PREFERENCE, 3)
    assert pattern.details["sayings"].count("\n") == 2
    assert "calendar weeks" in pattern.title


def test_what_is_said_twice_is_an_anecdote():
    sessions = [Session(f"s{n}").user(text).done() for n, text in enumerate(RULE[:2])]

    assert patterns_of(sessions) == []
    assert len(connect(seen_in(sessions), least_sessions=2)) == 1


def test_a_wish_that_many_have_is_no_rule():
    wishes = [Session(f"s{n}").user("Please book me an aisle seat.").done() for n in range(6)]

    assert patterns_of(wishes) == []


def test_a_change_that_several_tell_is_a_fact():
    told = (
        "The returns desk has moved to hall four.",
        "Careful, the returns desk is in hall four now.",
        "As of this week the returns desk is in hall four.",
    )

    (pattern,) = patterns_of([Session(f"s{n}").user(text).done() for n, text in enumerate(told)])

    assert pattern.kind is Kind.FACT


def test_the_way_out_that_most_found_is_told_with_the_error():
    sessions = [locked(key).done() for key in ("anna", "bert", "carl")]

    (pattern,) = patterns_of(sessions)

    assert (pattern.kind, pattern.sessions) == (Kind.WORKAROUND, 3)
    assert (
        pattern.title == "`load` says “a .xls file is locked by pid N”: use `unlock --mode gentle`"
    )
    assert pattern.details["failed_calls"] == "3"
    assert pattern.details["calls"] == "3"
    assert pattern.details["fixed_sessions"] == "3"
    assert not [name for name in ("anna", "bert", "carl") if name in str(pattern.details)]


def test_an_error_that_nobody_got_round_is_a_mistake():
    sessions = [
        Session(key).call("load", f"load: {key} 1 is not there", failed=FAILED, id=key).done()
        for key in ("a1", "b2", "c3")
    ]

    (pattern,) = patterns_of(sessions)

    assert (pattern.kind, pattern.details["fixed_sessions"]) == (Kind.MISTAKE, "0")


def test_templates_that_differ_in_a_word_are_one():
    sessions = [
        Session(key).call("parse", f"parse: row {key} is bad: {why}", failed=FAILED).done()
        for key, why in (
            ("1", "unexpected comma"),
            ("2", "unexpected quote"),
            ("3", "missing comma"),
        )
    ]

    assert [each.sessions for each in patterns_of(sessions)] == [3]


def test_success_is_counted_against_the_other_sessions_of_the_same_agent():
    sessions = [
        *(locked(f"bad{n}", succeeded=False).done() for n in range(3)),
        *(Session(f"good{n}", succeeded=True).user("Hello").done() for n in range(5)),
        *(Session(f"far{n}", agent="other", succeeded=True).user("Hi").done() for n in range(9)),
        locked("unjudged").done(),
    ]

    pattern = next(each for each in patterns_of(sessions) if each.kind is Kind.WORKAROUND)

    assert (pattern.sessions, pattern.agents) == (4, 1)
    assert (pattern.success.successes, pattern.success.tries) == (0, 3)
    assert (pattern.others.successes, pattern.others.tries) == (5, 5)


def test_steps_that_come_together_and_end_well_are_a_workflow():
    def told(key: str, *steps: str, succeeded: bool) -> Session:
        session = Session(key, succeeded=succeeded)
        for step in steps:
            session.call("bash", "ok", command=step)
        return session

    good = [
        told(f"g{n}", f"stock reserve --order {n}", f"stock confirm --order {n}", succeeded=True)
        for n in range(5)
    ]
    bad = [told(f"b{n}", f"mail send --order {n}", succeeded=False) for n in range(4)]

    workflows = [
        each
        for each in patterns_of([each.done() for each in (*good, *bad)])
        if each.details["goes_with"] == "success"
    ]

    assert [each.details["steps"] for each in workflows] == ["stock reserve\nstock confirm"]
    assert (workflows[0].success.low > 0.5, workflows[0].others.value) == (True, 0.0)


def test_a_handover_that_is_the_way_out_is_told_once():
    sessions = [
        Session(key)
        .call(
            "bash", f"refund: over the limit for {key} 1", failed=FAILED, command=f"refund {key}1"
        )
        .call("bash", "ok", command="ticket new --queue accounting")
        .done()
        for key in ("a", "b", "c")
    ]

    (pattern,) = patterns_of(sessions)

    assert (pattern.kind, pattern.details["way"]) == (Kind.ESCALATION, "handover")


def test_what_another_engine_saw_is_grouped_by_kind_and_key():
    def seen(session: str, kind: Kind) -> Seen:
        said = Observation(kind, "euros", "reports are in euros", spans=())
        return Seen(session, "clerk", "", None, None, said)

    found = connect([*(seen(f"s{n}", Kind.PREFERENCE) for n in range(3)), seen("s0", Kind.FACT)])

    assert [(each.kind, each.title, each.sessions) for each in found] == [
        (Kind.PREFERENCE, "Reports are in euros", 3)
    ]


def test_a_rate_of_few_tries_says_little():
    few, many = rate(3, 3), rate(300, 300)

    assert (round(few.low, 2), few.high) == (0.44, 1.0)
    assert many.low > 0.98
    assert (rate(0, 0).low, rate(0, 0).high, rate(0, 0).value) == (0.0, 1.0, 0.0)


def test_evidence_is_kept_of_a_dozen_and_counts_are_of_all():
    (pattern,) = patterns_of(locked(f"k{n}").done() for n in range(40))

    assert (pattern.sessions, len(pattern.seen)) == (40, 12)


def test_a_step_is_told_by_what_it_has_to_come_before():
    def sold(key: str, *steps: str, succeeded: bool) -> Session:
        session = Session(key, succeeded=succeeded)
        for step in steps:
            session.call(step, "ok", item=key)
        return session

    sessions = [
        *(sold(f"g{n}", "seal_box", "send_box", succeeded=True).done() for n in range(6)),
        *(sold(f"b{n}", "send_box", succeeded=False).done() for n in range(5)),
    ]

    (pattern,) = (each for each in patterns_of(sessions) if each.kind is Kind.WORKFLOW)

    assert (pattern.details["step"], pattern.details["before"]) == ("seal_box", "send_box")
    assert (pattern.success.successes, pattern.success.tries) == (6, 6)
    assert (pattern.others.successes, pattern.others.tries) == (0, 5)
    assert {seen.succeeded for seen in pattern.seen} == {True, False}


def test_one_way_of_handing_over_has_a_pattern_for_each_reason():
    reasons = {
        "fire": "A smoke alarm is for the fire warden.",
        "lease": "Leases are signed by the landlord.",
    }
    sessions = [
        Session(f"{reason}{n}").agent(said).call("hand_over", "ok", note=f"{said} No. 4{n}").done()
        for reason, said in reasons.items()
        for n in range(3)
    ]

    found = patterns_of(sessions)

    assert {each.details["saying"] for each in found} == set(reasons.values())
    assert {each.kind for each in found} == {Kind.ESCALATION}
