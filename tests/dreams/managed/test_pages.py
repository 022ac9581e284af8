"""Asking for a managed dream, following it, and settling what could not be written back."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.rights import Role
from apps.core.queue import app
from apps.dreams.managed.models import Mirror, StoreList, WriteBack
from apps.dreams.models import Dream
from apps.linking.models import Link
from tests import make
from tests.dreams.managed.conftest import accept, edit, proposals

pytestmark = pytest.mark.django_db
SAID = "Please remember that refunds over 500 euros always need a second signature."


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What was handed to the workers: none works by itself here."""
    handed = []
    monkeypatch.setattr(
        app.Task, "apply_async", lambda self, kwargs=None, **_: handed.append((self.name, kwargs))
    )
    return handed


def signed_in(role=Role.OPERATOR, name="ines", of=None):
    client = Client()
    client.force_login(make.user(name, role=role, of=of))
    return client


@pytest.fixture
def client(place):
    return signed_in()


def at(name, *args, of="default"):
    return reverse(f"managed:{name}", args=[of, *args])


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(text).split())


def asked(mirror, **more):
    return {
        "mirror_id": mirror.pk,
        "which": "filter",
        "most_sessions": 100,
        "model": "claude-sonnet-4-5",
        "instructions": "Rules.",
    } | more


def test_it_takes_a_link_and_a_store(client, place):
    page = client.get(at("new"))
    assert "First it takes a linked workspace" in words(page)
    assert "Managed (vendor)" not in words(client.get(reverse("dreams:new", args=["default"])))


def test_who_links_is_led_there_and_can_have_stores_listed(client, link, sent):
    from_here = client.get(reverse("dreams:new", args=["default"]))
    assert at("new") in from_here.content.decode()
    assert "No store is known there yet" in words(client.get(at("new")))

    answer = client.post(at("list_stores", link.pk))

    assert answer.url == at("new")
    assert StoreList.objects.filter(link=link).exists()


