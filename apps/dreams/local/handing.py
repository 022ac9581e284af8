"""How an agent hands work to somebody else, and how people ask for somebody else."""

import re

from apps.dreams.local.steps import Step

_HANDS_OVER = re.compile(
    r"(?i)(?:^|[\s_.-])(?:transfer[_-]?(?:to|call|chat|customer|user|case)|escalat\w*|"
    r"hand[_-]?(?:over|off)|ticket|pagerduty|review-request|request[_-]?(?:review|approval|help)|"
    r"ask[_-]?human|human|on-?call|(?:open|create|file|new)[_-](?:issue|ticket|case))(?:$|[\s_.-])"
    r"|^page(?:$|[\s_.-])|^transfer$"
)
_OTHERWISE = re.compile(
    r"(?i)(?:^|[\s_.-])(?:list|get|show|search|status|view|read|find|fetch|update|edit|close|"
    r"resolve|delete|cancel|comment)(?:$|[\s_.-])"
)
"""What is done with something that was handed over before."""
_SOMEBODY = r"(?:human|real|live|person|people|agent|manager|supervisor|representative|colleague)"
_ASKS_FOR_A_PERSON = re.compile(
    r"(?i)\b(?:"
    r"(?:speak|talk|transfer(?:red)?|connect(?:ed)?|escalate|pass) (?:me |this |it )?(?:to|with) "
    rf"(?:(?:an?|the|your|another|some) )?(?:someone|somebody|{_SOMEBODY})"
    rf"|(?:get|give|put|bring|find) (?:me )?(?:through to )?(?:an?|some) {_SOMEBODY}"
    r"|(?:human|live) (?:agent|being|representative)|your (?:supervisor|manager)|some real person"
    r")\b"
)
_DOES_NOT_WANT = re.compile(
    r"(?i)\b(?:don'?t|do not|not|rather than|without|avoid|prefer not|no need)\b[^.?!]{0,40}$"
)
_SAYS_IT_HANDS_OVER = re.compile(
    r"(?i)\b(?:i(?:'ll| will|'m| am|'ve| have)? (?:now )?"
    r"(?:escalat\w+|hand(?:ed|ing)? (?:this|it|you) "
    r"(?:over|off)|transferr?\w* (?:this|it|you)|pass(?:ed|ing)? (?:this|it) (?:on )?to)|"
    r"has to be decided by|is for \w+ to decide|only \w+ (?:may|can) (?:decide|approve|change))\b"
)


def hands_over(step: Step) -> bool:
    """Whether a step gives the matter to a person or another team."""
    return bool(_HANDS_OVER.search(step.base)) and not _OTHERWISE.search(step.base)


def asks_for_a_person(text: str) -> tuple[int, int] | None:
    """Where a person asks for another person."""
    for found in _ASKS_FOR_A_PERSON.finditer(text):
        if not _DOES_NOT_WANT.search(text, max(0, found.start() - 60), found.start()):
            return found.span()
    return None


def says_it_hands_over(text: str) -> tuple[int, int] | None:
    """Where an agent says that it hands something over."""
    found = _SAYS_IT_HANDS_OVER.search(text)
    return found.span() if found else None
