"""The models there are."""

from tests.standin.faults import Json


def _model(public_id: str, window: int) -> Json:
    line, _, version = public_id.removeprefix("claude-").partition("-")
    return {
        "id": public_id,
        "type": "model",
        "display_name": f"Stand-in {line.title()} {version.replace('-', '.')}",
        "created_at": "2026-01-01T00:00:00Z",
        "deprecated_at": None,
        "retires_at": None,
        "lifecycle": "active",
        "line": line,
        "max_input_tokens": window,
        "max_tokens": 128_000,
        "capabilities": None,
    }


MODELS = [
    _model("claude-opus-5-5", 1_000_000),
    _model("claude-sonnet-5-5", 1_000_000),
    _model("claude-haiku-5-5", 1_000_000),
    _model("claude-sonnet-4-6", 1_000_000),
    _model("claude-haiku-4-5", 200_000),
]
