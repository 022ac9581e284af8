"""Short words for what events say at length."""

import re

from apps.sessions.promoting import MEMORY_MOUNT

GRADES = {
    "satisfied": "satisfied",
    "needs_revision": "needs revision",
    "max_iterations_reached": "not satisfied, no iterations left",
    "failed": "failed",  # the wire's "does not fit the rubric", and an imported reward below 1
    "interrupted": "interrupted",
    "evaluating": "being judged",
}
STOPS: dict[str, str] = {
    "requires_action": "Waits for the user to decide",
    "retries_exhausted": "Stops: no attempts left",
    "budget_reached": "Stops: the budget is used up",
    "refusal": "Stops: the model refused",
}
"""Why a session stopped, where the end of a turn is not the reason."""

_PATH = re.compile(re.escape(MEMORY_MOUNT) + r"[^\s\"'`,;|)>]+")
_VERBS = (
    ("read", "Reads"),
    ("view", "Reads"),
    ("write", "Writes"),
    ("create", "Writes"),
    ("edit", "Edits"),
    ("replace", "Edits"),
    ("insert", "Edits"),
    ("glob", "Looks for"),
    ("grep", "Searches"),
    ("delete", "Deletes"),
)


def one_line(text: str, longest: int = 240) -> str:
    """The text on one line: what stood on lines of its own is parted by commas."""
    lines = [line.strip() for line in text[: longest * 4].splitlines() if line.strip()]
    line = ", ".join(lines) if len(lines) <= 6 else " ".join(lines)
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def first_line(text: str, longest: int = 300) -> str:
    """The first line that says something."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def memory_act(tool: str, text: str) -> tuple[str, str]:
    """What a tool did to which memory: ("Reads", "team/style.md")."""
    found = _PATH.search(text)
    path = found.group().removeprefix(MEMORY_MOUNT) if found else one_line(text, 80)
    name = tool.lower()
    verb = next((verb for part, verb in _VERBS if part in name), f"{tool} on")
    return verb, path
