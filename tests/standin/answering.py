"""What the stand-in answers to this project's own questions: found in what it is given."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.standin import dreaming, schemas
from tests.standin.asked import Asked
from tests.standin.faults import Json

LEAST = 0.5
"""The share of a criterion's words that a work has to have to meet it."""
_LONGEST_QUOTE = 200


def sensible(asked: Asked) -> Any:
    """What a reader without judgement finds; the least, of a question that it does not know."""
    if asked.schema is None:
        return "Nothing to say."
    answer = _ANSWERS.get(str(asked.schema.get("title")))
    return answer(asked) if answer else schemas.filled(asked.schema)


def grade(asked: Asked) -> Json:
    """A work meets a criterion if it has half of its words; the line that has one is the quote."""
    work = _between("work", asked.text)
    told = asked.text.rpartition("The criteria:\n\n")[2]
    verdicts = [_verdict(key, text, work) for key, text in _criteria(told)]
    return {"fits": True, "misfit": "", "verdicts": verdicts}


def attempt(asked: Asked) -> Json:
    """A task is done by saying it, and what the memory says with any of its words."""
    task = _between("task", asked.text)
    wanted = set(dreaming.words(task))
    memory = asked.text.partition("Your task:\n\n")[0].splitlines()
    known = [each for each in memory if wanted & set(dreaming.words(each))]
    return {"answer": "\n".join((task.strip() or "Done.", *known))}


def _between(tag: str, text: str) -> str:
    """What stands between tags whose whole name only who asks can know."""
    pattern = rf"^<({tag}-[0-9a-f]{{16}})>\n(.*)\n</\1>$"
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    return found[2] if found else ""


def _criteria(told: str) -> Iterator[tuple[str, str]]:
    for each in re.split(r"\n\n(?=key: )", told):
        key, _, text = each.partition("\n")
        yield key.removeprefix("key: "), re.sub(r"^under: .*\n", "", text)


def _verdict(key: str, text: str, work: str) -> Json:
    wanted = dreaming.words(text)
    found = [each for each in wanted if re.search(rf"\b{re.escape(each)}", work, re.IGNORECASE)]
    share = len(found) / max(1, len(wanted))
    return {
        "key": key,
        "verdict": "pass" if share >= LEAST else "fail",
        "quote": _line_with(found[0], work) if found else "",
        "reason": f"The work has {len(found)} of {len(wanted)} words of the criterion.",
    }


def _line_with(word: str, work: str) -> str:
    [line] = [
        each
        for each in work.splitlines()
        if re.search(rf"\b{re.escape(word)}", each, re.IGNORECASE)
    ][:1]
    at = re.search(rf"\b{re.escape(word)}", line, re.IGNORECASE)
    start = max(0, at.start() - _LONGEST_QUOTE // 2) if at else 0
    return line[start : start + _LONGEST_QUOTE].strip()


_ANSWERS: dict[str, Callable[[Asked], Json]] = {
    "Notes": dreaming.observe,
    "Edits": dreaming.curate,
    "Graded": grade,
    "Attempted": attempt,
}
