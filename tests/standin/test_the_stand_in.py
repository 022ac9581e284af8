"""The stock client against the stand-in: what holds of the vendor's service holds here."""

import anthropic
import httpx2
import pytest
from anthropic import Anthropic
from pydantic import BaseModel, Field

from tests.standin import Billed, Fault, StandIn
from tests.standin.server import smallest

MODEL = "claude-sonnet-5-5"


class Finding(BaseModel):
    quote: str = Field(max_length=100)
    weight: float = Field(ge=0, le=1)
    kind: str | None


class Findings(BaseModel):
    findings: list[Finding]


FOUND = {
    "findings": [
        {"quote": "Grüße, “now” — and then a text of some length", "weight": 1, "kind": None}
    ]
}


@pytest.fixture
def there():
    with StandIn(lambda _: FOUND) as standing:
        yield standing


@pytest.fixture
def client(there):
    with Anthropic(base_url=there.url, api_key=there.key, max_retries=0) as made:
        yield made


def ask(client, text="What do you find?", *, max_tokens=200, **more):
    said = [{"role": "user", "content": text}]
    return client.messages.parse(
        model=MODEL, max_tokens=max_tokens, messages=said, output_format=Findings, **more
    )


def stream(client, **more):
    said = [{"role": "user", "content": "What do you find?"}]
    with client.messages.stream(
        model=MODEL, max_tokens=200, messages=said, output_format=Findings, **more
    ) as streaming:
        return streaming.get_final_message()


def used(message):
    usage = message.usage
    return Billed(
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        usage.cache_creation_input_tokens,
    )


def test_an_answer_is_the_same_whole_and_streamed(there, client):
    whole, streamed = ask(client), stream(client)

    assert whole.parsed_output == streamed.parsed_output == Findings(**FOUND)
    assert whole.stop_reason == streamed.stop_reason == "end_turn"
    assert used(whole) == used(streamed)
    assert there.billed == used(whole).plus(used(streamed))
    assert there.asked[0].digest == there.asked[1].digest
    assert whole._request_id.startswith("req_")


def test_a_schema_that_nobody_answers_is_filled_with_the_least(there, client):
    there.responder = smallest

    assert ask(client).parsed_output == Findings(findings=[])


def test_a_beginning_that_was_marked_before_is_read_from_the_cache(there, client):
    def system(text):
        return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]

    first = used(ask(client, "a" * 40, system=system("You read." * 100)))
    again = used(ask(client, "b" * 400, system=system("You read." * 100)))
    other = used(ask(client, "b" * 400, system=system("You write." * 100)))
    unmarked = used(ask(client, "b" * 400, system="You read." * 100))

    assert first.cache_write >= 225
    assert (first.cache_read, first.input) == (0, 10)
    assert (again.cache_read, again.cache_write, again.input) == (first.cache_write, 0, 100)
    assert (other.cache_read, other.cache_write > 225) == (0, True)
    assert (unmarked.cache_read, unmarked.cache_write) == (0, 0)
    assert sum(unmarked[:1]) == again.cache_read + again.input


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.rate_limited(retry_after=3), anthropic.RateLimitError),
        (Fault.overloaded(), anthropic.OverloadedError),
        (Fault.broken(), anthropic.InternalServerError),
        (Fault.reset(), anthropic.APIConnectionError),
    ],
)
@pytest.mark.parametrize("way", [ask, stream])
def test_what_fails_before_an_answer_is_not_billed(there, client, fault, error, way):
    there.next(fault)

    with pytest.raises(error) as failed:
        way(client)

    assert there.answered == []
    assert way(client).stop_reason == "end_turn"
    if isinstance(failed.value, anthropic.RateLimitError):
        assert failed.value.response.headers["retry-after"] == "3"
        assert failed.value.type == "rate_limit_error"


def test_a_stream_can_break_and_can_end_in_an_error(there, client):
    there.next(Fault.cut(), Fault.overloaded_midway(), Fault.cut())

    with pytest.raises(httpx2.RemoteProtocolError):
        stream(client)
    with pytest.raises(anthropic.APIStatusError, match="overloaded"):
        stream(client)
    with pytest.raises(anthropic.APIConnectionError):
        ask(client)

    whole = used(stream(client))
    assert there.answered == there.charged[2:]
    for part in (each.billed for each in there.charged[:2]):
        assert sum(part) - part.output == sum(whole) - whole.output
        assert 0 < part.output < whole.output


def test_an_answer_can_be_late(there, client):
    there.next(Fault.slow(5), Fault.slow(5))

    with pytest.raises(anthropic.APITimeoutError):
        ask(client, timeout=0.05)
    # Of a stream that has begun, the client does not translate it.
    with pytest.raises((httpx2.ReadTimeout, anthropic.APITimeoutError)):
        stream(client, timeout=0.05)


def test_an_answer_can_be_refused_cut_short_or_of_another_form(there, client):
    def plain(max_tokens=200):
        said = [{"role": "user", "content": "?"}]
        return client.messages.create(model=MODEL, max_tokens=max_tokens, messages=said)

    there.next(Fault.refusal(), Fault.too_long(), None, Fault.invalid_json(), Fault.not_as_asked())
    refused, cut, shortest = plain(), plain(), plain(max_tokens=3)

    assert (refused.stop_reason, refused.content) == ("refusal", [])
    assert cut.stop_reason == shortest.stop_reason == "max_tokens"
    assert shortest.usage.output_tokens == 3
    for _ in range(2):
        with pytest.raises(ValueError, match="Findings"):
            ask(client)
    assert len(there.answered) == 5


