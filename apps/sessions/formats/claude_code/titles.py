"""What a session is called: the best of what the transcript offers."""

from collections import deque
from dataclasses import dataclass, field

from apps.sessions.formats.shapes import Json, shorten, text_of

_REMEMBERED = 1000


@dataclass(slots=True)
class Titles:
    """A name that a person gave, else one that the program made, else the first prompt.

    A summary counts only if it speaks of a line of this session: the program also leaves
    summaries of other sessions in a file.
    """

    _custom: str = ""
    _made: str = ""
    _summary: str = ""
    _prompt: str = ""
    _unplaced: dict[str, str] = field(default_factory=dict)
    _recent: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    @property
    def best(self) -> str:
        return self._custom or self._made or self._summary or self._prompt

    def pass_by(self, uuid: str) -> None:
        """Notice a line: a summary may have been of it."""
        self._recent.append(uuid)
        if uuid in self._unplaced:
            self._summary = self._unplaced.pop(uuid)

    def take(self, line: Json) -> None:
        """Read a record that names a session."""
        self._custom = shorten(text_of(line, "customTitle")) or self._custom
        self._made = shorten(text_of(line, "aiTitle")) or self._made
        summary, leaf = shorten(text_of(line, "summary")), text_of(line, "leafUuid")
        if not leaf or leaf in self._recent:
            self._summary = summary or self._summary
        elif len(self._unplaced) < _REMEMBERED:
            self._unplaced[leaf] = summary

    def prompted(self, text: str) -> None:
        """Notice what a person asked; only the first counts."""
        self._prompt = self._prompt or shorten(text)
