"""What the local engine is worth on corpora in which everything to be found is known.

The goals are in `evaluating.running`; `manage.py evaluate_dreams` holds more seeds against them.
"""

from functools import cache

import pytest

from apps.demo.evaluating.labels import Finding
from apps.demo.evaluating.pools import KEPT_FROM
from apps.demo.evaluating.running import GOALS, Evaluation, evaluate

IMPROVED_ON = (2, 5, 7)
KEPT = (KEPT_FROM, KEPT_FROM + 1, KEPT_FROM + 2)
LEEWAY = 0.1
"""Three corpora hold half a dozen findings of some kinds: one more or less is a tenth."""
LEARNED = [Finding(each) for each in ("mistake", "preference", "workflow", "escalation", "fact")]


@cache
def came(seeds: tuple[int, ...]) -> Evaluation:
    return evaluate(seeds)


@pytest.mark.parametrize("seeds", [IMPROVED_ON, KEPT], ids=["open", "kept"])
@pytest.mark.parametrize("finding", LEARNED)
def test_what_recurs_is_found_and_little_else(finding: Finding, seeds: tuple[int, ...]):
    score = came(seeds).scores[finding]

    assert score.recall >= GOALS[finding] - LEEWAY
    assert score.precision >= GOALS[finding] - LEEWAY


@pytest.mark.parametrize(
    ("finding", "seeds", "least"),
    [
        (Finding.DUPLICATE, IMPROVED_ON, 0.9),
        (Finding.CONTRADICTION, IMPROVED_ON, 0.9),
        (Finding.DUPLICATE, KEPT, 0.7),
        (Finding.CONTRADICTION, KEPT, 0.7),
        (Finding.OUTDATED, KEPT, 0.9),
        (Finding.OVERSIZED, KEPT, 0.9),
    ],
)
def test_what_is_wrong_in_a_store_is_found_and_little_else(
    finding: Finding, seeds: tuple[int, ...], least: float
):
    score = came(seeds).scores[finding]

    assert score.recall >= least
    assert score.precision >= least


def test_no_merge_loses_what_a_memory_said():
    assert (came(IMPROVED_ON).facts_lost, came(KEPT).facts_lost) == (0, 0)
    assert came(IMPROVED_ON).merges > 8


def test_every_quote_is_of_its_event():
    assert came(KEPT).quotes > 100
    assert came(KEPT).broken_quotes == 0
