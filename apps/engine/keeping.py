"""Calls as they are taken, paid and answered. Every step is one short transaction.

A call is claimed before it is asked, under what is asked, so that of two workers one asks and the
other finds the answer. What a request may cost is reserved with the claim, under the lock of the
job's bill, so that calls side by side cannot spend the same dollar.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core import payloads
from apps.engine import asking, budgeting
from apps.engine.asking import EngineError, Job, Question
from apps.engine.budgeting import Occupied
from apps.engine.models import Call, DaySpend, JobSpend
from apps.engine.models.spending import more
from apps.engine.pricing import Usage

FINAL = {
    kind.__name__: kind
    for kind in (asking.RefusedToAnswer, asking.CutShort, asking.Unreadable, asking.BrokeOff)
}
"""Failures that were paid for: a job that asks again is told the same, and pays nothing."""
CUT_IN_A_BATCH = "CutInABatch"
"""The failure of a call whose answer in a batch was too long: it may be asked for a longer one."""
LONGEST_ERROR = 1_000


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to ask one question, until the lease runs out."""

    job: Job
    call_id: str
    lease_id: str
    purpose: str
    model: str
    was_cut: bool = False
    """Whether an answer of the usual length was paid for and was too short."""


@dataclass(frozen=True, slots=True)
class Took:
    """What one request took."""

    usage: Usage
    cost: Decimal | None


def kept(job: Job, digests: list[str]) -> dict[str, Call]:
    """What is answered already, or failed in a way that was paid for, by what was asked."""
    rows = Call.objects.of(job).filter(digest__in=digests)
    return {row.digest: row for row in rows if is_kept(row)}


def is_kept(call: Call) -> bool:
    """Whether asking again would only cost; an answer may have been forgotten since."""
    if call.status == Call.Status.ANSWERED:
        return bool(call.answer)
    return call.status == Call.Status.FAILED and call.failure in FINAL


def failure_of(call: Call) -> EngineError:
    """The error that a call ended in, to be raised again."""
    error = FINAL[call.failure](call.error)
    error.usage = call.usage
    return error


@transaction.atomic(durable=True)
def claim(job: Job, question: Question[Any], worst: Decimal | None) -> Claim | Call:
    """Take the question for this worker, or the call that answers it already.

    `worst` is what the first request may cost. Raises Occupied, BudgetSpent.
    """
    digest = question.digest
    bill = lock(job)
    call = Call.objects.of(job).filter(digest=digest).first()
    if call is not None:
        if is_kept(call):
            return call
        require_free(call)
    budgeting.require(job, bill, worst, apart_from=call)
    held = {
        "status": Call.Status.ASKING,
        "lease_id": secrets.token_hex(8),
        "lease_expires_at": _lease(),
        "reserved_usd": worst or 0,
        "answer": "",
        "answered_at": None,
        "failure": "",
        "error": "",
        "batch": None,
    }
    if call is None:
        call = Call.objects.create(
            workspace_id=job.workspace_id,
            job_kind=job.kind,
            job_id=job.id,
            purpose=question.purpose,
            model=question.model,
            digest=digest,
            **held,
        )
    else:
        Call.objects.filter(pk=call.pk).update(**held)
    was_cut = call.failure == CUT_IN_A_BATCH
    return Claim(job, call.pk, str(held["lease_id"]), question.purpose, question.model, was_cut)


@transaction.atomic(durable=True)
def reserve(claim: Claim, worst: Decimal | None) -> None:
    """Make room for one more request of the same call. Raises BudgetSpent, and Occupied."""
    bill = lock(claim.job)
    call = Call.objects.get(pk=claim.call_id)
    budgeting.require(claim.job, bill, worst, apart_from=call)
    _ours(claim).update(reserved_usd=worst or 0, lease_expires_at=_lease())


def renew(claims: list[Claim]) -> None:
    """Say that these are still being asked."""
    held = Call.objects.filter(
        pk__in=[each.call_id for each in claims],
        lease_id__in=[each.lease_id for each in claims],
        status=Call.Status.ASKING,
    )
    held.update(lease_expires_at=_lease())


