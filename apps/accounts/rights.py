"""Who may do what: the one table. The docs and the members page are drawn from it.

A person has a role in a workspace, a key has scopes; both come down to the same four rights.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models


class Right(StrEnum):
    """What is asked of whoever wants to do something."""

    READ = "read"
    REVIEW = "review"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def meaning(self) -> str:
        """What it lets one do, in words."""
        return _MEANING[self]


class Role(models.TextChoices):
    """A person's place in a workspace; each may do what the one before it may, and more."""

    VIEWER = "viewer", "Viewer"
    REVIEWER = "reviewer", "Reviewer"
    OPERATOR = "operator", "Operator"
    ADMIN = "admin", "Admin"

    @property
    def rights(self) -> frozenset[Right]:
        return _RIGHTS[self]

    @classmethod
    def having(cls, right: Right) -> "Role":
        """The least of the roles that may do this."""
        return next(role for role in cls if right in role.rights)


_MEANING = {
    Right.READ: "See sessions, agents, environments and files, and export them",
    Right.REVIEW: "Decide proposed edits to memory",
    Right.WRITE: "Define agents, run sessions, send events, import, upload, change memory",
    Right.ADMIN: "Manage members, API keys, models and linked workspaces, and read the audit log",
}
_RIGHTS = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.REVIEWER: frozenset({Right.READ, Right.REVIEW}),
    Role.OPERATOR: frozenset({Right.READ, Right.REVIEW, Right.WRITE}),
    Role.ADMIN: frozenset(Right),
}


def of_scopes(scopes: Iterable[str]) -> frozenset[Right]:
    """The rights of a key: its scopes, and with `admin` all of them."""
    given = frozenset(Right(scope) for scope in scopes)
    return frozenset(Right) if Right.ADMIN in given else given
