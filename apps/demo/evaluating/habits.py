"""What people ask for again and again, each time in other words, and how work is done."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from apps.demo.evaluating.talk import Talk

Scene = Callable[[Talk, Random], None]


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing, in several wordings. An escalation's wording is what the agent says."""

    id: str
    signs: tuple[str, ...]
    wordings: tuple[str, ...]
    handover: str = ""

    def scene(self, wording: str) -> Scene:
        return handed_over(wording, self.handover) if self.handover else said(wording)


def said(wording: str) -> Scene:
    def scene(talk: Talk, chance: Random) -> None:
        talk.user_says(wording)
        talk.agent_says(chance.choice(("Understood.", "Noted, I will.", "Will do.", "Of course.")))

    return scene


def handed_over(wording: str, reason: str) -> Scene:
    def scene(talk: Talk, chance: Random) -> None:
        talk.agent_says(wording)
        talk.call("transfer_to_human", {"summary": reason}, "Transfer successful")
        talk.user_says(chance.choice(("Okay.", "Fine, I will wait.", "Thanks.")))

    return scene


PREFERENCES: tuple[Habit, ...] = (
    Habit(
        "metric",
        (r"(?i)metric|kilomet|centimet",),
        (
            "Please always give measurements in metric units.",
            "Use metric units, not feet and inches.",
            "We work in metric here: all lengths in metric units, please.",
            "From now on metric units only, nobody here reads inches.",
            "No inches. Metric units for every measurement.",
            "Can you keep to metric units for the measurements?",
        ),
    ),
    Habit(
        "no-emoji",
        (r"(?i)emoji",),
        (
            "Please never use emojis in customer mails.",
            "No emojis in mails to customers.",
            "Leave the emojis out of customer mails, always.",
            "Don't put emojis into the mails we send to customers.",
            "I said it before: customer mails have no emojis.",
            "We don't use emojis when we write to customers.",
        ),
    ),
    Habit(
        "net-prices",
        (r"(?i)\bnet\b", r"(?i)price"),
        (
            "Always quote net prices, without VAT.",
            "Prices in offers are net, VAT goes on its own line.",
            "Please quote net prices in every offer.",
            "Our offers show net prices, never gross.",
            "From now on give net prices in offers.",
            "No gross prices, please. Net prices in all offers.",
        ),
    ),
    Habit(
        "draft-not-send",
        (r"(?i)draft",),
        (
            "Never send mails yourself, leave them as drafts.",
            "Don't send the mail. Always leave mails as drafts for me.",
            "Mails stay drafts until I have read them; never send them yourself.",
            "Please only ever save mails as drafts, do not send them.",
            "In future keep mails as drafts, I send them myself.",
        ),
    ),
    Habit(
        "british",
        (r"(?i)british",),
        (
            "Use British spelling in everything we publish.",
            "British spelling, please, as always: colour, not color.",
            "We write British English spelling throughout.",
            "Please stick to British spelling from now on.",
            "No American spelling. We always use British spelling.",
        ),
    ),
    Habit(
        "staging-first",
        (r"(?i)staging",),
        (
            "Always deploy to staging first, then production.",
            "Never go straight to production; staging first.",
            "Please deploy to staging before production, every time.",
            "From now on staging first, and only then production.",
            "We always try a deploy on staging before it goes to production.",
        ),
    ),
    Habit(
        "ask-before-deleting",
        (r"(?i)delet", r"(?i)ask|confirm"),
        (
            "Always ask me before deleting anything.",
            "Please ask before you delete files.",
            "Never delete files without asking me first.",
            "You must ask first before deleting something.",
            "Don't delete anything before you have asked me.",
        ),
    ),
    Habit(
        "summary-on-top",
        (r"(?i)summary", r"(?i)top|first|begin|start"),
        (
            "Put a three-line summary at the top of every report.",
            "Reports always begin with a summary of three lines at the top.",
            "Please start each report with a short summary on top.",
            "Every report needs a summary at the top, remember that.",
            "I want the summary at the top of the report, always.",
        ),
    ),
)

