"""`evaluate_dreams [--seeds 1-12] [--show]`: how good the local engine is, on known corpora."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.demo.evaluating.running import GOALS, Evaluation, evaluate


class Command(BaseCommand):
    help = (
        "Run the local engine over made-up sessions and stores in which everything to be found is"
        " known, print recall and precision, and fail where they fall short."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seeds", type=_seeds, default=range(1, 13), help="such as 1-12 or 7 (default 1-12)"
        )
        parser.add_argument("--show", action="store_true", help="name what was missed and made up")

    def handle(self, *_: Any, seeds: range, show: bool, **__: Any) -> None:
        came = evaluate(seeds)
        self._print(came, len(seeds))
        if show:
            for each in came.missed:
                self.stdout.write(f"missed    {each.finding:14}{each.what}")
            for each in came.invented:
                self.stdout.write(f"made up   {each.finding:14}{each.what}")
        if came.faults:
            raise CommandError("Not good enough:\n" + "\n".join(came.faults))

    def _print(self, came: Evaluation, corpora: int) -> None:
        self.stdout.write(f"{corpora} corpora, {came.proposals} proposals\n\n")
        self.stdout.write(f"{'finding':15}{'recall':>15}{'precision':>18}{'goal':>8}")
        for score in came.scores.values():
            recall = f"{score.recall:.2f} ({score.found}/{score.planted})"
            precision = f"{score.precision:.2f} ({score.right}/{score.proposed})"
            goal = GOALS[score.finding]
            self.stdout.write(f"{score.finding:15}{recall:>15}{precision:>18}{goal:>8.2f}")
        self.stdout.write(
            f"\nmerges right: {came.right_merges} of {came.merges}"
            f"\nfacts lost: {came.facts_lost}"
            f"\nproposed twice: {came.duplicates}"
            f"\nquotes broken: {came.broken_quotes} of {came.quotes}"
        )


def _seeds(text: str) -> range:
    first, dash, last = text.partition("-")
    try:
        return range(int(first), int(last if dash else first) + 1)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no range of seeds; say 1-12, or 7") from None
