# ruff: noqa: E501 -- what is said, as it is said
"""What every session has and nobody needs to remember."""

from random import Random

from apps.demo.evaluating.talk import Talk

_OPENINGS = (
    "Morning. Could you look at {thing} for me?",
    "Hi, I need some help with {thing}.",
    "Next on the list is {thing}.",
    "We have to get {thing} done today.",
    "Please take over {thing} from yesterday.",
    "Can you check where we are with {thing}?",
)
_THINGS = (
    "the Harlow account", "ticket 48213", "the spring catalogue", "order A-7719", "the Lisbon office",
    "the quarterly figures", "the onboarding pack", "ticket 50977", "the Brandt contract",
    "the supplier list", "invoice 2026-0341", "the website copy", "the August rota",
)  # fmt: skip
_AGENT = (
    "I have what I need and will go on.",
    "Here is what I found so far: the first half looks complete.",
    "I am working through the list now.",
    "That part is done; next I will check the rest.",
    "Two of the entries were already in order.",
)
_USER = (
    "Okay, go on.",
    "Thanks. What about the second one?",
    "Good, carry on.",
    "I will be back in ten minutes.",
    "That matches what I have here.",
)
_CLOSINGS = (
    "That is all for today, thanks.",
    "Great, that closes it.",
    "Thank you, I will pass it on.",
    "Perfect, talk to you tomorrow.",
)
_ROUTINE = (
    ("list_tasks", {"status": "open"}, "{n} open tasks"),
    ("get_calendar", {"day": "today"}, "{n} entries"),
    ("search_docs", {"query": "handover"}, "{n} documents found"),
    ("get_profile", {"name": "current"}, "profile {n} loaded"),
)


def opening(talk: Talk, chance: Random) -> None:
    talk.user_says(chance.choice(_OPENINGS).format(thing=chance.choice(_THINGS)))
    talk.agent_says("I will start with an overview.")
    routine(talk, chance)


def between(talk: Talk, chance: Random) -> None:
    if chance.random() < 0.7:
        talk.agent_says(chance.choice(_AGENT))
        talk.user_says(chance.choice(_USER))
    if chance.random() < 0.4:
        routine(talk, chance)


def routine(talk: Talk, chance: Random) -> None:
    tool, given, answer = chance.choice(_ROUTINE)
    talk.call(tool, given, answer.format(n=chance.randint(1, 40)))


def closing(talk: Talk, chance: Random) -> None:
    talk.agent_says("Everything on the list is done.")
    talk.user_says(chance.choice(_CLOSINGS))
