"""One thing that happened. Never changed, and deleted only with its whole session."""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Cast, Greatest, Left, StrIndex, Substr, Upper

from apps.core.fields import VerbatimJSONField
from apps.sessions.models.session import Session
from apps.sessions.models.thread import Thread


class Kind(models.IntegerChoices):
    """What a reader tells events apart by: the signs and hues of the console."""

    USER = 1, "User"
    AGENT = 2, "Agent"
    TOOL = 3, "Tool"
    MODEL = 4, "Model"
    THREAD = 5, "Thread"
    MEMORY = 6, "Memory"
    GRADE = 7, "Grade"
    STATUS = 8, "Status"
    ERROR = 9, "Error"


# Enough to find a thing by and to show a row of it; the whole is in the payload.
LONGEST_TEXT = 100_000
# Beyond this an error's text is a log, which nobody searches by its middle.
LONGEST_ERROR = 1_000


# As much of a text as a row shows before it is opened; a snippet begins this far before its match.
LONGEST_EXCERPT = 600
_BEFORE_A_MATCH = 80
# Speaks of a tool's use, as its result does, and ends nothing.
CONFIRMATION = "user.tool_confirmation"
# Changes that a reader of the conversation does not wait for; Debug shows them.
BEHIND_THE_SCENES = (
    "session.status_running",
    "session.updated",
    "session.usage",
    "session.thread_created",
    "session.thread_status_running",
    "session.thread_status_idle",
    "session.thread_status_rescheduled",
    "session.thread_status_terminated",
    "span.outcome_evaluation_ongoing",
)
# The few types whose row needs a word of the payload; larger ones than this go without it.
NOTED = (
    "session.error",
    "session.status_idle",
    "span.outcome_evaluation_end",
    CONFIRMATION,
)
_LONGEST_NOTE = 65_536


ENTRY_COLUMNS = (
    "sequence",
    "public_id",
    "type",
    "kind",
    "occurred_at",
    "thread_id",
    "peer_id",
    "closes",
    "tool_name",
    "model",
    "is_error",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "token_cost",
    "excerpt",
    "size",
    "note",
)


class EventQuerySet(models.QuerySet["Event"]):
    def in_order(self) -> Self:
        return self.order_by("sequence")

    def of_transcript(self) -> Self:
        """What a conversation consists of: an end is told with its start, unless it failed."""
        told_apart = Q(closes=None) | Q(type=CONFIRMATION)
        return self.exclude(type__in=BEHIND_THE_SCENES).filter(told_apart)

    def of_search(self) -> Self:
        """Everything a conversation consists of, ends told apart: words may stand in either."""
        return self.exclude(type__in=BEHIND_THE_SCENES)

    def told_in_transcript(self, kinds: tuple[int, ...], *, errors: bool) -> Self:
        """Of these kinds; of others that failed, the failing end stands alone."""
        begins = Q(kind__in=kinds) & (Q(closes=None) | Q(type=CONFIRMATION))
        fails = Q(is_error=True) & (Q(closes=None) | ~Q(kind__in=kinds))
        shown = begins | fails if errors else begins
        return self.exclude(type__in=BEHIND_THE_SCENES).filter(shown)

    def of_kinds(self, kinds: tuple[int, ...], *, errors: bool) -> Self:
        """Every event of these kinds, and every failure if they are wanted."""
        return self.filter(Q(kind__in=kinds) | Q(is_error=True) if errors else Q(kind__in=kinds))

    def mentioning(self, words: str) -> Self:
        """Whose text or tool has these words in it, whatever their case."""
        return self.filter(Q(text__icontains=words) | Q(tool_name__icontains=words))

    def as_rows(self, around: str = "") -> models.QuerySet["Event", tuple[Any, ...]]:
        """The columns of `trace.Entry`. Neither a whole text nor a whole payload is loaded."""
        excerpt: Left | Substr = Left("text", LONGEST_EXCERPT + 1)
        if around:
            found = StrIndex(Upper("text"), Upper(Value(around)))
            start = Greatest(found - _BEFORE_A_MATCH, Value(1))
            excerpt = Substr("text", start, LONGEST_EXCERPT + 1)
        size = Func(F("payload"), function="pg_column_size", output_field=models.IntegerField())
        note = Case(
            When(
                type__in=NOTED,
                size__lt=_LONGEST_NOTE,
                then=Cast("payload", models.TextField()),
            ),
            default=Value(""),
            output_field=models.TextField(),
        )
        return self.annotate(excerpt=excerpt, size=size, note=note).values_list(*ENTRY_COLUMNS)

    def as_told(self) -> Self:
        """What `wire.event_text` needs: the payload as text, and which child thread it is of."""
        child = Case(When(thread__position__gt=0, then=F("thread__public_id")), default=Value(""))
        told = self.annotate(verbatim=Cast("payload", models.TextField()), told_thread_id=child)
        return told.only("sequence", "public_id", "type", "occurred_at", "processed_at")

    def saying(self, words: str) -> Self:
        """Events whose text has these words, `"as a phrase"`, `or` one of them, `-without`."""
        asked = SearchQuery(words, config="simple", search_type="websearch")
        return self.alias(words=SearchVector("text", config="simple")).filter(words=asked)

    def failing_with(self, text: str) -> Self:
        """Errors whose text begins with, or has early on, these letters in either case."""
        said = self.alias(said=Left("text", LONGEST_ERROR))
        return said.filter(is_error=True, said__icontains=text)


