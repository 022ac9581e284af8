"""The other side: a workspace of this same server, asked by the vendor's client over its own API.

Requests go through every middleware, in the test's own transaction. They fail when told to, and a
worker can be killed before one is sent or after one was answered.
"""

from datetime import timedelta

import anthropic
import httpx2
import pytest
from django.utils import timezone

from apps.core import sealing
from apps.dreams import dreaming
from apps.dreams.managed import actions, mirroring, running, settling, tasks
from apps.dreams.managed.models import ManagedDream, Mirror
from apps.dreams.managed.starting import ManagedPlan
from apps.dreams.models import Dream
from apps.linking.models import Link, LinkedSession
from apps.linking.vendor import Vendor
from apps.memory import writing
from apps.memory.actions.memories import create_memory
from apps.memory.actions.stores import create_store
from apps.memory.api.shapes import NewStore
from apps.memory.authors import Author
from apps.memory.models import Memory
from apps.reviews.actions.deciding import decide
from apps.reviews.models import Proposal
from apps.sessions.models import Session
from tests import make
from tests.core.test_api_with_the_sdk import InThisProcess

MODEL = "claude-sonnet-4-5"


class Killed(BaseException):
    """What no code catches, as it is with `kill -9`."""


class Faulty(InThisProcess):
    """Does what the next of `faults` for this method and path says, instead or afterwards."""

    def __init__(self):
        super().__init__()
        self.faults = []  # (method, part of the path, what happens, whether it is answered before)

    def handle_request(self, request):
        fault = next((each for each in self.faults if _is_for(each, request)), None)
        if fault is None:
            return super().handle_request(request)
        self.faults.remove(fault)
        _, _, what, is_answered = fault
        if is_answered:
            super().handle_request(request)
        if isinstance(what, type):
            raise what("cut off")
        return httpx2.Response(what, headers={"retry-after": "7"}, json=_error(what))

    def count(self, method, part):
        return sum(each.method == method and part in each.url.path for each in self.asked)


def _is_for(fault, request):
    return fault[0] == request.method and fault[1] in request.url.path


def _error(status):
    return {"type": "error", "error": {"type": "an_error", "message": f"status {status}"}}


class There:
    """The other workspace: what is in its store, and what its dreams come to."""

    def __init__(self):
        self.workspace = make.workspace("there")
        self.by = make.actor(of=self.workspace)
        self.store = create_store(given=NewStore(name="Team notes"), by=self.by)
        self.http = Faulty()
        _, self.secret = make.key("read", "write", of=self.workspace)

    def connect(self, base_url, key):
        return Vendor(base_url, key, http_client=anthropic.DefaultHttpxClient(transport=self.http))

    def write(self, path, content, store=None):
        """Somebody there writes this."""
        with writing.writing((store or self.store).pk, by=Author()) as pen:
            known = Memory.objects.live().filter(store=store or self.store, path=path).first()
            return pen.update(known.pk, content=content) if known else pen.create(path, content)

    def delete(self, path):
        with writing.writing(self.store.pk, by=Author()) as pen:
            pen.delete(Memory.objects.live().get(store=self.store, path=path).pk)

    def move(self, path, to):
        with writing.writing(self.store.pk, by=Author()) as pen:
            pen.update(Memory.objects.live().get(store=self.store, path=path).pk, path=to)

    def said(self, store_id=""):
        rows = Memory.objects.live().filter(store=store_id or self.store.pk)
        return dict(rows.order_by("path").values_list("path", "content"))

    def dreams(self):
        return list(Dream.objects.filter(workspace=self.workspace).order_by("created_at", "pk"))

    def comes_to(self, **files):
        """Its newest dream ends: of its input, what is named says this, and None is not there."""
        dream = self.dreams()[-1]
        output = create_store(given=NewStore(name="Output"), by=self.by)
        after = self.said() | {f"/{name.replace('__', '/')}.md": t for name, t in files.items()}
        for path, content in after.items():
            if content is not None:
                create_memory(store_id=output.pk, path=path, content=content, by=self.by)
        Dream.objects.filter(pk=dream.pk).update(
            status="completed",
            ended_at=timezone.now(),
            output_store_id=output.pk,
            input_tokens=1200,
            output_tokens=34,
        )


