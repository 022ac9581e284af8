"""Other words for one thing come together, whatever the trade; talk and wishes do not."""

import random

import pytest

from apps.dreams.findings import Kind, Transcript
from tests.dreams.corpora import Session, patterns_of

SAID = {
    "dates": (
        Kind.PREFERENCE,
        "Dates in ISO format please, that's how we do it everywhere.",
        "I'd like you to write dates as ISO from now on.",
        "could you use ISO dates? we always do",
        "Use the ISO format for dates, as I said last week.",
    ),
    "tests": (
        Kind.PREFERENCE,
        "Don't commit without running the tests first. Ever.",
        "Never push a commit before the tests have run.",
        "Please always run tests prior to committing.",
        "we run the tests before we commit, no exceptions",
    ),
    "insurers": (
        Kind.PREFERENCE,
        "Our letters to insurers are formal, never chatty.",
        "When you write to an insurer, be formal. Always.",
        "formal tone for insurers as usual please",
        "Insurers get formal letters. That's a house rule.",
    ),
    "copy": (
        Kind.PREFERENCE,
        "Always put the registrar in copy on contracts.",
        "Copy the registrar on anything about contracts from now on.",
        "contracts go to the registrar in cc, every time",
    ),
    "port": (
        Kind.FACT,
        "The staging database is on port 6432 now.",
        "Since Monday the staging database listens on 6432, not 5432.",
        "The port of the staging database has changed to 6432.",
    ),
    "limit": (
        Kind.FACT,
        "The expense limit was raised to 80 euros.",
        "As of March the expense limit is 80.",
        "expense limit is 80 now, no longer 50",
    ),
    "tax": (
        Kind.MISTAKE,
        "No, you forgot VAT in the total.",
        "That's wrong, the total is without VAT.",
        "You left out VAT in the total again.",
    ),
    "person": (
        Kind.ESCALATION,
        "I'd like to talk to a real person about this.",
        "Can I speak with your manager, please?",
        "Please put a human on this.",
    ),
}
TALK = (
    "Please send me the summary of the meeting.",
    "Can you look at invoice 4411?",
    "I need the draft by Friday.",
    "Thanks a lot, that works!",
    "Use the blue template for this deck only.",
    "Please make the chart bigger.",
    "This one in French, just this once.",
    "Order 20 chairs for the new office.",
    "Why did it fail?",
    "Reply to the supplier that we accept the offer.",
)


def sessions(seed: int) -> list[Transcript]:
    chance = random.Random(seed)
    made = []
    for subject, (_, *wordings) in SAID.items():
        for number, text in enumerate(wordings):
            session = Session(f"{subject}-{number}", agent=chance.choice(("desk", "clerk")))
            for talk in chance.sample(TALK, 2):
                session.user(talk)
            made.append(session.user(text).done())
    for number in range(20):
        session = Session(f"talk-{number}")
        for talk in chance.sample(TALK, 3):
            session.user(talk)
        made.append(session.done())
    chance.shuffle(made)
    return made


@pytest.mark.parametrize("seed", range(3))
def test_each_subject_is_one_pattern_and_talk_is_none(seed: int):
    found = {}
    for pattern in patterns_of(sessions(seed)):
        subjects = {seen.session_id.partition("-")[0] for seen in pattern.seen}
        found[frozenset(subjects)] = (pattern.kind, pattern.sessions)

    assert found == {
        frozenset((subject,)): (kind, len(wordings)) for subject, (kind, *wordings) in SAID.items()
    }


def test_a_fact_is_told_with_the_value_that_all_name():
    titles = {each.title for each in patterns_of(sessions(0)) if each.kind is Kind.FACT}

    assert titles == {
        "Expense limit is 80 now, no longer N",
        "The staging database is on port 6432 now",
    }
