"""How long another server asks to be left alone."""

import email.utils
import math
import time
from collections.abc import Mapping


def told(headers: Mapping[str, str]) -> float | None:
    """Seconds, from either header that says them or a date; None where neither does."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        until = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(0.0, until.timestamp() - time.time())
