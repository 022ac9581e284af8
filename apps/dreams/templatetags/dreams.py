"""What the pages of dreams say about proposals and ends."""

from datetime import datetime

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.templatetags.ui import duration
from apps.reviews.models import Proposal

register = template.Library()

_REMEDIES = {
    "input_memory_store_unavailable": "Choose a store that is in use.",
    "input_session_unavailable": "Choose its sessions anew.",
    "input_memory_store_too_large": "Archive or retire what the store no longer needs.",
    "memory_store_org_limit_exceeded": "Archive or delete a store, or let the proposals go to the"
    " store itself.",
    "timeout": "Read fewer sessions at a time.",
    "internal_error": "Try again; what was read is kept.",
    "cost_cap_reached": "What was read is kept: with a higher cap the next dream goes on there.",
    "model_unavailable": "Check the key under Settings, Models; what was read is kept.",
}


@register.filter
def dream_remedy(error_type: str) -> str:
    """What to do about the failure of a dream."""
    return _REMEDIES.get(error_type, "Try again; what was read is kept.")


@register.filter
def proposal_url(proposal: Proposal, workspace: Workspace) -> str:
    """The proposal's page, whose workspace need not be loaded."""
    try:
        return reverse("reviews:proposal", args=(workspace.slug, proposal.pk))
    except NoReverseMatch:
        return ""


@register.filter
def since(value: datetime) -> str:
    """How long it has been so: 1 d 11 h."""
    return duration(timezone.now() - value)


@register.filter
def filename(path: str) -> str:
    return path.rsplit("/", 1)[-1]
