"""What an open queue hears: which proposals somebody proposed, claimed or decided."""

from functools import partial

from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.live import answering
from apps.reviews.following import ANYTHING, reviewers
from apps.sessions.views.live import require_member

_NO_STREAM = 204  # the browser's word for: do not ask again


@require_safe
def stream(request: WorkspaceRequest) -> HttpResponseBase:
    """Say it whenever something changed, first of all that anything may have."""
    if not answering.can_stream(request):
        return HttpResponse(status=_NO_STREAM)
    mailbox = async_to_sync(reviewers.of_queue)(request.workspace.pk)
    return answering.stream(
        request,
        mailbox,
        begin=lambda: mailbox.put(ANYTHING),
        may_stay=partial(require_member, request),
    )
