"""The tool calls of a transcript, each with its result."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from apps.dreams.findings import Transcript, Turn
from apps.dreams.local.steps import Step, objects_in, steps_of

_USES = frozenset(("agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use"))
_FAILS = re.compile(r"(?:Error\b|ERROR\b|Traceback \(most|fatal: |\{\"error\")")
_EXITED = re.compile(r"exit (?:status|code):? [1-9]\d*\s*$")
_BY_A_PERSON = re.compile(
    r"(?i)^(?:the )?(?:user|human|operator) (?:denied|rejected|declined|doesn't want)|"
    r"^interrupted\b|^\[?request interrupted"
)
_TAIL = 40
_LONGEST_READ = 200_000


@dataclass(eq=False)
class Call:
    """A use of a tool and what came of it."""

    use: Turn
    result: Turn
    number: int
    """Its place among the calls of its thread."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return steps_of(self.use.tool, self.use.input)

    @cached_property
    def objects(self) -> frozenset[str]:
        return objects_in(_values(self.use.input) or self.use.text)

    @cached_property
    def has_failed(self) -> bool:
        text = self.result.text
        return (
            self.result.is_error
            or _FAILS.match(text) is not None
            or _EXITED.search(text, max(len(text) - _TAIL, 0)) is not None
        )

    @cached_property
    def answer(self) -> object:
        """The result as the structure it is written down of; None where it is plain text."""
        text = self.result.text
        if not text.startswith(("{", "[")) or len(text) > _LONGEST_READ:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None

    @property
    def was_refused(self) -> bool:
        """A person did not let it happen: that says what they want, and nothing of the tool."""
        return self.result.is_error and _BY_A_PERSON.match(self.result.text) is not None


def calls_of(transcript: Transcript) -> list[Call]:
    """Every call that has a result, in the order in which they were made."""
    uses: dict[int, Turn] = {}
    made: list[Call] = []
    for turn in transcript.turns:
        if turn.type in _USES:
            uses[turn.sequence] = turn
        elif turn.closes is not None and turn.closes in uses and turn.type.endswith("tool_result"):
            made.append(Call(uses.pop(turn.closes), turn, 0))
    made.sort(key=lambda call: call.use.sequence)
    places: dict[int, int] = {}
    for call in made:
        call.number = places.get(call.use.thread, 0)
        places[call.use.thread] = call.number + 1
    return made


def _values(given: Mapping[str, object] | None) -> str:
    if not given:
        return ""
    return " ".join(
        value if isinstance(value, str) else json.dumps(value) for value in given.values()
    )
