"""Which workspace a request is about, who asks, and whether they may."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.models import Member, User, Workspace
from apps.accounts.rights import Right

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
    ) -> None:
        if any("\x00" in name for name in kwargs.values()):
            raise Http404  # the database refuses to look for such a name
        slug = kwargs.pop("workspace", None)
        if slug is None or not isinstance(request.user, User):
            request.workspace = None  # type: ignore[attr-defined]
            return
        places = Member.objects.select_related("workspace")
        member = places.filter(user=request.user, workspace__slug=slug).first()
        if member is None:
            raise Http404
        member.user = request.user
        request.workspace = member.workspace  # type: ignore[attr-defined]
        request.actor = actor = Actor.member(member)  # type: ignore[attr-defined]
        default = Right.READ if request.method in _SAFE else Right.WRITE
        try:
            actor.require(getattr(view, "needs", default))
        except NotAllowed as refused:
            raise PermissionDenied(refused.message) from refused
