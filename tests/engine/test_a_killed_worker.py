"""A worker that is killed while it asks, and the one that comes after it."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest

from apps.engine.models import Call
from apps.engine.opening import engine_for
from tests import make
from tests.engine.conftest import job, question
from tests.web import ROOT, database_url

LESSONS = ("One", "Two", "Three")
WORKER = """
import django
django.setup()
from apps.engine.opening import engine_for
from tests.engine.conftest import job, question
engine_for(job()).ask_all([question(each) for each in ("One", "Two", "Three")])
"""


@pytest.mark.django_db(transaction=True)
def test_what_it_had_been_answered_is_not_asked_again(installed, settings):
    make.workspace()
    third_came, never = threading.Event(), threading.Event()

    def stops_at_the_third(asked):
        if asked.text == "Three" and not third_came.is_set():
            third_came.set()
            never.wait(30)
        return {"lesson": asked.text, "times": 3}

    installed.responder = stops_at_the_third
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "agentsite.settings",
        "DATABASE_URL": database_url(),
        "ANTHROPIC_API_KEY": installed.key,
        "ANTHROPIC_BASE_URL": installed.url,
        "ENGINE_AT_ONCE": "1",
        "ENGINE_LEASE_SECONDS": "2",
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environment)
    try:
        assert third_came.wait(60)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    kept = set(Call.objects.exclude(answer="").values_list("digest", flat=True))

    answers = engine_for(job()).ask_all([question(each) for each in LESSONS])

    never.set()
    assert kept == {question("One").digest, question("Two").digest}
    assert [each.value.lesson for each in answers] == list(LESSONS)
    assert [each.was_kept for each in answers] == [True, True, False]
    asked = Counter(each.text for each in installed.asked)
    assert asked == {"One": 1, "Two": 1, "Three": 2}