@pytest.fixture
def there(db):
    made = There()
    made.write("/refunds.md", "# Refunds\nRefunds take 3 days.\n")
    made.write("/style.md", "Write short.\n")
    return made


@pytest.fixture
def place(db):
    return make.workspace()


@pytest.fixture
def link(there, place):
    return Link.objects.create(
        workspace=place,
        name="Production",
        base_url="http://localhost",
        sealed_key=sealing.seal(there.secret),
        key_hint="…",
        status=Link.Status.IDLE,
        due_at=timezone.now() + timedelta(days=1),
    )


@pytest.fixture
def sessions(link, there):
    """Make sessions there that were read here: their ids."""

    def made(*said):
        ids = []
        for number, text in enumerate(said):
            key = f"s{LinkedSession.objects.count()}-{number}"
            events = [make.event("user.message", text, key=key)]
            here = make.session(*events, key=key, of=link.workspace)
            other = make.session(*events, key=key, of=there.workspace)
            Session.objects.filter(pk=other.pk).update(public_id=here.public_id)
            now = timezone.now()
            LinkedSession.objects.create(
                link=link,
                public_id=here.public_id,
                created_at=now,
                changed_at=now,
                listed_digest="",
                is_wanted=False,
            )
            ids.append(here.public_id)
        return ids

    return made


@pytest.fixture
def mirror(link, there):
    mirroring.list_stores(link.pk, there.connect)
    return Mirror.objects.get(vendor_id=there.store.pk)


@pytest.fixture
def start(mirror, place):
    def started(session_ids, **plan):
        plan = {"mirror_id": mirror.pk, "model": MODEL} | plan
        return actions.create_dream(ManagedPlan(session_ids=session_ids, **plan), by=me(place))

    return started


@pytest.fixture
def go_on(there):
    """One turn of a worker, whenever the next was to be; the dream as it is afterwards."""

    def taken(dream):
        Dream.objects.filter(pk=dream.pk, status="running").update(
            lease_expires_at=timezone.now() - timedelta(seconds=1)
        )
        dreaming.leave_to("managed", lambda each: running.go_on(each, there.connect))
        dreaming.attempt(dream.pk, holder=f"job-{timezone.now().timestamp()}")
        dream.refresh_from_db()
        return dream

    yield taken
    # The one of a worker, as it was.
    dreaming.leave_to("managed", tasks.go_on)


@pytest.fixture
def serve(mirror, there):
    """One turn of a worker at the mirror; the mirror as it is afterwards."""

    def served():
        Mirror.objects.filter(pk=mirror.pk).update(due_at=timezone.now(), lease_expires_at=None)
        mirroring.attempt(mirror.pk, there.connect)
        mirror.refresh_from_db()
        return mirror

    return served


@pytest.fixture
def synced(mirror, serve, place):
    """The mirror with its copy."""
    actions.read_again(mirror_id=mirror.pk, by=me(place))
    return serve()


@pytest.fixture
def settle(there):
    def settled(dream):
        ManagedDream.objects.filter(pk=dream.pk).update(link_due_at=timezone.now())
        settling.attempt(dream.pk, there.connect)
        return ManagedDream.objects.get(pk=dream.pk)

    return settled


def me(place):
    return make.actor(of=place)


def here(mirror):
    """What the copy says now."""
    rows = Memory.objects.live().filter(store=mirror.store_id)
    return dict(rows.order_by("path").values_list("path", "content"))


def proposals(dream):
    rows = Proposal.objects.filter(changeset=dream.changeset_id)
    return {each.path: each for each in rows.prefetch_related("evidence")}


def accept(proposal, place, **more):
    return decide(proposal_id=proposal.pk, verdict="accept", by=me(place), **more)


def edit(mirror, path, content):
    """A person here writes this into the copy; None deletes it."""
    with writing.writing(mirror.store_id, by=Author("user_actor", "user_ines", "Ines")) as pen:
        known = Memory.objects.live().filter(store=mirror.store_id, path=path).first()
        if known is None:
            return pen.create(path, content)
        return pen.delete(known.pk) if content is None else pen.update(known.pk, content=content)


def move(mirror, path, to):
    with writing.writing(mirror.store_id, by=Author("user_actor", "user_ines", "Ines")) as pen:
        pen.update(Memory.objects.live().get(store=mirror.store_id, path=path).pk, path=to)
