"""Which draft stands beside which: by what they are about, whichever dream is named first."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.dreams.comparing.aligning import Bond, align
from apps.reviews.drafting import Base, Draft, File, Kind

LESSON = """# Refunds

Ask for the booking number before a refund is promised to the customer.
Basic economy tickets are refunded within 24 hours only.
"""
IN_OTHER_WORDS = """# Giving money back

Before promising a customer a refund, ask for the number of the booking.
A basic economy ticket can only be refunded within 24 hours of purchase.
"""


def create(path="/a.md", content="Text.\n", **fields):
    return Draft(kind=Kind.CREATE, path=path, content=content, rationale="", **fields)


def update(*memory_ids, content="Text.\n", path="/a.md", kind=Kind.UPDATE, **fields):
    bases = tuple(Base(each, "0" * 64) for each in memory_ids)
    return Draft(kind=kind, path=path, content=content, rationale="", bases=bases, **fields)


def told(a, b):
    return [(pair.verdict.value, pair.bond, pair.a, pair.b) for pair in align(a, b)]


def test_the_same_edit_agrees_whatever_its_reasons():
    mine = create(content="Text.  \n\n", title="One", confidence=0.9)
    theirs = create(title="Other", confidence=0.1)

    assert told([mine], [theirs]) == [("agree", Bond.SAME, mine, theirs)]


def test_what_changes_the_same_memories_stands_in_one_row():
    longer = update("m1", "m2", kind=Kind.MERGE, content="Long.\n")
    shorter = update("m2", "m1", kind=Kind.MERGE, path="/b.md", content="Short.\n")
    retiring = update("m3", kind=Kind.RETIRE, content=None)
    changing = update("m3", content="Else.\n")

    assert told([longer, retiring], [changing, shorter]) == [
        ("differ", Bond.MEMORIES, longer, shorter),
        ("differ", Bond.MEMORIES, retiring, changing),
    ]


def test_of_several_about_one_memory_the_nearest_two_meet():
    near, far = update("m1", content="One two three.\n"), update("m1", content="Zzz.\n")
    theirs = update("m1", content="One two four.\n")

    assert told([far, near], [theirs]) == [
        ("differ", Bond.MEMORIES, near, theirs),
        ("only_a", None, far, None),
    ]


def test_some_of_the_same_memories_are_enough():
    whole = update("m1", "m2", "m3", kind=Kind.MERGE)
    part = update("m1", "m2", kind=Kind.MERGE, path="/b.md")
    other = update("m3", path="/c.md")

    assert told([whole], [other, part]) == [
        ("differ", Bond.OVERLAP, whole, part),
        ("only_b", None, None, other),
    ]


def test_new_memories_meet_at_a_path_by_a_finding_or_by_what_they_say():
    here, there = create("/x.md", "One.\n"), create("/x.md", "Two.\n")
    found, also_found = create("/f.md", "A.\n", fingerprint="f"), create("/g.md", fingerprint="f")
    said, in_other_words = create("/r.md", LESSON), create("/money.md", IN_OTHER_WORDS)
    alone = create("/zebra.md", "Zebras have stripes, and lions have none of them.\n")

    assert told([here, found, said], [alone, in_other_words, also_found, there]) == [
        ("differ", Bond.FINDING, found, also_found),
        ("differ", Bond.WORDS, said, in_other_words),
        ("differ", Bond.PATH, here, there),
        ("only_b", None, None, alone),
    ]


def test_updates_of_two_memories_never_meet_by_their_words():
    mine, theirs = update("m1", content=LESSON), update("m2", content=LESSON, path="/b.md")

    assert [pair.verdict for pair in align([mine], [theirs])] == ["only_a", "only_b"]


TEXTS = st.sampled_from(["One.\n", "One.", "Two.\n", LESSON, IN_OTHER_WORDS])
CREATES = st.builds(
    create,
    path=st.sampled_from(["/a.md", "/b.md", "/c.md"]),
    content=TEXTS,
    fingerprint=st.sampled_from(["", "f", "g"]),
    title=st.sampled_from(["", "t"]),
)
UPDATES = st.builds(
    lambda ids, draft, also: replace(
        draft,
        kind=Kind.RESTRUCTURE,
        bases=tuple(Base(each, "0" * 64) for each in ids),
        also=tuple(File("/also.md", each) for each in also),
    ),
    st.lists(st.sampled_from(["m1", "m2", "m3"]), min_size=1, unique=True),
    CREATES,
    st.lists(TEXTS, max_size=1),
)
DRAFTS = st.lists(CREATES | UPDATES, max_size=6)


@settings(max_examples=60, deadline=None)
@given(DRAFTS, DRAFTS, st.randoms(use_true_random=False))
def test_the_order_of_the_dreams_and_of_their_drafts_changes_nothing(a, b, chance):
    pairs = align(a, b)
    chance.shuffle(mixed_a := [*a])
    chance.shuffle(mixed_b := [*b])

    assert [each.swapped for each in align(mixed_b, mixed_a)] == pairs
    assert sorted(map(str, a)) == sorted(str(pair.a) for pair in pairs if pair.a)
    assert sorted(map(str, b)) == sorted(str(pair.b) for pair in pairs if pair.b)


@settings(max_examples=40, deadline=None)
@given(DRAFTS)
def test_identical_dreams_agree_in_everything(drafts):
    pairs = align(drafts, drafts[::-1])

    assert all(pair.bond == Bond.SAME and pair.a == pair.b for pair in pairs)
    assert len(pairs) == len(drafts)
