"""The pages of reviewing: the queue with the proposal on the desk, decisions, batches, rules."""

from django.http import Http404
from django.urls import reverse

from apps.accounts.middleware import WorkspaceRequest
from apps.core.errors import NotFound
from apps.reviews import finding
from apps.reviews.browsing import Asked
from apps.reviews.models import Changeset, Proposal

FORM = ["GET", "HEAD", "POST"]


def proposal_of(request: WorkspaceRequest, proposal_id: str) -> Proposal:
    """The proposal of this page, its workspace loaded."""
    try:
        found = finding.proposal(request.workspace, proposal_id)
    except NotFound as missing:
        raise Http404 from missing
    found.workspace = found.store.workspace = request.workspace
    return found


def changeset_of(request: WorkspaceRequest, changeset_id: str) -> Changeset:
    try:
        found = finding.changeset(request.workspace, changeset_id)
    except NotFound as missing:
        raise Http404 from missing
    found.workspace = found.store.workspace = request.workspace
    return found


def asked_of(request: WorkspaceRequest) -> Asked:
    """What the queue is narrowed to. A form carries it in its address."""
    return Asked.read(request.GET)


def address(request: WorkspaceRequest, name: str, *args: str, **more: str) -> str:
    """A page of reviews, narrowed as this one is."""
    at = reverse(f"reviews:{name}", args=[request.workspace.slug, *args])
    return at + asked_of(request).query(**more)