def test_a_dream_is_asked_for_and_told(client, mirror, sessions, go_on, there, place):
    ids = sessions(SAID, "Hello")
    assert "2 sessions of that workspace" in words(client.post(at("matching"), asked(mirror)))

    started = client.post(at("new"), asked(mirror))

    dream = Dream.objects.get(workspace=place)
    assert started.url == reverse("dreams:dream", args=["default", dream.pk])
    assert dream.session_ids == sorted(ids)
    assert (dream.engine, dream.instructions) == ("managed", "Rules.")
    go_on(dream)
    told = words(client.get(started.url))
    assert "engine managed" in told
    assert there.dreams()[0].pk in client.get(started.url).content.decode()
    there.comes_to(refunds="# Refunds\nRefunds over 500 euros need a second signature.\n")
    dream = go_on(dream)
    told = words(client.get(started.url))
    assert "The vendor gives no evidence for its edits." in told
    [proposal] = proposals(dream).values()
    page = words(client.get(reverse("reviews:proposal", args=["default", proposal.pk])))
    assert "It says neither why nor on what evidence." in page
    assert SAID in page
    assert "linked workspace" not in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"model": ""}, "Name the model that the vendor is to dream with."),
        ({"mirror_id": "mirror_no"}, "That store is not there any more."),
        ({"which": "picked"}, "Name at least one session"),
        ({"which": "picked", "session_ids": "sesn_no"}, "no session that was read from"),
        ({"most_sessions": "500"}, "A managed dream reads 1 to 100 sessions."),
        ({"window_hours": "24", "agent_id": "agent_no"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    client, mirror, sessions, more, said
):
    sessions(SAID)

    answer = client.post(at("new"), asked(mirror) | more)

    assert answer.status_code == 422
    assert said in words(answer)
    assert "Rules." in answer.content.decode()
    assert not Dream.objects.exists()


def test_no_session_is_nothing_to_dream_of(client, mirror):
    answer = client.post(at("new"), asked(mirror))

    assert answer.status_code == 422
    assert "there is nothing to read" in words(answer)


@pytest.fixture
def proposal(start, sessions, go_on, there):
    """The one that a dream there came to."""
    dream = go_on(start(sessions(SAID)))
    there.comes_to(refunds="# Refunds\nRefunds take 4 days.\n")
    [found] = proposals(go_on(dream)).values()
    return found


def test_a_conflict_is_shown_where_people_are_and_settled(client, proposal, serve, there, mirror):
    accept(proposal, proposal.workspace)
    mirror.refresh_from_db()
    page_of_proposal = reverse("reviews:proposal", args=["default", proposal.pk])
    page_of_store = reverse("memory:store", args=["default", mirror.store_id])
    assert "1 edit made here a moment ago is about to be written there." in words(
        client.get(at("mirror", mirror.pk))
    )
    there.write("/refunds.md", "# Refunds\nSomebody else.\n")
    serve()
    conflict = WriteBack.objects.get()

    assert "It could not be written to the linked workspace" in words(client.get(page_of_proposal))
    assert "1 edit that was accepted here could not be written to Production" in words(
        client.get(page_of_store)
    )
    page = words(client.get(at("mirror", mirror.pk) + "?show=troubled"))
    assert "It says something else there by now." in page
    assert "Propose again" in page
    refused = client.post(at("propose_again", conflict.pk), follow=True)
    assert "Read the store again first" in words(refused)
    client.post(at("read_again", mirror.pk))
    serve()
    again = client.post(at("propose_again", conflict.pk))
    conflict.refresh_from_db()
    assert again.url == reverse("reviews:proposal", args=["default", conflict.again_id])
    page = words(client.get(at("mirror", mirror.pk)))
    assert "Proposed again" in page
    assert "Nothing needs you" in words(client.get(at("mirror", mirror.pk) + "?show=troubled"))


def test_what_was_refused_is_tried_again_or_left(client, synced, serve, there):
    edit(synced, "/style.md", "One.\n")
    edit(synced, "/refunds.md", "Two.\n")
    there.http.faults += [("POST", "/memories", 400, False)] * 2
    serve()
    first, second = WriteBack.objects.order_by("sequence")

    client.post(at("retry", first.pk))
    client.post(at("dismiss", second.pk))
    serve()

    assert there.said() == {
        "/refunds.md": "# Refunds\nRefunds take 3 days.\n",
        "/style.md": "One.\n",
    }
    assert list(WriteBack.objects.order_by("sequence").values_list("status", flat=True)) == [
        "done",
        "dismissed",
    ]


def test_it_says_that_it_waits_and_why(client, synced, serve):
    edit(synced, "/style.md", "One.\n")
    Link.objects.update(is_paused=True)
    serve()
    assert "The link is paused." in words(client.get(at("mirror", synced.pk)))
    Link.objects.get().delete()
    assert "Its workspace is not linked any more" in words(client.get(at("mirror", synced.pk)))


def test_the_list_costs_the_same_however_long_it_is(
    client, synced, serve, django_assert_num_queries
):
    for count in (1, 2):
        for number in range(count):
            edit(synced, f"/new{count}{number}.md", "New.\n")
        serve()
        with django_assert_num_queries(10):
            client.get(at("mirror", synced.pk))


def test_neighbours_and_viewers(synced, serve, sessions):
    edit(synced, "/style.md", "One.\n")
    serve()
    each = WriteBack.objects.get()
    stranger = signed_in(name="nora", of=make.workspace("next-door"))
    viewer = signed_in(Role.VIEWER, "vera")

    assert stranger.get(at("mirror", synced.pk)).status_code == 404
    assert stranger.get(at("mirror", synced.pk, of="next-door")).status_code == 404
    assert stranger.post(at("read_again", synced.pk, of="next-door")).status_code == 404
    for name in ("retry", "dismiss", "propose_again"):
        assert stranger.post(at(name, each.pk, of="next-door")).status_code == 404
    link = Link.objects.get()
    assert stranger.post(at("list_stores", link.pk, of="next-door")).status_code == 404
    assert viewer.get(at("mirror", synced.pk)).status_code == 200
    assert "Read it again" not in words(viewer.get(at("mirror", synced.pk)))
    assert viewer.get(at("new")).status_code == 403
    assert viewer.post(at("dismiss", each.pk)).status_code == 403
    assert Mirror.objects.get().is_sync_asked is False


def test_hostile_names_are_text(client, mirror):
    Mirror.objects.update(name="<script>alert(1)</script>", waits_for="<img src=x>")

    page = client.get(at("mirror", mirror.pk)).content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page
    assert client.get(at("mirror", mirror.pk) + "?cursor=bad").status_code == 400