ESCALATIONS: tuple[Habit, ...] = (
    Habit(
        "refund-over-500",
        (r"(?i)refund", r"500"),
        (
            "A refund of more than 500 EUR needs a person, I will hand you over.",
            "I cannot approve a refund over 500 EUR; a colleague takes over.",
            "Refunds above 500 EUR are decided by a colleague, so I am transferring you.",
            "This refund is over 500 EUR. I have to pass it to a person.",
            "As the refund is above 500 EUR, I am handing this over.",
        ),
        "Refund above 500 EUR needs approval by a person.",
    ),
    Habit(
        "legal-threat",
        (r"(?i)lawyer|legal",),
        (
            "As a lawyer is involved, I hand this to our legal team.",
            "Letters from a lawyer go to the legal team; I will transfer you.",
            "Your lawyer has written to us, so the legal team takes over.",
            "This goes to the legal team because a lawyer is involved.",
            "I may not answer a lawyer's letter; the legal team does.",
        ),
        "Letter from a lawyer, for the legal team.",
    ),
    Habit(
        "change-of-owner",
        (r"(?i)owner",),
        (
            "A change of the account owner has to be done by a person.",
            "I cannot change the owner of an account; a colleague will.",
            "The account owner can only be changed by a colleague. Transferring you.",
            "Changing the owner of the account needs a person, I hand over.",
            "For a new account owner I have to transfer you to a person.",
        ),
        "Change of the account owner must be done by a person.",
    ),
)

FACTS: tuple[Habit, ...] = (
    Habit(
        "staging-port",
        (r"8443",),
        (
            "The staging server listens on port 8443 now, no longer on 8080.",
            "Heads up: staging moved from port 8080 to 8443.",
            "Port 8080 is gone, staging is on port 8443 since last week.",
            "That fails because the staging server is on port 8443 now, not 8080.",
            "Staging is on port 8443 now. 8080 was switched off.",
        ),
    ),
    Habit(
        "support-address",
        (r"care@example\.org",),
        (
            "The support address is now care@example.org, help@example.org is closed.",
            "We no longer use help@example.org, the support address is care@example.org.",
            "Support moved from help@example.org to care@example.org.",
            "Write to care@example.org; the old support address help@example.org bounces.",
            "The support address changed to care@example.org, not help@example.org any more.",
        ),
    ),
    Habit(
        "closing-day",
        (r"(?i)25th|25\b",),
        (
            "The books close on the 25th now, not on the last day of the month.",
            "Closing moved: the books now close on the 25th and no longer at the month's end.",
            "Since April the books close on the 25th, not on the last day of the month.",
            "No, the books close on the 25th of the month now, not on the last day.",
            "The closing day changed to the 25th, it is not the last day of the month any more.",
        ),
    ),
)

ANECDOTES = (
    "For this one customer only, write the letter in Dutch.",
    "Just this once, send it by courier.",
    "Please put this one on blue paper, they asked for it.",
    "Today I would like the list sorted by shoe size.",
    "Never mention the picnic to Bela, it is a surprise.",
    "Skip the photo for this order, it came out blurred.",
    "Use the small logo on this poster.",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps of which one decides how it ends: done well it is there, done badly it is not."""

    id: str
    before: tuple[str, ...]
    decides: str
    after: tuple[str, ...]

    @property
    def signs(self) -> tuple[str, ...]:
        return (self.decides, self.after[0])

    def done_well(self, talk: Talk, chance: Random) -> None:
        self._play(talk, chance, (*self.before, self.decides, *self.after))

    def done_badly(self, talk: Talk, chance: Random) -> None:
        self._play(talk, chance, (*self.before, *self.after))

    @staticmethod
    def _play(talk: Talk, chance: Random, steps: tuple[str, ...]) -> None:
        item = f"{chance.choice('ABCDEFG')}-{chance.randint(100, 999)}"
        for step in steps:
            talk.call(step, {"item": item}, f"{step}: {item} ok")


WORKFLOWS: tuple[Flow, ...] = (
    Flow("reserve-before-selling", ("check_stock",), "reserve_stock", ("confirm_sale",)),
    Flow("verify-before-changing", ("open_account",), "verify_identity", ("change_address",)),
    Flow("backup-before-migrating", ("list_migrations",), "create_backup", ("run_migration",)),
    Flow("proof-before-printing", ("layout_pages",), "request_proof", ("start_print",)),
)
