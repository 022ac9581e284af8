"""Secrets that must be read again (a repository's token, another server's key), sealed at rest.

The keys are CREDENTIAL_KEYS, newest first, each a long random text; what stands after them is
derived from SECRET_KEY and its fallbacks, so that one machine needs no setting and setting one
later loses nothing. The first key seals, any of them opens. To rotate: put a new key in front,
restart, write every secret anew (`renewed` seals what any key opens with the first one), and only
then drop the old key.
"""

import base64
import hashlib
from collections.abc import Iterator
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from apps.core.errors import DomainError


class CannotBeOpened(DomainError):
    """No key of this server opens this secret. Enter it again, or bring back the key it had."""

    status = 409
    type = "conflict_error"


def seal(text: str) -> str:
    """The text, encrypted and signed; twice the same text gives two different seals."""
    return _keys().encrypt(text.encode()).decode()


def open_sealed(sealed: str) -> str:
    """The text that was sealed. Raises CannotBeOpened."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotBeOpened from None


def renewed(sealed: str) -> str:
    """The same secret, sealed with the newest key. Raises CannotBeOpened."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise CannotBeOpened from None


def _keys() -> MultiFernet:
    return _box(tuple(_texts()))


def _texts() -> Iterator[str]:
    yield from settings.CREDENTIAL_KEYS
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


@lru_cache(maxsize=8)
def _box(texts: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(each)) for each in texts])


def _key(text: str) -> bytes:
    """32 bytes of any text: keys are random, so stretching them would add nothing."""
    digest = hashlib.blake2b(text.encode(), digest_size=32, person=b"agentsite seals").digest()
    return base64.urlsafe_b64encode(digest)
