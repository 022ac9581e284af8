"""Who there is: new people, and the way in that a terminal gives."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.accounts.acting import Actor, note
from apps.accounts.models import Member, SignInLink, User, Workspace
from apps.accounts.rights import Role
from apps.core.errors import DomainError

DEFAULT_WORKSPACE = "default"


class NoSuchPerson(DomainError):
    """There is no person of that name who may sign in. `create_user` makes one."""

    status = 404
    type = "not_found_error"


class NameTaken(DomainError):
    """Somebody has this username already. Choose another."""

    status = 409
    type = "conflict_error"


class NotAPerson(DomainError):
    """What was said of the person cannot be kept."""


class WeakPassword(NotAPerson):
    """This password is too easy to guess."""


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str = "",
    email: str = "",
    password: str = "",
    is_superuser: bool = False,
) -> User:
    """A person in no workspace yet; without a password they come in by links or a provider.

    Raises NameTaken, and NotAPerson or WeakPassword with the reason.
    """
    person = User(
        username=User.normalize_username(username),
        first_name=name,
        email=User.objects.normalize_email(email),
        is_staff=is_superuser,
        is_superuser=is_superuser,
    )
    _check(person, password)
    person.set_password(password or None)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise NameTaken from error
    return person


def _check(person: User, password: str) -> None:
    try:
        person.full_clean(exclude=["password"], validate_unique=False)
    except ValidationError as error:
        raise NotAPerson(said_by(error)) from error
    try:
        if password:
            validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error


def said_by(error: ValidationError) -> str:
    """What a model's validation complains about, in one line that names the fields."""
    return " ".join(f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())


def join(person: User, workspace: Workspace, role: Role, *, by: Actor | None = None) -> Member:
    """Make them a member, on the word of `by` or, without anybody's, of the system."""
    member = Member.objects.create(user=person, workspace=workspace, role=role)
    note(
        by or Actor.system(workspace),
        "member.created",
        person.public_id,
        after={"username": person.username, "role": role},
    )
    return member


@transaction.atomic
def create_member(*, workspace: Workspace, role: Role, **about: str | bool) -> User:
    """A new person with a place in this workspace; takes what `create_person` takes."""
    person = create_person(**about)  # type: ignore[arg-type]
    join(person, workspace, role)
    return person


def somebody(username: str = "") -> User:
    """The person of this name, or else the first administrator. Raises NoSuchPerson."""
    people = User.objects.filter(is_active=True)
    wanted = people.filter(username=username) if username else people.filter(is_superuser=True)
    person = wanted.order_by("pk").first()
    if person is None:
        raise NoSuchPerson
    return person


@transaction.atomic
def first_sign_in_link(username: str = "") -> str:
    """Return the token of a new link for this person, or else for the first administrator.

    An installation without people gets one: `admin`, without a password until they set it.
    Raises NoSuchPerson.
    """
    try:
        person = somebody(username)
    except NoSuchPerson:
        if username:
            raise
        person = create_person(username="admin", is_superuser=True)
        join(person, Workspace.objects.get(slug=DEFAULT_WORKSPACE), Role.ADMIN)
    return SignInLink.issue(person)
