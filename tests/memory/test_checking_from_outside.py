"""The program in the documentation checks an export, with nothing of ours."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from apps.memory import proving, writing
from apps.memory.actions import versions as version_actions
from apps.memory.authors import Author
from apps.memory.models import MemoryStore, MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db

GUIDE = Path(__file__).parents[2] / ".github/docs/verifying-history.md"
(PROGRAM,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


@pytest.fixture
def store():
    """Versions by a person, a session and the system, one of them redacted, one deleted."""
    store = MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")
    with writing.writing(store.pk, by=Author("user_actor", "user_1", "Inés"), reason="ü") as pen:
        memory = pen.create("/notes/für.md", "ein\n")
    with writing.writing(store.pk, by=Author.session("sesn_1")) as pen:
        pen.update(memory.pk, content="")
        pen.update(memory.pk, path="/b")
    with writing.writing(store.pk, by=Author()) as pen:
        pen.delete(memory.pk)
    redacted = MemoryVersion.objects.get(sequence=2)
    version_actions.redact_version(store_id=store.pk, version_id=redacted.pk, by=make.actor())
    store.refresh_from_db()
    return store


@pytest.fixture
def links(store):
    return [json.loads(line) for line in proving.export_chain(store)]


def checked(links):
    """What the program says of these lines, and its exit code."""
    told = "".join(json.dumps(each) + "\n" for each in links)
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM],
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).strip(), done.returncode


def test_it_has_twenty_lines_and_needs_hashlib_and_json_alone():
    assert len(PROGRAM.strip().splitlines()) <= 22
    assert re.findall(r"^import (.*)$|^from", PROGRAM, re.MULTILINE) == ["hashlib, json, sys"]


def test_it_follows_a_chain_to_its_end(store, links):
    assert checked(links) == (store.chain_hash, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "user_actor:user_2"),
        ("actor_name", "Omar"),
        ("reason", ""),
        ("created_at", "2026-01-01T00:00:00.000000+00:00"),
        ("operation", "modified"),
        ("memory_id", "mem_other"),
        ("seal", "0" * 64),
        ("hash", "0" * 64),
        ("path", "/other"),
        ("content_sha256", "0" * 64),
        ("content_size_bytes", 5),
        ("salt", "0" * 32),
    ],
)
def test_it_finds_what_was_changed(links, name, value):
    links[0][name] = value

    said, code = checked(links)

    assert code == 1
    assert said.startswith(links[0]["version_id"])


def test_it_finds_what_is_missing_or_in_another_place(links):
    first, second, third, fourth = links

    for chain, named in (
        ([first, third, fourth], third),
        ([second, third, fourth], second),
        ([first, third, second, fourth], third),
    ):
        said, code = checked(chain)
        assert code == 1
        assert (
            said == f"{named['version_id']} is not version {chain.index(named) + 1} of this chain"
        )


def test_what_was_redacted_is_not_told_and_leaves_the_hashes_as_they_were(store, links):
    hashes = list(
        MemoryVersion.objects.of(store).in_order().values_list("previous_hash", flat=True)
    )

    assert (links[1]["redacted"], links[1]["path"], links[1]["salt"]) == (True, None, None)
    assert [each["previous"] for each in links] == hashes
    assert "ein" not in json.dumps(links)
