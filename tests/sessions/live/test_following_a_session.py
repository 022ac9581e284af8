"""What the followers of a session are told, whoever recorded it."""

import asyncio

import pytest

from apps.core.live.asking import ask
from apps.core.live.mailbox import TOO_SLOW, Mailbox
from apps.sessions import announcing, erasing
from apps.sessions.announcing import News
from apps.sessions.following.tail import Tail, read_fresh
from apps.sessions.models import Session
from tests import make
from tests.sessions.live.following import cut_off, followed, heard, record, streaming

pytestmark = pytest.mark.django_db(transaction=True)


def said(events):
    return [event["content"][0]["text"] for event in events]


@pytest.fixture
def session():
    return make.session(make.event(text="before"), threads=[make.thread("sthr_child")])


@pytest.fixture
def child(session):
    return session.threads.get(public_id="sthr_child")


def test_what_is_recorded_from_now_on_is_told_in_order_and_nothing_from_before(session):
    async def scenario(followers):
        mailbox = await streaming(followers, session)
        await record(session, make.event(text="one"), make.event(text="two"))
        await record(session, make.event(text="three"))
        return await heard(mailbox, 3)

    assert said(followed(scenario)) == ["one", "two", "three"]


def test_a_session_is_told_what_its_threads_post_and_a_thread_all_of_its_own(session, child):
    async def scenario(followers):
        of_session = await streaming(followers, session)
        of_child = await streaming(followers, session, child)
        await record(
            session,
            make.event("agent.message", "private", thread="sthr_child"),
            make.event("agent.custom_tool_use", thread="sthr_child", name="ask", input={}),
            make.event("agent.message", "primary"),
        )
        return await heard(of_session, 2), await heard(of_child, 2)

    of_session, of_child = followed(scenario)

    assert [(each["type"], each.get("session_thread_id")) for each in of_session] == [
        ("agent.custom_tool_use", "sthr_child"),
        ("agent.message", None),
    ]
    assert [(each["type"], each.get("session_thread_id")) for each in of_child] == [
        ("agent.message", None),
        ("agent.custom_tool_use", None),
    ]


def test_however_many_follow_new_events_are_read_once(session):
    reads = []

    def counted(*asked):
        reads.append(asked[1])
        return read_fresh(*asked)

    async def scenario(followers):
        tail = Tail(session.pk, counted)
        boxes = [Mailbox() for _ in range(20)]
        for box in boxes:
            tail.add(box, None)
            tail.begin(box, 1)
        await record(session, make.event(text="one"), make.event(text="two"))
        tail.hear(News(session.pk, 2, 3, session.workspace_id))
        return [said(await heard(box, 2)) for box in boxes]

    assert followed(scenario) == [["one", "two"]] * 20
    assert reads == [1]


def test_while_nobody_streams_nothing_is_read(session):
    def never(*asked):
        raise AssertionError(asked)

    async def scenario(followers):
        tail = Tail(session.pk, never)
        page, stream = Mailbox(), Mailbox()
        tail.add_page(page)
        tail.add(stream, None)
        tail.begin(stream, 1)
        del stream
        tail.hear(News(session.pk, 2, 2, session.workspace_id))
        return await heard(page)

    assert followed(scenario) == [{"last": 2}]


def test_who_comes_later_is_told_only_what_comes_after_that(session):
    async def scenario(followers):
        early = await streaming(followers, session)
        await record(session, make.event(text="one"))
        await heard(early)
        late = await streaming(followers, session)
        await record(session, make.event(text="two"))
        return said(await heard(early)), said(await heard(late))

    assert followed(scenario) == (["two"], ["two"])


def test_nothing_is_lost_when_the_connection_is_cut(session):
    async def scenario(followers):
        mailbox = await streaming(followers, session)
        ended = await ask(cut_off)
        await record(session, make.event(text="at once"))
        first = await heard(mailbox)
        await record(session, make.event(text="afterwards"))
        return ended, said(first), said(await heard(mailbox))

    assert followed(scenario) == (1, ["at once"], ["afterwards"])


def test_what_happened_while_nobody_listened_is_told_afterwards(session):
    async def scenario(followers):
        mailbox = await streaming(followers, session)
        page = await followers.of_page(session.pk)
        await followers._hub.close()
        await record(session, make.event(text="unheard"), make.event(text="too"))
        await followers._hub.ready()
        return said(await heard(mailbox, 2)), await heard(page)

    assert followed(scenario) == (["unheard", "too"], [{"last": 3}])


