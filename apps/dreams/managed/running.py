"""A managed dream from its first step to its last, on any worker, one step at a time.

    copy the store → ask for the dream → follow it → compare → check → propose

Every step is written down before the next begins. While the vendor dreams nobody waits: the dream
is put down until the next look, and whoever sweeps then takes it up.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams import collecting, dreaming, funnel, keeping, proposing, stages, telling
from apps.dreams.beating import beating
from apps.dreams.engines import LOCAL, named
from apps.dreams.failing import Failure, Lost, StoreTooLarge
from apps.dreams.managed import asking, comparing, drafting, mirroring, pulling, reaching
from apps.dreams.managed.models import ManagedDream
from apps.dreams.managed.reaching import PASSING, SHUT, Connect
from apps.dreams.models import Dream, DreamInput, Stage
from apps.linking.remote import Gone, Writable
from apps.sessions.formats.shapes import Json, count_of, object_of, text_of
from apps.sessions.models import Session

FIRST_LOOK, LONGEST_BETWEEN = 5.0, 120.0
GROWTH = 1.5
MOST_LOOKS_COUNTED = 50
WHILE_HELD = 5.0
"""Seconds after which to try again what another worker has in its hands."""
_ENDED = {"completed", "failed", "canceled"}
_STATUSES = {"pending", "running"} | _ENDED


class Refusal(Failure):
    """The other workspace refused what the dream takes."""

    type = "linked_workspace_refused"

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said

    @property
    def message(self) -> str:
        return self.said


class Later(Exception):
    """The dream goes on in so many seconds."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why)
        self.seconds = seconds
        self.why = why


def go_on(dream: Dream, connect: Connect) -> None:
    """Take the dream as far as it goes now. Raises Lost and every Failure."""
    managed = ManagedDream.objects.select_related("mirror__link", "mirror__workspace").get(
        dream=dream
    )
    try:
        with reaching.reached(managed.mirror.link, connect) as remote:
            _Turn(dream, managed, remote).take()
    except Later as later:
        managed.note(failures=0, waits_for=later.why)
        _put_down(dream, later.seconds)
    except PASSING as error:
        _try_again(dream, managed, error)
    except SHUT as error:
        if not managed.asked_at:
            raise Refusal(error.message) from error
        _try_again(dream, managed, error)  # what was asked for goes on there
    except DomainError as error:
        raise Refusal(error.message) from error


def _try_again(dream: Dream, managed: ManagedDream, error: DomainError) -> None:
    seconds = reaching.pause_after(error, managed.failures)
    failures = min(managed.failures + 1, MOST_LOOKS_COUNTED)
    managed.note(failures=failures, waits_for=error.message[:500])
    _put_down(dream, seconds)


def _put_down(dream: Dream, seconds: float) -> None:
    """Until then it is nobody's; a lease that runs out is what the sweep looks for."""
    until = timezone.now() + timedelta(seconds=seconds)
    dream.keep(lease_expires_at=until, attempts=0)


