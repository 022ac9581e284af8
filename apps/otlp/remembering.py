"""What a lane has heard already. A request to a model carries the whole conversation every time.

Of each text only a fingerprint is kept, with how often it came and when last: the third "yes" of a
history is new if two were heard before.
"""

import json
from dataclasses import astuple, dataclass, field
from hashlib import blake2b
from typing import Any

from apps.otlp.mapping.messages import Call

MOST_REMEMBERED = 5_000
_LONGEST_REPORT = 20_000


def fingerprint(kind: str, said: str) -> str:
    """What a text is known by."""
    text = f"{kind}\x1f{said.strip()}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=9).hexdigest()


def of_call(call: Call) -> str:
    """What a call is known by where it has no id."""
    return fingerprint("call", call.name + json.dumps(call.arguments, sort_keys=True, default=str))


@dataclass(slots=True)
class OpenCall:
    """A tool's use without its result."""

    id: str
    """The source's own; may be empty."""
    known_by: str
    name: str
    use: str
    """The public id of its event."""
    runs: bool = False
    """Whether a span of the tool itself has been found for it."""


@dataclass(slots=True)
class Memory:
    """What was told of a lane, as far as it matters for what comes next."""

    heard: dict[str, list[int]] = field(default_factory=dict)
    """Fingerprints: how often, and when last, in milliseconds since 1970."""
    open: list[OpenCall] = field(default_factory=list)
    nameless: dict[str, int] = field(default_factory=dict)
    """Calls that were told without an id: a history may name them later."""
    requests: int = 0
    """Requests to a model since an agent's run began here."""
    report: str = ""
    """What the agent said last."""

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "Memory":
        """Read what `dump` wrote."""
        return cls(**kept | {"open": [OpenCall(*row) for row in kept["open"]]})

    def dump(self) -> dict[str, Any]:
        """Small, whatever came: the oldest is forgotten first."""
        return {
            "heard": _newest(self.heard),
            "open": [astuple(each) for each in self.open[-MOST_REMEMBERED:]],
            "nameless": _newest(self.nameless),
            "requests": self.requests,
            "report": self.report[:_LONGEST_REPORT],
        }

    def count(self, known_by: str) -> int:
        """How often it was heard."""
        return self.heard.get(known_by, (0, 0))[0]

    def has_heard_since(self, known_by: str, moment: int) -> bool:
        return self.heard.get(known_by, (0, -1))[1] >= moment

    def hear(self, known_by: str, moment: int = 0) -> None:
        times, last = self.heard.pop(known_by, (0, 0))
        self.heard[known_by] = [times + 1, max(last, moment)]

    # ---- calls of tools -------------------------------------------------------------------------

    def begin(self, call: Call, use: str, moment: int) -> None:
        """A tool is asked for, by the event with this id."""
        known_by = of_call(call)
        self.open.append(OpenCall(call.id, known_by, call.name, use))
        self.hear(known_by, moment)
        if call.id:
            self.hear(_asked(call.id), moment)
        else:
            self.nameless[known_by] = self.nameless.get(known_by, 0) + 1

    def knows(self, call: Call) -> bool:
        """Whether a call with an id was told before, maybe without it: then it has it now."""
        if self.count(_asked(call.id)):
            return True
        known_by = of_call(call)
        if not self.nameless.get(known_by):
            return False
        self.nameless[known_by] -= 1
        self.hear(_asked(call.id))
        still_open = (each for each in self.open if each.known_by == known_by and not each.id)
        if (found := next(still_open, None)) is not None:
            found.id = call.id
        return True

    def is_answered(self, call_id: str) -> bool:
        """Whether the call with this id has its result."""
        asked = self.count(_asked(call_id)) > 0
        return asked and all(each.id != call_id for each in self.open)

    def find(self, call: Call) -> OpenCall | None:
        """The open call that a tool's run belongs to: by its id, what it asks, its tool."""
        free = [each for each in self.open if not each.runs]
        if call.id and (same := next((each for each in free if each.id == call.id), None)):
            return same
        known_by = of_call(call)
        fitting = [each for each in free if not (call.id and each.id)]
        same = next((each for each in fitting if each.known_by == known_by), None)
        return same or next((each for each in fitting if each.name == call.name), None)

    def answer(self, call_id: str, name: str = "") -> OpenCall | None:
        """Close the call with this id; without an id, the oldest of that tool."""
        fits = (
            each
            for each in self.open
            if (each.id == call_id if call_id else not name or each.name == name)
        )
        if (found := next(fits, None)) is not None:
            self.open.remove(found)
        return found


def _asked(call_id: str) -> str:
    return f"call {call_id}"


def _newest(remembered: dict[str, Any]) -> dict[str, Any]:
    return dict(list(remembered.items())[-MOST_REMEMBERED:])
