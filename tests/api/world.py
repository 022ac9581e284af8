"""One of everything that the API knows, made through the API itself."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import Workspace
from apps.dreams.managed.models import Mirror
from apps.dreams.models import ComparisonRow
from apps.outcomes import batching, finding
from apps.outcomes.batching import RunPlan
from apps.outcomes.models import Trial
from tests import make


def inhabit(workspace: Workspace) -> dict[str, str]:
    """Make one of everything in this workspace; ids by the names that paths give them."""
    api = make.api(of=workspace)
    file = api.post("/v1/files", {"file": SimpleUploadedFile("notes.txt", b"secret of theirs")})
    environment = post(api, "environments", name="secret of theirs")
    agent = post(api, "agents", name="secret of theirs", model="claude-opus-5")
    session = post(
        api,
        "sessions",
        agent=agent["id"],
        environment_id=environment["id"],
        title="secret of theirs",
        resources=[{"type": "file", "file_id": file.json()["id"]}],
        initial_events=[said("secret of theirs")],
    )
    at = f"/v1/sessions/{session['id']}"
    store = post(api, "memory_stores", name="secret of theirs")
    memory = post(
        api, f"memory_stores/{store['id']}/memories", path="/secret of theirs", content="secret"
    )
    dream = post(
        api,
        "dreams",
        inputs=[
            {"type": "memory_store", "memory_store_id": store["id"]},
            {"type": "sessions", "session_ids": [session["id"]]},
        ],
        model="agentsite-local",
        instructions="secret of theirs",
    )
    comparison = post(
        api,
        "dream_comparisons",
        memory_store_id=store["id"],
        session_ids=[session["id"]],
        a={"instructions": "secret of theirs"},
        b={},
    )
    draft = {"kind": "create", "path": "/a", "content": "secret of theirs", "rationale": ""}
    row = ComparisonRow.objects.create(
        comparison_id=comparison["id"], number=1, verdict="only_a", draft_a=draft
    )
    schedule = post(
        api,
        "dream_schedules",
        name="secret of theirs",
        memory_store_id=store["id"],
        schedule={"expression": "0 6 * * *"},
    )
    proposal = post(
        api,
        "proposals",
        memory_store_id=store["id"],
        kind="create",
        path="/proposed secret of theirs",
        content="secret of theirs",
    )
    rubric = post(
        api, "rubrics", name="secret of theirs", content='- Says it {#it contains="secret"}'
    )
    return {
        "rubric_id": rubric["id"],
        "version_number": "1",
        **graded(workspace, rubric["id"]),
        "proposal_id": proposal["id"],
        "trial_id": tried(workspace, proposal["id"]),
        "changeset_id": proposal["changeset_id"],
        "dream_id": dream["id"],
        "dream_comparison_id": comparison["id"],
        "row_id": row.pk,
        "dream_schedule_id": schedule["id"],
        "memory_store_id": store["id"],
        "memory_id": memory["id"],
        "memory_version_id": memory["memory_version_id"],
        "agent_id": agent["id"],
        "environment_id": environment["id"],
        "session_id": session["id"],
        "resource_id": session["resources"][0]["id"],
        "thread_id": api.get(f"{at}/threads").json()["data"][0]["id"],
        "file_id": file.json()["id"],
        "entry_id": api.get("/v1/audit_entries").json()["data"][0]["id"],
        **linked(workspace),
    }


def graded(workspace: Workspace, rubric_id: str) -> dict[str, str]:
    """A run over a session in which an agent said something, without waiting for a queue."""
    make.session(make.event("agent.message", "secret of theirs", key="graded"), of=workspace)
    version = finding.version(finding.rubric(workspace, rubric_id))
    run = batching.begin(RunPlan(version), by=make.actor(of=workspace))
    return {"run_id": run.pk, "evaluation_id": run.evaluations.get().pk}


def tried(workspace: Workspace, proposal_id: str) -> str:
    """A trial of the proposal, as if a model were connected."""
    given = {"model": "claude-opus-5", "grader": "claude-opus-5", "session_count": 0}
    made = Trial.objects.create(workspace=workspace, proposal_id=proposal_id, **given)
    return str(made.pk)


def linked(workspace: Workspace) -> dict[str, str]:
    """A link, a store of the workspace there, and what is to be written into that."""
    made = post(
        make.api(of=workspace),
        "workspace_links",
        name="secret of theirs",
        api_key="sk-theirs",
        base_url="http://127.0.0.1:9",
    )
    mirror = Mirror.objects.create(
        workspace=workspace, link_id=made["id"], vendor_id="memstore_1", name="secret of theirs"
    )
    back = mirror.write_backs.create(
        version_id=f"memver_{mirror.pk}", sequence=1, memory_id="mem_1", path="/secret of theirs"
    )
    return {"link_id": made["id"], "mirror_id": mirror.pk, "write_back_id": back.pk}


def said(text: str) -> dict[str, Any]:
    return {"type": "user.message", "content": [{"type": "text", "text": text}]}


def post(api: Client, at: str, /, **body: Any) -> dict[str, Any]:
    answer = api.post(f"/v1/{at}", body, content_type="application/json")
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made
