"""The addresses, and what each but that of messages answers."""

import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

from tests.standin import asked as asking
from tests.standin.asked import Asked, Rejected
from tests.standin.faults import Json
from tests.standin.models import MODELS

if TYPE_CHECKING:
    from tests.standin.server import StandIn

_ADDRESSES = (
    ("POST", "messages", "messages"),
    ("POST", "messages/count_tokens", "count_tokens"),
    ("GET", "models", "models.list"),
    ("GET", "models/([^/]+)", "models.retrieve"),
    ("POST", "messages/batches", "batches.create"),
    ("GET", "messages/batches", "batches.list"),
    ("GET", "messages/batches/([^/]+)", "batches.retrieve"),
    ("DELETE", "messages/batches/([^/]+)", "batches.delete"),
    ("POST", "messages/batches/([^/]+)/cancel", "batches.cancel"),
    ("GET", "messages/batches/([^/]+)/results", "batches.results"),
)


def operation(method: str, path: str) -> tuple[str, str]:
    """What is asked for, and of which."""
    for its_method, pattern, name in _ADDRESSES:
        found = re.fullmatch(f"/v1/{pattern}", path)
        if found and method == its_method:
            return name, (*found.groups(), "")[0]
    raise Rejected(404, "not_found_error", f"{method} {path}")


def answer(there: "StandIn", asked: Asked, public_id: str, query: dict[str, str]) -> Any:
    """A document, or the lines of one."""
    answers: dict[str, Callable[[], Any]] = {
        "count_tokens": lambda: _count(there, asked.body),
        "models.list": lambda: _page(MODELS),
        "models.retrieve": lambda: _model(public_id),
        "batches.create": lambda: there.batches.create(asked.body).wire(there.url),
        "batches.list": lambda: _batches(there, query),
        "batches.retrieve": lambda: there.batches.get(public_id).wire(there.url),
        "batches.cancel": lambda: there.batches.cancel(public_id).wire(there.url),
        "batches.delete": lambda: there.batches.delete(public_id),
        "batches.results": lambda: there.batches.results(public_id),
    }
    return answers[asked.operation]()


def _count(there: "StandIn", body: Json) -> Json:
    asking.check({"max_tokens": 1} | body)
    return {"input_tokens": there.counting.tokens(body)}


def _model(public_id: str) -> Json:
    for each in MODELS:
        if each["id"] == public_id:
            return each
    raise Rejected(404, "not_found_error", f"model: {public_id}")


def _batches(there: "StandIn", query: dict[str, str]) -> Json:
    found = there.batches.page(query)
    size = int(query.get("limit", "20"))
    rows = [each.wire(there.url) for each in islice(found, size)]
    return _page(rows, has_more=len(found) > size)


def _page(rows: list[Json], *, has_more: bool = False) -> Json:
    first, last = (rows[0]["id"], rows[-1]["id"]) if rows else (None, None)
    return {"data": rows, "has_more": has_more, "first_id": first, "last_id": last}
