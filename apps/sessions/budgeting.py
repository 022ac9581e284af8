"""A session's spend ceiling: whether it can be, and whether it is reached. Amounts are cents."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from apps.core.errors import DomainError
from apps.engine import pricing
from apps.sessions.models import Session, Status
from apps.sessions.wire import list_cost


class ModelNotBudgetable(DomainError):
    """A model that this session can run has no public list price, so it cannot have a budget."""

    code = "model_not_budgetable"


class BudgetNotRaised(DomainError):
    """The budget must be above what the session has cost already."""

    code = "budget_not_raised"


class BudgetCreateOnly(DomainError):
    """A session that has no budget cannot get one. Create it with one."""

    code = "budget_create_only"


class BudgetReached(DomainError):
    """This session has used up its budget. Raise it, or answer what its tools wait for."""

    code = "budget_reached"


def require_priced(agent: dict[str, Any]) -> None:
    """Raises ModelNotBudgetable if a model that the agent's snapshot names has no list price."""
    for model in sorted(set(_models(agent))):
        if not pricing.prices_of(model):
            raise ModelNotBudgetable(f"budget: the model '{model}' has no public list price.")


def _models(value: Any) -> Iterator[str]:
    """Every model in a snapshot: the agent's own, its roster's, its advisor's."""
    if isinstance(value, list):
        for each in value:
            yield from _models(each)
    if not isinstance(value, dict):
        return
    model = value.get("model")
    if isinstance(model, dict):
        model = model.get("id")
    if isinstance(model, str):
        yield model
    for name in ("multiagent", "agents", "subagents", "advisor", "predefined_agents"):
        yield from _models(value.get(name))


def amount(budget: dict[str, Any]) -> Decimal:
    return Decimal(budget["max_list_cost"]["amount"])


def is_reached(session: Session) -> bool:
    return (
        session.budget is not None
        and session.status == Status.IDLE
        and list_cost(session) >= amount(session.budget)
    )


def replaced(session: Session, budget: dict[str, Any] | None) -> dict[str, Any] | None:
    """The budget that the session may have instead of its own.

    Raises BudgetCreateOnly, BudgetNotRaised, ModelNotBudgetable.
    """
    if budget is None:
        return None
    if session.budget is None:
        raise BudgetCreateOnly
    if amount(budget) <= list_cost(session):
        raise BudgetNotRaised
    require_priced(session.agent_snapshot)
    return budget
