"""What reads sessions and writes proposals: one protocol, and who speaks for which model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from apps.accounts.models import Workspace
from apps.dreams.findings import Curated, Note, Observation, Pattern, Transcript
from apps.engine import asking, connecting, opening

LOCAL = "agentsite-local"
"""The model that needs no key: what dreams are asked for by who has no other."""
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a model; none where there is no model."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
        )


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen in one session, and what it cost to look."""

    observations: tuple[Observation, ...]
    usage: Usage = Usage()
    dropped: Mapping[str, int] = field(default_factory=dict)
    """What was said to be seen there and is not: how often, by reason."""


@dataclass(frozen=True, slots=True)
class Written:
    """What curating came to, and what it cost."""

    curated: Curated
    usage: Usage = Usage()


@dataclass(frozen=True)
class Assignment:
    """What an engine works on: whose dream, by what model, how it is to be steered, on what day.

    The day is the dream's, so that a question that is put again is the same one.
    """

    workspace_id: str
    dream_id: str
    """Whose the calls are: those of all that gather for one dream are that one's."""
    model: str
    today: date
    instructions: str = ""
    cap: Decimal | None = None

    @property
    def job(self) -> asking.Job:
        return asking.Job(self.workspace_id, "dream", self.dream_id, self.cap)

    @cached_property
    def door(self) -> asking.Engine:
        """To a model; opened when first needed. Raises NoKey."""
        return opening.engine_for(self.job)


class Engine(Protocol):
    """What plugs into observing and curating. The other stages are the same for all of them.

    Another `version` means that what was observed before is observed anew.
    """

    name: str
    version: str
    at_once: int
    """Sessions that are handed to it together: one, where nothing is won by more."""

    def observe(
        self, transcripts: Sequence[Transcript], work: Assignment
    ) -> list[Observed | asking.EngineError]:
        """For each what is to be seen in it, or why it could not be read.

        What is seen does not depend on the instructions: readings are shared between dreams.
        Raises EngineBusy where none could be read for now.
        """
        ...

    def curate(
        self, patterns: Sequence[Pattern], notes: Sequence[Note], work: Assignment
    ) -> Written:
        """Raises EngineError; EngineBusy where asking again later helps."""
        ...


@runtime_checkable
class AsksAhead(Protocol):
    """An engine whose questions about a session are known before any is answered."""

    def questions(self, transcript: Transcript) -> Sequence[asking.Question[Any]]: ...


_ENGINES: dict[str, Engine] = {}
_FAMILIES: dict[str, Callable[[str], Engine]] = {}


def register(model: str, engine: Engine) -> None:
    """Have the engine speak for this model from now on."""
    _ENGINES[model] = engine


def register_family(prefix: str, make: Callable[[str], Engine]) -> None:
    """Have an engine that is made for it speak for each model whose id begins so.

    It is named as its model, and speaks for workspaces that are connected to one.
    """
    _FAMILIES[prefix] = make


def forget(model: str) -> None:
    """Leave the model to the local engine again."""
    del _ENGINES[model]


def models(workspace: Workspace) -> list[str]:
    """The models that something here speaks for, the one without a key first."""
    alone = sorted(_ENGINES, key=lambda model: (model != LOCAL, model))
    if not connecting.is_connected(workspace):
        return alone
    listed = [each.id for each in connecting.models() if _family(each.id)]
    return list(dict.fromkeys((*alone, *listed)))


def speaking_for(model: str, workspace: Workspace) -> str:
    """The name of the model's engine: where there is none that can speak, the one without a key."""
    if model in _ENGINES:
        return _ENGINES[model].name
    if _family(model) and len(model) <= LONGEST_NAME and connecting.is_connected(workspace):
        return model
    return LOCAL


def lacks_key(model: str, workspace: Workspace) -> bool:
    """Whether only a key is missing for an engine of its own to speak for it."""
    is_its_own = model not in _ENGINES and _family(model) is not None
    return is_its_own and not connecting.is_connected(workspace)


def named(name: str) -> Engine:
    """The engine of this name; the local one where it is there no more."""
    known = {each.name: each for each in _ENGINES.values()}
    if name in known:
        return known[name]
    make = _family(name)
    return make(name) if make else _ENGINES[LOCAL]


def _family(model: str) -> Callable[[str], Engine] | None:
    return next((make for prefix, make in _FAMILIES.items() if model.startswith(prefix)), None)
