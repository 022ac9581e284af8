"""What the pages of schedules may be given."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from apps.accounts.models import Workspace
from apps.dreams.forms import MOST_SESSIONS, PLAIN, SessionsForm
from apps.dreams.models import DreamSchedule


class ScheduleForm(SessionsForm):
    """A schedule, new or changed."""

    name = forms.CharField(
        max_length=255,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Give it a name, such as Nightly."},
    )
    cron = forms.CharField(
        label="When",
        max_length=200,
        initial="0 2 * * *",
        widget=forms.TextInput({**PLAIN, "class": "mono"}),
        help_text="Five fields of cron: minute, hour, day, month, weekday. 0 6 * * 1-5 is 06:00"
        " from Monday to Friday.",
        error_messages={"required": "Say when, such as 0 2 * * * for every night at 02:00."},
    )
    timezone = forms.CharField(
        label="Time zone",
        max_length=64,
        initial="UTC",
        widget=forms.TextInput({**PLAIN, "list": "dream-zones"}),
        error_messages={"required": "Say whose clock, such as Europe/Berlin or UTC."},
    )
    jitter_minutes = forms.IntegerField(
        label="Up to so many minutes later",
        min_value=0,
        max_value=60,
        initial=0,
        help_text="Another moment each time, so that not all schedules start at once.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter 0 to 60 minutes."
        ),
    )
    least_new_sessions = forms.IntegerField(
        label="New sessions at least",
        min_value=0,
        max_value=MOST_SESSIONS,
        initial=1,
        help_text="With fewer that no dream about the store has read, it does not run.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Enter 0 to {MOST_SESSIONS:,} sessions.",
        ),
    )
    zones = sorted(available_timezones())
    field_order = ("name", "memory_store_id", "cron", "timezone", "jitter_minutes")

    @classmethod
    def of(cls, schedule: DreamSchedule, workspace: Workspace) -> "ScheduleForm":
        """As it is."""
        names = [*cls.base_fields.keys() - {"jitter_minutes"}]
        told = {name: getattr(schedule, name) for name in names}
        told["window_hours"] = str(schedule.window_hours or "")
        told["jitter_minutes"] = schedule.jitter_seconds // 60
        return cls(workspace=workspace, initial=told)

    def values(self) -> dict[str, Any]:
        """By the columns of a schedule."""
        given = dict(self.cleaned_data)
        return given | {"jitter_seconds": 60 * given.pop("jitter_minutes")}
