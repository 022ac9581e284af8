"""What a dream would cost, before it is dreamt: by the sizes of the texts that would be sent.

What will be found nobody knows: patterns and answers are taken to be as many and as long as usual.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.db.models import Count, IntegerField, Sum, Value
from django.db.models.functions import Coalesce, Least, Length

from apps.dreams import reading
from apps.dreams.claude import prompts
from apps.dreams.claude.curating import PATTERNS_AT_ONCE
from apps.dreams.claude.rendering import OVERLAP, WINDOW
from apps.dreams.claude.shelving import NEAREST, WHOLE
from apps.dreams.claude.veiling import LONGEST
from apps.engine.pricing import Usage, token_cost
from apps.sessions.models import Event, SessionQuerySet

CHARACTERS_PER_TOKEN = 3.5
SAMPLE = 100
"""Sessions whose texts are measured; of more, these stand for all."""
_PER_EVENT = 45
"""Characters of the line before each event."""
_NOTES_OF_A_WINDOW, _EDITS_OF_A_QUESTION = 450, 3_500
"""Tokens of an answer."""
_PATTERN = 350
_SESSIONS_PER_PATTERN, _MOST_PATTERNS = 4, 80
_BATCHED = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Estimate:
    """About so many tokens and dollars; no dollars of a model without a list price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None
    questions: int = 0


def estimate(
    model: str,
    unread: SessionQuerySet,
    *,
    sessions: int,
    store_size: int = 0,
    is_batched: bool = False,
) -> Estimate:
    """Of reading some of these sessions, and writing what all come to into a store."""
    windows, tokens = _measured(unread)
    observing = Usage(
        input=tokens,
        output=windows * _NOTES_OF_A_WINDOW,
        cache_read=max(windows - 1, 0) * _tokens(len(prompts.OBSERVE)),
        cache_write=_tokens(len(prompts.OBSERVE)) if windows else 0,
    )
    curating, asked = _curating(sessions, store_size)
    paid = [token_cost(model, observing), token_cost(model, curating)]
    if paid[0] is not None and is_batched:
        paid[0] *= _BATCHED
    cost = None if None in paid else sum(filter(None, paid), Decimal(0))
    return Estimate(
        observing.prompt + curating.prompt,
        observing.output + curating.output,
        cost,
        windows + asked,
    )


def _measured(unread: SessionQuerySet) -> tuple[int, int]:
    """In how many windows and tokens they are shown."""
    count = unread.order_by().count()
    some = unread.order_by("-created_at", "-pk").values("pk")[:SAMPLE]
    sizes = (
        Event.objects.filter(session__in=some, type__in=reading.READ)
        .exclude(text="")
        .values("session")
        .annotate(
            size=Coalesce(
                Sum(Least(Length("text"), Value(LONGEST)), output_field=IntegerField()), 0
            ),
            events=Count("pk"),
        )
        .order_by()
        .values_list("size", "events")
    )
    windows = characters = 0
    for size, events in sizes:
        shown = size + events * _PER_EVENT
        parts = max(1, ceil((shown - OVERLAP) / (WINDOW - OVERLAP)))
        windows += parts
        characters += shown + (parts - 1) * OVERLAP
    scale = count / min(count, SAMPLE) if count else 0
    return ceil(windows * scale), _tokens(characters * scale)


def _curating(sessions: int, store: int) -> tuple[Usage, int]:
    """The store is read once and then from the cache; one that is too large, in slices."""
    patterns = min(ceil(sessions / _SESSIONS_PER_PATTERN), _MOST_PATTERNS)
    questions = ceil(patterns / PATTERNS_AT_ONCE)
    slices = ceil(store / WHOLE) if store else 0
    beside = min(store, WHOLE if store <= WHOLE else NEAREST)
    asked = questions + slices
    usage = Usage(
        input=patterns * _PATTERN + asked * _tokens(len(prompts.LEARN)),
        output=questions * _EDITS_OF_A_QUESTION + slices * _EDITS_OF_A_QUESTION // 2,
        cache_read=max(asked - 1, 0) * _tokens(len(prompts.CURATE)) + questions * _tokens(beside),
        cache_write=_tokens(len(prompts.CURATE)) * bool(asked) + _tokens(store),
    )
    return usage, asked


def _tokens(characters: float) -> int:
    return ceil(characters / CHARACTERS_PER_TOKEN)
