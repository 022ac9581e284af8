"""Every planted pattern is in the sessions that claim it and in no other; a decoy is in one."""

import pytest

from apps.demo.planted import DECOYS, PATTERNS, Pattern
from apps.demo.sessions import SCRIPTS
from tests.demo.reading import events, made, showing, words_of

BY_ID = [pytest.param(pattern, id=pattern.id) for pattern in PATTERNS]


@pytest.mark.parametrize("pattern", BY_ID)
def test_a_pattern_is_where_it_says(pattern: Pattern):
    assert showing(pattern) == set(pattern.sessions)
    assert 3 <= len(pattern.sessions) <= 12


@pytest.mark.parametrize("pattern", BY_ID)
def test_the_older_fact_is_in_sessions_of_their_own(pattern: Pattern):
    assert set(pattern.before) <= {script.key for script in SCRIPTS} - set(pattern.sessions)


@pytest.mark.parametrize("decoy", [pytest.param(decoy, id=decoy.id) for decoy in DECOYS])
def test_a_decoy_is_in_one_session(decoy: Pattern):
    assert showing(decoy) == set(decoy.sessions)
    assert len(decoy.sessions) == 1


def _verdicts(session: str) -> list[str]:
    return [
        e.payload["result"] for e in events()[session] if e.type == "span.outcome_evaluation_end"
    ]


@pytest.mark.parametrize("pattern", BY_ID)
def test_a_pattern_keeps_the_company_it_is_said_to_keep(pattern: Pattern):
    graded = [verdicts for verdicts in map(_verdicts, pattern.sessions) if verdicts]
    if pattern.goes_with == "success":
        assert {verdicts[-1] for verdicts in graded} == {"satisfied"}
    if pattern.goes_with == "failure":
        assert graded
        assert all(verdicts[0] != "satisfied" for verdicts in graded)


def test_the_old_percent_rule_was_followed_before_it_changed():
    change = next(script for script in SCRIPTS if script.key == "checks-guide-change")
    pattern = next(one for one in PATTERNS if one.id == "percent-sign")
    for key in pattern.before:
        assert next(script for script in SCRIPTS if script.key == key).age > change.age
        assert "4.1" in words_of(key, "agent")


def test_all_kinds_are_planted():
    kinds = {pattern.kind for pattern in PATTERNS}
    assert kinds == {
        "mistake", "workaround", "workflow", "preference", "fact_change", "escalation",
    }  # fmt: skip
    assert len({pattern.id for pattern in PATTERNS + DECOYS}) == len(PATTERNS + DECOYS)
    assert made()
