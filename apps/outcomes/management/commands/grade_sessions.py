"""`manage.py grade_sessions RUBRIC [--agent NAME]`: grade what sessions came to, here and now."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from apps.accounts.acting import Actor
from apps.accounts.models import Workspace
from apps.agents.models import Agent
from apps.core.errors import DomainError
from apps.outcomes import batching, grading, rewarding, versioning
from apps.outcomes.batching import MOST_SESSIONS, RunPlan
from apps.outcomes.models import Evaluation, EvaluationRun
from apps.outcomes.rewarding import Comparison


class Command(BaseCommand):
    help = (
        "Grade what sessions delivered, or else what their agent said last, by a rubric, and"
        " compare the results with the rewards that imported sessions brought along."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rubric", type=Path, metavar="RUBRIC", help="a file of markdown")
        parser.add_argument("--agent", default="", metavar="NAME", help="its sessions alone")
        parser.add_argument("--workspace", default="default", metavar="W")
        parser.add_argument("--model", default="", metavar="M", help="instead of the usual grader")
        parser.add_argument("--limit", type=int, default=MOST_SESSIONS, metavar="N")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print how the work did, and last how far results and rewards agree."""
        try:
            run = _begun(options)
        except (DomainError, OSError, UnicodeDecodeError) as error:
            told = error.message if isinstance(error, DomainError) else str(error)
            raise CommandError(told) from None
        ids = list(run.evaluations.order_by("-created_at", "-pk").values_list("pk", flat=True))
        for each in tqdm(ids, leave=False, disable=None):
            grading.grade_here(each)
        self.stdout.write(_counts(run))
        compared = rewarding.compared(Evaluation.objects.filter(run=run))
        if compared is not None:
            self.stdout.write(_told(compared))


def _begun(options: dict[str, Any]) -> EvaluationRun:
    workspace = Workspace.objects.filter(slug=options["workspace"]).first()
    if workspace is None:
        raise CommandError(f"There is no workspace called {options['workspace']}.")
    by = Actor.system(workspace)
    chosen: dict[str, Any] = {}
    if options["agent"]:
        agent = Agent.objects.seen_in(workspace).filter(name=options["agent"]).first()
        if agent is None:
            raise CommandError(f"There is no agent called {options['agent']} in {workspace.slug}.")
        chosen["agent"] = agent
    version = versioning.inline(workspace, options["rubric"].read_text(), by=by)
    plan = RunPlan(
        version,
        chosen,
        told={"agent": options["agent"]},
        model=options["model"],
        limit=max(1, min(options["limit"], MOST_SESSIONS)),
    )
    return batching.begin(plan, by=by)


def _counts(run: EvaluationRun) -> str:
    rows = run.evaluations.values_list("status", "result")
    told = Counter(result or status for status, result in rows)
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in told.most_common())
    skipped = f"; {run.skipped_count} have nothing to grade" if run.skipped_count else ""
    return f"{run.pk}: {said}{skipped}"


def _told(compared: Comparison) -> str:
    found = compared.agreement
    (both, only_result), (only_reward, neither) = found.confusion
    kappa = "no kappa: all are alike"
    if found.kappa is not None:
        kappa = f"kappa {found.kappa:.2f} ({found.low:.2f} to {found.high:.2f})"
    return (
        f"With rewards: {found.labels} sessions, {kappa}\n"
        f"                rewarded   not\n"
        f"satisfied       {both:8}{only_result:6}\n"
        f"not satisfied   {only_reward:8}{neither:6}"
    )
