"""What people ask for again and again, each time in other words, and how work is done."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from apps.demo.evaluating import chatter
from apps.demo.evaluating.talk import Talk

Scene = Callable[[Talk, Random], None]
_AMONG_OTHER_WORDS, _AMONG_OTHER_CALLS, _WITH_A_CASE = 0.35, 0.25, 0.4
_BEFORE = (
    "Thanks, that looks fine.",
    "I am back.",
    "Here are the files you asked for.",
    "Ana told me you are on this one.",
    "The second page is still open.",
)
_AFTER = (
    "I will look at it after lunch.",
    "The rest is up to you.",
    "Bela has the numbers.",
    "We meet at the usual place.",
    "There are about ten of them.",
)


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing, in several wordings. An escalation's wording is what the agent says."""

    id: str
    signs: tuple[str, ...]
    wordings: tuple[str, ...]
    handover: str = ""
    """What is written to whoever takes over, and with which tool; nothing: it is only said."""
    tool: str = "transfer_to_human"
    field: str = "summary"

    def scene(self, wording: str) -> Scene:
        if not self.handover:
            return said(wording)
        return handed_over(wording, self.tool, {self.field: self.handover})


def said(wording: str) -> Scene:
    def scene(talk: Talk, chance: Random) -> None:
        talk.user_says(_among_others(wording, chance))
        talk.agent_says(chance.choice(("Understood.", "Noted, I will.", "Will do.", "Of course.")))

    return scene


def _among_others(wording: str, chance: Random) -> str:
    if chance.random() > _AMONG_OTHER_WORDS:
        return wording
    if chance.random() < 0.5:
        return f"{chance.choice(_BEFORE)} {wording}"
    return f"{wording} {chance.choice(_AFTER)}"


def handed_over(wording: str, tool: str, given: dict[str, str]) -> Scene:
    def scene(talk: Talk, chance: Random) -> None:
        case = f" Case {chance.randint(10000, 99999)}." if chance.random() < _WITH_A_CASE else ""
        talk.agent_says(wording)
        written = {name: f"{value}{case}" for name, value in given.items()}
        talk.call(tool, written, "Transfer successful")
        talk.user_says(chance.choice(("Okay.", "Fine, I will wait.", "Thanks.")))

    return scene


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps of which one decides how it ends: done well it is there, done badly it is not.

    A step that begins with `$` is a command.
    """

    id: str
    before: tuple[str, ...]
    decides: str
    after: tuple[str, ...]

    @property
    def signs(self) -> tuple[str, ...]:
        return tuple(step.removeprefix("$ ") for step in (self.decides, self.after[0]))

    def done_well(self, talk: Talk, chance: Random) -> None:
        self._play(talk, chance, (*self.before, self.decides, *self.after))

    def done_badly(self, talk: Talk, chance: Random) -> None:
        self._play(talk, chance, (*self.before, *self.after))

    def done_either_way(self, talk: Talk, chance: Random) -> None:
        """Where the step decides nothing."""
        (self.done_well if chance.random() < 0.5 else self.done_badly)(talk, chance)

    @staticmethod
    def _play(talk: Talk, chance: Random, steps: tuple[str, ...]) -> None:
        item = f"{chance.choice('ABCDEFG')}-{chance.randint(100, 999)}"
        for step in steps:
            if step.startswith("$ "):
                talk.call("bash", {"command": f"{step.removeprefix('$ ')} {item}"}, "done")
            else:
                talk.call(step, {"item": item}, f"{step}: {item} ok")
            if chance.random() < _AMONG_OTHER_CALLS:
                chatter.routine(talk, chance)
