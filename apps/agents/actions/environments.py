"""Making, changing, archiving and deleting environments. Sessions go on pointing to them."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.agents import configuring, finding
from apps.agents.api.shapes import EnvironmentPatch, NewEnvironment
from apps.agents.api.shapes.environments import Cloud
from apps.agents.models import Environment
from apps.core import payloads
from apps.core.errors import DomainError

_FIELDS = ("name", "description", "config", "metadata", "scope")


class OfRecord(DomainError):
    """This environment stands for work that was done elsewhere: it cannot be changed or deleted."""


class ScopeUnsupported(DomainError):
    """scope: only 'organization' is supported; whoever is in the workspace sees an environment."""


@transaction.atomic
def create_environment(*, given: NewEnvironment, by: Actor) -> Environment:
    """Raises Misshapen, InvalidMetadata, ScopeUnsupported."""
    now = timezone.now()
    environment = Environment(workspace=by.workspace, created_at=now, updated_at=now)
    environment.config = configuring.configured(given.config or Cloud(type="cloud"), {})
    _fill(environment, given)
    environment.save(force_insert=True)
    note(by, "environment.created", environment.public_id, after=_told(environment))
    return environment


@transaction.atomic
def update_environment(
    *, environment: Environment, patch: EnvironmentPatch, by: Actor
) -> Environment:
    """Raises what creating does, and EnvironmentArchived, ConfigTypeChanged, OfRecord."""
    _require_own(environment)
    rows = Environment.objects.live_in(by.workspace).select_for_update()
    # Merging reads what it writes: two at once take turns.
    fresh = rows.filter(pk=environment.pk).first()
    if fresh is None:
        raise finding.EnvironmentNotFound
    if fresh.archived_at is not None:
        raise finding.EnvironmentArchived
    before = _told(fresh)
    fresh.config = configuring.configured(patch.config, fresh.config)
    _fill(fresh, patch)
    after = _told(fresh)
    if after != before:
        fresh.updated_at = timezone.now()
        fresh.save(update_fields=[*_FIELDS, "updated_at"])
        note(by, "environment.updated", fresh.public_id, before=before, after=after)
    return fresh


@transaction.atomic
def archive_environment(*, environment: Environment, by: Actor) -> Environment:
    """For good. Sessions that run go on; archiving again changes nothing. Raises OfRecord."""
    _require_own(environment)
    now = timezone.now()
    open_ones = Environment.objects.live_in(by.workspace, include_archived=False)
    if open_ones.filter(pk=environment.pk).update(archived_at=now, updated_at=now):
        note(
            by,
            "environment.archived",
            environment.public_id,
            after={"archived_at": now.isoformat()},
        )
    return finding.environment(by.workspace, environment.public_id)


@transaction.atomic
def delete_environment(*, environment: Environment, by: Actor) -> None:
    """Gone for everybody but the sessions that ran in it. Raises OfRecord, EnvironmentNotFound."""
    _require_own(environment)
    live = Environment.objects.live_in(by.workspace).filter(pk=environment.pk)
    if not live.update(deleted_at=timezone.now()):
        raise finding.EnvironmentNotFound
    note(by, "environment.deleted", environment.public_id, before=_told(environment))


def _require_own(environment: Environment) -> None:
    if environment.is_of_record:
        raise OfRecord


def _fill(environment: Environment, given: NewEnvironment | EnvironmentPatch) -> None:
    if given.scope == "account":
        raise ScopeUnsupported
    if given.name is not None:
        environment.name = payloads.storable(given.name)
    if "description" in given.model_fields_set:
        described = given.description
        environment.description = None if described is None else payloads.storable(described)
    environment.metadata = configuring.merged_metadata(given.metadata or {}, environment.metadata)


def _told(environment: Environment) -> dict[str, Any]:
    return {name: getattr(environment, name) for name in _FIELDS}
