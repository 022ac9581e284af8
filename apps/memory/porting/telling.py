"""A plan as the API tells it and as a terminal shows it."""

from collections.abc import Iterator
from typing import Any

from apps.memory import diffing
from apps.memory.porting.planning import Kind, Plan, Step

MOST_DIFFS = 100
"""Differences that are told with a plan; of the rest it says which memories they are in."""
_SIGNS = {
    Kind.CREATED: "+",
    Kind.MODIFIED: "~",
    Kind.DELETED: "-",
    Kind.REFUSED: "!",
    Kind.LEFT_OUT: ".",
}


def plan_object(plan: Plan) -> dict[str, Any]:
    """Counts of everything, and each step that is not just what is there already."""
    told = [step for step in plan.steps if step.kind != Kind.UNCHANGED]
    shown = {step.path for step in plan.of(Kind.MODIFIED)[:MOST_DIFFS]}
    return {
        "type": "memory_import_plan",
        "id": plan.sha256,
        "counts": {kind.value: plan.counts[kind] for kind in Kind},
        "steps": [_step_object(step, is_shown=step.path in shown) for step in told],
    }


def _step_object(step: Step, *, is_shown: bool) -> dict[str, Any]:
    return {
        "type": "memory_import_step",
        "operation": step.kind.value,
        "path": _printable(step.path),
        "source": _printable(step.source) or None,
        "remark": step.remark or None,
        "memory_id": step.memory_id or None,
        "diff": diffing.unified(step.hunks()) if is_shown else None,
    }


def lines(plan: Plan) -> Iterator[str]:
    """Step by step; under what changes, how."""
    for number, step in enumerate(step for step in plan.steps if step.kind in _SIGNS):
        remark = f" ({step.remark})" if step.remark else ""
        yield f"{_SIGNS[step.kind]} {_printable(step.path)}{remark}"
        if step.kind == Kind.MODIFIED and number < MOST_DIFFS:
            for line in diffing.unified(step.hunks()).splitlines():
                yield f"    {_printable(line)}"


def _printable(text: str) -> str:
    """Names of files may hold anything, also what a terminal obeys."""
    return "".join(each if each.isprintable() or each == "\t" else "\ufffd" for each in text)
