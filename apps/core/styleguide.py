"""Every part in every state, on one page that exists in development only."""

import re
from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.core.htmx import render_page

TONES = ("user", "agent", "tool", "error", "model", "thread", "memory", "grade")
COUNTS = (12, 96, 412, 3, 188, 15, 22, 4)
KINDS = (
    ("Create", "plus", "memory"),
    ("Update", "edit", "user"),
    ("Merge", "merge", "model"),
    ("Rename", "arrow-right", "tool"),
    ("Retire", "archive", "thread"),
    ("Restructure", "tree", "grade"),
)
ROWS = (
    ("Draft mutual NDA, Halden Robotics", "legal-drafter", "running", 312, 0, 0.96, 4),
    ("Refund for EWR–LIS, booked yesterday", "airline-coordinator", "idle", 84, 1, 0.12, 130),
    (
        "Change fee after schedule change",
        "airline-coordinator",
        "rescheduling",
        1284,
        3,
        1.84,
        2900,
    ),
    ("Liability cap for reseller agreement", "legal-drafter", "terminated", 640, 2, 1.31, 40_000),
)
NAV = (
    ("Overview", "home", "o", 0, False),
    ("Reviews", "reviews", "r", 17, True),
    ("Sessions", "sessions", "s", 0, False),
    ("Memory", "store", "m", 0, False),
    ("Dreams", "dreams", "d", 1, False),
    ("Outcomes", "outcomes", "u", 0, False),
    ("Agents", "agents", "a", 0, False),
)
PLACEHOLDER = "#main"
SIGN = re.compile(r'<symbol id="([a-z-]+)" viewBox="0 0 16 16"')
SWATCHES = (
    "canvas",
    "panel-colour",
    "sunken",
    "raised",
    "hover",
    "line",
    "line-2",
    "edge",
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "accent-soft",
    "focus",
    "add",
    "del",
    "warn",
    "bad",
    "mark",
)


class SampleForm(forms.Form):
    name = forms.CharField(
        label="Store name", help_text="Agents see this name. Letters, digits, hyphens."
    )
    limit = forms.IntegerField(
        label="Sessions per dream",
        max_value=100,
        help_text="More sessions, more patterns, more cost.",
        error_messages={"max_value": "A dream reads at most 100 sessions. Enter 1 to 100."},
    )
    agent = forms.ChoiceField(
        label="Agent", choices=[("", "Any agent"), ("legal", "legal-drafter")], required=False
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)


@login_not_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "workspace": SimpleNamespace(name="Northwind Air", slug="northwind"),
        "workspaces": [
            SimpleNamespace(name="Northwind Air", slug="northwind"),
            SimpleNamespace(name="Halden Legal", slug="halden"),
        ],
        "nav": [
            {
                "label": label,
                "icon": icon,
                "key": key,
                "url": PLACEHOLDER,
                "count": count,
                "yours": yours,
                "current": "page" if label == "Sessions" else "",
            }
            for label, icon, key, count, yours in NAV
        ],
        "palette_url": "",
        "search_url": PLACEHOLDER,
        "form": SampleForm({"name": "airline-policies", "limit": "250"}),
        "kinds": KINDS,
        "types": list(zip(TONES, COUNTS, strict=True)),
        "statuses": ("running", "idle", "rescheduling", "terminated"),
        "levels": ("high", "medium", "low"),
        "rows": [(*row[:-1], now - timedelta(minutes=row[-1])) for row in ROWS],
        "tabs": [
            {"label": "Event", "url": PLACEHOLDER, "current": True},
            {"label": "Thread", "url": PLACEHOLDER},
            {"label": "Memory", "url": PLACEHOLDER, "count": 4},
            {"label": "Raw", "url": PLACEHOLDER},
        ],
        "views": [
            {"label": "Transcript", "url": PLACEHOLDER, "current": True},
            {"label": "Debug", "url": PLACEHOLDER},
        ],
        "items": [
            {"label": "Copy link", "url": PLACEHOLDER, "icon": "link"},
            {"label": "Download", "url": PLACEHOLDER, "icon": "download", "meta": "NDJSON"},
            {"label": "Archive…", "url": PLACEHOLDER, "icon": "archive", "danger": True},
        ],
        "groups": [
            {
                "label": "Sessions",
                "items": [
                    {
                        "url": PLACEHOLDER,
                        "icon": "sessions",
                        "title": "Refund for EWR–LIS, booked yesterday",
                        "meta": "2 d",
                    },
                    {
                        "url": PLACEHOLDER,
                        "icon": "sessions",
                        "title": "Refund refused in 24 h",
                        "meta": "3 d",
                    },
                ],
            },
            {
                "label": "Go to",
                "items": [
                    {"url": PLACEHOLDER, "icon": "upload", "title": "Import", "key": "G I"},
                ],
            },
        ],
        "action": {"label": "Import transcripts", "url": PLACEHOLDER, "key": "G I"},
        "other": {"label": "Load the demo", "url": PLACEHOLDER},
        "json": '{"reservation_id": "ZFA04Y",\n "flights": ["TP 202"]}',
        "moments": [now - timedelta(seconds=each) for each in (4, 380, 80_000, 126_000, 3e5, 3e7)],
        "icons": SIGN.findall((settings.BASE_DIR / "static" / "icons.svg").read_text()),
        "swatches": SWATCHES,
    }
    return render_page(request, "core/styleguide.html", context)
