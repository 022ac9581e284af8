"""Claude Code's transcripts: what it keeps under `~/.claude/projects`, one file per session.

The format is nobody's contract: lines are read for what they have, and a type of record that is
not known is refused, not guessed at. A session's sub-agents lie in files of their own, or, in
older versions, among its lines as sidechains; both become threads of the session.

Ids come from the source's own (`uuid`, `message.id`, a tool use's id, `agentId`) and the session,
never from a position, so that a file that has grown gives the same events and more. Whatever only
its successor can tell (that a request is over, that a turn is) is said when the successor comes,
when the line itself leaves no doubt, or when an hour has passed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from apps.sessions.formats.claude_code.place import Place
from apps.sessions.formats.claude_code.transcript import SOURCE, Refused, Transcript
from apps.sessions.formats.documents import Broken, read_values
from apps.sessions.records import Record, Refusal

__all__ = ["SOURCE", "read"]


def read(file: BinaryIO, *, name: str, now: datetime | None = None) -> Iterator[Record]:
    """Yield a session, its threads and events. `now` decides what has been silent for long."""
    place = Place.named(name)
    transcripts: dict[str, Transcript] = {}
    for found in read_values(file):
        if isinstance(found, Broken):
            yield Refusal(name, found.line, found.reason)
            continue
        if not isinstance(found.value, dict):
            yield Refusal(name, found.line, "not a JSON object")
            continue
        key = place.session_of(found.value)
        transcript = transcripts.setdefault(key, Transcript(key, place.agent))
        try:
            yield from transcript.take(found.value, is_copied=place.is_copied(found.value))
        except Refused as refused:
            yield Refusal(name, found.line, str(refused))
    for transcript in transcripts.values():
        yield from transcript.finish(now or datetime.now(UTC))
