"""What a person may do with accounts."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from apps.accounts.models import Member, SignInLink, User, Workspace
from apps.accounts.rights import Role
from apps.core.errors import DomainError

DEFAULT_WORKSPACE = "default"


class SpentLink(DomainError):
    """This link was used already, or an hour has passed since it was made."""

    status = 410


class NoSuchPerson(DomainError):
    """There is no person of that name who may sign in. `create_user` makes one."""

    status = 404
    type = "not_found_error"


@transaction.atomic
def first_sign_in_link(username: str = "") -> str:
    """Return the token of a new link for this person, or else for the first administrator.

    An installation without people gets one: `admin`, without a password until they set it.
    Raises NoSuchPerson.
    """
    people = User.objects.filter(is_active=True)
    if username:
        named = people.filter(username=username).first()
        if named is None:
            raise NoSuchPerson
        return SignInLink.issue(named)
    person = people.filter(is_superuser=True).order_by("pk").first()
    if person is None:
        person = User.objects.create_superuser("admin")
        workspace = Workspace.objects.get(slug=DEFAULT_WORKSPACE)
        Member.objects.create(user=person, workspace=workspace, role=Role.ADMIN)
    return SignInLink.issue(person)


def sign_in_by_link(request: HttpRequest, *, token: str) -> User:
    """Spend the link and sign its person in. Raises SpentLink."""
    person = SignInLink.objects.use(token)
    if person is None or not person.is_active:
        raise SpentLink
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return person
