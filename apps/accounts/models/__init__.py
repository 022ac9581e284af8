"""People, workspaces, memberships, invites, keys, and the log of what they changed."""

from apps.accounts.models.audit import AuditEntry
from apps.accounts.models.keys import ApiKey
from apps.accounts.models.people import Invite, Member, SignInLink, User
from apps.accounts.models.workspace import Workspace

__all__ = ["ApiKey", "AuditEntry", "Invite", "Member", "SignInLink", "User", "Workspace"]
