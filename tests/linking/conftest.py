"""A link to a workspace of our own making, over real HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.core import sealing
from apps.linking import syncing, tasks
from apps.linking.models import Link
from tests import make
from tests.linking.standin import KEY, StandIn


@pytest.fixture
def there():
    with StandIn() as standing:
        standing.agent("agent_a")
        standing.environment("env_a")
        yield standing


@pytest.fixture
def link(there, db):
    return make_link(there.url)


@pytest.fixture
def queue(monkeypatch):
    """What was handed to the workers: the task and the link."""
    sent = []
    for task in (tasks.sync_link, tasks.check_link):
        name = task.name.rpartition(".")[2]
        monkeypatch.setattr(
            task,
            "apply_async",
            lambda kwargs, name=name, **how: sent.append((name, kwargs["link_id"], how)),
        )
    return sent


def make_link(base_url, *, key=KEY, of=None, **fields):
    return Link.objects.create(
        workspace=of or make.workspace(),
        name="Production",
        base_url=base_url,
        sealed_key=sealing.seal(key),
        key_hint=f"…{key[-4:]}",
        **fields,
    )


def work_on(link):
    """One turn of a worker, with the vendor's own client; the link as it is afterwards."""
    Link.objects.filter(pk=link.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    work_on.seconds = syncing.attempt(link.pk, tasks.vendor)
    link.refresh_from_db()
    return link


def sync(link):
    """As many turns as it takes."""
    for _ in range(50):
        work_on(link)
        if link.status not in {Link.Status.PENDING, Link.Status.RUNNING}:
            return link
    raise AssertionError(f"it never ends: {link.stage} {link.waits_for}")


def entries():
    """What the audit log says, in its order."""
    return [
        (each.action, each.before, each.after)
        for each in AuditEntry.objects.order_by("created_at", "pk")
    ]
