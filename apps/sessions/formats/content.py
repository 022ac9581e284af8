"""What was said, as text blocks: pictures and files become a text that names them."""

from collections.abc import Iterable
from typing import Any

from apps.sessions.formats.shapes import Json, text_of


def text_block(text: str) -> Json:
    return {"type": "text", "text": text}


def plain(blocks: Iterable[Any]) -> str:
    """The text of content blocks, joined."""
    found = (text_of(block, "text") for block in blocks if isinstance(block, dict))
    return "\n".join(filter(None, found))


def blocks_of(content: Any) -> list[Json]:
    """A message's content as text blocks; pictures and files become a text that names them."""
    if isinstance(content, str):
        return [text_block(content)] if content else []
    if not isinstance(content, list):
        return [] if content is None else [text_block(str(content))]
    return [_block(part) for part in content]


def _block(part: Any) -> Json:
    if not isinstance(part, dict):
        return text_block(str(part))
    text = text_of(part, "text") or text_of(part, "refusal")
    if text or part.get("type") == "text":
        return text_block(text)
    return left_out(part) or text_block(f"[{_name_of(part)}]")


def _name_of(part: Json) -> str:
    """What kind of block it is, and the little that can be said of it."""
    about = (text_of(part, key) for key in ("type", "tool_name", "title", "url"))
    return ", ".join(filter(None, about)) or "unknown"


def left_out(block: Json) -> Json | None:
    """What an image or document block becomes: a text that names it, never its bytes."""
    kind = text_of(block, "type")
    if kind not in _MEDIA:
        return None
    source = block.get("source") if kind in ("image", "document") else block.get(kind)
    about: Json = {"type": kind.removesuffix("_url").removeprefix("input_")}
    about |= _describe(source if isinstance(source, dict) else {"url": source})
    named = (about["type"], about.get("media_type"), about.get("url"), about.get("size"))
    return {**text_block(f"[{', '.join(filter(None, named))}]"), "left_out": about}


_MEDIA = frozenset(
    {"image", "document", "image_url", "input_image", "input_audio", "file", "video_url"}
)


def _describe(source: Json) -> Json:
    url = text_of(source, "url") or text_of(source, "file_id") or text_of(source, "image_url")
    data = text_of(source, "data") or text_of(source, "file_data")
    media_type = text_of(source, "media_type") or text_of(source, "format")
    if url.startswith("data:"):
        header, _, data = url.partition(",")
        media_type, url = header.removeprefix("data:").partition(";")[0], ""
    about = {
        "media_type": media_type,
        "url": url[:200],
        "size": _size(len(data) * 3 // 4) if data else "",
    }
    return {name: value for name, value in about.items() if value}


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{round(count / 1e3)} kB"
