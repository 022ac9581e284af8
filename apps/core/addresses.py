"""Which addresses another server may have. A key is sent there, and what answers is shown here.

Anywhere but on this machine it must be https, so that what answers has proved its name; that also
leaves nothing to win by a name that resolves to one address when it is looked at and to another
when it is asked. Addresses of a private network are refused unless the installation allows them:
an admin of a workspace is not an admin of the network that the server stands in.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from apps.core.errors import DomainError

LONGEST = 500


class Unsuitable(DomainError):
    """A base URL is https:// and a host, like https://api.anthropic.com."""


def suitable(text: str) -> str:
    """The base URL as it is kept, without a slash at its end. Raises Unsuitable."""
    url = text.strip().rstrip("/")
    parts = _parts(url)
    if "@" in parts.netloc:
        raise Unsuitable(
            "A base URL holds no name and no password; the key goes into its own field."
        )
    if parts.query or parts.fragment:
        raise Unsuitable("A base URL ends before “?” and “#”.")
    host = parts.hostname or ""
    if parts.scheme == "http" and not _is_this_machine(host):
        raise Unsuitable("A key is sent by https only. http is for this machine itself: localhost.")
    address = _address(host)
    if address is not None:
        _require_public(address, host)
    return url


def require_public(url: str) -> None:
    """Refuse a host whose name stands for a private address. Raises Unsuitable.

    A name that nobody here knows is left to the client: a proxy may know it.
    """
    host = urlsplit(url).hostname or ""
    if _is_this_machine(host):
        return
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return
    for *_, where in found:
        _require_public(ip_address(str(where[0]).partition("%")[0]), host)


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST or not url.isprintable() or any(each.isspace() for each in url):
        raise Unsuitable
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unsuitable from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise Unsuitable
    return parts


def _is_this_machine(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _require_public(address: IPv4Address | IPv6Address, host: str) -> None:
    if settings.LINKS_MAY_BE_PRIVATE or address.is_global:
        return
    if _is_this_machine(host):
        return
    raise Unsuitable(
        f"{host} is an address of a private network. Whoever runs this server can allow them:"
        " AGENTSITE_LINKS_MAY_BE_PRIVATE=1."
    )
