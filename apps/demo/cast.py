"""Who plays: the agents of the four desks, as their sessions' snapshots show them."""

from dataclasses import dataclass
from typing import Any

from apps.core.ids import derived_id

OPUS, SONNET, HAIKU = "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"
OLDER = "claude-sonnet-4-5"

_TOOLS = ("bash", "read", "write", "edit", "glob", "grep", "web_fetch", "web_search")
_ALLOW: dict[str, Any] = {
    "enabled": True,
    "permission_policy": {"type": "always_allow"},
}


@dataclass(frozen=True, slots=True)
class Agent:
    """A definition; a coordinator has a roster."""

    name: str
    model: str
    system: str
    roster: tuple["Agent", ...] = ()
    asks_before: tuple[str, ...] = ()
    """Tools whose every use waits for a person."""
    version: int = 1

    def snapshot(self) -> dict[str, Any]:
        """The resolved agent, in the contract's shape (contract: 3.1)."""
        known = self.shape()
        known["multiagent"] = (
            {"type": "coordinator", "agents": [one.shape() for one in self.roster]}
            if self.roster
            else None
        )
        return known

    def shape(self) -> dict[str, Any]:
        """The same without a roster: what a thread carries."""
        return {
            "id": derived_id("agent", "demo", self.name),
            "type": "agent",
            "name": self.name,
            "version": self.version,
            "description": None,
            "model": {"id": self.model},
            "system": self.system,
            "tools": [self._toolset()],
            "mcp_servers": [],
            "skills": [],
            "execution_identity": {"type": "service_account"},
        }

    def _toolset(self) -> dict[str, Any]:
        return {
            "type": "agent_toolset_20260401",
            "default_config": _ALLOW,
            "configs": [
                {"name": tool, "type": tool, **_ALLOW}
                | (
                    {"permission_policy": {"type": "always_ask"}}
                    if tool in self.asks_before
                    else {}
                )
                for tool in _TOOLS
            ],
        }


def _helper(name: str, model: str, system: str) -> Agent:
    return Agent(name, model, system + " Report to the coordinator in a few plain sentences.")


CLAUSE_DRAFTER = _helper(
    "clause-drafter", SONNET, "You draft and amend contract clauses. Keep to the house style."
)
CITE_CHECKER = _helper(
    "cite-checker", HAIKU, "You verify every statute and authority that a document relies on."
)
REDLINER = _helper("redliner", SONNET, "You produce comparison documents and cover notes.")
NUMBERER = _helper(
    "numbering-checker", HAIKU, "You check clause numbers, defined terms and cross-references."
)
CONTRACT_DESK = Agent(
    "contract-desk",
    OPUS,
    "You coordinate contract work for a commercial team in London. Delegate drafting, citations,"
    " numbering and redlines; you alone talk to the lawyer."
    " House style: /mnt/memory/legal-house-style/.",
    roster=(CLAUSE_DRAFTER, CITE_CHECKER, REDLINER, NUMBERER),
    version=4,
)
CONTRACT_READER = Agent(
    "contract-reader",
    SONNET,
    "You read contracts, amend them and answer questions about them, for lawyers short of time."
    " House style: /mnt/memory/legal-house-style/.",
    version=6,
)
CONTRACT_READER_OLD = Agent("contract-reader", OLDER, CONTRACT_READER.system, version=5)

LOG_READER = _helper(
    "log-reader", HAIKU, "You read the build logs you are given and say what broke first in each."
)
FIX_PROPOSER = _helper(
    "fix-proposer", SONNET, "You turn a diagnosed build failure into a small patch or a ticket."
)
BUILD_TRIAGE = Agent(
    "build-triage",
    OPUS,
    "You explain why builds of the drive-control repository fail. Fan out over the logs with"
    " log-reader threads, merge what they report, name the cause."
    " Notes: /mnt/memory/build-knowledge/.",
    roster=(LOG_READER, FIX_PROPOSER),
    version=9,
)
BUILD_HELPER = Agent(
    "build-helper",
    SONNET,
    "You help engineers with one failing build at a time. Notes: /mnt/memory/build-knowledge/.",
    asks_before=("write", "edit"),
    version=3,
)

STYLE_CHECKER = _helper("style-checker", HAIKU, "You check texts against the house style guide.")
ACCESS_CHECKER = _helper(
    "accessibility-checker", SONNET, "You check documents for people who use assistive technology."
)
CLAIMS_CHECKER = _helper(
    "claims-checker", SONNET, "You find every factual claim in a text and whether its source holds."
)
REVIEW_DESK = Agent(
    "review-desk",
    OPUS,
    "You run the pre-publication review at a patient-information publisher: style, accessibility,"
    " claims. You merge the findings. Guidelines: /mnt/memory/editorial-guidelines/.",
    roster=(STYLE_CHECKER, ACCESS_CHECKER, CLAIMS_CHECKER),
    version=2,
)
GUIDELINE_CHECKER = Agent(
    "guideline-checker",
    SONNET,
    "You check one document against the editorial guidelines and report findings."
    " Guidelines: /mnt/memory/editorial-guidelines/.",
    version=7,
)

WRITER = _helper("writer", SONNET, "You write one section of a longer text from a brief.")
EDITOR = _helper("editor", OPUS, "You merge sections by several writers into one voice.")
FACT_CHECKER = _helper(
    "fact-checker", HAIKU, "You compare every figure in a draft with its source."
)
DRAFT_DESK = Agent(
    "draft-desk",
    OPUS,
    "You run a writing desk: plan, hand sections to writers, have the editor merge them, deliver."
    " What readers and clients prefer: /mnt/memory/writing-preferences/.",
    roster=(WRITER, EDITOR, FACT_CHECKER),
    version=5,
)
SOLO_WRITER = Agent(
    "solo-writer",
    SONNET,
    "You write short texts to a brief. Preferences: /mnt/memory/writing-preferences/.",
    version=2,
)