def test_each_nth_new_question_fails_once(there, client):
    there.every(2, Fault.overloaded(), Fault.broken())
    met = []

    for text in ("a", "b", "b", "c", "d", "d", "a"):
        try:
            ask(client, text)
            met.append(200)
        except anthropic.APIStatusError as error:
            met.append(error.status_code)

    assert met == [200, 529, 200, 200, 500, 200, 200]
    assert [each.status for each in there.asked] == met


@pytest.mark.parametrize(
    ("wrong", "status", "message"),
    [
        ({"model": "gpt-7"}, 404, "gpt-7"),
        ({"max_tokens": 0}, 400, "max_tokens"),
        ({"messages": []}, 400, "at least one"),
        ({"system": [{"type": "text", "text": ""}]}, 400, "non-empty"),
        ({"messages": [{"role": "user", "content": ""}]}, 400, "non-empty"),
        ({"messages": [{"role": "user", "content": "word " * 1_000_000}]}, 400, "too long"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            400,
            "additionalProperties",
        ),
        (
            {
                "output_config": {
                    "format": {
                        "type": "json_schema",
                        "schema": {"type": "array", "items": {"type": "string", "minLength": 1}},
                    }
                }
            },
            400,
            "minLength",
        ),
    ],
)
def test_what_the_service_would_not_take_is_refused(there, client, wrong, status, message):
    right = {"model": MODEL, "max_tokens": 10, "messages": [{"role": "user", "content": "?"}]}

    with pytest.raises(anthropic.APIStatusError, match=message) as refused:
        client.messages.create(**right | wrong)

    assert refused.value.status_code == status
    assert [each.billed for each in there.asked] == [None]


def test_another_key_is_not_let_in(there):
    stranger = Anthropic(base_url=there.url, api_key="another", max_retries=0)

    with stranger, pytest.raises(anthropic.AuthenticationError, match="invalid x-api-key"):
        ask(stranger)

    assert there.asked == []


def test_a_responder_that_does_not_keep_to_the_schema_is_told(there, client):
    there.responder = lambda _: {"findings": "none"}

    with pytest.raises(anthropic.InternalServerError, match="does not fit"):
        ask(client.with_options(max_retries=5))

    assert len(there.asked) == 1


def test_tokens_are_counted_as_they_are_billed(there, client):
    said = [{"role": "user", "content": "word " * 100}]

    counted = client.messages.count_tokens(model=MODEL, messages=said, output_format=Findings)
    answered = ask(client, "word " * 100)

    assert counted.input_tokens == answered.usage.input_tokens


def test_models_are_listed_and_found(client):
    listed = list(client.models.list())

    assert client.models.retrieve(listed[0].id) == listed[0]
    with pytest.raises(anthropic.NotFoundError):
        client.models.retrieve("gpt-7")


def requests(*names):
    said = {"model": MODEL, "max_tokens": 100}
    return [
        {"custom_id": name, "params": said | {"messages": [{"role": "user", "content": name}]}}
        for name in names
    ]


def test_a_batch_is_answered_when_its_time_has_come(there, client):
    there.batches.seconds = float("inf")
    there.next(None, Fault.overloaded(), Fault.expired(), of="batches.item")
    made = client.messages.batches.create(requests=requests("a", "b", "c"))

    assert made.processing_status == "in_progress"
    assert (made.request_counts.processing, made.results_url) == (3, None)
    assert there.questions == []
    with pytest.raises(anthropic.AnthropicError, match="No `results_url`"):
        client.messages.batches.results(made.id)
    there.batches.end()
    ended = client.messages.batches.retrieve(made.id)
    results = {each.custom_id: each.result for each in client.messages.batches.results(made.id)}

    assert ended.processing_status == "ended"
    assert ended.request_counts.model_dump() == {
        "succeeded": 1, "errored": 1, "expired": 1, "canceled": 0, "processing": 0,
    }  # fmt: skip
    assert list(results) == ["c", "b", "a"]
    assert results["a"].message.usage.service_tier == "batch"
    assert results["b"].error.error.type == "overloaded_error"
    assert results["c"].type == "expired"
    assert there.billed == used(results["a"].message)


def test_a_batch_that_is_canceled_is_not_billed(there, client):
    there.batches.seconds = float("inf")
    made = client.messages.batches.create(requests=requests("a"))

    assert client.messages.batches.cancel(made.id).processing_status == "canceling"
    assert client.messages.batches.retrieve(made.id).processing_status == "ended"
    assert [each.result.type for each in client.messages.batches.results(made.id)] == ["canceled"]
    assert there.billed == Billed()


def test_batches_are_listed_newest_first_and_can_be_deleted(client):
    made = [client.messages.batches.create(requests=requests("a")).id for _ in range(3)]

    listed = [each.id for each in client.messages.batches.list(limit=2)]
    client.messages.batches.delete(made[0])

    assert listed == made[::-1]
    with pytest.raises(anthropic.NotFoundError):
        client.messages.batches.retrieve(made[0])


@pytest.mark.parametrize("names", [["a", "a"], ["a b"], []])
def test_a_batch_names_each_request_once_and_well(client, names):
    with pytest.raises(anthropic.BadRequestError, match="requests"):
        client.messages.batches.create(requests=requests(*names))
