"""What the model is asked to do once more: the task, and what the store says on one side."""

import hashlib

from pydantic import BaseModel, Field

from apps.core import payloads
from apps.engine.asking import Question
from apps.outcomes.models import TrialCase

LONGEST_ANSWER = 4_000
"""Tokens."""
SYSTEM = """\
You are an agent at work. You get a task and do it as well as you can, in one answer: there is \
nobody to ask and nothing to run. Where you would use a tool, say what you would do with it and go \
on as far as one can without its result.

Before the task stands what you know from earlier work: files of your memory, between tags. Follow \
what it says about how such work is done. Answer with the work itself, and do not speak of your \
memory."""


class Attempted(BaseModel):
    """The work."""

    answer: str = Field(description="The whole work, as whoever asked for it would get it.")


def question(case: TrialCase) -> Question[Attempted]:
    """The memory is shared by all tasks of a side, and the same but for the proposal on both.

    Its trial and session must be loaded.
    """
    return Question(
        purpose="trials.answer",
        model=case.trial.model,
        system=SYSTEM,
        shared=f"Your memory:\n\n{case.memory or '(empty)'}",
        text=_asked(case),
        answer=Attempted,
        max_tokens=LONGEST_ANSWER,
    )


def _asked(case: TrialCase) -> str:
    role = payloads.storable(str(case.session.agent_snapshot.get("system") or "")).strip()
    parts = [f"Your role:\n\n{_fenced('role', role)}"] if role else []
    return "\n\n".join((*parts, f"Your task:\n\n{_fenced('task', case.task)}"))


def _fenced(name: str, text: str) -> str:
    tag = f"{name}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
    return f"<{tag}>\n{text}\n</{tag}>"
