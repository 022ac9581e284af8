"""What may never be true of a call, a batch, a bill or a connection, whatever code does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.engine.models import Batch, Call, DaySpend, JobSpend, ModelConnection
from tests import make

pytestmark = pytest.mark.django_db


def refused(make_it, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_it()


def call(**fields):
    soon = timezone.now() + timedelta(minutes=1)
    given = {"digest": "d", "status": "asking", "lease_expires_at": soon} | fields
    return Call.objects.create(
        workspace=make.workspace(), job_kind="dream", job_id="drm_1", **given
    )


def failed(**fields):
    return {"status": "failed", "failure": "CutShort", "lease_expires_at": None} | fields


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"lease_expires_at": None}, "a_call_is_held_exactly_while_it_is_asked"),
        ({"answer": "{}"}, "a_call_has_an_answer_or_a_failure_once_it_ends"),
        (failed(failure=""), "a_call_has_an_answer_or_a_failure_once_it_ends"),
        (failed(reserved_usd=1), "a_call_that_has_ended_reserves_nothing"),
    ],
)
def test_a_call_is_one_thing_at_a_time(fields, constraint):
    refused(lambda: call(**fields), constraint)


def test_a_job_has_each_question_once():
    call()

    refused(call, "a_job_asks_the_same_once")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "ended"}, "a_batch_ends_at_a_time"),
        ({"status": "in_progress"}, "a_batch_under_way_has_the_vendors_id"),
    ],
)
def test_a_batch_is_where_it_says(fields, constraint):
    place = {"workspace": make.workspace(), "job_kind": "dream", "job_id": "drm_1"}

    refused(lambda: Batch.objects.create(questions=1, **place, **fields), constraint)


def test_there_is_one_bill_for_each():
    workspace = make.workspace()
    day = {"workspace": workspace, "spent_on": timezone.localdate(), "purpose": "p", "model": "m"}
    job = {"workspace": workspace, "job_kind": "dream", "job_id": "drm_1"}
    DaySpend.objects.create(**day)
    JobSpend.objects.create(**job)

    refused(lambda: DaySpend.objects.create(**day), "a_day_has_one_bill_for_each_purpose_and_model")
    refused(lambda: JobSpend.objects.create(**job), "a_job_has_one_bill")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sealed_key": "x"}, "a_model_key_stands_beside_its_address"),
        ({"base_url": "https://example.com"}, "a_model_key_stands_beside_its_address"),
        ({"monthly_cap": Decimal(-1)}, "a_cap_on_models_is_no_debt"),
    ],
)
def test_a_connection_is_whole(fields, constraint):
    refused(
        lambda: ModelConnection.objects.create(workspace=make.workspace(), **fields), constraint
    )
