"""One comparison or row of a workspace, or a refusal that says which is missing."""

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.dreams.models import Comparison, ComparisonRow


class NoSuchComparison(NotFound):
    """There is no such comparison of dreams in this workspace."""


class NoSuchRow(NotFound):
    """There is no such row in this comparison."""


def comparison(workspace: Workspace, comparison_id: str) -> Comparison:
    """The comparison, archived or not. Raises NoSuchComparison."""
    rows = Comparison.objects.visible_in(workspace).select_related("workspace")
    found = rows.filter(pk=payloads.storable(comparison_id)).first()
    if found is None:
        raise NoSuchComparison
    return found


def row(compared: Comparison, row_id: str) -> ComparisonRow:
    """With the pick, if there is one. Raises NoSuchRow."""
    rows = ComparisonRow.objects.filter(comparison=compared).select_related("pick")
    found = rows.filter(pk=payloads.storable(row_id)).first()
    if found is None:
        raise NoSuchRow
    return found
