"""How the console writes signs, numbers, spans and times."""

import math
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Number: TypeAlias = int | float | Decimal

register = template.Library()

NOTHING = "–"
MINUTE, HOUR, DAY = 60, 3600, 86_400


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw a sign of static/icons.svg; size is `dense`, `large`, `risk` (14, 20, 10) or `spin`."""
    more = f" i-{size}" if size else ""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        more,
        static("icons.svg"),
        name,
    )


@register.filter
def number(value: Number | None) -> str:
    """1284 → 1,284; −3 with a true minus."""
    return NOTHING if value in (None, "") else f"{value:,}".replace("-", "−")


@register.filter
def tokens(value: Number | None) -> str:
    """412, 18.2k, 412k, 1.9M."""
    if value is None:
        return NOTHING
    for unit, suffix in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")):
        # What would round up to 1000k is already 1.0M.
        if value >= unit * (0.9995 if suffix != "k" else 1):
            scaled = float(value) / unit
            return f"{scaled:.1f}{suffix}" if scaled < 99.95 else f"{scaled:.0f}{suffix}"
    return f"{value:.0f}"


@register.filter
def money(value: Number | None) -> str:
    """$1.84, and $0.011 below ten cents: a request costs less than a cent is worth writing."""
    if value is None:
        return NOTHING
    sign, amount = ("−" if value < 0 else ""), abs(float(value))
    if amount == 0 or amount >= 0.0995:
        return f"{sign}${amount:,.2f}"
    return f"{sign}${amount:.3f}" if amount >= 0.0005 else f"{sign}<$0.001"


@register.filter(name="bytes")
def bytes_(value: Number | None) -> str:
    """840 B, 1.1 kB, 81 kB, 2.4 MB."""
    if value is None:
        return NOTHING
    scaled = float(value)
    units = ["B", "kB", "MB", "GB", "TB"]
    while scaled >= 999.5 and len(units) > 1:
        scaled /= 1000
        units.pop(0)
    whole = units[0] == "B" or scaled >= 9.95
    return f"{scaled:.0f} {units[0]}" if whole else f"{scaled:.1f} {units[0]}"


def _seconds(value: timedelta | Number) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


@register.filter
def clock(value: timedelta | Number | None) -> str:
    """A position or a length as a stopwatch shows it: 0:42, 20:06, 1:02:06."""
    if value is None:
        return NOTHING
    minutes, seconds = divmod(max(0, math.floor(_seconds(value))), MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def duration(value: timedelta | Number | None) -> str:
    """A span in words: 840 ms, 1.2 s, 38 s, 9 min 38 s, 1 h 20 min, 1 d 11 h."""
    if value is None:
        return NOTHING
    seconds = max(0.0, _seconds(value))
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    return _two_units(round(seconds))


def _two_units(seconds: int) -> str:
    for (unit, name), (smaller, rest) in (
        ((DAY, "d"), (HOUR, "h")),
        ((HOUR, "h"), (MINUTE, "min")),
        ((MINUTE, "min"), (1, "s")),
    ):
        if seconds >= unit:
            left = seconds % unit // smaller
            return f"{seconds // unit} {name}" + (f" {left} {rest}" if left else "")
    return f"{seconds} s"


def spoken(moment: datetime, now: datetime) -> str:
    """How long ago, in the fewest words that still tell: 6 min, 22 h, 1 d 11 h, 3 d, 24 Oct."""
    seconds = (now - moment).total_seconds()
    if -1 < seconds < MINUTE:
        return "now"
    prefix = "in " if seconds < 0 else ""
    seconds = abs(seconds)
    if seconds < HOUR:
        return f"{prefix}{max(1, seconds // MINUTE):.0f} min"
    if seconds < DAY:
        return f"{prefix}{seconds // HOUR:.0f} h"
    if seconds < 2 * DAY:
        return f"{prefix}{_two_units(int(seconds))}"
    if seconds < 7 * DAY:
        return f"{prefix}{seconds // DAY:.0f} d"
    return calendar_day(moment, now)


def calendar_day(moment: datetime, now: datetime) -> str:
    """24 Oct, with its year once that is another one."""
    return f"{moment.day} {moment:%b}" + (f" {moment.year}" if moment.year != now.year else "")


def exact(moment: datetime) -> str:
    """22 Nov 2026, 13:53:07 UTC."""
    return f"{moment.day} {moment:%b %Y, %H:%M:%S %Z}"


@register.filter
def ago(value: datetime | None) -> str:
    """Write the time relative to now, the exact one on hover; time.js keeps it true."""
    if value is None:
        return NOTHING
    moment, now = timezone.localtime(value), timezone.localtime()
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        value.isoformat(),
        exact(moment),
        spoken(moment, now),
    )


@register.filter
def at(value: datetime | None) -> str:
    """Write the exact time: 22 Nov 2026, 13:53:07 UTC."""
    if value is None:
        return NOTHING
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), exact(timezone.localtime(value))
    )


@register.filter
def marked(value: str, words: str | None) -> SafeString:
    """Mark every occurrence of the words in a text that stays escaped."""
    found = [re.escape(word) for word in (words or "").split()]
    if not found:
        return escape(value)
    pieces = re.split(f"({'|'.join(found)})", str(value), flags=re.IGNORECASE)
    # Every odd piece is a match: re.split keeps what its one group caught.
    return mark_safe(  # noqa: S308 -- each piece is escaped
        "".join(
            f"<mark>{escape(piece)}</mark>" if index % 2 else escape(piece)
            for index, piece in enumerate(pieces)
        )
    )


@register.filter
def initials(name: str) -> str:
    """Ines Moreau → IM; one word gives its first letter."""
    words = re.findall(r"\w+", name)
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def coded(text: str) -> SafeString:
    """What stands between backticks as code. The text stays escaped."""
    pieces = re.split(r"`([^`]+)`", text)
    # Every odd piece is a match: re.split keeps what its one group caught.
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", piece) if index % 2 else piece,)
            for index, piece in enumerate(pieces)
        ),
    )
