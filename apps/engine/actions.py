"""What an admin may do with the models of a workspace: give a key, choose, cap, test."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.accounts.acting import Actor, note
from apps.accounts.models import Workspace
from apps.accounts.rights import Right
from apps.core import addresses, credentials, payloads, sealing
from apps.core.errors import DomainError
from apps.core.queue import enqueue
from apps.engine.models import VENDOR, ModelConnection
from apps.engine.tasks import check_model_key

LONGEST_MODEL = 128
MOST_USD = Decimal(1_000_000_000)
_LOG = structlog.get_logger("agentsite.models")
_UNTESTED = {"check_asked_at": None, "checked_at": None, "check_error": ""}


class OddModel(DomainError):
    """A model is named by its id, of up to 128 signs and without spaces."""


class OddCap(DomainError):
    """A cap is an amount of US dollars from 0 to 1,000,000,000, with at most two decimals."""


class AddressWithoutKey(DomainError):
    """A key is sent to the address that it was given for: to change the address, enter the key."""


def connection_of(workspace: Workspace) -> ModelConnection:
    """The workspace's connection; one that nobody ever set says that nothing is set."""
    found = ModelConnection.objects.visible_in(workspace).first()
    return found or ModelConnection(workspace=workspace)


@transaction.atomic
def connect(*, key: str, base_url: str = VENDOR, by: Actor) -> ModelConnection:
    """Ask with this key from now on, at this address, and have a worker test it.

    Raises credentials.NoKey, addresses.Unsuitable.
    """
    secret = credentials.usable(key)
    given = {
        "sealed_key": sealing.seal(secret),
        "key_hint": credentials.hint(secret),
        "base_url": addresses.suitable(base_url),
    }
    _change(by, "model_connection.key_set", **given, **_UNTESTED)
    return check_key(by=by)


def disconnect(*, by: Actor) -> ModelConnection:
    """Forget the workspace's own key. The installation's is asked with then, if it has one."""
    forgotten = {"sealed_key": "", "key_hint": "", "base_url": ""}
    return _change(by, "model_connection.key_removed", **forgotten, **_UNTESTED)


def update(*, by: Actor, **changes: Any) -> ModelConnection:
    """Change `dream_model`, `grading_model`, `daily_cap` or `monthly_cap`.

    Raises OddModel, OddCap.
    """
    read = {name: _READ[name](value) for name, value in changes.items()}
    return _change(by, "model_connection.updated", **read)


@transaction.atomic
def check_key(*, by: Actor) -> ModelConnection:
    """Have a worker ask one thing that costs nothing, with the key that there is."""
    by.require(Right.ADMIN)
    connection = _own(by.workspace)
    ModelConnection.objects.filter(pk=connection.pk).update(check_asked_at=timezone.now())
    connection.refresh_from_db()
    transaction.on_commit(lambda: _send(by.workspace))
    return connection


@transaction.atomic
def _change(by: Actor, action: str, **changes: Any) -> ModelConnection:
    by.require(Right.ADMIN)
    connection = _own(by.workspace)
    before = _told(connection)
    rows = ModelConnection.objects.filter(pk=connection.pk)
    rows.update(**changes, updated_at=timezone.now())
    connection.refresh_from_db()
    after = _told(connection)
    if "sealed_key" in changes and after["has_key"] and before["has_key"]:
        after["key"] = "replaced"
    if after != before:
        note(by, action, connection.pk, before=before, after=after)
    return connection


def _own(workspace: Workspace) -> ModelConnection:
    """Its row, locked: there is one."""
    ModelConnection.objects.bulk_create(
        [ModelConnection(workspace=workspace)], ignore_conflicts=True
    )
    return ModelConnection.objects.select_for_update().get(workspace=workspace)


def _told(connection: ModelConnection) -> dict[str, object]:
    """What the audit log says of it: everything but its key."""
    return {
        "has_key": connection.has_own_key,
        "key_hint": connection.key_hint,
        "base_url": connection.base_url,
        "dream_model": connection.dream_model,
        "grading_model": connection.grading_model,
        "daily_cap": _amount(connection.daily_cap),
        "monthly_cap": _amount(connection.monthly_cap),
    }


def _amount(cap: Decimal | None) -> str | None:
    return None if cap is None else f"{cap:.2f}"


def _model(text: str) -> str:
    name = payloads.storable(text).strip()
    if len(name) > LONGEST_MODEL or not name.isprintable() or " " in name:
        raise OddModel
    return name


def _cap(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_USD or amount != round(amount, 2):
        raise OddCap
    return amount


_READ: dict[str, Callable[[Any], object]] = {
    "dream_model": _model,
    "grading_model": _model,
    "daily_cap": _cap,
    "monthly_cap": _cap,
}


def _send(workspace: Workspace) -> None:
    """Without a queue the test is not made, and the page says so after a while."""
    try:
        enqueue(check_model_key, workspace_id=workspace.pk)
    except OperationalError as error:
        _LOG.warning(f"the key of {workspace.pk} is not tested: no queue answers ({error})")
