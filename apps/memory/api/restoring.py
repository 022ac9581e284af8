"""Bringing back what memories and stores said."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import documented
from apps.core.api.shapes import Shape, read
from apps.memory import finding
from apps.memory.actions import restoring as actions
from apps.memory.api.history import TAG
from apps.memory.api.moments import FOLDER, WHEN, moment, place
from apps.memory.redacting import NoSuchVersion
from apps.memory.restoring import Collision, Plan, Step


class _Planned(Shape):
    dry_run: bool = Field(default=False, description="Only tell the plan.")
    plan: str = Field(
        default="",
        description="The id of a plan: where it is another by now, nothing is written.",
    )


class MemoryRestore(_Planned):
    """What to bring back of one memory."""

    memory_version_id: str = Field(description="The version that it is to say again.")


class StoreRestore(_Planned):
    """What to bring back of a store."""

    at: str = Field(min_length=1, description=WHEN)
    path_prefix: str = Field(default="/", description=FOLDER)


class MemoryRestoreStep(BaseModel):
    """What happens to one memory."""

    type: Literal["memory_restore_step"]
    operation: Literal["create", "update", "rename", "delete", "keep", "lost"] = Field(
        description="`keep` and `lost`: what it said was redacted, so it stays as it is, or gone."
    )
    memory_id: str
    from_path: str | None = Field(description="Where it is now; null where it is deleted.")
    to_path: str | None = Field(description="Where it will be; null where it will be deleted.")
    memory_version_id: str | None = Field(description="The version that it will say again.")


class MemoryRestoreConflict(BaseModel):
    """Another memory is in the way: nothing can be written before that is moved or deleted."""

    path: str
    conflicting_path: str
    conflicting_memory_id: str


class MemoryRestorePlan(BaseModel):
    """What a restore would do, or did."""

    type: Literal["memory_restore_plan"]
    id: str = Field(description="Pass it as `plan` to do this and nothing else.")
    steps: list[MemoryRestoreStep] = Field(description="Without what stays the same.")
    conflicts: list[MemoryRestoreConflict]


class RestoredMemory(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memories/{memory_id}/restore`."""

    @documented(
        "memory_stores_memories_restore",
        tag=TAG,
        request=MemoryRestore,
        answer=MemoryRestorePlan,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, memory_store_id: str, memory_id: str) -> Response:
        """Write a memory again as one of its versions has it: content and path.

        It becomes a new version. A memory that was deleted comes back under its id.
        """
        given = read(MemoryRestore, request.data)
        version = finding.version(request.workspace, memory_store_id, given.memory_version_id)
        if version.memory_id != memory_id:
            raise NoSuchVersion
        asked = {"store_id": memory_store_id, "version_id": version.pk, "by": request.actor}
        if given.dry_run:
            return Response(_plan(actions.preview_memory(**asked)))
        return Response(_plan(actions.restore_memory(**asked, token=given.plan).plan))


class RestoredMemoryStore(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/restore`."""

    @documented(
        "memory_stores_restore",
        tag=TAG,
        request=StoreRestore,
        answer=MemoryRestorePlan,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Write a memory store, or one folder of it, again as it was at a time.

        All of the plan becomes new versions, or nothing. Memories that were made since are deleted;
        those that were moved into the folder since go back to where they were.
        """
        given = read(StoreRestore, request.data)
        store = finding.store(request.workspace, memory_store_id)
        asked = {
            "store_id": store.pk,
            "at": moment(store, place(store, given.at, "at")),
            "prefix": given.path_prefix,
            "by": request.actor,
        }
        if given.dry_run:
            return Response(_plan(actions.preview_store(**asked)))
        return Response(_plan(actions.restore_store(**asked, token=given.plan).plan))


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "type": "memory_restore_plan",
        "id": plan.token,
        "steps": [_step(each) for each in plan.steps],
        "conflicts": [_conflict(each) for each in plan.collisions],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "type": "memory_restore_step",
        "operation": step.kind.value,
        "memory_id": step.memory_id,
        "from_path": step.old_path,
        "to_path": step.new_path,
        "memory_version_id": step.version_id or None,
    }


def _conflict(collision: Collision) -> dict[str, Any]:
    return {
        "path": collision.path,
        "conflicting_path": collision.conflicting_path,
        "conflicting_memory_id": collision.conflicting_memory_id,
    }
