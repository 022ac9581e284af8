"""Checking a store's history, on request."""

from apps.accounts.acting import Actor
from apps.memory import finding, verifying
from apps.memory.models import HistoryCheck


def check_history(*, store_id: str, by: Actor) -> HistoryCheck:
    """Walk the whole history now and keep what was found. Raises NoSuchStore."""
    _, kept = verifying.check(finding.store(by.workspace, store_id))
    return kept
