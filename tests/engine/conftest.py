"""The engine as workers have it, asking the stand-in over real HTTP."""

import pytest
from pydantic import BaseModel

from apps.engine.asking import Job, Question
from apps.engine.models import Call, DaySpend, JobSpend
from apps.engine.opening import engine_for
from apps.engine.pricing import Usage
from tests import make
from tests.standin import StandIn

MODEL = "claude-sonnet-5-5"


class Found(BaseModel):
    """What is asked for in these tests."""

    lesson: str
    times: int


@pytest.fixture
def there():
    """A server that answers every question with its own last line."""
    with StandIn(lambda asked: {"lesson": asked.text.splitlines()[-1], "times": 3}) as standing:
        yield standing


@pytest.fixture
def installed(there, settings):
    """The installation has a key for the stand-in."""
    settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = there.key, there.url
    return there


def job(number=1, *, of=None, **fields):
    return Job((of or make.workspace()).pk, "dream", f"drm_{number}", **fields)


def question(text="Seats are window seats.", **fields):
    given = {"purpose": "dreams.observe", "model": MODEL, "system": "Find what recurs."} | fields
    return Question(text=text, answer=Found, **given)


def ask(text="Seats are window seats.", *, number=1, **fields):
    """One question of a job, by a worker that has just started."""
    return engine_for(job(number)).ask(question(text, **fields))


def bills():
    """What the calls, the jobs and the days each add up to: (usage, cost) of every one."""
    return [
        (
            Usage(*map(sum, zip(*(row.usage for row in rows), strict=True))) if rows else Usage(),
            sum(row.cost_usd for row in rows),
        )
        for rows in (list(kind.objects.all()) for kind in (Call, JobSpend, DaySpend))
    ]
