"""Making a managed dream. It is a row then; a worker takes it up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from apps.accounts.acting import Actor, authored, note
from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams import choosing, starting
from apps.dreams.choosing import Choice
from apps.dreams.managed import ENGINE, finding
from apps.dreams.managed.models import ManagedDream, Mirror
from apps.dreams.models import Dream, OutputBehavior
from apps.linking.models import Link, LinkedSession
from apps.reviews.models import StorePolicy

LONGEST_MODEL = 256


class NoModel(DomainError):
    """model: name the model that the vendor is to dream with."""


class NotThere(DomainError):
    """That store is not there any more, or its workspace is not linked any more."""


class NotOfThisLink(DomainError):
    """session_ids: a managed dream reads sessions of the workspace that its store is in."""


class TooMany(DomainError):
    """session_ids: a managed dream reads 1 to 100 sessions."""


@dataclass(frozen=True, slots=True)
class ManagedPlan:
    """What to dream about: a store of a linked workspace, and sessions of the same one."""

    mirror_id: str
    session_ids: Sequence[str]
    model: str
    instructions: str = ""


@transaction.atomic
def start(plan: ManagedPlan, *, by: Actor) -> Dream:
    """Raises NoSuchMirror, NotThere, NoModel, TooMany, NotOfThisLink, starting.StoreHeld."""
    mirror = finding.mirror(by.workspace, plan.mirror_id)
    if mirror.link is None or mirror.is_gone:
        raise NotThere
    model = payloads.storable(plan.model).strip()
    if not 0 < len(model) <= LONGEST_MODEL:
        raise NoModel
    ids = sorted(map(payloads.storable, set(plan.session_ids)))
    if not 0 < len(ids) <= starting.MOST_SESSIONS:
        raise TooMany
    if missing := sorted(set(ids) - known(mirror.link, ids)):
        raise NotOfThisLink(
            f"session_ids: {missing[0]} is no session that was read from {mirror.link.name}."
        )
    dream = _made(mirror, ids, model, payloads.storable(plan.instructions), by)
    told = {"mirror_id": mirror.pk, "memory_store_id": mirror.vendor_id, "sessions": len(ids)}
    note(by, "dream.created", dream.pk, after=told | {"model": model, "engine": ENGINE})
    return dream


def known(link: Link, public_ids: Sequence[str]) -> set[str]:
    """Those of these that were read from there, are there as far as is known, and are here."""
    rows = link.sessions.filter(public_id__in=public_ids, is_gone=False)
    there = list(rows.values_list("public_id", flat=True))
    return choosing.known(link.workspace, there)


def public_ids(link: Link, choice: Choice) -> list[str]:
    """The newest sessions of the link that the choice takes."""
    there = LinkedSession.objects.filter(link=link, is_gone=False).values("public_id")
    rows = choosing.sessions(link.workspace, choice).filter(public_id__in=there)
    order = rows.order_by("-created_at", "-pk").values_list("public_id", flat=True)
    return list(order[: choice.most])


def _made(mirror: Mirror, ids: list[str], model: str, instructions: str, by: Actor) -> Dream:
    try:
        with transaction.atomic():
            dream = Dream.objects.create(
                workspace=by.workspace,
                # Until there is a copy, the store that is meant.
                input_store_id=mirror.store_id or mirror.pk,
                session_ids=ids,
                output_behavior=OutputBehavior.UPDATE_EXISTING,
                model=model,
                engine=ENGINE,
                instructions=instructions,
                # The vendor gives no evidence: a person looks at each edit, whatever the store's
                # own policy lets through.
                policy=StorePolicy.Mode.REVIEW,
                **authored(by),
            )
            ManagedDream.objects.create(dream=dream, mirror=mirror)
    except IntegrityError:
        raise starting.StoreHeld from None
    return dream
