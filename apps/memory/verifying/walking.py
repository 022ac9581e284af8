"""From link to link through a store's chain, and what is wrong with each."""

from collections.abc import Iterator
from dataclasses import replace

from apps.accounts.models import AuditEntry
from apps.memory import chain, writing
from apps.memory.models import HistoryCheck, MemoryStore, MemoryVersion
from apps.memory.verifying.verdicts import MOST_KEPT, Fault, Verdict

REDACTED, FORGOTTEN = "memory_version.redacted", "memory_store.old_versions_redacted"


class Walk:
    """From version to version, with what the next one must follow."""

    def __init__(self, store: MemoryStore, verdict: Verdict, anchor: HistoryCheck | None) -> None:
        self._verdict = verdict
        self._before: MemoryVersion | None = None
        self._follows = chain.GENESIS  # the next previous_hash, if that is known
        self._next = 1
        self._anchor = anchor
        entries = AuditEntry.objects.filter(workspace=store.workspace_id)
        forgotten = entries.filter(action=FORGOTTEN, object_id=store.pk)
        redacted = MemoryVersion.objects.of(store).exclude(redacted_at=None)
        self._redactions = entries.filter(action=REDACTED)
        self._forgets = forgotten.exists()
        self._noted = set(
            self._redactions.filter(object_id__in=redacted.values("pk")).values_list(
                "object_id", flat=True
            )
        )
        # By sequence: rows whose hash is not of what they say, which may have changed places.
        self.misplaced: dict[int, MemoryVersion | None] = {}

    def take(self, version: MemoryVersion) -> None:
        if version.sequence > self._next:
            self._miss(self._next, version.sequence - 1)
            self._follows = ""
        computed = writing.hash_of(version)
        problems = [*_content_problems(version), *self._redaction_problems(version)]
        if computed != version.hash:
            problems.append(
                "its hash is not of what it says: its place, author, time, reason, operation, "
                "memory or seal was changed"
            )
            self._misplace(version)
        elif self._follows not in {"", version.previous_hash}:
            problems += self._broken(version)
        problems += self._anchor_problems(version)
        if problems:
            self._name(version, problems)
        # One that is wrong, and named, says nothing of the next.
        self._follows = "" if problems else version.hash
        self._before = version
        self._next = version.sequence + 1

    def end(self, version_count: int) -> None:
        """What the store, or the last check, knows of and is not there."""
        known = max(version_count, self._anchor.version_count if self._anchor else 0)
        if known >= self._next:
            self._miss(self._next, known)

    def _misplace(self, version: MemoryVersion) -> None:
        if len(self.misplaced) < MOST_KEPT:
            version.content = None  # not needed any more, and large
            self.misplaced[version.sequence] = version

    def _broken(self, version: MemoryVersion) -> list[str]:
        """The version is whole, so the one before it is not the one that was there."""
        if self._before is None:
            return ["it is not what the chain began with"]
        self._name(
            self._before,
            [f"it was changed, and its hash with it: version {version.sequence} follows another"],
        )
        return []

    def _anchor_problems(self, version: MemoryVersion) -> list[str]:
        anchor = self._anchor
        if anchor is None or version.sequence != anchor.version_count:
            return []
        if version.hash == anchor.chain_hash:
            return []
        return [f"another version stood here when the history was checked at {_at(anchor)}"]

    def _redaction_problems(self, version: MemoryVersion) -> list[str]:
        """The chain allows a redaction; the audit log, which nobody edits, has to know of it."""
        if version.redacted_at is None or self._is_noted(version):
            return []
        return ["it was redacted, and the audit log does not say so"]

    def _is_noted(self, version: MemoryVersion) -> bool:
        if version.pk in self._noted or (self._forgets and not version.redacted_by_type):
            return True
        return self._redactions.filter(object_id=version.pk).exists()  # it may be of this moment

    def _miss(self, first: int, last: int) -> None:
        problem = "it is missing" if first == last else f"it and all up to {last} are missing"
        self._verdict.add(Fault(first, "", "", problem))
        for sequence in range(first, min(last + 1, first + MOST_KEPT)):
            self.misplaced.setdefault(sequence, None)

    def _name(self, version: MemoryVersion, problems: list[str]) -> None:
        fault = Fault(version.sequence, version.pk, version.memory_id, "; ".join(problems))
        self._verdict.add(fault)


def _content_problems(version: MemoryVersion) -> Iterator[str]:
    if version.redacted_at is not None:
        return
    if version.content is not None:
        if chain.content_sha256(version.content) != version.content_sha256:
            yield "its content is not what its content_sha256 says"
        if len(version.content.encode()) != version.content_size_bytes:
            yield "its content is not as long as its content_size_bytes says"
    if writing.seal_of(version) != version.seal:
        yield "its path, content hash, size or salt is not what was sealed"


def placed(fault: Fault, misplaced: dict[int, MemoryVersion | None]) -> Fault:
    """With where it stood when it was written, if that is where another row is wrong too."""
    version = misplaced.get(fault.sequence)
    if version is None or not fault.version_id:
        return fault
    for sequence in misplaced:
        version.sequence = sequence
        if sequence != fault.sequence and writing.hash_of(version) == version.hash:
            problem = f"it stands in another place: it was written as version {sequence}"
            return replace(fault, problem=problem)
    return fault


def _at(check: HistoryCheck) -> str:
    return f"{check.created_at:%Y-%m-%d %H:%M} UTC"