class _Turn:
    """One worker's turn at one dream."""

    def __init__(self, dream: Dream, managed: ManagedDream, remote: Writable) -> None:
        self.dream, self.managed, self.remote = dream, managed, remote

    def take(self) -> None:
        if not self.managed.asked_at:
            self._copy()
        if not self.managed.vendor_dream_id:
            self._keep()
            asking.ask(self.dream, self.managed, self.remote)
            self._say("asked", f"The vendor dreams: {self.managed.vendor_dream_id}.")
        if self.managed.unsure is None:
            self._look_what_changed_meanwhile()
        self._follow()
        if self.dream.stage == Stage.OBSERVE:
            self._compare()
        engine = named(LOCAL)  # whose name nothing of what follows asks for
        if self.dream.stage == Stage.CHECK:
            stages.check(self.dream, engine)
        proposing.propose(self.dream, engine)

    def _copy(self) -> None:
        """Both stores say the same now; what that is, is written down."""
        with beating(self.dream.keep), mirroring.held(self.managed.mirror_id) as mirror:
            if mirror is None:
                raise Later(WHILE_HELD, "Another worker has the store in its hands.")
            mirror.is_sync_asked = True
            mirror.keep(is_sync_asked=True)
            mirroring.bring_together(mirror, self.remote)
            there = pulling.listing(mirror, self.remote)
            copies = {each.vendor_id: each for each in mirror.memories.all()}
        self.managed.mirror = mirror
        before = [
            {
                "vendor_id": each.vendor_id,
                "path": each.path,
                "sha256": each.sha256,
                "memory_id": copy.memory_id
                if (copy := copies.get(each.vendor_id)) and copy.sha256 == each.sha256
                else "",
            }
            for each in there
        ]
        self._begin(before)

    def _begin(self, before: list[dict[str, str]]) -> None:
        mirror, dream = self.managed.mirror, self.dream
        dream.input_store_id = dream.output_store_id = mirror.store_id
        self._keep(input_store_id=mirror.store_id, output_store_id=mirror.store_id)
        store = collecting.require_inputs(dream)
        if settings.DREAM_STORE_LIMIT and store.size_bytes > settings.DREAM_STORE_LIMIT:
            raise StoreTooLarge
        if not dream.session_id:
            dream.session_id = telling.begin(dream, store.name)
            self._keep(session_id=dream.session_id)
        DreamInput.objects.bulk_create(
            (DreamInput(dream=dream, session_id=each) for each in dream.session_ids),
            ignore_conflicts=True,
        )
        self.managed.note(before=before)
        said = f"The store is copied as it is there: {len(before)} memories."
        self._say("copied", said)
        dream.stage = Stage.OBSERVE
        self._keep(stage=Stage.OBSERVE, attempts=0)

    def _look_what_changed_meanwhile(self) -> None:
        """Between the copy and the dream's own; nobody can say which of the two it has read."""
        mirror = self.managed.mirror
        now = {
            (found.path, found.sha256)
            for row in pulling.rows(
                lambda page: self.remote.memories(mirror.vendor_id, page), self.dream.keep
            )
            if (found := pulling.there(row)) is not None
        }
        was = {(each["path"], each["sha256"]) for each in self.managed.before}
        self._keep()
        self.managed.note(unsure=sorted({path for path, _ in now ^ was}))

    def _follow(self) -> None:
        """Raises Later until the vendor's dream has ended, and Lost if it ended otherwise."""
        self._keep()
        try:
            told = self.remote.dream(self.managed.vendor_dream_id)
        except Gone as gone:
            raise Refusal(f"The dream there is gone: {gone.message}") from gone
        status = text_of(told, "status")
        looks = min(self.managed.looks + 1, MOST_LOOKS_COUNTED)
        self._keep(**usage(told))
        self.managed.note(
            looks=looks,
            looked_at=timezone.now(),
            vendor_status=status if status in _STATUSES else "",
            vendor_session_id=payloads.storable(text_of(told, "session_id"))[:128],
            vendor_store_id=_output(told)[:128],
        )
        if status == "completed":
            return
        if status not in _ENDED:
            raise Later(min(FIRST_LOOK * GROWTH**looks, LONGEST_BETWEEN))
        self._end(status, told)
        raise Lost

    def _end(self, status: str, told: Json) -> None:
        """As it ended there."""
        if status == "canceled":
            dreaming.end(self.dream, Dream.Status.CANCELED, "It was canceled there.")
            return
        error = object_of(told, "error")
        kind = payloads.storable(text_of(error, "type"))[:64] or "internal_error"
        said = payloads.storable(text_of(error, "message"))[:1000]
        said = f"The vendor’s dream failed: {said or kind}"
        dreaming.end(self.dream, Dream.Status.FAILED, said, error_type=kind, error_message=said)

    def _compare(self) -> None:
        """What the output says differently, as drafts."""
        since = timezone.now()
        store_id = self.managed.vendor_store_id
        if not store_id:
            raise Refusal("The dream there has ended and names no output.")
        after = {
            found.path: found.content
            for row in pulling.rows(
                lambda page: self.remote.memories(store_id, page, whole=True), self.dream.keep
            )
            if (found := pulling.there(row)) is not None
        }
        changes = comparing.changes(drafting.before(self.managed.before), after)
        with beating(self.dream.keep):
            drafts, dropped = drafting.drafts(
                changes,
                self.managed.unsure or [],
                lambda: drafting.said_in(self.dream.workspace, self.dream.session_ids),
            )
        with transaction.atomic():
            count = len(self.dream.session_ids)
            self.dream.funnel = {
                "sessions": count,
                "read": count,
                "drafts": len(drafts),
                "dropped": funnel.grouped([], dropped),
            }
            self.dream.stage = Stage.CHECK
            self._keep(
                stage=Stage.CHECK,
                drafts=keeping.written(drafts),
                funnel=self.dream.funnel,
                attempts=0,
            )
            self._mark_as_read()
            came = "\n".join(f"{each.kind} {each.path}" for each in drafts) or "Nothing."
            given = {"memories": len(after)}
            telling.step(self.dream, "compare", given=given, came=came, since=since)
        self.dream.refresh_from_db()

    def _mark_as_read(self) -> None:
        """As it is here: who asks for what no dream has read is not given it again."""
        lengths = dict(
            Session.objects.visible_in(self.dream.workspace)
            .filter(public_id__in=self.dream.session_ids)
            .values_list("public_id", "event_count")
        )
        rows = list(self.dream.inputs.all())
        for row in rows:
            row.status = DreamInput.Status.READ
            row.last_sequence = lengths.get(row.session_id, 0)
        DreamInput.objects.bulk_update(rows, ["status", "last_sequence"])

    def _say(self, step: str, text: str) -> None:
        telling.say(self.dream, step, text)

    def _keep(self, **changes: Any) -> None:
        if not self.dream.keep(**changes):
            raise Lost


def usage(told: Json) -> dict[str, int]:
    """What it has cost there by now, by the columns of a dream."""
    said = object_of(told, "usage")
    names = {
        "input_tokens": "input_tokens",
        "output_tokens": "output_tokens",
        "cache_read_tokens": "cache_read_input_tokens",
        "cache_write_tokens": "cache_creation_input_tokens",
    }
    return {column: count_of(said, name) for column, name in names.items()}


def _output(told: Json) -> str:
    outputs = told.get("outputs")
    first = outputs[0] if isinstance(outputs, list) and outputs else None
    return text_of(first, "memory_store_id") if isinstance(first, dict) else ""