def test_a_session_that_is_deleted_says_so_and_ends(session, child):
    async def scenario(followers):
        boxes = [
            await streaming(followers, session),
            await streaming(followers, session, child),
            await followers.of_page(session.pk),
        ]
        await ask(lambda: erasing.erase(session, by=make.actor()))
        return [await heard(box, 9) for box in boxes]

    of_session, of_thread, of_page = followed(scenario)

    assert [each["type"] for each in of_session] == ["session.deleted"]
    assert of_session[0]["id"].startswith("sevt_")
    assert of_session[0]["processed_at"].endswith("Z")
    assert of_thread == of_session
    assert of_page == [{"deleted": True}]


def test_a_deletion_is_noticed_even_if_nobody_listened_then(session):
    async def scenario(followers):
        mailbox = await streaming(followers, session)
        await ask(cut_off)
        await ask(lambda: erasing.erase(session, by=make.actor()))
        return await heard(mailbox, 9)

    assert [each["type"] for each in followed(scenario)] == ["session.deleted"]


def test_who_reads_too_slowly_is_let_go_and_holds_up_nobody(session):
    async def scenario(followers):
        tail = Tail(session.pk)
        slow, quick = Mailbox(most=2), Mailbox()
        for box in (slow, quick):
            tail.add(box, None)
            tail.begin(box, 1)
        await record(session, *(make.event(text=f"{n}") for n in range(3)))
        tail.hear(News(session.pk, 2, 4, session.workspace_id))
        return said(await heard(quick, 3)), await slow.take(1), await slow.take(1)

    assert followed(scenario) == (["0", "1", "2"], TOO_SLOW, None)


def test_what_changes_without_an_event_is_told_to_pages(session):
    async def scenario(followers):
        page = await followers.of_page(session.pk)
        await ask(lambda: announcing.changed(session))
        return await heard(page)

    assert followed(scenario) == [{"last": 0}]


def test_sessions_that_nobody_follows_any_more_are_forgotten(session):
    async def scenario(followers):
        mailbox = await streaming(followers, session)
        before = len(followers._tails)
        mailbox.close()
        del mailbox
        for _ in range(3):  # what was begun for it ends first
            await asyncio.sleep(0)
        return before, len(followers._tails)

    assert followed(scenario) == (1, 0)


def test_a_list_hears_of_the_sessions_of_its_workspace_alone(session):
    elsewhere = make.session(key="other", of=make.workspace("next-door"))

    async def scenario(followers):
        listing = await followers.of_list(session.workspace_id)
        await record(elsewhere, make.event(key="other"))
        await record(session, make.event(text="more"))
        return await heard(listing)

    assert followed(scenario) == [{"changed": [session.public_id], "new": False}]


def test_a_list_is_told_calmly_and_of_new_sessions():
    workspace = make.workspace()

    async def scenario(followers):
        listing = await followers.of_list(workspace.pk)
        made = [await ask(lambda n=n: make.session(make.event(key=n))) for n in ("a", "b", "c")]
        told = []
        while len({name for each in told for name in each["changed"]}) < 3:
            told += await heard(listing)
        return {each.public_id for each in made}, told

    made, told = followed(scenario)

    assert {name for each in told for name in each["changed"]} == made
    assert all(each["new"] for each in told)


def test_of_very_many_changed_sessions_no_name_is_told():
    workspace = make.workspace()

    async def scenario(followers):
        listing = await followers.of_list(workspace.pk)
        for number in range(300):
            followers.hear(f"{number + 1} 5 6 {workspace.pk}")
        return await heard(listing)

    assert followed(scenario) == [{"changed": None, "new": False}]


def test_a_list_looks_at_everything_after_a_deletion_and_after_a_cut(session):
    async def scenario(followers):
        listing = await followers.of_list(session.workspace_id)
        await ask(lambda: erasing.erase(session, by=make.actor()))
        first = await heard(listing)
        await ask(cut_off)
        return first, await heard(listing)

    deletion, cut = followed(scenario)

    assert deletion[0]["changed"] is None
    assert cut == [{"changed": None, "new": True}]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("payload", "news"),
    [
        ("7 3 9 wrkspc_1", News(7, 3, 9, "wrkspc_1")),
        ("7 0 0 wrkspc_1", News(7, 0, 0, "wrkspc_1")),
        ("7 deleted wrkspc_1", News(7, 0, 0, "wrkspc_1", is_deleted=True)),
    ],
)
def test_what_is_said_is_ids_alone(payload, news):
    assert News.read(payload) == news
