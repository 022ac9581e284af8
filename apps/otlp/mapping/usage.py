"""Tokens of a model request, in the contract's names."""

from apps.otlp.mapping.attributes import Attributes, count
from apps.sessions.formats.shapes import Json

_INPUT = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
)
_INPUT_WITHOUT_CACHED = "input_tokens"  # Claude Code's own
_OUTPUT = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
    "output_tokens",
)
_READ = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.details.cache_read_tokens",
    "gen_ai.usage.details.cached_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.cachedInputTokens",
    "cache_read_tokens",
)
_WRITTEN = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.details.cache_write_tokens",
    "llm.token_count.prompt_details.cache_write",
    "cache_creation_tokens",
)


def usage_of(attributes: Attributes) -> Json | None:
    """None where no count is told. The conventions count cached tokens as input; we do not."""
    given = count(attributes, *_INPUT)
    alone = count(attributes, _INPUT_WITHOUT_CACHED) if given is None else None
    output = count(attributes, *_OUTPUT)
    if given is None and alone is None and output is None:
        return None
    read = count(attributes, *_READ) or 0
    written = count(attributes, *_WRITTEN) or 0
    uncached = alone or 0
    if given is not None:
        # Some count without them, against the conventions: then they cannot be part of it.
        uncached = given - read - written if given >= read + written else given
    return {
        "input_tokens": uncached,
        "output_tokens": output or 0,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": written,
    }
