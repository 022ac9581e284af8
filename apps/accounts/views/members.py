"""Who is in a workspace, in which role; who is invited."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.actions import inviting, membership
from apps.accounts.actions.membership import LastAdmin
from apps.accounts.forms import InviteForm, RoleForm
from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.models import Invite, Member
from apps.accounts.rights import Right, Role
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest

SIZE = 50


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    members = Member.objects.of(request.workspace).for_list()
    context: dict[str, object] = {
        "roles": list(Role),
        "rights": list(Right),
        "may_manage": request.actor.may(Right.ADMIN),
    }
    status = 200
    try:
        context["page"] = newest(members, request.GET.get("cursor", ""), size=SIZE)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "accounts/members.html", context, status=status)


def _member(request: WorkspaceRequest, user_id: str) -> Member:
    members = Member.objects.of(request.workspace).select_related("user", "workspace")
    return get_object_or_404(members, user__public_id=user_id)


@needs(Right.ADMIN)
@require_POST
def change_role(request: WorkspaceRequest, user_id: str) -> HttpResponse:
    member, form = _member(request, user_id), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such role.")
        return redirect("settings:members", request.workspace.slug)
    try:
        membership.change_role(member, role=form.cleaned_data["role"], by=request.actor)
    except LastAdmin as last:
        messages.error(request, last.message)
    else:
        messages.success(request, f"{member.user} is {Role(member.role).label.lower()} now.")
    return redirect(_back(request))


def _back(request: WorkspaceRequest) -> str:
    """The page of the list that one was on."""
    cursor = request.GET.urlencode()
    listed = reverse("settings:members", args=[request.workspace.slug])
    return f"{listed}?{cursor}" if cursor else listed


@needs(Right.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: WorkspaceRequest, user_id: str) -> HttpResponse:
    """Ask first; then they are out with their next click."""
    member = _member(request, user_id)
    context: dict[str, object] = {"member": member, "is_self": member.user == request.user}
    if request.method != "POST":
        return render_page(request, "accounts/remove_member.html", context)
    try:
        membership.remove(member, by=request.actor)
    except LastAdmin as last:
        context["refused"] = last
        return render_page(request, "accounts/remove_member.html", context, status=last.status)
    messages.success(request, f"{member.user} is no member any longer.")
    if member.user == request.user:
        return redirect("home")
    return redirect("settings:members", request.workspace.slug)


@needs(Right.ADMIN)
@never_cache  # an answer may hold a link that is shown once
@require_http_methods(["GET", "HEAD", "POST"])
def invites(request: WorkspaceRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method != "POST":
        return _show_invites(request, form)
    if not form.is_valid():
        return _show_invites(request, form, status=422)
    made, token = inviting.invite(
        role=form.cleaned_data["role"], remark=form.cleaned_data["note"], by=request.actor
    )
    link = request.build_absolute_uri(reverse("accounts:invite", args=[token]))
    return _show_invites(request, InviteForm(), status=201, made=made, link=link)


def _show_invites(
    request: WorkspaceRequest, form: InviteForm, status: int = 200, **made: object
) -> HttpResponse:
    waiting = Invite.objects.of(request.workspace).open().for_list()
    context: dict[str, object] = {"form": form, "roles": list(Role), **made}
    try:
        context["page"] = newest(waiting, request.GET.get("cursor", ""), size=SIZE)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "accounts/invites.html", context, part="invites", status=status)


@needs(Right.ADMIN)
@require_POST
def revoke(request: WorkspaceRequest, invite_id: str) -> HttpResponse:
    invite = get_object_or_404(Invite.objects.of(request.workspace), pk=invite_id)
    if inviting.revoke(invite, by=request.actor):
        messages.success(request, "Taken back. Its link lets nobody in.")
    else:
        messages.warning(request, "It was no longer open.")
    return redirect("settings:invites", request.workspace.slug)
