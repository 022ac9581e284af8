"""Schedules of dreams: their list, one with its runs, and what can be done with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.dreams import cron, showing
from apps.dreams.actions import schedules as actions
from apps.dreams.models import DreamSchedule, DreamScheduleRun
from apps.dreams.schedule_forms import ScheduleForm
from apps.dreams.views import FORM, schedule_of
from apps.dreams.views.dreams import tabs
from apps.linking.models import Link

NEXT = 5
RUNS = 20


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    schedules = DreamSchedule.objects.visible_in(request.workspace).open()
    context: dict[str, Any] = {"tabs": tabs(request, "schedules")}
    status = 200
    try:
        page = newest(schedules.defer("instructions"), request.GET.get("cursor", ""))
    except BadCursor as bad:
        page = Page([])
        context["bad"], status = bad, bad.status
    names = showing.store_names(request.workspace, [each.memory_store_id for each in page.rows])
    context |= {
        "page": page,
        "rows": [
            (each, names.get(each.memory_store_id, ""), in_words(each.cron)) for each in page.rows
        ],
    }
    return render_page(request, "dreams/schedules.html", context, status=status)


@require_safe
def page(request: WorkspaceRequest, schedule_id: str) -> HttpResponse:
    """One schedule, when it runs next, and what came of its moments."""
    schedule = schedule_of(request, schedule_id)
    runs = DreamScheduleRun.objects.filter(schedule=schedule).select_related("dream")
    context: dict[str, Any] = {"schedule": schedule}
    status = 200
    try:
        shown = newest(runs.defer("dream__drafts"), request.GET.get("cursor", ""), size=RUNS)
    except BadCursor as bad:
        shown = Page([])
        context["bad"], status = bad, bad.status
    stores = showing.store_names(request.workspace, [schedule.memory_store_id])
    runs_on = schedule.archived_at is None and not schedule.is_paused
    context |= {
        "page": shown,
        "store": stores.get(schedule.memory_store_id, ""),
        "words": in_words(schedule.cron),
        "moments": moments(schedule.cron, schedule.timezone) if runs_on else [],
    }
    return render_page(request, "dreams/schedule.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    store = request.GET.get("store", "").replace("\x00", "")
    initial = {"only_unread": True} | ({"memory_store_id": store} if store else {})
    form = ScheduleForm(request.POST or None, workspace=request.workspace, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_schedule(values=form.values(), by=request.actor)
        except DomainError as refused:
            form.complain(refused)
        else:
            messages.success(request, f"{made.name} is made. It runs by itself from now on.")
            return redirect("dreams:schedule", request.workspace.slug, made.pk)
    return _ask(request, form)


@needs(Right.WRITE)
@require_http_methods(FORM)
def edit(request: WorkspaceRequest, schedule_id: str) -> HttpResponse:
    schedule = schedule_of(request, schedule_id)
    if request.method != "POST":
        return _ask(request, ScheduleForm.of(schedule, request.workspace), schedule)
    form = ScheduleForm(
        request.POST, workspace=request.workspace, initial={"model": schedule.model}
    )
    if form.is_valid():
        try:
            changed = actions.update_schedule(
                schedule_id=schedule.pk, values=form.values(), by=request.actor
            )
        except DomainError as refused:
            form.complain(refused)
        else:
            messages.success(request, f"{changed.name} is saved.")
            return redirect("dreams:schedule", request.workspace.slug, schedule.pk)
    return _ask(request, form, schedule)


@require_safe
def upcoming(request: WorkspaceRequest) -> HttpResponse:
    """The next moments of what is typed, or what is wrong with it."""
    asked = request.GET.get("cron", "")[:200], request.GET.get("timezone", "")[:64]
    return render(request, "dreams/upcoming.html", _next(*asked))


@needs(Right.WRITE)
@require_POST
def pause(request: WorkspaceRequest, schedule_id: str) -> HttpResponse:
    actions.pause_schedule(schedule_id=_id(request, schedule_id), by=request.actor)
    messages.success(request, "Paused. Its moments pass until it goes on.")
    return redirect("dreams:schedule", request.workspace.slug, schedule_id)


@needs(Right.WRITE)
@require_POST
def resume(request: WorkspaceRequest, schedule_id: str) -> HttpResponse:
    actions.unpause_schedule(schedule_id=_id(request, schedule_id), by=request.actor)
    messages.success(request, "Goes on with its next moment.")
    return redirect("dreams:schedule", request.workspace.slug, schedule_id)


@needs(Right.WRITE)
@require_POST
def run(request: WorkspaceRequest, schedule_id: str) -> HttpResponse:
    done = actions.run_schedule(schedule_id=_id(request, schedule_id), by=request.actor)
    if done.dream is None:
        messages.warning(request, f"No dream was started: {done.reason}.")
        return redirect("dreams:schedule", request.workspace.slug, schedule_id)
    messages.success(request, "Started. The schedule's own moments stay as they are.")
    return redirect("dreams:dream", request.workspace.slug, done.dream.pk)


@needs(Right.WRITE)
@require_http_methods(FORM)
def delete(request: WorkspaceRequest, schedule_id: str) -> HttpResponse:
    """Ask first: its runs are forgotten with it."""
    schedule = schedule_of(request, schedule_id)
    if request.method != "POST":
        return render_page(request, "dreams/schedule_delete.html", {"schedule": schedule})
    actions.delete_schedule(schedule_id=schedule.pk, by=request.actor)
    messages.success(request, f"{schedule.name} is deleted. Its dreams stay.")
    return redirect("dreams:schedules", request.workspace.slug)


def in_words(expression: str) -> str:
    """A cron expression as one says it."""
    return str(CronSim(expression, timezone.now()).explain())


@dataclass(frozen=True, slots=True)
class Moment:
    """A run to come: when, and how the clock of its zone has it."""

    at: datetime
    clock: str
    zone: str


def moments(expression: str, zone: str) -> list[Moment]:
    """The next runs. Written here: a template would tell the time of the server."""
    there = ZoneInfo(zone)
    found = [each.astimezone(there) for each in cron.upcoming(expression, zone, NEXT)]
    return [
        Moment(each, f"{each:%a} {each.day} {each:%b %Y, %H:%M}", each.tzname() or "")
        for each in found
    ]


def _next(expression: str, zone: str) -> dict[str, Any]:
    try:
        cron.checked(expression, zone)
    except DomainError as refused:
        return {"refused": refused, "is_zone": isinstance(refused, cron.UnknownTimezone)}
    return {"words": in_words(expression), "moments": moments(expression, zone), "zone": zone}


def _id(request: WorkspaceRequest, schedule_id: str) -> str:
    return str(schedule_of(request, schedule_id).pk)


def _ask(
    request: WorkspaceRequest, form: ScheduleForm, schedule: DreamSchedule | None = None
) -> HttpResponse:
    typed = (str(form["cron"].value() or ""), str(form["timezone"].value() or ""))
    context = {"form": form, "schedule": schedule, "zones": ScheduleForm.zones} | _next(*typed)
    context["is_linked"] = Link.objects.visible_in(request.workspace).exists()
    status = 422 if form.errors else 200
    return render_page(request, "dreams/schedule_form.html", context, status=status)
