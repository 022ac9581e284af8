"""What a request costs: a token per four characters, and what was in the cache."""

import hashlib
import json
import threading
from typing import Any

from tests.standin.asked import Billed, blocks, told
from tests.standin.faults import Json

A_TOKEN = 4
"""Characters."""


class Counting:
    """Tokens, and which beginnings of prompts each model has in its cache."""

    def __init__(self) -> None:
        self._cached: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def tokens(self, body: Json) -> int:
        return tokens_of(sum(len(_text(each)) for each in blocks(body)))

    def prompt(self, body: Json) -> Billed:
        """What the prompt costs now; its marked beginnings are in the cache from here on."""
        known, read, written, length = 0, 0, 0, 0
        hashed = hashlib.sha256()
        with self._lock:
            for block in blocks(body):
                text = _text(block)
                length += len(text)
                hashed.update(f"{len(text)}:{text}".encode())
                beginning = (body["model"], hashed.hexdigest())
                if beginning in self._cached:
                    known = length
                if isinstance(block, dict) and "cache_control" in block:
                    read, written = known, length
                    self._cached.add(beginning)
        parts = (tokens_of(read), tokens_of(written), tokens_of(length))
        return Billed(parts[2] - parts[1], 0, parts[0], parts[1] - parts[0])


def _text(block: Any) -> str:
    if isinstance(block, dict) and block.get("type") == "text":
        return str(block.get("text", ""))
    return block if isinstance(block, str) else json.dumps(told(block), sort_keys=True)


def tokens_of(characters: int) -> int:
    return -(-characters // A_TOKEN)
