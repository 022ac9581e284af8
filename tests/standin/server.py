"""What the stand-in does: every answer from one responder, every request remembered."""

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count, cycle
from typing import Any

import jsonschema

from tests.standin import asked as asking
from tests.standin import composing, schemas
from tests.standin.asked import Asked, Billed, Rejected
from tests.standin.batches import Batches
from tests.standin.counting import Counting
from tests.standin.faults import Fault, Json, Said
from tests.standin.listening import Listening

Responder = Callable[[Asked], Any]
KEY = "stand-in"


def smallest(asked: Asked) -> Any:
    """The least that fits what is asked for."""
    return schemas.filled(asked.schema) if asked.schema else "Nothing to say."


class StandIn:
    """The Messages API at `url` for whoever has `key`."""

    def __init__(
        self,
        responder: Responder = smallest,
        *,
        key: str = KEY,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.responder = responder
        self.key = key
        self.asked: list[Asked] = []
        """Every request with the right key, in the order in which they came."""
        self.counting = Counting()
        self.batches = Batches(self._answer_in_a_batch)
        self._lock = threading.RLock()
        self._ids = count(1)
        self._next: dict[str, deque[Fault | None]] = {}
        self._nth, self._turns = 0, cycle([Fault("")])
        self._known: set[str] = set()
        self._listening = Listening(self, host, port)
        self.url = self._listening.url

    def __enter__(self) -> "StandIn":
        self._listening.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.stop()

    # ---- what tests say and look at -------------------------------------------------------------

    def next(self, *faults: Fault | None, of: str = "messages") -> None:
        """What happens to the next requests of this kind; None: nothing."""
        self._next.setdefault(of, deque()).extend(faults)

    def every(self, nth: int, *faults: Fault) -> None:
        """Each nth question that was never asked before meets the next of these faults, in turn."""
        self._nth, self._turns = nth, cycle(faults)

    @property
    def questions(self) -> list[Asked]:
        """All that a model was asked, also inside batches, and also what failed."""
        return [each for each in self.asked if each.operation in {"messages", "batches.item"}]

    @property
    def answered(self) -> list[Asked]:
        """The questions that were answered to the end."""
        return [each for each in self.charged if each.status == 200]

    @property
    def charged(self) -> list[Asked]:
        """Those that are billed: an answer began."""
        return [each for each in self.questions if each.billed is not None]

    @property
    def billed(self) -> Billed:
        """All tokens of all answers, as far as they were sent."""
        total = Billed()
        for each in self.charged:
            total = total.plus(each.billed or Billed())
        return total

    # ---- what happens to a request --------------------------------------------------------------

    def came_in(self, operation: str, body: Json, headers: dict[str, str] | None = None) -> Asked:
        """Remember a request, and decide what will happen to it."""
        with self._lock:
            asked = Asked(next(self._ids), operation, body, headers or {})
            self.asked.append(asked)
            waiting = self._next.get(operation)
            asked.fault = waiting.popleft() if waiting else self._turn_of(asked)
            return asked

    def _turn_of(self, asked: Asked) -> Fault | None:
        if asked.operation not in {"messages", "batches.item"} or asked.digest in self._known:
            return None
        self._known.add(asked.digest)
        return next(self._turns) if self._nth and len(self._known) % self._nth == 0 else None

    def answer(self, asked: Asked, *, tier: str = "standard") -> Json:
        """The message that answers it. Raises Rejected."""
        asking.check(asked.body)
        asking.check_length(asked.body, self.counting.tokens(asked.body))
        said = self._said(asked)
        if asked.fault and asked.fault.changes:
            said = asked.fault.changes(said)
        said = composing.limited(said, asked.body)
        prompt = self.counting.prompt(asked.body)
        asked.answered = composing.message(asked.number, asked.body, said, prompt, tier=tier)
        return asked.answered

    def _said(self, asked: Asked) -> Said:
        answer = self.responder(asked)
        if isinstance(answer, str):
            return Said(answer)
        fits = jsonschema.Draft202012Validator(asked.schema or {})
        wrong = next(fits.iter_errors(answer), None)
        if wrong is not None:
            complaint = f"the responder's answer does not fit: {wrong.message}"
            raise Rejected(500, "api_error", complaint, is_final=True)
        return Said(json.dumps(answer, ensure_ascii=False))

    def bill(self, asked: Asked, sent: Sequence[Json] | None = None) -> None:
        """It was sent: all of it, or these events."""
        answer = asked.answered or {}
        if sent is None or any(each["type"] == "message_delta" for each in sent):
            asked.status = 200
            asked.billed = composing.billed_for(answer)
        else:
            asked.billed = composing.billed_so_far(answer, sent)

    def _answer_in_a_batch(self, params: Json) -> Json:
        asked = self.came_in("batches.item", params)
        if asked.fault and asked.fault.name == "expired":
            return {"type": "expired"}
        try:
            answer = self._answer_unless_it_fails(asked)
        except Rejected as rejected:
            asked.status = rejected.status
            error = composing.error(rejected, f"req_standin{asked.number:012}")
            return {"type": "errored", "error": error}
        self.bill(asked)
        return {"type": "succeeded", "message": answer}

    def _answer_unless_it_fails(self, asked: Asked) -> Json:
        if asked.fault and asked.fault.status:
            raise Rejected(asked.fault.status, asked.fault.type, asked.fault.name)
        return self.answer(asked, tier="batch")
