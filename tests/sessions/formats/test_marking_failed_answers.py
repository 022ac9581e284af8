"""A tool's answer that reports an error is told from one that mentions one."""

import pytest

from apps.sessions.formats.failures import reports_failure


@pytest.mark.parametrize(
    "answer",
    [
        "Error: payment amount does not add up, total price is 305, but paid 300",
        "error: no such file",
        "ValueError: invalid literal",
        "requests.exceptions.HTTPError: 404",
        "Exception: boom",
        "Traceback (most recent call last):\n  File …",
        "Error executing tool find_flights: timeout",
        "<tool_use_error>File has not been read yet</tool_use_error>",
        '{"error": "not found"}',
        '{"error": {"code": 404}}',
        '{"status": "error", "message": "no"}',
        '{"is_error": true, "content": "no"}',
    ],
)
def test_these_report_an_error(answer):
    assert reports_failure(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "HAT136",
        "No Error: all good",
        "The log says Error: disk full",
        "Errors found: 0",
        "Error: None",
        "error: 0",
        "Error rate: 2 %",
        '{"error": null, "id": 4}',
        '{"error": false}',
        '{"error": ""}',
        '{"error": "none"}',
        '{"status": "ok", "errors": ["warning"]}',
        '{"message": "Error: x"}',
        '{"error": "cut off',
        '["error"]',
        "error_log.txt",
    ],
)
def test_these_do_not(answer):
    assert not reports_failure(answer)
