"""One line per event, which a person or a program reads."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse

from apps.core.middleware import RequestIdMiddleware
from tests.stack.running import ROOT

SAY = """
import logging, sys, structlog
from apps.core import logs
logs.configure({"format": sys.argv[1], "level": "INFO"})
with structlog.contextvars.bound_contextvars(request_id="req_1"):
    structlog.get_logger("ours").info("queue started", seconds=1)
    logging.getLogger("theirs").warning("%s is late", "it")
    logging.getLogger("celery.worker").info("noise")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("django.request").exception("Internal Server Error: /x")
"""


def lines(form: str) -> list[str]:
    command = [sys.executable, "-c", SAY, form]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stderr.splitlines()


def test_a_program_gets_one_object_per_event_crashes_included():
    said = [json.loads(line) for line in lines("json")]

    assert [line["message"] for line in said] == [
        "queue started",
        "it is late",
        "Internal Server Error: /x",
    ]
    assert {line["request_id"] for line in said} == {"req_1"}
    assert said[0]["seconds"] == 1
    assert said[2]["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_a_person_gets_the_time_and_the_words():
    first, second, *crash = lines("console")

    assert first[8:].startswith(" [info] queue started")
    assert second[8:].startswith(" [warning] it is late")
    assert crash[-1] == "ZeroDivisionError: division by zero"


def test_every_answer_has_an_id_of_its_own(client):
    first, second = client.get("/healthz"), client.get("/healthz")

    assert first["request-id"].startswith("req_")
    assert first["request-id"] != second["request-id"]


def test_streams_have_one_too():
    async def view(request):
        return HttpResponse()

    request = ASGIRequest(
        {"type": "http", "method": "GET", "path": "/x/stream", "headers": []}, None
    )
    with ThreadPoolExecutor(1) as apart:  # the browser's tests leave a loop in this thread
        answer = apart.submit(asyncio.run, RequestIdMiddleware(view)(request)).result()

    assert answer["request-id"].startswith("req_")
