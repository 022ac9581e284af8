"""A client's mailbox: in order, bounded, and closed with a last word."""

import asyncio

from apps.core.live.mailbox import TOO_SLOW, Mailbox, Mailboxes
from tests import apart


def taken(*boxes, patience=0.01):
    """What each of them hands over next."""

    async def take():
        return [await box.take(patience) for box in boxes]

    return apart.run(take())


def test_what_waits_is_handed_over_at_once_and_in_order():
    box = Mailbox()
    box.put(b"one ")
    box.put(b"two")

    assert taken(box, box) == [b"one two", b""]


def test_who_waits_is_woken_by_the_first_frame():
    async def wait():
        box = Mailbox()
        asyncio.get_running_loop().call_soon(box.put, b"here")
        return await box.take(60)

    assert apart.run(wait()) == b"here"


def test_one_frame_too_many_and_the_client_is_told_and_let_go():
    box = Mailbox(most=2)
    for frame in (b"one", b"two", b"three", b"four"):
        box.put(frame)

    assert box.is_closed
    assert taken(box, box) == [TOO_SLOW, None]
    assert b"event: error" in TOO_SLOW
    assert b'"overloaded_error"' in TOO_SLOW


def test_few_frames_may_be_too_large_together():
    small, large = Mailbox(most_bytes=10), Mailbox(most_bytes=10)
    small.put(b"x" * 10)
    large.put(b"x" * 10)
    large.put(b"x")

    assert (small.is_closed, large.is_closed) == (False, True)


def test_what_was_taken_counts_no_more():
    box = Mailbox(most=1)
    box.put(b"one")
    first = taken(box)
    box.put(b"two")

    assert (first, taken(box)) == ([b"one"], [b"two"])


def test_closing_sends_what_waits_and_the_last_word_and_then_ends():
    box = Mailbox()
    box.put(b"one ")
    box.close(b"last")
    box.close(b"later")
    box.put(b"more")

    assert taken(box, box) == [b"one last", None]


def test_frames_from_before_the_beginning_are_left_out():
    box = Mailbox()
    box.put(b"three ", 3)
    box.put(b"four ", 4)
    box.put(b"unnumbered ")
    box.begin_after(3)
    box.put(b"three again ", 3)
    box.put(b"five", 5)

    assert taken(box) == [b"four unnumbered five"]


def test_all_of_a_process_end_together_and_later_ones_at_once():
    boxes = Mailboxes()
    early = boxes.open(None)
    boxes.close_all()
    late = boxes.open(None)

    assert taken(early, late) == [None, None]


def test_a_mailbox_that_nobody_holds_is_forgotten():
    boxes = Mailboxes()
    kept, dropped = boxes.open(None), boxes.open(None)
    before = len(boxes)
    del dropped

    assert (before, len(boxes), kept.is_closed) == (2, 1, False)
