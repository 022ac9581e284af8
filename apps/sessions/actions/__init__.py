"""What a person or a client may do with sessions. Every page and endpoint calls these."""

from apps.sessions.actions.bringing_in import (
    NameTaken,
    begin_import,
    save_view,
    try_import_again,
)
from apps.sessions.actions.resources import add_file, delete_resource, rotate_token
from apps.sessions.actions.sending import send_events
from apps.sessions.actions.sessions import (
    SessionChanges,
    SessionPlan,
    archive_session,
    create_session,
    delete_session,
    update_session,
)
from apps.sessions.actions.threads import archive_thread

__all__ = [
    "NameTaken",
    "SessionChanges",
    "SessionPlan",
    "add_file",
    "archive_session",
    "archive_thread",
    "begin_import",
    "create_session",
    "delete_resource",
    "delete_session",
    "rotate_token",
    "save_view",
    "send_events",
    "try_import_again",
    "update_session",
]
