"""The page of one session, through the edge."""

import re
from urllib.parse import quote

import pytest

from apps.sessions import recording
from apps.sessions.browsing import WINDOW
from tests import make

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def reader(client):
    client.force_login(make.user("ines"))
    return client


def said(response):
    """The page's text, tags and doubled spaces gone."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows(response):
    return re.findall(r'<li class="event .*?</li>\s', response.content.decode(), re.DOTALL)


def ids(response):
    return re.findall(r'<li class="event [^>]*? data-id="([^"]+)"', response.content.decode())


def chat(length, **where):
    return [
        make.event(text=f"message {n}", after=n, id=f"sevt_{n}", **where) for n in range(length)
    ]


def test_it_says_what_the_session_is(reader):
    session = make.session(
        make.event(text="Please rebook"),
        *make.request(after=1, took=2, tokens=(1_000, 500, 9_000, 0)),
        make.event("agent.message", "I will", after=4),
        title="Rebook LH 441",
    )

    text = said(reader.get(session.get_absolute_url()))

    assert "Rebook LH 441" in text
    assert "coordinator" in text
    assert "10.5k" in text
    assert "Please rebook" in text
    assert "Model request claude-sonnet-4-5" in text
    assert "10.0k in · 9.0k cached · 500 out" in text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 12), ("?view=debug", 12), ("?q=message", 12), ("?types=messages", 12)],
)
def test_it_asks_as_much_for_one_row_as_for_three(
    reader, django_assert_num_queries, query, queries, count
):
    session = make.session(*chat(count))

    with django_assert_num_queries(queries):
        response = reader.get(f"{session.get_absolute_url()}{query}")

    assert len(rows(response)) == count


def test_a_long_text_is_begun_and_the_whole_is_a_request_away(reader):
    text = "word " * 2_000
    session = make.session(make.event(text=text, id="sevt_long"))
    page = session.get_absolute_url()

    assert len(reader.get(page).content) < 60_000
    whole = reader.get(f"{page}events/sevt_long/?part=text", headers=PART)
    assert whole.content.decode() == text


def test_the_list_comes_in_windows_that_lie_side_by_side(reader):
    session = make.session(*chat(3 * WINDOW))
    page = session.get_absolute_url()

    first = reader.get(page)
    second = reader.get(f"{page}events/?after={WINDOW}", headers=PART)
    back = reader.get(f"{page}events/?before={WINDOW + 1}", headers=PART)

    assert ids(first) == ids(back) == [f"sevt_{n}" for n in range(WINDOW)]
    assert ids(second) == [f"sevt_{n}" for n in range(WINDOW, 2 * WINDOW)]
    assert f'data-last="{WINDOW}" data-later' in first.content.decode()
    assert "data-earlier data-later" in second.content.decode()


def test_without_scripts_later_events_are_a_link_away(reader):
    session = make.session(*chat(WINDOW + 1))
    page = session.get_absolute_url()

    (later,) = re.findall(r'rel="next" href="([^"]+)"', reader.get(page).content.decode())
    response = reader.get(later.replace("&amp;", "&"))

    assert ids(response) == [f"sevt_{WINDOW}"]
    assert 'rel="prev"' in response.content.decode()


def test_a_fragment_asked_for_as_a_page_leads_to_the_page(reader):
    session = make.session(*chat(2))
    page = session.get_absolute_url()

    assert reader.get(f"{page}events/?after=1&q=x").url == f"{page}?after=1&q=x"
    assert reader.get(f"{page}events/sevt_1/").url == f"{page}?event=sevt_1"


def test_a_link_to_an_event_opens_the_list_around_it(reader):
    session = make.session(*chat(500))

    response = reader.get(f"{session.get_absolute_url()}?event=sevt_300")

    assert "sevt_300" in ids(response)
    assert "sevt_0" not in ids(response)
    (current,) = [row for row in rows(response) if 'aria-current="true"' in row]
    assert "message 300" in current


def test_a_link_to_a_range_marks_every_event_of_it(reader):
    session = make.session(*chat(9))

    response = reader.get(f"{session.get_absolute_url()}?event=sevt_5&to=sevt_3")

    marked = [row for row in rows(response) if "is-ranged" in row]
    assert [re.search(r"message \d", row).group() for row in marked] == [
        "message 3",
        "message 4",
        "message 5",
    ]


def test_a_link_to_a_result_selects_the_row_of_its_use(reader):
    use, result = make.call("bash", {"command": "ls"}, "a.txt")
    session = make.session(use, result)

    response = reader.get(f"{session.get_absolute_url()}?event={result.public_id}")

    assert ids(response) == [use.public_id]
    assert 'aria-current="true"' in rows(response)[0]
    assert "a.txt" in said(response)


@pytest.mark.parametrize("query", ["?event=sevt_no", "?event=sevt_1&to=sevt_no"])
def test_an_event_that_is_not_there_is_not_found(reader, query):
    session = make.session(*chat(2))

    assert reader.get(f"{session.get_absolute_url()}{query}").status_code == 404


def test_chips_narrow_the_list(reader):
    session = make.session(
        make.event(text="hello"),
        *make.call("bash", {"command": "ls"}, "fine", after=1),
        *make.call("grep", {"pattern": "x"}, "broken pipe", after=3, is_error=True),
        *make.request(after=6),
    )
    page = session.get_absolute_url()

    assert len(rows(reader.get(page))) == 4
    assert len(rows(reader.get(f"{page}?types=messages"))) == 1
    assert len(rows(reader.get(f"{page}?types=tools"))) == 2
    assert len(rows(reader.get(f"{page}?types=model,messages"))) == 2
    (failure,) = rows(reader.get(f"{page}?types=errors"))
    assert "grep failed." in failure
    assert "broken pipe" in failure
    assert len(rows(reader.get(f"{page}?types=tools,errors"))) == 2


def test_chips_count_calls_and_not_their_ends(reader):
    session = make.session(
        *make.call("bash", {}, "fine"), *make.call("bash", {}, "bad", after=2, is_error=True)
    )
    page = session.get_absolute_url()

    assert re.search(r"Tools\s+2\b", said(reader.get(page)))
    assert re.search(r"Errors\s+1\b", said(reader.get(page)))
    assert re.search(r"Tools\s+4\b", said(reader.get(f"{page}?view=debug")))


def test_a_lane_shows_its_thread_alone(reader):
    session = make.session(
        make.event(text="hello"),
        make.event("agent.message", "from below", after=1, thread="sthr_child"),
        threads=[make.thread("sthr_child")],
    )

    response = reader.get(f"{session.get_absolute_url()}?thread=sthr_child")

    assert len(rows(response)) == 1
    assert "from below" in said(response)


def test_debug_shows_every_event(reader):
    session = make.session(
        make.event("session.status_running"),
        *make.call("bash", {"command": "ls"}, "fine", after=1),
        make.event("session.status_idle", after=4),
    )
    page = session.get_absolute_url()

    assert len(rows(reader.get(page))) == 1
    assert len(rows(reader.get(f"{page}?view=debug"))) == 4
    assert len(rows(reader.get(f"{page}?view=debug&types=status"))) == 2


def test_words_are_found_in_texts_and_tools_whatever_their_case(reader):
    session = make.session(
        make.event(text="Fly to LISBON"),
        *make.call("search_fares", {"to": "lisbon"}, "none to 100% sure", after=1),
        make.event("agent.message", "Nothing", after=4),
    )
    page = session.get_absolute_url()

    assert len(rows(reader.get(f"{page}?q=lisbon"))) == 2
    assert "<mark>LISBON</mark>" in reader.get(f"{page}?q=lisbon").content.decode()
    assert len(rows(reader.get(f"{page}?q=SEARCH_f"))) == 2
    assert len(rows(reader.get(f"{page}?q={quote('100%')}"))) == 1
    assert "Nothing here mentions “paris”." in said(reader.get(f"{page}?q=paris"))


def test_a_match_deep_in_a_text_is_shown(reader):
    session = make.session(make.event(text="x " * 5_000 + "needle" + " y" * 5_000))

    (row,) = rows(reader.get(f"{session.get_absolute_url()}?q=needle"))

    assert "<mark>needle</mark>" in row


def test_the_first_error_is_a_link_away(reader):
    use, result = make.call("bash", {}, "bad", after=5, is_error=True)
    session = make.session(make.event(text="hello"), use, result)

    content = reader.get(session.get_absolute_url()).content.decode()

    assert f"?event={result.public_id}" in content


def test_errors_are_sought_in_both_directions(reader):
    events = chat(200)
    fails = make.call("bash", {}, "bad", after=90, is_error=True)
    session = make.session(*events[:90], *fails, *events[90:])
    url = f"{session.get_absolute_url()}events/"

    for query in ("failure-after=1", "failure-before=150"):
        response = reader.get(f"{url}?{query}", headers=PART)

        assert 'data-cursor="around=91"' in response.content.decode()
        assert fails[0].public_id in ids(response)

    nothing = reader.get(f"{url}?failure-after=120", headers=PART)
    assert 'data-cursor="around=120"' in nothing.content.decode()


@pytest.mark.parametrize(
    "bad", ["after=x", "after=-1", "after=", "around=99999999999999", "after=²"]
)
def test_a_damaged_cursor_breaks_nothing(reader, bad):
    session = make.session(*chat(2))

    assert reader.get(f"{session.get_absolute_url()}?{bad}").status_code == 200


def test_where_nothing_happened_for_long_the_list_says_so(reader):
    session = make.session(
        make.event("agent.message", "Shall I?"), make.event(text="Yes", after=578)
    )

    assert "idle 9 min 38 s, waiting for the user" in said(reader.get(session.get_absolute_url()))


def test_without_a_clock_events_are_numbered(reader):
    session = make.session(*chat(3), timed=False)

    text = said(reader.get(session.get_absolute_url()))

    assert "no clock" in text
    assert "idle" not in text.replace("Idle", "")
    assert "length" not in text


def test_the_inspector_tells_all_of_an_event(reader):
    use, result = make.call("search", {"to": "LIS", "adults": 4}, "No such fare", is_error=True)
    session = make.session(use, result)
    page = session.get_absolute_url()

    text = said(reader.get(f"{page}events/{use.public_id}/", headers=PART))

    assert "Tool error" in text
    assert "&quot;adults&quot;: 4" in text
    assert "No such fare" in text
    assert "2 Nov 2026, 09:00:00.000" in text
    assert use.public_id in text


def test_the_raw_tab_shows_the_payload_and_hands_it_out(reader):
    session = make.session(make.event(text="hello", id="sevt_1", extra={"b": 1, "a": 2}))
    page = session.get_absolute_url()

    shown = said(reader.get(f"{page}?event=sevt_1&tab=raw"))
    file = reader.get(f"{page}events/sevt_1/?part=payload")

    assert shown.index("&quot;b&quot;: 1") < shown.index("&quot;a&quot;: 2")
    assert file.json()["extra"] == {"b": 1, "a": 2}
    assert file["Content-Disposition"] == 'attachment; filename="sevt_1.json"'


def test_a_payload_too_large_to_read_is_cut_and_offered_whole(reader):
    session = make.session(make.event(text="x" * 500_000, id="sevt_1"))

    response = reader.get(f"{session.get_absolute_url()}?event=sevt_1&tab=raw")

    assert "Only the beginning is shown." in said(response)
    assert len(response.content) < 300_000


def test_costs_of_threads_and_of_running_time_add_up_to_the_session(reader):
    session = make.session(
        make.event("session.status_running"),
        *make.request(after=1, tokens=(1_000_000, 0, 0, 0)),
        *make.request(after=1, tokens=(2_000_000, 0, 0, 0), thread="sthr_child"),
        make.event("session.status_idle", after=3_600),
        threads=[make.thread("sthr_child")],
    )

    text = said(reader.get(f"{session.get_absolute_url()}?tab=session"))

    assert re.search(r"coordinator \$3.00 refunds \$6.00 Running time, 1 h \$0.080", text)
    assert "Together $9.08" in text
    thread = said(reader.get(f"{session.get_absolute_url()}?tab=thread"))
    assert "Its own $3.00 Delegated $6.00 Together $9.00" in thread


def test_a_request_without_a_list_price_makes_a_cost_the_least(reader):
    session = make.session(*make.request(model="our-own-model"))

    assert "≥ $0.00" in said(reader.get(session.get_absolute_url()))


def test_the_timeline_is_small_and_sent_once(reader):
    session = make.session(
        make.event(text="hello"),
        make.event("agent.message", "Shall I?", after=100),
        make.event("agent.message", "hm", after=1, thread="sthr_child"),
        threads=[make.thread("sthr_child")],
    )
    url = f"{session.get_absolute_url()}timeline.json"

    answer = reader.get(url)
    again = reader.get(url, headers={"If-None-Match": answer["ETag"]})

    assert answer.json()["lanes"][1][1:] == ["sthr_child", "refunds"]
    assert answer.json()["gaps"] == [[1_000, 100_000]]
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "events/",
        "events/sevt_1/",
        "events/sevt_1/?part=text",
        "events/sevt_1/?part=payload",
        "timeline.json",
        "export.ndjson",
        "export.json",
        "what-happened/",
    ],
)
def test_a_neighbours_session_does_not_exist(reader, path):
    make.workspace()
    elsewhere = make.session(*chat(2), of=make.workspace("neighbour"))
    here = f"/w/default/sessions/{elsewhere.public_id}/{path}"

    assert reader.get(here, headers=PART).status_code == 404
    assert reader.get(here.replace("default", "neighbour"), headers=PART).status_code == 404


def test_nobody_reads_without_signing_in(client):
    session = make.session(*chat(1))

    assert client.get(session.get_absolute_url()).status_code == 302


def test_a_page_is_only_read(reader):
    session = make.session(*chat(1))

    assert reader.post(session.get_absolute_url()).status_code == 405
    assert reader.get(f"{session.get_absolute_url()}export.csv").status_code == 404


@pytest.mark.parametrize("at_once", [True, False])
def test_a_tool_that_waits_to_be_allowed_is_not_drawn_at_work(reader, at_once):
    use, result = make.call("pay", {}, "paid", after=0, took=600)
    word = make.event(
        "user.tool_confirmation", after=598, tool_use_id=use.public_id, result="allow"
    )
    session = make.session(use, word, result) if at_once else make.session(use)
    if not at_once:
        for each in (word, result):
            recording.record(session.pk, [each])

    drawn = reader.get(f"{session.get_absolute_url()}timeline.json").json()

    assert [mark[2:4] for mark in drawn["marks"]] == [[0, 0], [598_000] * 2, [598_000, 600_000]]
    assert drawn["gaps"] == [[0, 598_000]]


@pytest.mark.parametrize("odd", ["sesn_a/b", "..", "sesn_ü?x#y%2F", "sesn_ "])
def test_ids_from_elsewhere_may_be_odd(reader, odd):
    event = make.event(text="hello", id="sevt/1?x#y")
    session = make.session(event, public_id=odd)
    page = session.get_absolute_url()

    assert reader.get("/w/default/sessions/").status_code == 200
    assert 'aria-current="true"' in rows(reader.get(f"{page}?event={quote('sevt/1?x#y')}"))[0]
    whole = reader.get(f"{page}events/{quote('sevt/1?x#y', safe='')}/?part=text", headers=PART)
    assert whole.content == b"hello"
