"""Bodies: JSON at its word, nothing at all, and everything that is neither."""

import pytest

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.wire")]


def post(body, content_type="application/json", path="/v1/boats", **headers):
    return make.api().generic("POST", path, body, content_type=content_type, headers=headers)


def complaint(answer, status=400, kind="invalid_request_error"):
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, kind)
    return answer.json()["error"]["message"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=UTF-8"])
def test_json_is_taken_whatever_it_calls_itself(content_type):
    assert post(b'{"name": "Ark"}', content_type).json()["name"] == "Ark"


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "application/x-www-form-urlencoded"]
)
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_nothing_counts_as_an_empty_object(body, content_type):
    answer = post(body, content_type)

    assert complaint(answer) == "name: this field is required"


def test_a_form_is_told_to_come_as_json():
    said = complaint(post(b"name=Ark&length=3", "application/x-www-form-urlencoded"))

    assert said.startswith("The body is not JSON: Expecting value at line 1, column 1.")
    assert "send JSON, with Content-Type: application/json" in said


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b'"text"', b"null", b"{'name': 1}", b"\xff\xfe{}", b'\xef\xbb\xbf{"name":"A"}'],
)
def test_what_is_no_object_is_refused(body):
    assert complaint(post(body)).startswith(("The body is not", "The body must be"))


def test_where_it_breaks_is_told():
    assert "line 2, column 3" in complaint(post(b'{"name": "Ark",\n  length: 3}'))


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
def test_a_number_that_is_none_is_refused(number):
    said = complaint(post(b'{"extra": {"deep": [%s]}}' % number, path="/v1/raw"))

    assert said == f"The body holds a number that is none: {number.decode()}."


def test_a_number_of_thousands_of_digits_is_refused():
    assert "thousands of digits" in complaint(post(b'{"n": %s}' % (b"1" * 5000), path="/v1/raw"))


def test_a_long_number_comes_through_unrounded():
    assert post(b'{"n": 12345678901234567890123}', path="/v1/raw").text == (
        '{"n": 12345678901234567890123}'
    )


@pytest.mark.parametrize("depth", [101, 1_500, 200_000])
def test_deep_nesting_is_refused(depth):
    body = b'{"n": ' + b"[" * depth + b"]" * depth + b"}"

    assert complaint(post(body, path="/v1/raw")) == "This value is nested deeper than 100 levels."


def test_text_that_no_database_keeps_is_made_fit():
    body = rb'{"name": "a\u0000b\ud800c\ud83d\ude00", "extra": {"\u0000": ["\udfff"]}}'

    made = post(body).json()

    assert made["name"] == "a␀b?c😀"
    assert made["extra"] == {"␀": ["?"]}


def test_of_two_equal_keys_the_last_one_counts():
    assert post(b'{"name": "Ark", "name": "Bark"}').json()["name"] == "Bark"


def test_every_wrong_field_is_named():
    said = complaint(post(b'{"length": "3", "sails": 2, "extra": []}'))

    assert said == (
        "name: this field is required; length: input should be a valid number; "
        "extra: input should be a valid dictionary; sails: unknown field"
    )


@pytest.mark.parametrize("accept", ["application/binary", "text/event-stream", "text/html;q=0.9"])
def test_what_a_client_says_it_accepts_changes_nothing(accept):
    answer = post(b'{"name": "Ark"}', accept=accept)

    assert (answer.status_code, answer["content-type"]) == (200, "application/json")


def test_a_body_of_the_limit_is_taken_and_one_byte_more_is_not(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    body = b'{"name": "%s"}'
    room = 2**20 - len(body) + 2

    assert post(body % (b"x" * room)).status_code == 200
    said = complaint(post(body % (b"x" * (room + 1))), 413, "request_too_large")
    assert said == "The body is larger than 1 MB."


def test_the_limit_is_32_mb(settings):
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 32 * 2**20
