"""Where a reader is on a session's page: everything that its address says."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict

from apps.sessions.models.event import Kind

VIEWS = ("transcript", "debug")
TABS = ("event", "thread", "session", "memory", "outcome", "raw")
# Tabs that do not speak of an event: choosing one leaves them.
_OF_SESSION = ("session", "memory", "outcome")
LONGEST_QUESTION = 200


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter by what events are: its name in the address, and the kinds it stands for."""

    name: str
    label: str
    icon: str
    tone: str
    kinds: tuple[int, ...] = ()


CHIPS = (
    Chip("messages", "Messages", "agent", "agent", (Kind.USER, Kind.AGENT)),
    Chip("tools", "Tools", "tool", "tool", (Kind.TOOL,)),
    Chip("errors", "Errors", "error", "error", (Kind.ERROR,)),
    Chip("model", "Model", "model", "model", (Kind.MODEL,)),
    Chip("threads", "Threads", "thread", "thread", (Kind.THREAD,)),
    Chip("memory", "Memory", "memory", "memory", (Kind.MEMORY,)),
    Chip("grades", "Grades", "grade", "grade", (Kind.GRADE,)),
    Chip("status", "Status", "info", "quiet", (Kind.STATUS,)),
)
NAMES = tuple(chip.name for chip in CHIPS)


@dataclass(frozen=True, slots=True)
class Place:
    """The address. Empty fields are left out of it, so that a plain page has a plain one."""

    view: str = "transcript"
    types: tuple[str, ...] = ()
    thread: str = ""
    event: str = ""
    to: str = ""
    q: str = ""
    tab: str = ""
    archived: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Place":
        """Read an address; what it says that is not known is as if it did not."""
        view, tab = query.get("view", ""), query.get("tab", "")
        named = set(query.get("types", "").split(","))
        return cls(
            view=view if view in VIEWS else VIEWS[0],
            types=tuple(name for name in NAMES if name in named),
            thread=query.get("thread", "").replace("\x00", ""),
            event=query.get("event", "").replace("\x00", ""),
            to=query.get("to", "").replace("\x00", ""),
            q=query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION],
            tab=tab if tab in TABS else "",
            archived=query.get("archived") == "1",
        )

    def link(self, **changes: Any) -> str:
        """Write the address of this place with some things changed, from its `?` on."""
        return f"?{self.query(**changes)}"

    def query(self, **changes: Any) -> str:
        place = replace(self, **changes)
        said = {
            "view": place.view if place.view != VIEWS[0] else "",
            "types": ",".join(place.types),
            "thread": place.thread,
            "q": place.q,
            "archived": "1" if place.archived else "",
            "tab": place.tab,
            "event": place.event,
            "to": place.to,
        }
        return urlencode({name: value for name, value in said.items() if value})

    def at(self, event: str) -> "Place":
        """The same place with this event selected."""
        return replace(self, event=event)

    # ---- addresses that templates link to ------------------------------------------------------

    @property
    def list_query(self) -> str:
        """What the list shows, and nothing about what is selected."""
        return self.query(event="", to="", tab="")

    @property
    def row_query(self) -> str:
        """The same, ready for an event to be named."""
        return _ready(self.query(event="", to="", tab="" if self.tab in _OF_SESSION else self.tab))

    @property
    def lane_query(self) -> str:
        """The same without its thread, ready for one to be named."""
        return _ready(self.query(thread="", event="", to=""))

    @property
    def without_thread(self) -> str:
        return self.link(thread="", event="", to="")

    @property
    def without_search(self) -> str:
        return self.link(q="")

    @property
    def everything(self) -> str:
        return self.link(types=(), thread="")

    @property
    def as_transcript(self) -> str:
        types = tuple(name for name in self.types if name != "status")
        return self.link(view="transcript", types=types)

    @property
    def as_debug(self) -> str:
        return self.link(view="debug")

    @property
    def unfolded(self) -> str:
        return self.link(archived=True)

    @property
    def folded(self) -> str:
        return self.link(archived=False)

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        """What a search form hands on beside the words."""
        return parse_qsl(self.query(q="", event="", to="", tab=""))

    @property
    def shows_errors(self) -> bool:
        return "errors" in self.types

    @property
    def kinds(self) -> tuple[int, ...]:
        """The kinds that are asked for; none means all."""
        return tuple(kind for chip in CHIPS if chip.name in self.types for kind in chip.kinds)

    def shows(self, name: str) -> bool:
        return not self.types or name in self.types

    def toggled(self, name: str) -> tuple[str, ...]:
        """The first choice shows that alone, further ones add and remove; none left is all."""
        if not self.types:
            return (name,)
        chosen = set(self.types) ^ {name}
        return tuple(each for each in NAMES if each in chosen)


def _ready(query: str) -> str:
    return f"{query}&" if query else ""
