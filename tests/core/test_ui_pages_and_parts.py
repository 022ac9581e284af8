"""Who gets a page and who gets a part."""

import json

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from apps.core import htmx

TEMPLATE = (
    "{% load partials %}<page>{% partialdef row inline %}"
    "<row>{{ word }}{{ form.name.errors }}</row>{% endpartialdef %}</page>"
)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def page_of_ours(settings):
    loader = ("django.template.loaders.locmem.Loader", {"page.html": TEMPLATE})
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("template_partials.loader.Loader", [loader])]},
        }
    ]


class NameForm(forms.Form):
    name = forms.CharField(label="Name")


def request_of(method="get", headers=None):
    request = getattr(RequestFactory(), method)("/", headers=headers or {})
    request._messages = CookieStorage(request)
    HtmxMiddleware(lambda _: HttpResponse())(request)
    return request


def body(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("headers", "drawn"),
    [
        ({}, "<page><row>hi</row></page>"),
        (HTMX, "<row>hi</row>"),
        (HTMX | {"HX-Boosted": "true"}, "<page><row>hi</row></page>"),
        (HTMX | {"HX-History-Restore-Request": "true"}, "<page><row>hi</row></page>"),
    ],
)
def test_only_htmx_asking_for_a_part_gets_one(headers, drawn):
    response = htmx.render_page(
        request_of(headers=headers), "page.html", {"word": "hi"}, part="row"
    )

    assert body(response) == drawn


def test_a_page_without_parts_is_always_whole():
    response = htmx.render_page(request_of(headers=HTMX), "page.html", {"word": "hi"})

    assert body(response) == "<page><row>hi</row></page>"


def test_caches_are_told_what_the_answer_depends_on():
    response = htmx.render_page(request_of(), "page.html", status=404)

    assert response.status_code == 404
    assert response["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_htmx_is_answered_with_the_part():
    request = request_of("post", HTMX)

    response = htmx.answer(request, "page.html#row", None, {"word": "done"}, otherwise="/next")

    assert (response.status_code, body(response)) == (200, "<row>done</row>")


def test_htmx_gets_errors_as_422():
    request = request_of("post", HTMX)

    response = htmx.answer(request, "page.html#row", NameForm({}), otherwise="/next")

    assert response.status_code == 422
    assert "This field is required." in body(response)


def test_htmx_hears_messages_as_an_event():
    request = request_of("post", HTMX)
    messages.success(request, "Saved.")

    response = htmx.answer(request, "page.html#row", NameForm({"name": "x"}), otherwise="/next")

    said = json.loads(response["HX-Trigger"])
    assert said == {"toast": {"messages": [{"text": "Saved.", "tone": "success"}]}}


def test_anyone_else_is_sent_on():
    response = htmx.answer(request_of("post"), "page.html#row", otherwise="/next")

    assert (response.status_code, response["Location"]) == (302, "/next")


def test_whoever_is_sent_on_reads_the_errors_there():
    class StrictForm(NameForm):
        def clean(self):
            raise forms.ValidationError("Nothing was changed.")

    request = request_of("post")

    htmx.answer(request, "page.html#row", StrictForm({}), otherwise="/next")

    assert [str(message) for message in request._messages] == [
        "Name: This field is required.",
        "Nothing was changed.",
    ]
