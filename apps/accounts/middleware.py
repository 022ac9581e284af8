"""Which workspace a request is about, who asks, and whether they may."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from apps.accounts.acting import Actor
from apps.accounts.models import Member, User, Workspace
from apps.accounts.rights import Right, Role

MOST_NAMED = 5
"""Admins that a refusal names."""
_SAFE = {"GET", "HEAD", "OPTIONS"}
View = TypeVar("View", bound=Callable[..., object])


class WorkspaceRequest(HttpRequest):
    """A request of a member, about one workspace."""

    workspace: Workspace
    actor: Actor
    user: User


def needs(right: Right) -> Callable[[View], View]:
    """What the page asks of its reader. Without it: to read is READ, to change is WRITE."""

    def marked(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]
        return view

    return marked


class WorkspaceMiddleware(MiddlewareMixin):
    """Sets `request.workspace` and `request.actor` from the address and the person.

    What a person is no member of does not exist; what their role does not let them do is refused.
    """

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, str],
    ) -> HttpResponse | None:
        if any("\x00" in name for name in kwargs.values()):
            raise Http404  # the database refuses to look for such a name
        slug = kwargs.pop("workspace", None)
        if slug is None or not isinstance(request.user, User):
            request.workspace = None  # type: ignore[attr-defined]
            return None
        places = Member.objects.select_related("workspace")
        member = places.filter(user=request.user, workspace__slug=slug).first()
        if member is None:
            raise Http404
        member.user = request.user
        request.workspace = member.workspace  # type: ignore[attr-defined]
        request.actor = actor = Actor.member(member)  # type: ignore[attr-defined]
        default = Right.READ if request.method in _SAFE else Right.WRITE
        right = getattr(view, "needs", default)
        return None if actor.may(right) else _refuse(request, member, right)


def _refuse(request: HttpRequest, member: Member, right: Right) -> HttpResponse:
    """Say which role it takes, and who can give it."""
    admins = Member.objects.of(member.workspace).admins().for_list().order_by("pk")
    context = {
        "role": Role(member.role),
        "needed": Role.having(right),
        "admins": admins[:MOST_NAMED],
    }
    return render(request, "accounts/not_allowed.html", context, status=403)
