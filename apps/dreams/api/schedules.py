"""Schedules of dreams."""

from typing import Any

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query
from apps.dreams import finding, wire
from apps.dreams.actions import schedules as actions
from apps.dreams.api import answers
from apps.dreams.api.shapes import (
    Cron,
    ModelConfig,
    NewSchedule,
    SchedulePatch,
    SchedulesQuery,
    Sessions,
    UpdateExisting,
)
from apps.dreams.models import DreamSchedule, DreamScheduleRun, OutputBehavior
from apps.dreams.starting import NotTheInput

TAG = "Dream schedules"


class DreamSchedules(Endpoint):
    """`/v1/dream_schedules`."""

    @documented(
        "dream_schedules_list",
        tag=TAG,
        query=SchedulesQuery,
        answer=Listed[answers.DreamSchedule],
    )
    def get(self, request: ApiRequest) -> Response:
        """List schedules of dreams, newest first."""
        query = read_query(SchedulesQuery, request.query_params)
        rows = DreamSchedule.objects.visible_in(request.workspace)
        rows = rows if query.include_archived else rows.open()
        shown = window(rows, of="dream schedules", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.schedule_object))

    @documented(
        "dream_schedules_create",
        tag=TAG,
        request=NewSchedule,
        answer=answers.DreamSchedule,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Make a schedule of dreams about a memory store."""
        given = read(NewSchedule, request.data)
        values = _columns(given, given.memory_store_id)
        made = actions.create_schedule(values=values, by=request.actor)
        return Response(wire.schedule_object(made))


class OneDreamSchedule(Endpoint):
    """`/v1/dream_schedules/{dream_schedule_id}`."""

    @documented("dream_schedules_retrieve", tag=TAG, answer=answers.DreamSchedule, errors=(404,))
    def get(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Read a schedule of dreams, with the next five moments at which it runs."""
        found = finding.schedule(request.workspace, dream_schedule_id)
        return Response(wire.schedule_object(found))

    @documented(
        "dream_schedules_update",
        tag=TAG,
        request=SchedulePatch,
        answer=answers.DreamSchedule,
        errors=(404,),
    )
    def post(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Change a schedule of dreams."""
        given = read(SchedulePatch, request.data)
        found = finding.schedule(request.workspace, dream_schedule_id)
        values = _columns(given, given.memory_store_id or found.memory_store_id)
        changed = actions.update_schedule(
            schedule_id=dream_schedule_id, values=values, by=request.actor
        )
        return Response(wire.schedule_object(changed))

    @documented(
        "dream_schedules_delete", tag=TAG, answer=answers.DreamScheduleDeleted, errors=(404,)
    )
    def delete(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Delete a schedule with the record of its runs. Its dreams stay."""
        actions.delete_schedule(schedule_id=dream_schedule_id, by=request.actor)
        return Response({"id": dream_schedule_id, "type": "dream_schedule_deleted"})


class PausedDreamSchedule(Endpoint):
    """`/v1/dream_schedules/{dream_schedule_id}/pause`."""

    @documented("dream_schedules_pause", tag=TAG, answer=answers.DreamSchedule, errors=(400, 404))
    def post(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Pause a schedule: its moments pass."""
        paused = actions.pause_schedule(schedule_id=dream_schedule_id, by=request.actor)
        return Response(wire.schedule_object(paused))


class UnpausedDreamSchedule(Endpoint):
    """`/v1/dream_schedules/{dream_schedule_id}/unpause`."""

    @documented("dream_schedules_unpause", tag=TAG, answer=answers.DreamSchedule, errors=(400, 404))
    def post(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Go on with a schedule at its next moment."""
        going = actions.unpause_schedule(schedule_id=dream_schedule_id, by=request.actor)
        return Response(wire.schedule_object(going))


class RunDreamSchedule(Endpoint):
    """`/v1/dream_schedules/{dream_schedule_id}/run`."""

    @documented("dream_schedules_run", tag=TAG, answer=answers.DreamScheduleRun, errors=(400, 404))
    def post(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Run a schedule now, also while it is paused."""
        run = actions.run_schedule(schedule_id=dream_schedule_id, by=request.actor)
        return Response(wire.run_object(run))


class ArchivedDreamSchedule(Endpoint):
    """`/v1/dream_schedules/{dream_schedule_id}/archive`."""

    @documented("dream_schedules_archive", tag=TAG, answer=answers.DreamSchedule, errors=(404,))
    def post(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """Archive a schedule, for good: it runs no more, and lists leave it out."""
        archived = actions.archive_schedule(schedule_id=dream_schedule_id, by=request.actor)
        return Response(wire.schedule_object(archived))


class DreamScheduleRuns(Endpoint):
    """`/v1/dream_schedules/{dream_schedule_id}/runs`."""

    @documented(
        "dream_schedules_runs_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[answers.DreamScheduleRun],
        errors=(404,),
    )
    def get(self, request: ApiRequest, dream_schedule_id: str) -> Response:
        """List what came of a schedule's moments, newest first."""
        query = read_query(PageQuery, request.query_params)
        schedule = finding.schedule(request.workspace, dream_schedule_id)
        shown = window(
            DreamScheduleRun.objects.filter(schedule=schedule),
            of=f"runs of {schedule.pk}",
            cursor=query.page,
            limit=query.limit,
        )
        return Response(shown.page(wire.run_object))


def _columns(given: NewSchedule | SchedulePatch, store_id: str) -> dict[str, Any]:
    """What was said, by the columns of a schedule. Raises NotTheInput."""
    said = given.model_fields_set
    columns: dict[str, Any] = {}
    for name in ("name", "memory_store_id"):
        if value := getattr(given, name):
            columns[name] = value
    for name in ("instructions", "policy"):
        if name in said:
            columns[name] = getattr(given, name) or ""
    if isinstance(given, NewSchedule) or given.model is not None:
        model = given.model
        columns["model"] = model.id if isinstance(model, ModelConfig) else model
    columns |= _how(given)
    if given.output_behavior is not None:
        columns["output_behavior"] = _output(given.output_behavior, store_id)
    columns |= _when(given.schedule) if given.schedule is not None else {}
    columns |= _which(given.sessions) if given.sessions is not None else {}
    return columns


def _output(output: Any, store_id: str) -> str:
    if isinstance(output, UpdateExisting):
        if output.memory_store_id != store_id:
            raise NotTheInput
        return OutputBehavior.UPDATE_EXISTING
    return OutputBehavior.CREATE_NEW


def _how(given: NewSchedule | SchedulePatch) -> dict[str, Any]:
    """What its dreams may cost, and whether they ask in batches."""
    columns: dict[str, Any] = {}
    if "cap_usd" in given.model_fields_set:
        columns["cap_usd"] = given.cap_usd
    if given.batch is not None:
        columns["is_batched"] = given.batch
    return columns


def _when(when: Cron) -> dict[str, Any]:
    return {
        "cron": when.expression,
        "timezone": when.timezone,
        "jitter_seconds": when.jitter_seconds,
    }


def _which(which: Sessions) -> dict[str, Any]:
    return {
        "agent_id": which.agent_id or "",
        "window_hours": which.window_hours,
        "only_ended": which.only_ended,
        "only_unread": which.only_unread,
        "most_sessions": which.limit,
        "least_new_sessions": which.minimum_new,
    }
