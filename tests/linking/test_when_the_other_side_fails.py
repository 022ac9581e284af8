"""What a sync does when the other side refuses, is slow, breaks off or talks nonsense."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from apps.core import addresses, sealing
from apps.linking import syncing, vendor, working
from apps.linking.models import MOST_ATTEMPTS, Link, LinkedSession
from apps.sessions.models import Event, Session
from tests.linking.conftest import make_link, sync, work_on
from tests.linking.standin import KEY, Fault, StandIn

pytestmark = pytest.mark.django_db


def test_a_wrong_key_is_said_and_not_tried_again(there):
    link = make_link(there.url, key="sk-ant-wrong-0000")

    work_on(link)

    assert link.status == Link.Status.NEEDS_KEY
    assert "wrong, expired or revoked" in link.error
    there.asked.clear()
    work_on(link)
    assert there.asked == []


def test_a_key_that_may_not_read_something_is_said_with_the_reason(there, link):
    there.faults.append(Fault("/v1/environments", 403, times=0))

    work_on(link)

    assert link.status == Link.Status.NEEDS_KEY
    assert link.error == "This key may not read that: status 403. Enter one that may."


def test_a_key_that_no_key_of_ours_opens_must_be_entered_again(there, link, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []

    work_on(link)

    assert link.status == Link.Status.NEEDS_KEY
    assert "Enter it again" in link.error


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({}, syncing.WAIT_UNTOLD),
        ({"retry-after": "nonsense"}, syncing.WAIT_UNTOLD),
        ({"retry-after": "inf"}, syncing.WAIT_UNTOLD),
        ({"retry-after": "999999"}, syncing.LONGEST_WAIT),
        ({"retry-after": "-5"}, 0),
    ],
)
def test_a_rate_limit_puts_the_link_back_for_as_long_as_it_says(there, link, headers, seconds):
    there.faults.append(Fault("/v1/environments", 429, headers))
    before = timezone.now()

    work_on(link)

    assert link.status == Link.Status.PENDING
    assert work_on.seconds == seconds
    assert link.due_at - before >= timedelta(seconds=seconds)
    assert link.waits_for == "The other side asked us to wait."
    assert link.progress["waits"] == 1


def test_a_rate_limit_may_name_a_moment(there, link):
    moment = datetime.now(UTC) + timedelta(seconds=40)
    there.faults.append(Fault("/v1/agents", 429, {"retry-after": format_datetime(moment)}))

    work_on(link)

    assert 35 < work_on.seconds <= 40


def test_after_a_rate_limit_it_goes_on_where_it_was(there, link):
    for number in range(3):
        there.session(f"sesn_{number}", "one", created=f"2026-11-1{number}T00:00:00Z")
    there.faults.append(Fault("/v1/sessions/sesn_1/events", 429, {"retry-after": "1"}))

    work_on(link)
    there.asked.clear()
    sync(link)

    assert link.status == Link.Status.IDLE
    assert Event.objects.count() == 3
    assert not any("sesn_0" in path or path.startswith("/v1/agents") for path in there.asked)
    assert link.result["events"] == 3


def test_a_rate_limit_may_last_for_ever_without_being_a_failure(there, link):
    there.faults.append(Fault("/v1/agents", 429, {"retry-after": "0"}, times=0))

    for _ in range(MOST_ATTEMPTS + 2):
        work_on(link)

    assert (link.status, link.progress["waits"]) == (Link.Status.PENDING, MOST_ATTEMPTS + 2)


@pytest.mark.parametrize("status", [500, 502, 503, 529, 408])
def test_what_passes_is_tried_again(there, link, status):
    there.session("sesn_1", "one")
    there.faults.append(Fault("/v1/sessions/sesn_1/events", status))

    work_on(link)
    assert link.status == Link.Status.PENDING
    assert link.waits_for == f"It answered {status}: status {status}."
    sync(link)

    assert link.status == Link.Status.IDLE
    assert Event.objects.count() == 1


def test_the_pauses_double_and_then_it_has_failed_until_the_schedule(there, link):
    there.faults.append(Fault("/v1/agents", 500, times=0))
    pauses = []
    while link.status != Link.Status.FAILED:
        work_on(link)
        pauses.append(work_on.seconds)

    assert pauses[-1] is None
    assert len(pauses) == MOST_ATTEMPTS
    assert all(
        0.8 * syncing.FIRST_PAUSE * 2**n <= pause <= syncing.FIRST_PAUSE * 2**n
        for n, pause in enumerate(pauses[:-1])
    )
    assert link.error == "It answered 500: status 500."
    assert link.due_at > timezone.now() + timedelta(minutes=14)
    there.faults.clear()
    sync(link)
    assert (link.status, link.error) == (Link.Status.IDLE, "")


def test_silence_is_given_up_on(there, link, monkeypatch):
    monkeypatch.setattr(vendor, "SECONDS_TO_ANSWER", 0.2)
    there.faults.append(Fault("/v1/agents", sleep=1))

    work_on(link)

    assert link.status == Link.Status.PENDING
    assert link.waits_for.startswith("No answer within")


def test_a_connection_that_is_cut_is_tried_again(there, link):
    there.session("sesn_1", "one")
    there.faults.append(Fault("/v1/sessions/sesn_1/events", cut=True))

    work_on(link)
    assert link.status == Link.Status.PENDING
    assert link.waits_for.startswith("No connection")
    sync(link)

    assert Event.objects.count() == 1


def test_nobody_there_is_said(db):
    with StandIn() as gone:
        url = gone.url
    link = make_link(url)

    work_on(link)

    assert link.status == Link.Status.PENDING
    assert link.waits_for.startswith("No connection")


@pytest.mark.parametrize("body", ["<html>Welcome</html>", '{"data": 1}', "[]", "{", "\xff"])
def test_what_is_no_such_api_is_said(there, link, body):
    there.faults.append(Fault("/v1/agents", 200, body=body, times=0))

    work_on(link)

    assert link.status == Link.Status.FAILED
    assert link.error == "What answered does not speak this API. Is the base URL right?"


def test_a_base_url_that_leads_nowhere_is_said(there):
    link = make_link(f"{there.url}/nowhere")

    work_on(link)

    assert link.status == Link.Status.FAILED
    assert link.error == "There is no /nowhere/v1/agents there: status 404."


def test_a_redirect_is_not_followed_with_the_key(there, link):
    with StandIn() as thief:
        there.faults.append(Fault("/v1/agents", 302, {"location": f"{thief.url}/v1/agents"}))

        work_on(link)

        assert thief.asked == []
    assert link.status == Link.Status.FAILED
    assert "leads elsewhere" in link.error


def test_a_key_that_is_repeated_back_is_not_kept(there, link):
    body = {"type": "error", "error": {"type": "x", "message": f"Bad key {KEY}!"}}
    there.faults.append(Fault("/v1/agents", 400, body=body))

    work_on(link)

    assert link.error == "It answered 400: Bad key …!."


def test_a_page_that_leads_to_itself_ends(there, link):
    page = {"data": [{"id": "agent_a", "version": 1}], "next_page": "at-1"}
    there.faults.append(Fault("/v1/agents?", 200, body=page, times=0))

    work_on(link)

    assert (link.status, link.error) == (Link.Status.FAILED, "A page there leads to itself.")


def test_a_refused_page_of_a_stage_means_to_begin_the_stage_again(there, link):
    there.rows_per_page = 1
    there.agent("agent_b")
    there.faults.append(Fault("/v1/agents?include_archived=true&limit=100&page", 400))

    sync(link)

    assert link.status == Link.Status.IDLE


@pytest.mark.parametrize("status", [400, 500])
def test_one_session_that_cannot_be_read_keeps_nobody_waiting(there, link, status):
    for number in range(3):
        there.session(f"sesn_{number}", "one", created=f"2026-11-1{number}T00:00:00Z")
    there.faults.append(Fault("/v1/sessions/sesn_0/", status, times=0))

    sync(link)

    assert link.status == Link.Status.IDLE
    assert set(Session.objects.values_list("public_id", flat=True)) == {"sesn_1", "sesn_2"}
    assert link.result["troubles"] == [
        {"session": "sesn_0", "error": f"It answered {status}: status {status}."}
    ]
    there.faults.clear()
    sync(link)
    assert Session.objects.count() == 3
    assert "troubles" not in link.result


def test_the_budget_of_a_minute_is_kept(there, link, settings):
    settings.LINK_REQUESTS_PER_MINUTE = 2
    there.session("sesn_1", "one")

    work_on(link)

    assert len(there.asked) == 2
    assert link.status == Link.Status.PENDING
    assert 0 < work_on.seconds <= 60
    assert "2 requests a minute" in link.waits_for
    work_on(link)
    assert len(there.asked) == 2
    Link.objects.update(spent=[0, 2])  # a minute that is over
    link.refresh_from_db()
    work_on(link)
    assert len(there.asked) == 4


def test_long_work_is_done_in_turns(there, link, monkeypatch):
    monkeypatch.setattr(working, "SLICE", 0.0)
    there.session("sesn_1", "one")

    work_on(link)

    assert (link.status, work_on.seconds) == (Link.Status.PENDING, 0)


def test_a_private_address_is_not_asked(there, monkeypatch, link):
    Link.objects.update(base_url="https://intranet.example")
    monkeypatch.setattr(
        addresses.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.7", 0))]
    )

    work_on(link)

    assert link.status == Link.Status.FAILED
    assert "private network" in link.error


class Interrupted(vendor.Vendor):
    """Something happens here while environments are asked for there."""

    def __init__(self, base_url, key, meanwhile):
        super().__init__(base_url, key)
        self.meanwhile = meanwhile

    def environments(self, page=""):
        self.meanwhile()
        return super().environments(page)


def interrupt(link, meanwhile):
    syncing.attempt(link.pk, lambda base_url, key: Interrupted(base_url, key, meanwhile))


def test_pausing_stops_it_after_the_page_at_hand(there, link):
    there.session("sesn_1", "one")

    interrupt(link, lambda: Link.objects.update(is_paused=True))

    assert not any("sessions" in path for path in there.asked)
    link.refresh_from_db()
    assert (link.status, link.stage) == (Link.Status.PENDING, "environments")
    Link.objects.update(is_paused=False)
    sync(link)
    assert Event.objects.count() == 1


def test_unlinking_stops_it(there, link):
    interrupt(link, lambda: Link.objects.all().delete())

    assert not Link.objects.exists()
    assert not any("sessions" in path for path in there.asked)


def test_who_lost_the_lease_leaves_it_to_the_other(there, link):
    interrupt(link, lambda: Link.objects.update(lease_id="another"))

    link.refresh_from_db()
    assert (link.status, link.lease_id) == (Link.Status.RUNNING, "another")
    assert not any("sessions" in path for path in there.asked)


def test_only_one_worker_has_a_link(there, link):
    assert Link.objects.claim(link.pk) is not None
    assert Link.objects.claim(link.pk) is None


def test_a_link_whose_worker_is_gone_is_taken_up(there, link):
    first = Link.objects.claim(link.pk)
    Link.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert syncing.due() == [link.pk]
    second = Link.objects.claim(link.pk)

    assert first is not None
    assert second is not None
    assert not first.keep()
    assert second.keep()


def test_workers_that_die_without_getting_on_end_it(there, link):
    for _ in range(MOST_ATTEMPTS):
        assert Link.objects.claim(link.pk) is not None
        Link.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert syncing.due() == []

    link.refresh_from_db()
    assert (link.status, link.error) == (Link.Status.FAILED, syncing.GIVEN_UP)
    assert link.due_at > timezone.now()


class Deadly(vendor.Vendor):
    """The worker dies with what one session holds."""

    def threads(self, session_id, page=""):
        if session_id == "sesn_0":
            raise SystemExit
        return super().threads(session_id, page)


def test_a_session_that_kills_its_worker_is_not_asked_first_again(there, link):
    for number in range(2):
        there.session(f"sesn_{number}", "one", created=f"2026-11-1{number}T00:00:00Z")

    with pytest.raises(SystemExit):
        syncing.attempt(link.pk, Deadly)

    wanted = LinkedSession.objects.wanted()
    assert [each.public_id for each in wanted] == ["sesn_1", "sesn_0"]


def test_links_that_are_paused_or_not_due_are_left(there, link):
    paused = make_link(there.url, is_paused=True)
    later = make_link(there.url, due_at=timezone.now() + timedelta(minutes=5))
    needy = make_link(there.url, status=Link.Status.NEEDS_KEY)

    found = syncing.due()

    assert found == [link.pk]
    assert not {paused.pk, later.pk, needy.pk} & set(found)


def test_a_new_key_is_sealed_with_the_newest_of_ours(link, settings):
    assert KEY not in link.sealed_key
    assert sealing.open_sealed(link.sealed_key) == KEY
