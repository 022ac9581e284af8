"""An answer as it is sent: whole, or as the events of a stream."""

from collections.abc import Iterator, Sequence

from tests.standin.asked import Billed, Rejected
from tests.standin.counting import A_TOKEN, tokens_of
from tests.standin.faults import Json, Said


def limited(said: Said, body: Json) -> Said:
    """What fits into `max_tokens`."""
    most = body["max_tokens"] * A_TOKEN
    return said if len(said.text) <= most else Said(said.text[:most], "max_tokens")


def message(number: int, body: Json, said: Said, prompt: Billed, *, tier: str = "standard") -> Json:
    """The whole answer."""
    billed = prompt._replace(output=max(1, tokens_of(len(said.text))))
    return {
        "id": f"msg_standin{number:012}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [{"type": "text", "text": said.text, "citations": None}] if said.text else [],
        "stop_reason": said.stop_reason,
        "stop_sequence": None,
        "stop_details": said.stop_details,
        "usage": {
            "input_tokens": billed.input,
            "output_tokens": billed.output,
            "cache_creation_input_tokens": billed.cache_write,
            "cache_read_input_tokens": billed.cache_read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": billed.cache_write,
                "ephemeral_1h_input_tokens": 0,
            },
            "service_tier": tier,
        },
    }


def billed_for(answer: Json) -> Billed:
    usage = answer["usage"]
    return Billed(
        usage["input_tokens"],
        usage["output_tokens"],
        usage["cache_read_input_tokens"],
        usage["cache_creation_input_tokens"],
    )


def billed_so_far(answer: Json, sent: Sequence[Json]) -> Billed:
    """The prompt, and what of the answer was in these events."""
    deltas = [each["delta"] for each in sent if each["type"] == "content_block_delta"]
    length = sum(len(each["text"]) for each in deltas)
    return billed_for(answer)._replace(output=max(1, tokens_of(length)))


def events(answer: Json, piece: int = 48) -> Iterator[Json]:
    """The same answer as a stream says it."""
    usage = answer["usage"]
    start = answer | {
        "content": [],
        "stop_reason": None,
        "stop_details": None,
        "usage": usage | {"output_tokens": 1},
    }
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(answer["content"]):
        yield {"type": "content_block_start", "index": index, "content_block": block | {"text": ""}}
        yield {"type": "ping"}
        for at in range(0, len(block["text"]), piece):
            delta = {"type": "text_delta", "text": block["text"][at : at + piece]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ending = {name: answer[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
    counted = {name: tokens for name, tokens in usage.items() if isinstance(tokens, int)}
    yield {"type": "message_delta", "delta": ending, "usage": counted}
    yield {"type": "message_stop"}


def error(why: Rejected, request_id: str) -> Json:
    """The envelope of an error, and the event that ends a stream in one."""
    told = {"type": why.type, "message": str(why)}
    return {"type": "error", "error": told, "request_id": request_id}
