"""The rows that the vendor's tests take for granted."""

from functools import cache
from typing import Any

from django.utils import timezone

from apps.accounts.models import ApiKey, Workspace
from apps.accounts.models.people import hashed
from apps.accounts.rights import Right
from apps.agents import definition as definitions
from apps.agents.api.shapes import NewAgent
from apps.agents.models import Agent, AgentVersion, Environment
from apps.agents.resolving import resolve_agent
from apps.dreams import engines
from apps.dreams.models import Dream
from apps.files.models import Blob, File
from apps.memory import chain, writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion, Operation
from apps.sessions.models import Resource, Session, Source, Thread

WORKSPACE = "wrkspc_011CZkZaBF1tNoB5wlCeusgy"
KEY = "my-anthropic-api-key"
AGENTS = ("agent_011CZkYpogX7uDKUyvBTophP", "agent_011CZkYqphY8vELVzwCUpqiQ", "string")
ENVIRONMENTS = ("env_011CZkZ9X2dpNyB7HsEFoRfW", "environment_id", "x")
SESSION = "sesn_011CZkZAtmR3yMPDzynEDxu7"
RESOURCE = "sesrsc_011CZkZBJq5dWxk9fVLNcPht"
THREAD = "sthr_011CZkZVWa6oJjw1rgXZpnBt"
STORES = ("memory_store_id", "x")
MEMORY = "memory_id"
VERSION = "memory_version_id"
DREAM = "dream_id"
FILES = ("file_011CNha8iCJcU1wXNR6q4V8w", "file_id", "string", "x")


def seed() -> None:
    """Make all of them, in the transaction of one request."""
    workspace = Workspace.objects.create(pk=WORKSPACE, slug="conformance", name="Conformance")
    ApiKey.objects.create(
        workspace=workspace,
        name="the vendor's tests",
        secret_sha256=hashed(KEY),
        hint=KEY[:4],
        scopes=[Right.ADMIN],
        last_used_at=timezone.now(),
    )
    _make_agents(workspace)
    Environment.objects.bulk_create(
        Environment(workspace=workspace, public_id=each, name=each, config=CLOUD)
        for each in ENVIRONMENTS
    )
    _make_files(workspace)
    _make_memory(workspace)
    _make_session(workspace)
    _make_dream(workspace)


CLOUD: dict[str, Any] = {
    "type": "cloud",
    "networking": {"type": "unrestricted"},
    "packages": {
        "type": "packages",
        **{name: [] for name in ("apt", "cargo", "gem", "go", "npm", "pip")},
    },
}


@cache
def _definition() -> definitions.Definition:
    given = NewAgent(name="Conformance", model="claude-sonnet-4-6")
    return definitions.filled(given, definitions.EMPTY)


def _make_agents(workspace: Workspace) -> None:
    name = _definition()["name"]
    agents = Agent.objects.bulk_create(
        Agent(workspace=workspace, public_id=each, name=name, version=1) for each in AGENTS
    )
    AgentVersion.objects.bulk_create(
        AgentVersion(agent=agent, version=1, definition=_definition()) for agent in agents
    )


def _make_files(workspace: Workspace) -> None:
    blob = Blob.objects.create(sha256=hashed(""), kept_at=timezone.now())
    File.objects.bulk_create(
        File(
            pk=each,
            workspace=workspace,
            blob=blob,
            filename="receipt.pdf",
            mime_type="application/pdf",
            size_bytes=0,
        )
        for each in FILES
    )


def _make_memory(workspace: Workspace) -> None:
    """A memory that says something else by now than the version of that name."""
    MemoryStore.objects.bulk_create(
        MemoryStore(pk=each, workspace=workspace, name=each, memory_count=1, version_count=1)
        for each in STORES
    )
    at = {"store_id": STORES[0], "path": "/conformance", "content": "before"}
    Memory.objects.create(pk=MEMORY, memory_version_id=VERSION, **at)
    MemoryVersion.objects.create(
        pk=VERSION,
        memory_id=MEMORY,
        sequence=1,
        operation=Operation.CREATED,
        content_sha256=chain.content_sha256("before"),
        content_size_bytes=len("before"),
        salt="",
        seal=chain.GENESIS,
        hash=chain.GENESIS,
        previous_hash=chain.GENESIS,
        **at,
    )
    with writing.writing(STORES[0], by=Author()) as pen:
        pen.update(MEMORY, content="after")


def _make_dream(workspace: Workspace) -> None:
    """One that can be canceled, which changes nothing any more, and archived."""
    now = timezone.now()
    Dream.objects.create(
        pk=DREAM,
        workspace=workspace,
        status=Dream.Status.CANCELED,
        input_store_id=STORES[0],
        session_ids=[SESSION],
        model=engines.LOCAL,
        engine=engines.LOCAL,
        ended_at=now,
    )


def _make_session(workspace: Workspace) -> None:
    agent = resolve_agent(workspace, AGENTS[0])
    now = timezone.now()
    session = Session.objects.create(
        workspace=workspace,
        public_id=SESSION,
        agent=agent.agent,
        agent_version=agent.version,
        agent_snapshot=agent.snapshot,
        environment=Environment.objects.get(workspace=workspace, public_id=ENVIRONMENTS[0]),
        source=Source.API,
        budget={"type": "limit", "max_list_cost": {"amount": "100", "currency": "USD"}},
        updated_at=now,
        thread_count=2,
    )
    lane = {"session": session, "agent_name": "Conformance", "agent_snapshot": agent.snapshot}
    primary = Thread.objects.create(position=0, **lane)
    Thread.objects.create(public_id=THREAD, position=1, parent=primary, **lane)
    Resource.objects.create(
        public_id=RESOURCE,
        session=session,
        type=Resource.Type.GITHUB_REPOSITORY,
        url="https://github.com/acme/shop",
        mount_path="/workspace/shop",
    )
