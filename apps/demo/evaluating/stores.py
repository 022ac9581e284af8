# ruff: noqa: E501, ISC004 -- what is said, as it is said
"""A store with flaws in it: the same said twice, opposite things said, what is over, too much."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from apps.demo.evaluating.labels import Finding, Label
from apps.dreams.findings import Note


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that say the same, or the opposite, with the path each stands at."""

    id: str
    paths: tuple[str, str]
    texts: tuple[str, str]
    signs: tuple[str, ...] = ()


DUPLICATES = (
    Pair(
        "returns-window",
        ("/returns/window.md", "/policies/return-period.md"),
        (
            "# Returns\n\nCustomers may return goods within 30 days of delivery. The goods must be"
            " unused and in their box. Postage is paid by the customer.\n",
            "# How long may goods be returned\n\nGoods can be returned by customers within 30 days"
            " after delivery, unused and in the original box. The customer pays the postage.\n",
        ),
        (r"30 days", r"(?i)postage"),
    ),
    Pair(
        "rotate-keys",
        ("/security/keys.md", "/how-to/rotate-api-keys.md"),
        (
            "# API keys\n\nRotate API keys every 90 days with `keyctl rotate --grace 24h`. Tell the"
            " on-call channel before you start.\n",
            "# Rotating API keys\n\nEvery 90 days, API keys are rotated: `keyctl rotate --grace 24h`."
            " Before starting, tell the on-call channel.\n",
        ),
        (r"keyctl rotate --grace 24h", r"90 days"),
    ),
    Pair(
        "meeting-notes",
        ("/meetings/notes.md", "/style/minutes.md"),
        (
            "# Notes of meetings\n\nWrite decisions first, then open questions, then who does what"
            " by when. No verbatim quotes.\n",
            "# Minutes\n\nMinutes of meetings list decisions first, then open questions, then who"
            " does what by when. Do not quote verbatim.\n",
        ),
        (r"(?i)decisions", r"(?i)open questions"),
    ),
    Pair(
        "slow-reports",
        ("/reports/slow.md", "/tools/report-timeouts.md"),
        (
            "# Slow reports\n\nReports over a year of data time out. Run them by quarter with"
            " `report --quarter Q1` and add them up.\n",
            "# Report timeouts\n\nA report over a whole year of data times out; run it by quarter"
            " (`report --quarter Q1`) and add the results up.\n",
        ),
        (r"report --quarter", r"(?i)time"),
    ),
)
CONTRADICTIONS = (
    Pair(
        "session-timeout",
        ("/auth/sessions.md", "/limits.md"),
        (
            "# Sessions\n\nA login session lasts 30 minutes without activity.\n",
            "# Limits\n\nUploads are at most 20 MB. A login session lasts 60 minutes without"
            " activity.\n",
        ),
    ),
    Pair(
        "vip-approval",
        ("/vip/discounts.md", "/sales/approvals.md"),
        (
            "# Discounts for VIP customers\n\nDiscounts for VIP customers need approval by the sales"
            " lead.\n",
            "# Approvals\n\nDiscounts for VIP customers do not need approval by the sales lead."
            " Everything over 20 % goes to finance.\n",
        ),
    ),
    Pair(
        "photo-format",
        ("/photos/format.md", "/catalogue/pictures.md"),
        (
            "# Photos\n\nProduct photos are always saved as PNG.\n",
            "# Pictures in the catalogue\n\nProduct photos are never saved as PNG; use WebP.\n",
        ),
    ),
)
OUTDATED = (
    (
        "/campaigns/spring-sale.md",
        "# Spring sale\n\nUntil 31 March 2025 every order over 50 EUR ships free. Use the code SPRING.\n",
    ),
    (
        "/tools/old-importer.md",
        "# Importer\n\nThe new importer is down until 14 February 2025; until then use the old one at"
        " /legacy/import.\n",
    ),
    (
        "/people/cover-for-mara.md",
        "# Cover\n\nMara is on leave until 30 June 2025. Until then Ivo signs her approvals.\n",
    ),
)
_PLAIN = {
    "/README.md": "# What is where\n\n- /policies: rules\n- /tools: how to use them\n",
    "/office/address.md": "# Address\n\nParcels go to the back entrance, bell 4.\n",
    "/style/titles.md": "# Titles\n\nTitles are in sentence case and have no full stop.\n",
    "/tools/scanner.md": "# Scanner\n\nScan at 300 dpi, greyscale. The left tray is for A5.\n",
    "/tools/printer.md": "# Printer\n\nPrint at 600 dpi for posters. The left tray is for A4.\n",
    "/policies/phone.md": "# Phone\n\nAnswer within three rings and say your name.\n",
    "/policies/visitors.md": "# Visitors\n\nVisitors sign in at the desk and wear a badge.\n",
    "/billing/reminders.md": "# Reminders\n\nThe first reminder goes out after 14 days.\n",
    "/billing/late-fees.md": "# Late fees\n\nA late fee of 5 EUR is added with the second reminder.\n",
    "/tools/staging.md": "# Staging\n\nThe staging server listens on port 8080.\n",
    "/support/address.md": "# Support\n\nThe support address is help@example.org.\n",
    "/billing/closing.md": "# Closing\n\nThe books close on the last day of the month.\n",
}
_TOPICS = ("Boxes", "Labels", "Pallets", "Customs", "Carriers", "Claims", "Returns", "Insurance")


def store(chance: Random, now: datetime) -> tuple[tuple[Note, ...], tuple[Label, ...]]:
    """Notes, and what is wrong with them."""
    texts = dict(_PLAIN)
    labels: list[Label] = []
    for finding, pairs, count in (
        (Finding.DUPLICATE, DUPLICATES, 3),
        (Finding.CONTRADICTION, CONTRADICTIONS, 2),
    ):
        for pair in chance.sample(pairs, count):
            texts.update(zip(pair.paths, pair.texts, strict=True))
            labels.append(Label(pair.id, finding, pair.signs, paths=frozenset(pair.paths)))
    for path, text in chance.sample(OUTDATED, 2):
        texts[path] = text
        labels.append(Label(path, Finding.OUTDATED, paths=frozenset({path})))
    texts["/shipping/everything.md"] = _oversized(chance)
    labels.append(
        Label("everything", Finding.OVERSIZED, paths=frozenset({"/shipping/everything.md"}))
    )
    notes = (_note(path, text, chance, now) for path, text in sorted(texts.items()))
    return tuple(notes), tuple(labels)


def _note(path: str, text: str, chance: Random, now: datetime) -> Note:
    digest = sha256(text.encode()).hexdigest()
    at = now - timedelta(days=chance.randint(90, 300))
    return Note(f"mem_{sha256(path.encode()).hexdigest()[:12]}", path, text, digest, at)


def _oversized(chance: Random) -> str:
    """Eight subjects in one file."""
    parts = ["# Shipping\n"]
    for topic in _TOPICS:
        parts.append(f"\n## {topic}\n")
        rules = [
            f"\n- {topic} rule {number}: carrier {chance.choice('ABCDE')} takes"
            f" {chance.randint(2, 99)} kg for {chance.randint(3, 80)} EUR, up to zone"
            f" {chance.randint(1, 9)}, and wants form {chance.randint(100, 999)}."
            for number in range(1, 31)
        ]
        parts.extend(rules)
    return "".join(parts)
