"""Coming in: by a password, or by a link that works once."""

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from apps.accounts import guessing
from apps.accounts.models import SignInLink, User
from apps.core.errors import DomainError

BACKEND = "django.contrib.auth.backends.ModelBackend"


class WrongPassword(DomainError):
    """This name and this password do not belong together. Both tell capitals from small letters."""

    status = 422


class NoPasswords(DomainError):
    """Nobody signs in with a password here."""

    status = 403
    type = "permission_error"


class SpentLink(DomainError):
    """This link was used already, or an hour has passed since it was made."""

    status = 410


def sign_in_by_password(request: HttpRequest, *, username: str, password: str) -> User:
    """Raises WrongPassword, whether or not there is such a person, TooManyAttempts, NoPasswords."""
    if not settings.PASSWORD_SIGN_IN:
        raise NoPasswords
    counters = guessing.at_a_password(request, username)
    guessing.attempt(counters)
    person = authenticate(request, username=username, password=password)
    if not isinstance(person, User):
        raise WrongPassword
    guessing.was_right(counters)
    login(request, person)
    return person


def sign_in_by_link(request: HttpRequest, *, token: str) -> User:
    """Spend the link and sign its person in. Raises SpentLink, TooManyAttempts."""
    counters = guessing.at_a_link(request)
    guessing.attempt(counters)
    person = SignInLink.objects.use(token)
    if person is None or not person.is_active:
        raise SpentLink
    guessing.was_right(counters)
    login(request, person, backend=BACKEND)
    return person