class Event(models.Model):
    """An event of the contract: the payload as it came, and the few columns that lists need."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="events", db_index=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    public_id = models.CharField(max_length=128)
    external_id = models.CharField(max_length=256, null=True, blank=True)  # noqa: DJ001 -- most have none
    type = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True, blank=True)
    payload = VerbatimJSONField()

    # Promoted from the payload because lists filter, sort or sum by them (promoting.promote).
    kind = models.PositiveSmallIntegerField(choices=Kind)
    is_error = models.BooleanField(default=False)
    # The sequence of the event that this one ends: a result its use, an end its start.
    closes = models.PositiveIntegerField(null=True, blank=True)
    # The other thread of a message between threads.
    peer = models.ForeignKey(
        Thread, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    # Whether the session's own stream carries it: everything of the primary thread, and of the
    # others what they post there (contract: 3.6).
    in_session_stream = models.BooleanField(default=True)
    tool_name = models.CharField(max_length=128, blank=True)
    model = models.CharField(max_length=128, blank=True)
    input_tokens = models.IntegerField(null=True, blank=True)
    output_tokens = models.IntegerField(null=True, blank=True)
    cache_read_tokens = models.IntegerField(null=True, blank=True)
    cache_write_tokens = models.IntegerField(null=True, blank=True)
    token_cost = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    text = models.TextField(blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("session", "sequence"), name="events_of_a_session_are_numbered_once"
            ),
            models.UniqueConstraint(
                fields=("session", "public_id"), name="an_event_id_is_unique_in_its_session"
            ),
            models.UniqueConstraint(
                fields=("session", "external_id"),
                condition=models.Q(external_id__isnull=False),
                name="sending_an_event_again_adds_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(sequence__gte=1), name="events_are_numbered_from_one"
            ),
        )
        indexes = (
            models.Index(fields=("thread", "sequence"), name="event_by_thread"),
            models.Index(
                fields=("session", "closes"),
                condition=models.Q(closes__isnull=False),
                name="event_by_what_it_closes",
            ),
            # Erasing a session looks here for every thread of it.
            models.Index(
                fields=("peer",), condition=models.Q(peer__isnull=False), name="event_by_peer"
            ),
            models.Index(
                fields=("session", "sequence"),
                condition=models.Q(is_error=True),
                name="event_errors",
            ),
            GinIndex(SearchVector("text", config="simple"), name="event_text"),
            GinIndex(
                OpClass(Upper(Left("text", LONGEST_ERROR)), name="gin_trgm_ops"),
                condition=models.Q(is_error=True),
                name="event_error_text",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
