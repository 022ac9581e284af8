"""A session in the making, event by event, as the record would have it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.dreams.findings import Transcript, Turn
from apps.sessions.promoting import promote


class Talk:
    """Collects turns; each event's text is what the record makes of its payload."""

    def __init__(self, session_id: str, agent: str, user: str, at: datetime) -> None:
        self.session_id, self.agent, self.user, self.at = session_id, agent, user, at
        self._turns: list[Turn] = []

    def user_says(self, text: str) -> None:
        self._add("user.message", {"content": [{"type": "text", "text": text}]})

    def agent_says(self, text: str) -> None:
        self._add("agent.message", {"content": [{"type": "text", "text": text}]})

    def call(
        self, tool: str, given: Mapping[str, Any], answer: str, *, fails: bool = False
    ) -> None:
        """A tool's use and its result."""
        used = self._add("agent.tool_use", {"name": tool, "input": dict(given)})
        result = {"content": [{"type": "text", "text": answer}], "is_error": fails}
        self._add("agent.tool_result", result, closes=used.sequence)

    def transcript(self, *, succeeded: bool | None) -> Transcript:
        return Transcript(
            self.session_id, self.agent, tuple(self._turns), self.user, succeeded, self.at
        )

    def _add(self, kind: str, payload: dict[str, Any], *, closes: int | None = None) -> Turn:
        sequence = len(self._turns) + 1
        told = promote(kind, payload)
        turn = Turn(
            event_id=f"sevt_{self.session_id}_{sequence}",
            sequence=sequence,
            type=kind,
            text=told.text,
            tool=told.tool_name,
            input=payload.get("input"),
            is_error=told.is_error,
            closes=closes,
            at=self.at + timedelta(seconds=7 * sequence),
        )
        self._turns.append(turn)
        return turn
