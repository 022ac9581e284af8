"""With which key, at which address, and which model a workspace asks. Loads no client."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from django.conf import settings

from apps.accounts.models import Workspace
from apps.core import addresses, sealing
from apps.engine.asking import KeyRejected, NoKey
from apps.engine.models import VENDOR, ModelConnection

Purpose = Literal["dreams", "grading"]


class Model(NamedTuple):
    """A model that can be chosen."""

    id: str
    name: str
    context: int
    """Tokens that prompt and answer may have together."""
    max_output: int


class Credentials(NamedTuple):
    """What a request is sent with. A key goes to the address that it was given for."""

    key: str
    base_url: str

    def __repr__(self) -> str:
        return f"Credentials(base_url={self.base_url!r})"


@cache
def models() -> tuple[Model, ...]:
    """Those that can be chosen, as `models.toml` lists them: most able first."""
    data = tomllib.loads((Path(__file__).parent / "models.toml").read_text())
    return tuple(Model(**row) for row in data["model"])


def model(model_id: str) -> Model | None:
    """What is known of a model, by its longest known prefix; None of one that nobody listed."""
    fitting = [each for each in models() if model_id.startswith(each.id)]
    return max(fitting, key=lambda each: len(each.id), default=None)


def is_connected(workspace: Workspace) -> bool:
    """Whether there is a key to ask with: the workspace's own, or the installation's."""
    if settings.ANTHROPIC_API_KEY:
        return True
    return ModelConnection.objects.visible_in(workspace).with_own_key().exists()


def default_model(workspace: Workspace, purpose: Purpose) -> str:
    """The id of the model that a workspace asks for this, unless a job says otherwise."""
    connection = ModelConnection.objects.visible_in(workspace).first()
    chosen = getattr(connection, _COLUMNS[purpose]) if connection is not None else ""
    return chosen or _DEFAULTS[purpose]()


def installed() -> Credentials | None:
    """What the installation asks with, if it has a key."""
    if not settings.ANTHROPIC_API_KEY:
        return None
    return Credentials(settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL or VENDOR)


def credentials(workspace_id: str) -> Credentials:
    """What this workspace asks with. Raises NoKey, and KeyRejected for a key that is of no use."""
    connection = ModelConnection.objects.with_own_key().filter(workspace_id=workspace_id).first()
    if connection is None:
        found = installed()
        if found is None:
            raise NoKey
        return found
    try:
        addresses.require_public(connection.base_url)
        return Credentials(connection.key, connection.base_url)
    except (sealing.CannotBeOpened, addresses.Unsuitable) as refused:
        raise KeyRejected(refused.message) from refused


_COLUMNS: dict[Purpose, str] = {"dreams": "dream_model", "grading": "grading_model"}
_DEFAULTS = {
    "dreams": lambda: settings.ENGINE_DREAM_MODEL,
    "grading": lambda: settings.ENGINE_GRADING_MODEL,
}
