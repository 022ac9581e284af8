"""Questions handed in together: answered within a day, at half the price.

What comes back is kept as if it had been asked, so that asking goes on where the batch left off: a
question without a usable answer is simply asked. A batch is written down before it is sent. If the
worker dies before it heard the vendor's id, the vendor's list of batches is searched for one of
that size which nobody here knows, and it is ours if its results bear the names of our calls; only
what is not found there is free to be asked again.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.core import payloads
from apps.engine import budgeting, keeping
from apps.engine.asking import EngineBusy, EngineError, Job, Question, RefusedToAnswer
from apps.engine.bridging import Bridge
from apps.engine.conversing import Conversation, Reply, took
from apps.engine.keeping import Took
from apps.engine.models import Batch, Call
from apps.engine.opening import engine_for
from apps.engine.pricing import in_a_batch
from apps.engine.remote import BatchState, Connecting, Passing, Remote, Result

R = TypeVar("R")
MOST, MOST_BYTES = 10_000, 100_000_000
"""Of one batch; what is more goes with the next. The vendor takes 256 MB."""
Conversations = dict[str, tuple[Question[Any], Conversation]]
LOST_AFTER = timedelta(minutes=15)
"""A worker that sends a batch has been told its id by then, or is gone."""
GIVEN_UP_AFTER = timedelta(hours=26)
"""The vendor answers within a day, or not at all."""
NOT_ANSWERED = "NotAnswered"
"""The failure of a call that a batch brought nothing for: it may be asked."""


def is_open(job: Job) -> bool:
    """Whether answers may still come."""
    return Batch.objects.open().of(job).exists()


def send(job: Job, questions: Sequence[Question[Any]]) -> list[Batch]:
    """Hand in those questions that have no answer yet, in as many batches as it takes.

    Raises BudgetSpent if together they may cost too much, NoKey, KeyRejected, RequestRejected;
    EngineBusy if it is not known whether they arrived, which `fetch` finds out. Sent again, only
    what is not under way is handed in.
    """
    remote = _connecting(job)
    conversations = {
        each.digest: (each, Conversation(each, remote.schema(each.answer))) for each in questions
    }
    sent = []
    while (batch := _take(job, conversations)) is not None:
        _send(batch, remote, conversations)
        sent.append(batch)
    return sent


def _send(batch: Batch, remote: Connecting, conversations: Conversations) -> None:
    names = dict(batch.calls.values_list("digest", "pk"))
    requests = [(name, conversations[digest][1].body) for digest, name in names.items()]
    try:
        state = _on(remote, lambda wire: wire.create_batch(requests))
    except Passing as passing:
        raise EngineBusy(f"The batch may not have arrived: {passing}.") from passing
    except EngineError as error:
        _end(batch, error.message)
        raise
    _sent(batch, state)


def fetch(batch: Batch) -> bool:
    """See how far it is, and keep what it brought once it has ended; returns whether it has.

    Raises NoKey, KeyRejected, EngineBusy.
    """
    batch.refresh_from_db()
    if batch.status == Batch.Status.ENDED:
        return True
    try:
        return _fetch(batch, _connecting(_job(batch)))
    except Passing as passing:
        raise EngineBusy(str(passing), after=passing.after) from passing
    except EngineError as error:
        return _put_up_with(batch, error)


def look_at(batch_id: str) -> None:
    """Fetch it, if it is still there; what stands in the way is written down with it."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        return
    try:
        fetch(batch)
    except EngineError as error:
        Batch.objects.open().filter(pk=batch_id).update(error=error.message)


def cancel(job: Job) -> None:
    """Have its batches canceled. What was answered by then is paid, and kept."""
    Batch.objects.open().of(job).update(status=Batch.Status.CANCELING)


def _fetch(batch: Batch, remote: Connecting) -> bool:
    if not batch.vendor_id and not _found(batch, remote):
        return batch.status == Batch.Status.ENDED
    state = _on(remote, lambda wire: wire.batch(batch.vendor_id))
    if not state.is_ended:
        if batch.status == Batch.Status.CANCELING:
            _on(remote, lambda wire: wire.cancel_batch(batch.vendor_id))
        return False
    results = _on(remote, lambda wire: wire.results(batch.vendor_id))
    names = set(batch.calls.values_list("pk", flat=True))
    if not names & {each.name for each in results}:
        return _was_another(batch)
    for each in results:
        if each.name in names:
            _settle(batch, each)
    _end(batch, "")
    return True


def _put_up_with(batch: Batch, error: EngineError) -> bool:
    """A key may be repaired, and a batch that is gone stays gone: wait a day, and no longer."""
    if batch.created_at < timezone.now() - GIVEN_UP_AFTER:
        _end(batch, error.message)
        return True
    raise error


def _found(batch: Batch, remote: Connecting) -> bool:
    """Look for a batch whose id was never heard; what cannot have arrived is given up."""
    since = batch.created_at - timedelta(minutes=5)
    listed = [
        each
        for each in _on(remote, lambda wire: wire.batches())
        if each.size == batch.questions and each.created_at >= since
    ]
    known = Batch.objects.filter(vendor_id__in=[each.id for each in listed])
    strangers = {*batch.not_ours, *known.values_list("vendor_id", flat=True)}
    ours = [each for each in listed if each.id not in strangers]
    if ours:
        _sent(batch, ours[-1])
        return True
    if batch.created_at < timezone.now() - LOST_AFTER:
        _end(batch, "It never arrived. Its questions are free to be asked again.")
        batch.refresh_from_db()
    return False


