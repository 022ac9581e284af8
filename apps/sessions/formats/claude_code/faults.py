"""What Claude Code writes of requests that failed, as the contract's errors."""

from apps.sessions.formats.shapes import Json, count_of, object_of, text_of

_BY_STATUS = {429: "model_rate_limited_error", 529: "model_overloaded_error"}
_BY_NAME = {
    "rate_limit": "model_rate_limited_error",
    "rate_limit_error": "model_rate_limited_error",
    "overloaded": "model_overloaded_error",
    "overloaded_error": "model_overloaded_error",
    "billing_error": "billing_error",
}


def retried(line: Json) -> Json:
    """The error of a `system` line: the request is tried again, unless this was the last time."""
    error = object_of(line, "error")
    attempt, most = count_of(line, "retryAttempt"), count_of(line, "maxRetries")
    return {
        "type": _BY_STATUS.get(count_of(error, "status"), "model_request_failed_error"),
        "message": _message(line, error),
        "retry_status": {"type": "exhausted" if most and attempt >= most else "retrying"},
    }


def _message(line: Json, error: Json) -> str:
    inner = object_of(object_of(error, "error"), "error") or object_of(error, "error")
    cause = object_of(error, "cause") or object_of(line, "cause")
    said = (
        text_of(error, "message"),
        text_of(inner, "message"),
        text_of(cause, "message"),
        text_of(cause, "code"),
        text_of(line, "content"),
    )
    status = count_of(error, "status")
    first = next(filter(None, said), "")
    return " ".join(filter(None, (str(status or ""), first))) or "the request failed"


def told(line: Json, text: str) -> Json:
    """The error of a message that stands in the place of an answer: it was not tried again."""
    by_status = _BY_STATUS.get(count_of(line, "apiErrorStatus"), "model_request_failed_error")
    return {
        "type": _BY_NAME.get(text_of(line, "error"), by_status),
        "message": text or "the request failed",
        "retry_status": {"type": "exhausted"},
    }
