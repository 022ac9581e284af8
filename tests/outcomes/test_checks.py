import time

import pytest

from apps.outcomes.checks import UnfitCheck, check, require_fit


@pytest.mark.parametrize(
    ("kind", "value", "artifact", "verdict", "quoted"),
    [
        ("regex", r"\d+ USD", "It is 420 USD, tax included.", "pass", "420 USD"),
        ("regex", r"\d+ USD", "Überraschend: 420 USD", "pass", "420 USD"),
        ("regex", r"\d+ USD", "It is 420 EUR.", "fail", None),
        ("regex", "x*", "nothing to quote", "pass", None),
        ("regex", r"(?m)^Total:", "Sum\nTotal: 4", "pass", "Total:"),
        ("contains", "a+b", "so a+b it is", "pass", "a+b"),
        ("contains", "a+b", "so aab it is", "fail", None),
        ("not_contains", "TBD", "Price: TBD", "fail", "TBD"),
        ("not_contains", "TBD", "Price: 4", "pass", None),
        ("min_words", "3", "one two", "fail", None),
        ("min_words", "3", "one two three", "pass", None),
        ("max_words", "2", "one two", "pass", None),
        ("max_words", "2", "one two  three four", "fail", "three four"),
        ("min_characters", "4", "abcd", "pass", None),
        ("max_characters", "4", "abcdef", "fail", "ef"),
        ("json_schema", '{"required": ["total"]}', '{"total": 4}', "pass", None),
        ("json_schema", '{"required": ["total"]}', "{}", "fail", None),
        ("json_schema", "{}", "Here it is:\n\n```json\n[4]\n```\n", "pass", None),
        ("json_schema", "{}", '{"total": 4\n"tax": 1}', "fail", '"tax": 1}'),
    ],
)
def test_a_check_quotes_what_decided(kind, value, artifact, verdict, quoted):
    found = check(kind, value, artifact)

    assert found.verdict == verdict
    assert (None if found.start is None else artifact[found.start : found.end]) == quoted
    assert found.reason.endswith(".")


def test_what_a_schema_does_not_allow_is_told_with_its_place():
    schema = '{"properties": {"items": {"items": {"type": "number"}}}}'

    found = check("json_schema", schema, '{"items": [1, "2", true]}')

    assert found.reason == (
        'Not as the schema says: /items/1: "2" is not of type "number"; '
        '/items/2: true is not of type "number".'
    )


@pytest.mark.parametrize(
    ("kind", "value", "artifact"),
    [
        ("regex", "(a+)+$", "a" * 1_000_000 + "b"),
        ("regex", "(x+x+)+y", "x" * 1_000_000),
        ("json_schema", '{"pattern": "(a+)+$"}', f'"{"a" * 100_000}b"'),
        ("json_schema", '{"$ref": "#"}', "[" * 100_000),
        ("json_schema", '{"items": {"$ref": "#"}}', "[" * 900 + "]" * 900),
    ],
)
def test_nothing_a_rubric_asks_for_hangs_a_worker(kind, value, artifact):
    started = time.monotonic()

    check(kind, value, artifact)

    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("regex", "(", "the pattern cannot be read: missing ): (. Patterns are those of RE2"),
        ("regex", "(?=a)", "without look-ahead, look-behind and backreferences"),
        ("contains", "", "write some text between the quotes"),
        ("max_words", "many", "write a whole number up to 10,000,000, such as 200"),
        ("max_words", "-1", "write a whole number"),
        ("json_schema", "{", "the schema is not JSON"),
        ("json_schema", "[]", "a schema is a JSON object"),
        ("json_schema", '{"type": "nothing"}', "this is no JSON schema"),
        ("json_schema", '{"$ref": "http://127.0.0.1:9/x"}', "schemas from elsewhere are not"),
        ("json_schema", '{"$ref": "file:///etc/passwd"}', "schemas from elsewhere are not"),
        ("contains", "x" * 20_001, "20,001 characters; at most 20,000"),
    ],
)
def test_a_check_that_cannot_be_made_is_refused_when_it_is_written(kind, value, why):
    with pytest.raises(UnfitCheck) as refusal:
        require_fit(kind, value)

    assert why in refusal.value.message
