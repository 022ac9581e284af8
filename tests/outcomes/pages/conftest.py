"""A person in front of the pages of outcomes."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.rights import Role
from tests import make


@pytest.fixture
def client():
    return signed_in()


@pytest.fixture
def viewer():
    return signed_in(Role.VIEWER, "vera")


@pytest.fixture
def reviewer():
    return signed_in(Role.REVIEWER, "rosa")


@pytest.fixture
def stranger():
    """Somebody with a role in another workspace alone."""
    client = Client()
    client.force_login(make.user("nora", of=make.workspace("next-door")))
    return client


def signed_in(role=Role.OPERATOR, name="ines"):
    client = Client()
    client.force_login(make.user(name, role=role))
    return client


def at(name, *args, of="default"):
    return reverse(f"outcomes:{name}", args=[of, *(getattr(each, "pk", each) for each in args)])


def words(response):
    """What is read on the page, without its marks."""
    text = re.sub(
        r"<(?:script|style|head).*?</(?:script|style|head)>",
        " ",
        response.content.decode(),
        flags=re.DOTALL,
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
