"""What may still be changed of a session: its metadata, and what its agent can call."""

from collections.abc import Mapping
from typing import Any

from apps.agents import definition, soundness
from apps.agents.api.shapes import AgentPatch
from apps.agents.api.shapes.agents import MOST_PAIRS
from apps.core import payloads
from apps.core.errors import DomainError
from apps.sessions.models import Session


class TooMuchMetadata(DomainError):
    """metadata: a session has at most 16 pairs."""

    code = "invalid_metadata"


def merged(metadata: Mapping[str, str], patch: Mapping[str, str | None] | None) -> dict[str, str]:
    """The metadata with the patch in it: None takes a key away, and for the patch itself all.

    Raises TooMuchMetadata.
    """
    if patch is None:
        return {}
    told: dict[str, str | None] = payloads.storable_all({**metadata, **patch})
    kept = {key: value for key, value in told.items() if value is not None}
    if len(kept) > MOST_PAIRS:
        raise TooMuchMetadata
    return kept


def amended_agent(session: Session, patch: AgentPatch) -> dict[str, Any]:
    """The session's own agent with other tools or servers; the agent itself stays as it is.

    Raises Misshapen if they do not go together.
    """
    before = definition.EMPTY | session.agent_snapshot
    settled = definition.filled(patch, before)
    soundness.require_runnable(settled, at=("agent",))
    replaced = {name: settled[name] for name in patch.model_fields_set}
    amended: dict[str, Any] = session.agent_snapshot | replaced
    return amended
