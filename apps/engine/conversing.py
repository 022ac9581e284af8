"""What goes over the wire and what is made of the answer, without the wire. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from apps.engine import connecting
from apps.engine.asking import CutShort, Question, RefusedToAnswer, Unreadable
from apps.engine.keeping import Took
from apps.engine.pricing import Usage, token_cost

T = TypeVar("T", bound=BaseModel)
Body = dict[str, Any]
TOKENS_OF_THEIRS = 2_000
"""At most, that the service adds by itself: marks between turns, what it says of the form."""
COUNTS_ARE_OFF_BY = Decimal("1.1")
"""At most: what a server counts beforehand may differ from what it bills by a little."""
TIMES_LONGER = 4
"""What an answer that was cut short may have when it is asked for again, in its first limit."""
MOST_PROBLEMS_TOLD = 8
_CACHED = {"type": "ephemeral"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a model, whatever is made of it."""

    text: str
    stop_reason: str
    usage: Usage
    model: str


class Conversation:
    """One question until it is answered: at most one longer answer, and at most one repair."""

    def __init__(self, question: Question[T], schema: Mapping[str, Any]) -> None:
        self._question = question
        self._format = {"type": "json_schema", "schema": dict(schema)}
        self._limit = question.max_tokens
        self._turns: list[Body] = [{"role": "user", "content": _first_turn(question)}]
        self._is_longer = self._is_repair = False
        self._counted: int | None = None

    @property
    def body(self) -> Body:
        """The request to send now."""
        asked = self._question
        body: Body = {
            "model": asked.model,
            "max_tokens": self._limit,
            "messages": list(self._turns),
            "output_config": {"format": self._format},
        }
        if asked.system:
            body["system"] = [{"type": "text", "text": asked.system, "cache_control": _CACHED}]
        return body

    @property
    def worst(self) -> Decimal | None:
        """What sending it costs at most, in US dollars; None for a model without a list price.

        A token is a byte of UTF-8 at least, and the dearest is one that is written to the cache.
        """
        prompt = self.size + TOKENS_OF_THEIRS
        if self._counted is not None:
            prompt = min(prompt, ceil(self._counted * COUNTS_ARE_OFF_BY))
        return token_cost(self._question.model, Usage(cache_write=prompt, output=self._limit))

    @property
    def is_counted(self) -> bool:
        return self._counted is not None

    def count(self, tokens: int) -> None:
        """The server says that what is to be sent now has so many tokens."""
        self._counted = tokens

    @property
    def size(self) -> int:
        """Bytes of what is sent, and never fewer."""
        return len(orjson.dumps(self.body))

    def hear(self, reply: Reply) -> BaseModel | None:
        """What the question asked for; None: there is one more request to send.

        Raises RefusedToAnswer, CutShort, Unreadable.
        """
        if reply.stop_reason == "refusal":
            raise RefusedToAnswer
        if reply.stop_reason == "model_context_window_exceeded":
            raise CutShort("Prompt and answer together are longer than the model can read.")
        if reply.stop_reason == "max_tokens":
            self.ask_for_more()
            return None
        try:
            return self._question.answer.model_validate_json(reply.text)
        except ValidationError as error:
            self._ask_for_repair(reply, error)
            return None

    def ask_for_more(self) -> None:
        """Leave more room for the answer. Raises CutShort where it had that already."""
        known = connecting.model(self._question.model)
        limit = self._limit * TIMES_LONGER
        longer = min(limit, known.max_output) if known is not None else limit
        if self._is_longer or longer <= self._limit:
            raise CutShort
        self._is_longer, self._limit = True, longer

    def _ask_for_repair(self, reply: Reply, error: ValidationError) -> None:
        if self._is_repair:
            raise Unreadable
        self._is_repair, self._counted = True, None
        self._turns += [
            {"role": "assistant", "content": reply.text.strip() or "(nothing)"},
            {"role": "user", "content": _complaint(error)},
        ]


def took(model: str, reply: Reply) -> Took:
    """By the price of the model that answered, or else of the one that was asked."""
    cost = token_cost(reply.model, reply.usage)
    return Took(reply.usage, token_cost(model, reply.usage) if cost is None else cost)


def _first_turn(question: Question[Any]) -> list[Body]:
    own = {"type": "text", "text": question.text}
    if not question.shared:
        return [own]
    return [{"type": "text", "text": question.shared, "cache_control": _CACHED}, own]


def _complaint(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    told = [
        f"- {'.'.join(map(str, each['loc'])) or 'the answer'}: {each['msg']}"
        for each in problems[:MOST_PROBLEMS_TOLD]
    ]
    return "\n".join(
        [
            "This does not have the form that was asked for:",
            *told,
            "Answer again, in that form: the whole answer as JSON, and nothing else.",
        ]
    )