def _was_another(batch: Batch) -> bool:
    """None of its results bears a name of ours: look on."""
    batch.not_ours = [*batch.not_ours, batch.vendor_id]
    batch.vendor_id, batch.status = "", Batch.Status.SENDING
    batch.save(update_fields=["not_ours", "vendor_id", "status"])
    return False


@transaction.atomic(durable=True)
def _take(job: Job, conversations: Conversations) -> Batch | None:
    """Claim what nobody asks and nothing answers, with room for what all of it may cost."""
    bill = keeping.lock(job)
    known = {each.digest: each for each in Call.objects.of(job).filter(digest__in=conversations)}
    free = _fitting({d: c for d, (_, c) in conversations.items() if _is_free(known.get(d))})
    if not free:
        return None
    worst = {digest: in_a_batch(conversations[digest][1].worst) for digest in free}
    costs = [each for each in worst.values() if each is not None]
    total = sum(costs, Decimal(0)) if len(costs) == len(free) else None
    budgeting.require(job, bill, total, apart_from=None)
    place = {"workspace_id": job.workspace_id, "job_kind": job.kind, "job_id": job.id}
    batch = Batch.objects.create(questions=len(free), **place)
    Call.objects.bulk_create(
        [
            Call(
                **place,
                digest=digest,
                purpose=conversations[digest][0].purpose,
                model=conversations[digest][0].model,
                status=Call.Status.BATCHED,
                batch=batch,
                reserved_usd=worst[digest] or 0,
            )
            for digest in free
        ],
        update_conflicts=True,
        unique_fields=["workspace", "job_kind", "job_id", "digest"],
        update_fields=[
            "status",
            "batch",
            "reserved_usd",
            "answer",
            "answered_at",
            "failure",
            "error",
            "lease_id",
            "lease_expires_at",
        ],
    )
    return batch


def _fitting(free: dict[str, Conversation]) -> list[str]:
    """The first of them, as many as one batch takes."""
    sizes = accumulate(each.size for each in free.values())
    fitting = [digest for digest, size in zip(free, sizes, strict=True) if size <= MOST_BYTES]
    return (fitting or list(free)[:1])[:MOST]


def _is_free(call: Call | None) -> bool:
    """Nobody asks it, and another batch could bring an answer."""
    if call is None:
        return True
    try:
        keeping.require_free(call)
    except budgeting.Occupied:
        return False
    return not keeping.is_kept(call) and call.failure != keeping.CUT_IN_A_BATCH


def _sent(batch: Batch, state: BatchState) -> None:
    """Note the vendor's id; one that is to be canceled stays so."""
    Batch.objects.filter(pk=batch.pk).update(vendor_id=state.id)
    Batch.objects.filter(pk=batch.pk, status=Batch.Status.SENDING).update(
        status=Batch.Status.IN_PROGRESS
    )
    batch.refresh_from_db()


@transaction.atomic(durable=True)
def _settle(batch: Batch, result: Result) -> None:
    """Keep what came of one question, once, and pay for it."""
    open_calls = batch.calls.filter(pk=result.name, status=Call.Status.BATCHED)
    call = open_calls.select_for_update().first()
    if call is None:
        return
    changes = _read(result)
    if result.reply is not None:
        full = took(call.model, result.reply)
        paid = Took(full.usage, in_a_batch(full.cost))
        keeping.add(_job(batch), call.pk, call.purpose, call.model, paid)
    open_calls.update(reserved_usd=0, **changes)
    if changes["status"] == Call.Status.ANSWERED:
        Batch.objects.filter(pk=batch.pk).update(answered=F("answered") + 1)


def _read(result: Result) -> dict[str, Any]:
    """What becomes of the call. The type of the answer is checked by whoever asks for it."""
    reply = result.reply
    if reply is None:
        return _failure(NOT_ANSWERED, result.trouble)
    if reply.stop_reason == "refusal":
        return _failure(RefusedToAnswer.__name__, "")
    if reply.stop_reason == "max_tokens":
        return _failure(keeping.CUT_IN_A_BATCH, "The answer was longer than it may be.")
    if not _is_json(reply):
        return _failure(NOT_ANSWERED, "The answer is no JSON.")
    return {
        "status": Call.Status.ANSWERED,
        "answer": reply.text,
        "answered_by": payloads.storable(reply.model)[:128],
        "answered_at": timezone.now(),
    }


def _is_json(reply: Reply) -> bool:
    try:
        payloads.load(reply.text)
    except ValueError:
        return False
    return True


def _failure(kind: str, error: str) -> dict[str, Any]:
    said = payloads.storable(error)[: keeping.LONGEST_ERROR]
    return {"status": Call.Status.FAILED, "failure": kind, "error": said}


@transaction.atomic(durable=True)
def _end(batch: Batch, error: str) -> None:
    """Over. What it brought nothing for may be asked."""
    left = batch.calls.filter(status=Call.Status.BATCHED)
    left.update(reserved_usd=0, **_failure(NOT_ANSWERED, error or "The batch left it out."))
    Batch.objects.filter(pk=batch.pk).exclude(status=Batch.Status.ENDED).update(
        status=Batch.Status.ENDED, ended_at=timezone.now(), error=error
    )


def _job(batch: Batch) -> Job:
    return Job(batch.workspace_id, batch.job_kind, batch.job_id)


def _connecting(job: Job) -> Connecting:
    return cast("Connecting", engine_for(job))


def _on(remote: Connecting, ask: Callable[[Remote], Coroutine[Any, Any, R]]) -> R:
    """One request on a connection of its own."""

    async def asked() -> R:
        async with remote.connect() as wire:
            return await ask(wire)

    return Bridge().run(asked())
