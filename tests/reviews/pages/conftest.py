"""Reviewers in front of the queue."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.rights import Role
from tests import make


def signed_in(role=Role.REVIEWER, name="ines", of=None):
    client = Client()
    client.force_login(make.user(name, role=role, of=of))
    return client


@pytest.fixture
def client():
    return signed_in()


@pytest.fixture
def viewer():
    return signed_in(Role.VIEWER, "vera")


def at(name, *args, of="default", **query):
    ids = [getattr(each, "pk", each) for each in args]
    return reverse(f"reviews:{name}", args=[of, *ids], query=query or None)


def body(response):
    return response.content.decode()


def words(response):
    """What is read on the page, without its marks."""
    text = re.sub(
        r"<(?:script|style|head).*?</(?:script|style|head)>", " ", body(response), flags=re.DOTALL
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def decide(client, made, verdict="accept", **said):
    return client.post(at("decide", made), {"verdict": verdict, **said})


HTMX = {"hx-request": "true"}
