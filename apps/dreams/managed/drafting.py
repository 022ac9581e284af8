"""From the differences to drafts of proposals, with what bears them out and what does not."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from apps.accounts.models import Workspace
from apps.dreams.findings import Dropped
from apps.dreams.managed import bearing_out, comparing
from apps.dreams.managed.bearing_out import Said, Statement
from apps.dreams.managed.comparing import Before, Change
from apps.memory.models import MemoryVersion
from apps.reviews.drafting import Base, Draft, Kind
from apps.sessions.models import Event

LONGEST_TITLE = 120
EVENTS_AT_ONCE = 2_000
NO_COPY = "the memory here did not say what it said there when the dream began"
UNSURE = "the memory changed there while the dream was asked for"
UNTOLD = "The vendor’s dream made this edit. It says neither why nor on what evidence."
NO_EVIDENCE = (
    "No evidence from the vendor, and none was found here: no sentence of the sessions that the"
    " dream was given says what is added."
)
NOTHING_ADDED = "No evidence from the vendor; nothing is added that could be looked for."
UNBORNE, BORNE = 0.3, 0.4
"""How sure one can be of an edit that nothing bears out, and of one that something does."""


def drafts(
    changes: Sequence[Change], unsure: Sequence[str], said: Callable[[], Iterator[Said]]
) -> tuple[list[Draft], list[Dropped]]:
    """Those that can be decided on here, and why the rest cannot."""
    dropped, kept = [], []
    for each in changes:
        if why := _fault(each, unsure):
            dropped.append(Dropped("curate", why, each.path))
        else:
            kept.append((each, bearing_out.statements(_added(each))))
    wanted = [statement for _, found in kept for statement in found]
    if wanted:
        bearing_out.look(wanted, said())
    return [_draft(*each) for each in kept], dropped


def before(rows: Sequence[Mapping[str, str]]) -> list[Before]:
    """The input as it was, with what it said, as far as the copy here ever said the same."""
    ids = [each["memory_id"] for each in rows if each["memory_id"]]
    versions = MemoryVersion.objects.filter(memory__in=ids, content__isnull=False)
    shas = {each["sha256"] for each in rows}
    found = versions.filter(content_sha256__in=shas)
    said = {(each.memory_id, each.content_sha256 or ""): each.content for each in found}
    return [_before(each, said) for each in rows]


def said_in(workspace: Workspace, session_ids: Sequence[str]) -> Iterator[Said]:
    """What was said in these sessions, from the first to the last."""
    events = Event.objects.filter(
        session__workspace=workspace,
        session__public_id__in=session_ids,
        type__in=bearing_out.READ,
    ).exclude(text="")
    rows = events.order_by("session", "sequence").values_list(
        "session__public_id", "public_id", "type", "text"
    )
    for row in rows.iterator(chunk_size=EVENTS_AT_ONCE):
        yield Said(*row)


def _before(row: Mapping[str, str], said: Mapping[tuple[str, str], str | None]) -> Before:
    content = said.get((row["memory_id"], row["sha256"]))
    if content is None:
        return Before(row["path"], row["sha256"])
    return Before(row["path"], row["sha256"], row["memory_id"], content)


def _fault(change: Change, unsure: Sequence[str]) -> str:
    paths = {change.path, change.before.path if change.before else ""}
    if paths & set(unsure):
        return UNSURE
    if change.before is not None and not change.before.memory_id:
        return NO_COPY
    return ""


def _added(change: Change) -> list[str]:
    if change.after is None:
        return []
    return comparing.added_lines(change.before.content if change.before else "", change.after)


def _draft(change: Change, statements: Sequence[Statement]) -> Draft:
    borne = [each for each in statements if each.quotes]
    evidence = bearing_out.quotes(borne)
    share = len(borne) / len(statements) if statements else 0.0
    sessions = len({each.session_id for each in evidence})
    base = change.before
    return Draft(
        kind=change.kind,
        path=change.path,
        content=change.after,
        rationale=f"{UNTOLD}\n{_said_of(statements, borne)}",
        bases=(Base(base.memory_id, base.sha256),) if base else (),
        title=_title(change),
        evidence=evidence,
        confidence=BORNE + share * 0.35 if borne else UNBORNE,
        support={
            "sessions": sessions,
            "statements": len(statements),
            "borne_out": len(borne),
            "evidence_from_vendor": False,
        },
    )


def _said_of(statements: Sequence[Statement], borne: Sequence[Statement]) -> str:
    if not statements:
        return NOTHING_ADDED
    if not borne:
        return NO_EVIDENCE
    if len(borne) == len(statements):
        many = "What is added is said" if len(borne) == 1 else "All that is added is said"
        return f"{many} in the sessions that it was given, word for word or nearly: see the quotes."
    said = "1 is" if len(borne) == 1 else f"{len(borne)} are"
    return (
        f"Of {len(statements)} statements that are added, {said} said in the sessions"
        " that it was given, word for word or nearly: see the quotes. For the rest there is no"
        " evidence."
    )


def _title(change: Change) -> str:
    """In a few words, what it does."""
    if change.kind == Kind.RETIRE:
        return "The vendor’s dream left it out"
    if change.kind == Kind.RENAME:
        return f"From {change.before.path if change.before else ''}"[:300]
    lines = _added(change) or (change.after or "").splitlines()
    first = next((line.strip("#*- >") for line in lines if line.strip("#*- >")), change.path)
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"