@transaction.atomic(durable=True)
def pay(claim: Claim, took: Took) -> int:
    """Add what a request took, whatever is made of its answer. The reservation is used up.

    Returns how many requests the call has taken by now.
    """
    add(claim.job, claim.call_id, claim.purpose, claim.model, took)
    _ours(claim).update(reserved_usd=0)
    return Call.objects.get(pk=claim.call_id).requests


@transaction.atomic(durable=True)
def answered(claim: Claim, took: Took, text: str, model: str) -> Call:
    """Add what the last request took, and keep the answer."""
    add(claim.job, claim.call_id, claim.purpose, claim.model, took)
    _ours(claim).update(
        status=Call.Status.ANSWERED,
        answer=text,
        answered_by=payloads.storable(model)[:128],
        answered_at=timezone.now(),
        **_LET_GO,
    )
    return Call.objects.get(pk=claim.call_id)


@transaction.atomic(durable=True)
def failed(claim: Claim, error: Exception, took: Took | None = None) -> None:
    """Let go of the call, with what went wrong, and what that took."""
    if took is not None:
        add(claim.job, claim.call_id, claim.purpose, claim.model, took)
    said = error.message if isinstance(error, EngineError) else repr(error)
    _ours(claim).update(
        status=Call.Status.FAILED,
        failure=type(error).__name__[:32],
        error=payloads.storable(said)[:LONGEST_ERROR],
        **_LET_GO,
    )
    if isinstance(error, EngineError) and type(error).__name__ in FINAL:
        error.usage = Call.objects.get(pk=claim.call_id).usage


def discard(call: Call) -> None:
    """Take an answer for forgotten: it is of no use to whoever asks now."""
    Call.objects.filter(pk=call.pk, answer=call.answer).update(answer="")


def forget(*, days: int | None = None) -> int:
    """Drop what answers said once they are older; what they cost stays. Returns how many."""
    before = timezone.now() - timedelta(days=days or settings.ENGINE_CALLS_KEPT_DAYS)
    return Call.objects.exclude(answer="").filter(answered_at__lt=before).update(answer="")


_LET_GO: dict[str, Any] = {"lease_id": "", "lease_expires_at": None, "reserved_usd": 0}


def _ours(claim: Claim) -> Any:
    return Call.objects.filter(pk=claim.call_id, lease_id=claim.lease_id, status=Call.Status.ASKING)


def _lease() -> Any:
    return timezone.now() + timedelta(seconds=settings.ENGINE_LEASE_SECONDS)


def lock(job: Job) -> JobSpend:
    """The job's bill, nobody else's to read for a decision until this transaction ends."""
    JobSpend.objects.bulk_create(
        [JobSpend(workspace_id=job.workspace_id, job_kind=job.kind, job_id=job.id)],
        ignore_conflicts=True,
    )
    return JobSpend.objects.select_for_update().of(job).get()


def require_free(call: Call) -> None:
    """Nobody asks it now: a worker that did not renew its lease is gone."""
    if call.status == Call.Status.BATCHED:
        raise Occupied(settings.ENGINE_LEASE_SECONDS)
    if call.status == Call.Status.ASKING and call.lease_expires_at is not None:
        left = (call.lease_expires_at - timezone.now()).total_seconds()
        if left > 0:
            raise Occupied(left)


def add(job: Job, call_id: str, purpose: str, model: str, took: Took) -> None:
    """Write one request to all three bills."""
    added = more(took.usage, took.cost)
    JobSpend.objects.of(job).update(**added)
    Call.objects.filter(pk=call_id).update(**added)
    day = {
        "workspace_id": job.workspace_id,
        "spent_on": timezone.localdate(),
        "purpose": purpose,
        "model": model,
    }
    DaySpend.objects.bulk_create([DaySpend(**day)], ignore_conflicts=True)
    DaySpend.objects.filter(**day).update(**added)
