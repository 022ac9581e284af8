"""Whoever acts: a person, a key, or the system itself; what they may do, and the note of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import ApiKey, AuditEntry, Member, User, Workspace
from apps.accounts.rights import Right, Role
from apps.core import payloads, statements
from apps.core.errors import DomainError
from apps.core.logs import current_request_id


class NotAllowed(DomainError):
    """You may not do this here. An admin of the workspace can give you the role for it."""

    status = 403
    type = "permission_error"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, in which workspace, with which rights. Exactly one of user and key, or neither."""

    workspace: Workspace
    rights: frozenset[Right]
    user: User | None = None
    api_key: ApiKey | None = None

    @classmethod
    def member(cls, member: Member) -> "Actor":
        """The person, in the workspace they are a member of. Both must be loaded."""
        return cls(member.workspace, Role(member.role).rights, user=member.user)

    @classmethod
    def key(cls, key: ApiKey) -> "Actor":
        """The program that holds this key. The key's workspace must be loaded."""
        return cls(key.workspace, key.rights, api_key=key)

    @classmethod
    def system(cls, workspace: Workspace) -> "Actor":
        """Nobody in particular: a schedule, a command, a sweep."""
        return cls(workspace, frozenset(Right))

    @property
    def type(self) -> str:
        """The vendor's name of this kind of actor, or ours."""
        kinds = AuditEntry.ActorType
        if self.user is not None:
            return kinds.USER
        return kinds.API_KEY if self.api_key is not None else kinds.SYSTEM

    @property
    def name(self) -> str:
        if self.user is not None:
            return self.user.get_username()
        return self.api_key.name if self.api_key is not None else "agentsite"

    def may(self, right: Right) -> bool:
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raises NotAllowed, naming what is missing."""
        if self.may(right):
            return
        if self.api_key is not None:
            raise NotAllowed(
                f"This API key has the scopes {', '.join(sorted(self.rights))}; "
                f"this takes '{right}'. Make a key with that scope."
            )
        raise NotAllowed


def authored(by: Actor) -> dict[str, Any]:
    """The columns by which a row says whose doing it is."""
    actor_id = by.user.public_id if by.user else by.api_key.pk if by.api_key else ""
    return {
        "created_by_type": by.type,
        "created_by_id": actor_id,
        "created_by_name": by.name,
    }


def note(
    by: Actor,
    action: str,
    object_id: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write the audit entry of a change, in the transaction that makes it.

    `action` is `noun.verb` in the past (`agent.updated`). Of before and after only what differs is
    kept; with one of them alone, all of it is. Never pass a secret.
    """
    entry = entry_of(by, action, object_id, before=before, after=after)
    statements.insert(entry)
    return entry


def entry_of(
    by: Actor,
    action: str,
    object_id: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """As note, for whoever keeps it in the statement that makes the change."""
    old, new = _differing(dict(before or {}), dict(after or {}))
    return AuditEntry(
        workspace=by.workspace,
        actor_type=by.type,
        user=by.user,
        api_key=by.api_key,
        actor_name=by.name,
        action=action,
        object_id=object_id,
        before=payloads.storable_all(old),
        after=payloads.storable_all(new),
        request_id=current_request_id(),
    )


def _differing(
    before: dict[str, Any], after: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    if not before or not after:
        return before, after
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return (
        {name: value for name, value in before.items() if name in changed},
        {name: value for name, value in after.items() if name in changed},
    )
