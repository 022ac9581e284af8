"""Making a comparison and its two dreams. They are rows then; workers take them up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from apps.accounts.acting import Actor, authored, note
from apps.core import payloads
from apps.dreams import engines, starting
from apps.dreams.models import Comparison, ComparisonSide, Dream, Letter
from apps.dreams.starting import DreamPlan
from apps.memory import finding as memory


@dataclass(frozen=True, slots=True)
class Contender:
    """What is to dream, and what it is told."""

    model: str = engines.LOCAL
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonPlan:
    """Two contenders on one input; the cap is of each."""

    store_id: str
    session_ids: Sequence[str]
    a: Contender
    b: Contender
    cap_usd: Decimal | None = None

    @property
    def contenders(self) -> Mapping[Letter, Contender]:
        return {Letter.A: self.a, Letter.B: self.b}


@transaction.atomic
def begin(plan: ComparisonPlan, *, by: Actor) -> tuple[Comparison, list[Dream]]:
    """Make it, with the state of the store that both are to find.

    Raises NoSuchStore, StoreArchived, UnknownSessions.
    """
    store = memory.store(by.workspace, plan.store_id)
    compared = Comparison.objects.create(
        workspace=by.workspace,
        input_store_id=store.pk,
        session_ids=sorted(map(payloads.storable, set(plan.session_ids))),
        at_sequence=store.version_count,
        **authored(by),
    )
    dreams = [
        _dream(plan, compared, letter, contender, by=by)
        for letter, contender in plan.contenders.items()
    ]
    told = {"memory_store_id": store.pk, "sessions": len(compared.session_ids)}
    models = {letter.value: each.model for letter, each in plan.contenders.items()}
    note(by, "dream_comparison.created", compared.pk, after=told | models)
    return compared, dreams


def _dream(
    plan: ComparisonPlan, compared: Comparison, letter: Letter, contender: Contender, *, by: Actor
) -> Dream:
    side = ComparisonSide.objects.create(
        comparison=compared,
        letter=letter,
        model=contender.model,
        instructions=payloads.storable(contender.instructions),
    )
    asked = DreamPlan(
        store_id=plan.store_id,
        session_ids=plan.session_ids,
        model=contender.model,
        instructions=contender.instructions,
        cap_usd=plan.cap_usd,
        side=side,
    )
    dream = starting.start(asked, by=by)
    side.engine = dream.engine
    side.save(update_fields=["engine"])
    return dream
