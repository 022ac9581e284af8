"""The chain of a store's versions: what is hashed, and what a broken link looks like.

Pure functions over values. `seal` is the salted digest of what a version says; a `Link` hashes the
version in its place. Both are SHA-256 over length-prefixed UTF-8, in lower-case hex, so an
outside check needs nothing but an export and twenty lines in any language.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
"""What the first version of a store is chained to."""


def digest(*parts: str) -> str:
    """SHA-256 over the parts, each behind its length in bytes: `4:team3:abc`."""
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode()
        hashed.update(f"{len(data)}:".encode())
        hashed.update(data)
    return hashed.hexdigest()


def content_sha256(content: str) -> str:
    """The contract's hash of a content: its raw UTF-8, not normalised."""
    return hashlib.sha256(content.encode()).hexdigest()


def seal(
    *, salt: str, path: str, content_sha256: str | None, content_size_bytes: int | None
) -> str:
    """What the version says, so that nobody can tell it without the salt."""
    size = "" if content_size_bytes is None else str(content_size_bytes)
    return digest(salt, path, content_sha256 or "", size)


@dataclass(frozen=True, slots=True)
class Link:
    """A version in its place. `actor` is `type:id`, or nothing for the system."""

    previous: str
    store_id: str
    sequence: int
    version_id: str
    memory_id: str
    operation: str
    actor: str
    actor_name: str
    reason: str
    created_at: datetime
    seal: str

    @property
    def hash(self) -> str:
        moment = self.created_at.astimezone(UTC).isoformat(timespec="microseconds")
        return digest(
            self.previous,
            self.store_id,
            str(self.sequence),
            self.version_id,
            self.memory_id,
            self.operation,
            self.actor,
            self.actor_name,
            self.reason,
            moment,
            self.seal,
        )
