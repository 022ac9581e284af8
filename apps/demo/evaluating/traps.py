"""Calls of tools that fail, again and again, and the calls that then work."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from apps.demo.evaluating import chatter
from apps.demo.evaluating.talk import Talk

Call = tuple[str, Mapping[str, Any]]
Values = Mapping[str, str]
_REPEATED, _TOLD, _INTERRUPTED, _GIVEN_UP = 0.25, 0.5, 0.2, 0.12


@dataclass(frozen=True, slots=True)
class Trap:
    """`bad` fails with `error`; `good` are the calls that follow and work. `{names}` are filled."""

    id: str
    bad: Call
    error: str
    good: tuple[Call, ...]
    signs: tuple[str, ...]

    def play(self, talk: Talk, chance: Random) -> None:
        values = _values(chance)
        talk.agent_says(chance.choice(_BEFORE))
        for _ in range(2 if chance.random() < _REPEATED else 1):
            talk.call(*_filled(self.bad, values), self.error.format(**values), fails=True)
        if chance.random() < _TOLD:
            talk.agent_says(chance.choice(_AFTER))
        if chance.random() < _INTERRUPTED:
            chatter.routine(talk, chance)
        if chance.random() < _GIVEN_UP:
            talk.agent_says("I will leave this for now.")
            return
        for good in self.good:
            talk.call(*_filled(good, values), f"ok ({chance.randint(2, 900)} ms)")


def shell(command: str) -> Call:
    return "bash", {"command": command}


def glitch(talk: Talk, chance: Random) -> None:
    """What fails for no reason and then works teaches nothing."""
    tool, given = _filled(chance.choice(_ROUTINE_CALLS), _values(chance))
    talk.call(tool, given, chance.choice(_GLITCHES), fails=True)
    talk.call(tool, given, f"ok ({chance.randint(2, 900)} ms)")


def _filled(call: Call, values: Values) -> Call:
    tool, given = call
    return tool, {
        name: value.format(**values) if isinstance(value, str) else value
        for name, value in given.items()
    }


_ROUTINE_CALLS: tuple[Call, ...] = (
    ("fetch_page", {"url": "https://example.org/{word}/{n}"}),
    ("list_files", {"folder": "shared/{word}"}),
    ("get_weather", {"place": "{word}"}),
    ("translate", {"text": "{word} and {other}"}),
)
_GLITCHES = ("502 Bad Gateway", "connection reset by peer", "temporarily unavailable", "timed out")
_BEFORE = (
    "Let me do that now.",
    "I will run this.",
    "One moment.",
    "Working on it.",
    "On to the next step.",
)
_AFTER = (
    "That did not work. Trying another way.",
    "I see, one more attempt.",
    "Let me correct that.",
    "Ah, of course.",
)
_WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "iris", "juniper",
    "kestrel", "lagoon", "maple", "north-gate", "onyx", "prairie",
)  # fmt: skip


def _values(chance: Random) -> Values:
    day, month, hour = chance.randint(13, 28), chance.randint(1, 9), chance.randint(1, 9)
    phone = f"{chance.randint(20, 99)} {chance.randint(100000, 999999)}"
    return {
        "word": chance.choice(_WORDS),
        "other": chance.choice(_WORDS),
        "n": str(chance.randint(2, 90)),
        "m": str(chance.randint(2, 90)),
        "dozens": str(12 * chance.randint(2, 9)),
        "id": f"{chance.randrange(16**8):08x}",
        "mail": f"{chance.choice(_WORDS)}.{chance.choice(_WORDS)}@example.org",
        "us_date": f"{month:02d}/{day}/2026",
        "iso_date": f"2026-{month:02d}-{day}",
        "pm": f"{hour}pm",
        "clock": f"{hour + 12}:00",
        "phone": f"0{phone}",
        "world_phone": f"+49{phone.replace(' ', '')}",
    }
