"""The queue on its page: what waits, in which order, narrowed, for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.rights import Role
from apps.reviews.actions.claiming import claim
from apps.reviews.models import Proposal
from tests import make
from tests.reviews import making
from tests.reviews.pages.conftest import HTMX, at, body, signed_in, words

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def paths(response):
    return [row.proposal.path for group in response.context["groups"] for row in group.rows]


def test_an_empty_queue_says_what_fills_it(client):
    shown = words(client.get(at("queue")))

    assert "Nothing waits for you" in shown
    assert "Proposals come from dreams" in shown


def test_what_is_risky_comes_first_and_of_that_what_waits_the_longest(client):
    where = making.store(a="Old.\n", b="Older.\n")
    _, old, risky = making.propose(
        where,
        making.create(
            "/new.md", evidence=(making.heard("They said so."),), support={"sessions": 3}
        ),
        making.create(
            "/old.md", evidence=(making.heard("So did they.", key="t"),), support={"sessions": 3}
        ),
        making.retire(making.at(where, "/a.md")),
    )
    Proposal.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=1))

    response = client.get(at("queue"))

    assert paths(response) == ["/a.md", "/old.md", "/new.md"]
    assert response.context["proposal"] == risky
    assert "1 of 3" in words(response)
    assert "Medium risk 1" in words(response)
    assert "Low risk 2" in words(response)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_however_long(client, rows, django_assert_num_queries):
    where = making.store(**{f"m{n}": f"Memory {n}.\n" for n in range(rows)})
    said = [making.heard(f"Words {n}", key=f"k{n}") for n in range(rows)]
    made = making.propose(
        where,
        *(
            making.update(making.at(where, f"/m{n}.md"), f"Changed {n}.\n", evidence=tuple(said))
            for n in range(rows)
        ),
    )
    client.get(at("proposal", made[0]))

    with django_assert_num_queries(22):
        client.get(at("proposal", made[0]))


def test_the_first_that_nobody_else_looks_at_lies_on_the_desk(client):
    first, second = making.propose(
        making.store(), making.create("/a.md"), making.create("/b.md", "Other.\n")
    )
    claim(proposal_id=first.pk, by=making.person("tom"))

    response = client.get(at("queue"))

    assert response.context["proposal"] == second
    assert "tom, 15 min" in words(response)


def test_it_is_narrowed_by_what_the_address_says(client):
    where, other = making.store(a="Old.\n"), making.store("Other")
    making.propose(where, making.create(), making.retire(making.at(where, "/a.md")))
    [elsewhere] = making.propose(other, making.create("/b.md"), origin_id="drm_2")

    assert paths(client.get(at("queue", kind="retire"))) == ["/a.md"]
    assert paths(client.get(at("queue", store=other.pk))) == ["/b.md"]
    assert paths(client.get(at("queue", dream="drm_2"))) == ["/b.md"]
    assert paths(client.get(at("queue", changeset=elsewhere.changeset_id))) == ["/b.md"]
    assert paths(client.get(at("queue", status="accepted"))) == []
    assert len(paths(client.get(at("queue", kind="nonsense", status="none")))) == 3
    assert "Nothing passes these filters" in words(client.get(at("queue", kind="merge")))
    assert client.get(at("queue", store="\x00", after="\x00")).status_code == 200


def test_what_was_decided_is_browsed_the_last_first(client):
    where = making.store()
    a, b, _ = making.propose(
        where,
        making.create("/a.md"),
        making.create("/b.md", "B.\n"),
        making.create("/c.md", "C.\n"),
    )
    making.reject(a)
    making.reject(b)

    response = client.get(at("proposal", a, status="rejected"))

    assert paths(response) == ["/b.md", "/a.md"]
    assert "2 of 2" in words(response)


def test_a_long_queue_comes_a_page_at_a_time_around_what_is_selected(client):
    drafts = [making.create(f"/{n:03}.md", f"Memory {n}.\n") for n in range(101)]
    made = making.propose(making.store(), *drafts)

    first = client.get(at("queue"))
    following = client.get(first.context["older"])
    around = client.get(at("proposal", made[70]))

    assert paths(first) == [f"/{n:03}.md" for n in range(50)]
    assert paths(following) == [f"/{n:03}.md" for n in range(50, 100)]
    assert paths(around) == [f"/{n:03}.md" for n in range(60, 101)]
    assert "71 of 99+" in words(around)


def test_the_neighbours_proposals_are_not_there(client):
    made = making.proposal(making.store(), making.create("/secret-plan.md"))
    theirs = signed_in(Role.ADMIN, "noor", of=make.workspace("other"))

    assert "secret-plan" not in body(theirs.get(at("queue", of="other")))
    assert "secret-plan" not in body(theirs.get(at("rows", of="other", shown=made.pk)))
    assert words(theirs.get(at("count", of="other"))) == ""
    for name in ("proposal", "undo", "standing"):
        assert theirs.get(at(name, made, of="other")).status_code == 404
    for name in ("decide", "skip", "claim", "release", "undo", "repropose"):
        assert theirs.post(at(name, made, of="other")).status_code == 404
    assert theirs.get(at("changeset", made.changeset, of="other")).status_code == 404
    assert theirs.get(at("policy", made.store, of="other")).status_code == 404
    tried = theirs.post(at("batch", of="other"), {"proposal": made.pk, "verdict": "accept"})
    assert tried.status_code == 404
    assert "secret-plan" not in body(tried)


def test_whoever_may_only_look_is_offered_nothing_to_do(viewer):
    made = making.proposal(making.store(), making.create())

    shown = viewer.get(at("proposal", made))

    assert "To decide takes the role reviewer" in words(shown)
    assert at("decide", made) not in body(shown)
    assert '<button class="btn btn-primary' not in body(shown)
    for name in ("decide", "skip", "claim", "release", "undo", "repropose"):
        assert viewer.post(at(name, made)).status_code == 403
    assert viewer.post(at("batch")).status_code == 403
    made.refresh_from_db()
    assert made.is_waiting


def test_rows_are_told_as_they_are_now_and_how_many_are_new(client):
    where = making.store()
    [made] = making.propose(where, making.create("/a.md"))
    making.reject(made, by=making.person("tom"))
    making.propose(where, making.create("/b.md", "New.\n"))

    told = client.get(at("rows", shown=made.pk), headers=HTMX)

    assert "Rejected by tom" in words(told)
    assert "1 new" in words(told)
    assert words(client.get(at("count"))) == "1 waiting"


def test_hostile_text_stays_text(client):
    said = making.heard(f"Say {EVIL} now")
    draft = making.create(f"/{EVIL[:8]}.md", f"{EVIL}\n", title=EVIL, evidence=(said,))
    made = making.proposal(making.store(EVIL), draft, title=EVIL)

    for address in (
        at("proposal", made),
        at("changeset", made.changeset),
        at("policy", made.store),
    ):
        page = signed_in(Role.OPERATOR, f"o{len(address)}").get(address)
        assert page.status_code == 200
        assert EVIL not in body(page)
    assert "&lt;script&gt;alert(1)" in body(client.get(at("proposal", made, view="after")))
