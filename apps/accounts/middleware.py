"""Which workspace a request is about."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from apps.accounts.models import User, Workspace


class WorkspaceRequest(HttpRequest):
    """A request of a member, about one workspace."""

    workspace: Workspace
    user: User


class WorkspaceMiddleware(MiddlewareMixin):
    """Sets `request.workspace` from the address. What a person is no member of does not exist."""

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
        workspace = Workspace.objects.of(request.user).filter(slug=slug).first()
        if workspace is None:
            raise Http404
        request.workspace = workspace  # type: ignore[attr-defined]
