"""A comparison as its page shows it: drafts as diffs against the store as it is, and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.accounts.models import Workspace
from apps.dreams import choosing
from apps.dreams.comparing import settling
from apps.dreams.comparing.aligning import Bond
from apps.dreams.comparing.looking import Look
from apps.dreams.models import Comparison, ComparisonPick, ComparisonRow, Letter
from apps.memory.models import Memory, MemoryVersion
from apps.reviews import picturing
from apps.reviews.drafting import Draft, Quote
from apps.reviews.models import Proposal, Source
from apps.reviews.picturing import Sheet

ROWS = 10
"""Of one page."""
MOST_QUOTES = 3
FIRST, SECOND = "first", "second"
Choice, Verdict = ComparisonPick.Choice, ComparisonRow.Verdict


def order(compared: Comparison) -> tuple[Letter, Letter]:
    """Which side stands first: it stays there once it is known."""
    return compared.shown_first, compared.shown_first.other


def choice_of(compared: Comparison, shown: str) -> str:
    """What was meant by a choice of the page. Anything else stays as it is."""
    first, second = order(compared)
    return {FIRST: first.value, SECOND: second.value}.get(shown, shown)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote of a draft, and whether its session is still there."""

    quote: Quote
    is_there: bool

    @property
    def label(self) -> str:
        return self.quote.role.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Card:
    """What one side proposes here; nothing without a draft."""

    letter: Letter
    place: str
    draft: Draft | None = None
    sheets: Sequence[Sheet] = ()
    citations: Sequence[Citation] = ()
    more: int = 0
    """Quotes that are not shown."""
    has_moved_on: bool = False
    """Something that it changes says something else by now, or is gone."""

    @property
    def confidence(self) -> str:
        """As proposals have it."""
        return Proposal(confidence_value=self.draft.confidence if self.draft else 0).confidence


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice of the page."""

    value: str
    label: str
    key: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the page."""

    row: ComparisonRow
    cards: Sequence[Card]
    pick: ComparisonPick | None
    offers: Sequence[Offer]

    @property
    def path(self) -> str:
        drafts = [each.draft for each in self.cards if each.draft is not None]
        return drafts[0].path

    @property
    def is_agreed(self) -> bool:
        return self.row.verdict == Verdict.AGREE

    @property
    def bond(self) -> str:
        """Why the two stand here together, in words."""
        return Bond(self.row.bond).words if self.row.bond else ""

    @property
    def verdict(self) -> str:
        """In words that give no side away."""
        words = {Verdict.AGREE: "Both agree", Verdict.DIFFER: "They differ"}
        return words.get(Verdict(self.row.verdict), f"Only the {self._alone}")

    @property
    def _alone(self) -> str:
        return next(each.place for each in self.cards if each.draft is not None)


def rows(workspace: Workspace, look: Look, found: Sequence[ComparisonRow]) -> list[Shown]:
    """With the store as it is now: two queries, however many they are."""
    drafts = [
        {
            letter: settling.draft_of(kept)
            for letter, kept in ((Letter.A, row.draft_a), (Letter.B, row.draft_b))
            if kept is not None
        }
        for row in found
    ]
    every = [draft for of_row in drafts for draft in of_row.values()]
    memories = _memories(look.comparison, every)
    known = choosing.known(
        workspace, {quote.session_id for draft in every for quote in draft.evidence[:MOST_QUOTES]}
    )
    return [
        _shown(look.comparison, row, of_row, memories, known)
        for row, of_row in zip(found, drafts, strict=True)
    ]


def _memories(compared: Comparison, drafts: Sequence[Draft]) -> dict[str, Memory]:
    wanted = {base.memory_id for draft in drafts for base in draft.bases}
    live = Memory.objects.live().filter(
        store=compared.input_store_id, store__workspace=compared.workspace_id
    )
    return live.in_bulk(wanted)


def _shown(
    compared: Comparison,
    row: ComparisonRow,
    drafts: Mapping[Letter, Draft],
    memories: Mapping[str, Memory],
    known: set[str],
) -> Shown:
    cards = [
        _card(letter, place, drafts[letter], memories, known)
        if letter in drafts
        else Card(letter, place)
        for letter, place in zip(order(compared), (FIRST, SECOND), strict=True)
    ]
    picked = row.pick if hasattr(row, "pick") else None
    return Shown(row, cards, picked, _offers(compared, row, cards, picked))


def _card(
    letter: Letter,
    place: str,
    draft: Draft,
    memories: Mapping[str, Memory],
    known: set[str],
) -> Card:
    live = [memories[each.memory_id] for each in draft.bases if each.memory_id in memories]
    said = {base.memory_id: base.sha256 for base in draft.bases}
    moved = len(live) < len(draft.bases) or any(m.content_sha256 != said[m.pk] for m in live)
    citations = [Citation(each, each.session_id in known) for each in draft.evidence[:MOST_QUOTES]]
    return Card(
        letter=letter,
        place=place,
        draft=draft,
        sheets=_sheets(draft, live),
        citations=citations,
        more=len(draft.evidence) - len(citations),
        has_moved_on=moved,
    )


def _sheets(draft: Draft, live: Sequence[Memory]) -> list[Sheet]:
    """As a proposal against what the memories say now would be drawn; nothing is kept of it."""
    sources = [
        Source(
            path=memory.path, base_version=MemoryVersion(path=memory.path, content=memory.content)
        )
        for memory in live
    ]
    files = [{"path": each.path, "content": each.content} for each in draft.also]
    proposal = Proposal(kind=draft.kind, path=draft.path, content=draft.content, also=files)
    return picturing.sheets(proposal, sources)


def _offers(
    compared: Comparison, row: ComparisonRow, cards: Sequence[Card], picked: ComparisonPick | None
) -> list[Offer]:
    """What can be said here; the first key for the first, the second for the second."""
    chosen = picked.choice if picked else ""
    return [
        Offer(value, label, str(number), choice_of(compared, value) == chosen)
        for number, (value, label) in enumerate(_labels(row, cards), 1)
    ]


def _labels(row: ComparisonRow, cards: Sequence[Card]) -> list[tuple[str, str]]:
    if row.verdict == Verdict.AGREE:
        return [(Choice.BOTH, "Good"), (Choice.NEITHER, "No good")]
    neither = [(Choice.BOTH, "Both are good"), (Choice.NEITHER, "Neither")]
    if row.verdict == Verdict.DIFFER:
        return [(FIRST, "The first"), (SECOND, "The second"), *neither]
    alone, none = (FIRST, SECOND) if cards[0].draft is not None else (SECOND, FIRST)
    either = (Choice.BOTH, "Either way is fine")
    return [(alone, "Good, better with it"), (none, "Better without it"), either]
