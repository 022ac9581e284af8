"""How pages write paths, and people in the colour that is theirs."""

from datetime import datetime, timedelta
from zlib import crc32

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.templatetags.ui import ago

register = template.Library()
HUES = 8


@register.filter
def hue(name: str) -> int:
    """One of eight colours, the same for a name everywhere."""
    return crc32(name.encode("utf-8", "replace")) % HUES


@register.filter
def filename(path: str) -> str:
    """The last part: `refunds.md` of /team/refunds.md, `team/` of /team/."""
    name = path.rstrip("/").rpartition("/")[2]
    return f"{name}/" if path.endswith("/") else name


@register.filter
def folder(path: str) -> str:
    """The rest: `/team/` of /team/refunds.md."""
    return path.rstrip("/").rpartition("/")[0] + "/"


@register.filter
def inside(prefix: str) -> str:
    """A folder without what encloses it: `team/eu` of /team/eu/."""
    return prefix.strip("/")


@register.filter
def since(moment: datetime) -> SafeString:
    """3 h ago, and once it is a date: on 24 Oct."""
    passed = timezone.now() - moment
    if passed < timedelta(minutes=1):
        return format_html("just {}", ago(moment))
    return format_html("{} ago" if passed < timedelta(days=7) else "on {}", ago(moment))
