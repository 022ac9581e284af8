"""What an open page hears while it is looked at: how far a session is, which sessions changed.

Only that something changed comes through the stream; the page then asks for what it shows of it.
"""

from functools import partial

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.models import Member
from apps.accounts.rights import Right
from apps.core.live import answering, frames
from apps.sessions.filtering import narrow
from apps.sessions.finding import NoSuchSession
from apps.sessions.following.followers import followers
from apps.sessions.forms import SessionFilterForm
from apps.sessions.models import Session
from apps.sessions.views.session import about_session

MOST_SHOWN = 100
MOST_NEW = 99
_NO_STREAM = 204  # the browser's word for: do not ask again


@about_session
def session_stream(request: WorkspaceRequest, session: Session) -> HttpResponseBase:
    """Say how far the session is, now and whenever it goes on."""
    if not answering.can_stream(request):
        return HttpResponse(status=_NO_STREAM)
    mailbox = async_to_sync(followers.of_page)(session.pk)
    try:
        now = frames.note({"last": followers.position(session.pk)})
    except NoSuchSession as gone:
        raise Http404 from gone
    return answering.stream(
        request,
        mailbox,
        begin=lambda: mailbox.put(now),
        may_stay=partial(require_member, request),
    )


@require_safe
def list_stream(request: WorkspaceRequest) -> HttpResponseBase:
    """Say which of the workspace's sessions changed, first of all that any may have."""
    if not answering.can_stream(request):
        return HttpResponse(status=_NO_STREAM)
    mailbox = async_to_sync(followers.of_list)(request.workspace.pk)
    now = frames.note({"changed": None, "new": True})
    return answering.stream(
        request,
        mailbox,
        begin=lambda: mailbox.put(now),
        may_stay=partial(require_member, request),
    )


def require_member(request: WorkspaceRequest) -> None:
    """Raises NotAllowed for whoever is no member any more."""
    members = Member.objects.filter(workspace=request.workspace, user=request.user)
    member = members.filter(user__is_active=True).select_related("user", "workspace").first()
    if member is None:
        raise NotAllowed
    Actor.member(member).require(Right.READ)


@require_safe
def rows(request: WorkspaceRequest) -> HttpResponse:
    """The rows of these sessions as they are now, and how many newer ones the filters let pass."""
    visible = Session.objects.visible_in(request.workspace)
    shown = request.GET.get("shown", "").replace("\x00", "").split(",")[:MOST_SHOWN]
    context: dict[str, object] = {"sessions": visible.for_list().filter(public_id__in=shown)}
    if "newest" in request.GET:
        context |= _newer(request)
    return render(request, "sessions/list_rows.html", context)


def _newer(request: WorkspaceRequest) -> dict[str, object]:
    """Sessions that a first page would begin with; all of them, where it is empty."""
    visible = Session.objects.visible_in(request.workspace)
    form = SessionFilterForm(request.GET, workspace=request.workspace)
    found = narrow(visible, form.chosen).sessions
    if newest := request.GET["newest"].replace("\x00", ""):
        first = get_object_or_404(visible.only("created_at"), public_id=newest)
        found = found.filter(created_at__gt=first.created_at)
    count = len(found.order_by("-created_at", "-pk").values_list("pk")[: MOST_NEW + 1])
    return {"new": count, "most_new": MOST_NEW, "query": form.query}
