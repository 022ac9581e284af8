"""Which addresses a link may have: a key is sent there."""

import pytest

from apps.core import addresses
from apps.core.addresses import Unsuitable, require_public, suitable


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.anthropic.com", "https://api.anthropic.com"),
        (" https://api.example.com/claude/ ", "https://api.example.com/claude"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("https://8.8.8.8", "https://8.8.8.8"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_https_or_this_machine(given, kept):
    assert suitable(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "api.example.com",
        "ftp://example.com",
        "https://",
        "https://exa mple.com",
        "https://example.com\x00",
        "https://example.com:0",
        "https://example.com:99999",
        "https://[::1",
        "https://" + "a" * 500,
        "http://example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "https://ana:secret@example.com",
        "https://example.com?x=1",
        "https://example.com#x",
        "https://10.0.0.1",
        "https://192.168.1.1",
        "https://169.254.169.254",
        "https://[fd00::1]",
        "https://[::ffff:10.0.0.1]",
        "https://0.0.0.0",
    ],
)
def test_nothing_else(given):
    with pytest.raises(Unsuitable):
        suitable(given)


def resolving(monkeypatch, *found):
    rows = [(2, 1, 6, "", (address, 0)) for address in found]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: rows)


@pytest.mark.parametrize(
    "found", [("10.0.0.7",), ("8.8.8.8", "10.0.0.7"), ("127.0.0.1",), ("fe80::1%eth0",)]
)
def test_a_name_that_stands_for_a_private_address_is_refused(monkeypatch, found):
    resolving(monkeypatch, *found)

    with pytest.raises(Unsuitable):
        require_public("https://intranet.example")


def test_a_name_in_public_is_asked(monkeypatch):
    resolving(monkeypatch, "8.8.8.8", "2606:4700::1111")

    require_public("https://api.example.com")


def test_a_name_that_only_a_proxy_knows_is_left_to_it(monkeypatch):
    def unknown(*_, **__):
        raise addresses.socket.gaierror

    monkeypatch.setattr(addresses.socket, "getaddrinfo", unknown)

    require_public("https://api.example.com")


def test_an_installation_may_allow_its_own_network(monkeypatch, settings):
    settings.LINKS_MAY_BE_PRIVATE = True
    resolving(monkeypatch, "10.0.0.7")

    assert suitable("https://10.0.0.7") == "https://10.0.0.7"
    require_public("https://intranet.example")
