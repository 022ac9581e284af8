"""Proposals with the vendor's own client, which has no words for them, against a running server."""

import anthropic
import pytest

from tests import make
from tests.reviews import making


@pytest.fixture
def ask(live_server):
    """Any call, with the client's own authentication, retries and errors."""
    _, secret = make.key()
    with anthropic.Anthropic(base_url=live_server.url, api_key=secret, max_retries=0) as client:

        def asked(path, body=None, **query):
            if body is None:
                return client.get(path, cast_to=object, options={"params": query})
            return client.post(path, cast_to=object, body=body, options={"params": query})

        yield asked


def test_a_queue_from_its_list_to_its_end(ask):
    store = making.store("Team", a="one\n")
    elsewhere = making.proposal(making.store("Other"), making.create(), origin_id="drm_2")
    made = making.propose(
        store,
        making.create("/b.md", evidence=(making.heard("Say it."),)),
        making.create("/c.md", "Seats go first.\n"),
        making.update(making.at(store, "/a.md"), "two\n"),
    )
    here = {"memory_store_id": store.pk}

    first = ask("/v1/proposals", limit=2, **here)
    rest = ask("/v1/proposals", limit=2, page=first["next_page"], **here)
    shown = [each["id"] for each in first["data"] + rest["data"]]
    assert (sorted(shown), rest["next_page"]) == (sorted(each.pk for each in made), None)
    told = ask("/v1/proposals", kinds=["update", "merge"], statuses=["pending"])
    assert [each["id"] for each in told["data"]] == [made[2].pk]
    told = ask("/v1/proposals", dream_id="drm_2")
    assert [each["id"] for each in told["data"]] == [elsewhere.pk]

    one = f"/v1/proposals/{made[0].pk}"
    assert ask(one)["evidence"][0]["quote"] == "Say it."
    assert ask(f"{one}/claim", {})["claimed_by"]["type"] == "api_actor"
    decided = ask(f"{one}/decision", {"verdict": "accept"})
    assert (decided["status"], len(decided["memory_version_ids"])) == ("accepted", 1)
    with pytest.raises(anthropic.ConflictError) as refused:
        ask(f"{one}/decision", {"verdict": "reject", "reason": "wrong"})
    assert refused.value.body["error"]["status"] == "accepted"
    assert ask(f"{one}/revert", {}, preview="true")["changes"][0]["path"] == "/b.md"
    assert ask(f"{one}/revert", {})["status"] == "reverted"

    batch = {"proposal_ids": shown, "verdict": "reject", "reason": "trivial"}
    assert len(ask("/v1/proposals/batch", batch)["proposal_ids"]) == 2
    assert ask("/v1/proposals", statuses=["pending"], **here)["data"] == []
    with pytest.raises(anthropic.NotFoundError):
        ask("/v1/proposals/prop_no")
