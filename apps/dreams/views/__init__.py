"""The pages of dreams, their schedules, and the overview."""

from django.http import Http404

from apps.accounts.middleware import WorkspaceRequest
from apps.core.errors import NotFound
from apps.dreams import finding
from apps.dreams.models import Dream, DreamSchedule

FORM = ["GET", "HEAD", "POST"]


def dream_of(request: WorkspaceRequest, dream_id: str) -> Dream:
    """The dream of this page, its workspace and schedule loaded."""
    try:
        return finding.dream(request.workspace, dream_id)
    except NotFound as missing:
        raise Http404 from missing


def schedule_of(request: WorkspaceRequest, schedule_id: str) -> DreamSchedule:
    """The schedule of this page."""
    try:
        return finding.schedule(request.workspace, schedule_id)
    except NotFound as missing:
        raise Http404 from missing
