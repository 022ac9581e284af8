"""Rubrics as they are written down: each change is a version with the criteria of its text."""

import hashlib
import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.acting import Actor, authored
from apps.accounts.models import Workspace
from apps.core import payloads
from apps.outcomes import parsing
from apps.outcomes.models import Criterion, Rubric, RubricVersion
from apps.outcomes.parsing import ParsedCriterion

_MARKUP = re.compile(r"^[\s#>*+-]+|\{[^}]*\}\s*$")
_LONGEST_NAME = 80


def write(
    rubric: Rubric, number: int, content: str, *, by: Actor, at: datetime | None = None
) -> RubricVersion:
    """Keep this text as a version, of now or of then. Raises RubricUnreadable."""
    content = payloads.storable(content)
    before = list(Criterion.objects.filter(rubric_version__rubric=rubric).in_order())
    newest = [each for each in before if each.rubric_version_id == _newest_id(rubric, number)]
    parsed = parsing.parse(content, newest, taken=[each.key for each in before])
    author = authored(by) | {"created_at": at or timezone.now()}
    return _kept(rubric, number, content, parsed, author)


def inline(workspace: Workspace, content: str, *, by: Actor) -> RubricVersion:
    """The rubric of this very text that sessions came with; made if it is new.

    It may say anything: what cannot be read as criteria is one.
    """
    content = payloads.storable(content)
    sha256 = digest(content)
    known = RubricVersion.objects.visible_in(workspace).select_related("rubric__workspace")
    mine = known.filter(rubric__origin=Rubric.Origin.SESSION, rubric__content_sha256=sha256)
    if found := mine.first():
        return found
    try:
        with transaction.atomic():
            return _made(workspace, content, sha256, by)
    except IntegrityError:  # another session came with it meanwhile
        return mine.get()


def digest(text: str) -> str:
    """Lower hex of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _newest_id(rubric: Rubric, number: int) -> str | None:
    rows = rubric.versions.filter(number=number - 1)
    return rows.values_list("pk", flat=True).first()


def _made(workspace: Workspace, content: str, sha256: str, by: Actor) -> RubricVersion:
    rubric = Rubric.objects.create(
        workspace=workspace,
        name=_name(content),
        origin=Rubric.Origin.SESSION,
        content_sha256=sha256,
        **authored(by),
    )
    return _kept(rubric, 1, content, parsing.parse_any(content), authored(by))


def _kept(
    rubric: Rubric,
    number: int,
    content: str,
    parsed: list[ParsedCriterion],
    author: dict[str, Any],
) -> RubricVersion:
    version = RubricVersion.objects.create(
        rubric=rubric, number=number, content=content, sha256=digest(content), **author
    )
    Criterion.objects.bulk_create(
        Criterion(
            rubric_version=version,
            key=each.key,
            position=position,
            text=each.text,
            group=each.group[:500],
            weight=each.weight,
            is_required=each.is_required,
            check_kind=each.check_kind,
            check_value=each.check_value,
        )
        for position, each in enumerate(parsed)
    )
    return version


def _name(content: str) -> str:
    """What the text begins with, without its markup."""
    lines = (_MARKUP.sub("", line).strip() for line in content.splitlines())
    return next(filter(None, lines), "Rubric of a session")[:_LONGEST_NAME]
