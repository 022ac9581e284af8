"""`manage.py grade_sessions`, also over the trials of tau-bench where they are."""

from io import StringIO
from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command

from apps.outcomes.models import Evaluation
from tests import make

pytestmark = pytest.mark.django_db
AIRLINE = Path(__file__).parents[3] / "shared/data/tau-bench/airline-trials-0-2.json"
TRIALS = 40
RUBRIC = """\
- It does not hand over {#alone not_contains="TRANSFERRED"}
- It is short {#short max_words=150}
"""


@pytest.fixture
def rubric(tmp_path):
    path = tmp_path / "rubric.md"
    path.write_text(RUBRIC)
    return path


def graded(*args, **options):
    out = StringIO()
    call_command("grade_sessions", *args, stdout=out, **options)
    return out.getvalue()


def test_results_beside_rewards(rubric):
    rows = [("Done.", "1"), ("Done.", "1"), ("TRANSFERRED", "0"), ("TRANSFERRED", "1"), ("No", "x")]
    for number, (text, reward) in enumerate(rows):
        said = make.event("agent.message", text, key=f"s{number}")
        make.session(said, metadata={"reward": reward}, agent="desk")
    make.session(make.event("agent.message", "Done.", key="other"))

    told = graded(rubric, agent="desk")

    assert "3 satisfied, 2 needs revision" in told
    assert "With rewards: 4 sessions, kappa 0.50" in told
    assert told.endswith(
        "                rewarded   not\n"
        "satisfied              2     0\n"
        "not satisfied          1     1\n"
    )


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"workspace": "nowhere"}, "no workspace called nowhere"),
        ({"agent": "nobody"}, "no agent called nobody"),
        ({}, "No session"),
    ],
)
def test_what_cannot_be_graded_is_said(rubric, options, why):
    make.workspace()

    with pytest.raises(CommandError, match=why):
        graded(rubric, **options)


@pytest.mark.skipif(not AIRLINE.exists(), reason="the tau-bench trials are not here")
def test_trials_of_tau_bench_and_their_rewards(rubric, tmp_path):
    make.workspace()
    trials = tmp_path / "trials.json"
    trials.write_bytes(orjson.dumps(orjson.loads(AIRLINE.read_bytes())[:TRIALS]))
    call_command("import_sessions", str(trials), stdout=StringIO())

    rubric.write_text('- It sends nobody elsewhere {#alone not_contains="human agent"}')
    told = graded(rubric)

    assert Evaluation.objects.filter(status="completed").count() == TRIALS
    # That an answer sends nobody elsewhere says nothing of whether the right thing was done.
    assert "40 sessions, kappa -0.07 (" in told
    assert "satisfied             11    23\nnot satisfied          3     3\n" in told
