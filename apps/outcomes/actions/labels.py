"""What people say of verdicts."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.accounts.models import User
from apps.core import payloads
from apps.core.errors import DomainError
from apps.outcomes import finding
from apps.outcomes.models import HumanLabel, Verdict


class OnlyPeople(DomainError):
    """Labels say what people think: name the person whose word it is."""

    status = 403
    type = "permission_error"


class CodeIsNoOpinion(DomainError):
    """This was checked by code. If it is wrong, change the check in the rubric."""


@transaction.atomic
def label_verdict(
    *, verdict_id: str, label: str, note_: str = "", person: User | None = None, by: Actor
) -> HumanLabel:
    """Say what this criterion should have got; said again, it is changed.

    A program says so for the person whose word it is. Raises NoSuchVerdict, OnlyPeople,
    CodeIsNoOpinion.
    """
    person = person or _person(by)
    verdict = finding.verdict(by.workspace, verdict_id)
    if verdict.by == Verdict.By.CODE:
        raise CodeIsNoOpinion
    said = {"label": label, "note": payloads.storable(note_)}
    mine = HumanLabel.objects.select_for_update().filter(verdict=verdict, user=person)
    before = mine.values("label", "note").first()
    if before == said:
        return mine.get()
    labelled, _ = HumanLabel.objects.update_or_create(
        verdict=verdict, user=person, defaults=said | {"updated_at": timezone.now()}
    )
    action = "verdict.relabelled" if before else "verdict.labelled"
    note(by, action, verdict.pk, before=before, after=said)
    return labelled


@transaction.atomic
def withdraw_label(*, verdict_id: str, person: User | None = None, by: Actor) -> None:
    """Take back what one said; where one said nothing, nothing changes.

    Raises NoSuchVerdict, OnlyPeople.
    """
    person = person or _person(by)
    verdict = finding.verdict(by.workspace, verdict_id)
    mine = HumanLabel.objects.filter(verdict=verdict, user=person)
    before = mine.values("label", "note").first()
    if before:
        mine.delete()
        note(by, "verdict.unlabelled", verdict.pk, before=before)


def _person(by: Actor) -> User:
    if by.user is None:
        raise OnlyPeople
    return by.user
