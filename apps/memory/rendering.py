"""A memory as it means to be read: its markdown as HTML, and what stands above it.

Memories are written by agents, and what they read is written by anybody. Raw HTML stays text, what
the markdown becomes is cleaned once more, and nothing is loaded from elsewhere: a picture becomes a
link to it. Links to other memories lead to their pages.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST_RENDERED = 50_000
"""Characters. What is longer is shown as its source: nobody reads it as a page."""
MOST_BLOCKS = 2_000
DEEPEST = 20
"""Lists and quotations in each other. The parser leaves out what lies deeper, and all behind it."""
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"([\w. -]{1,64}):(?:[ \t]+(.*))?")
_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}

Link = Callable[[str], str]
"""The address of the page of the memory at this path."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list: safe HTML, and the lines it stands on, from 1."""

    html: SafeString
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between `---` and `---` at the top. `pairs` is empty if it is no plain list."""

    text: str
    pairs: tuple[tuple[str, str], ...]
    lines: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to read: blocks, or its source alone where it is too long or too deeply nested."""

    front: FrontMatter | None
    blocks: tuple[Block, ...]
    is_drawn: bool = True


def read(content: str, *, path: str = "/", link: Link | None = None) -> Reading:
    """The text's markdown; `path` is where it lies, which its relative links start from."""
    front = front_matter(content)
    if len(content) > LONGEST_RENDERED:
        return Reading(front, (), is_drawn=False)
    found = _FRONT.match(content)
    body = content[found.end() :] if front and found else content
    drawing = _Drawing(body, path, link)
    if not drawing.is_whole:
        return Reading(front, (), is_drawn=False)
    return Reading(front, tuple(drawing.blocks(front.lines if front else 0)))


def front_matter(content: str) -> FrontMatter | None:
    found = _FRONT.match(content)
    if found is None:
        return None
    text = found[1].rstrip("\r\n")
    pairs = [_PAIR.fullmatch(line) for line in text.splitlines() if line.strip()]
    plain = tuple((pair[1], pair[2] or "") for pair in pairs if pair)
    return FrontMatter(text, plain if len(plain) == len(pairs) else (), found[0].count("\n"))


class _Drawing:
    """One text on its way to HTML."""

    def __init__(self, text: str, path: str, link: Link | None) -> None:
        self._folder = posixpath.dirname(path)
        self._link = link
        self._markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
        self._markdown.enable(["table", "strikethrough"])
        self._markdown.disable("reference")  # a definition says what no reader of a page would see
        self._tokens = self._markdown.parse(text)
        self._parts = list(_parts(self._tokens))

    @property
    def is_whole(self) -> bool:
        """Whether all of the text is in it, and a page can hold it."""
        is_deep = any(token.level >= DEEPEST - 1 for token in self._tokens)
        return not is_deep and len(self._parts) <= MOST_BLOCKS

    def blocks(self, offset: int) -> Iterator[Block]:
        for token in self._tokens:
            self._adapt(token)
        for part in self._parts:
            first, end = _lines(part)
            if html := self._html(part):
                yield Block(html, first + offset + 1, max(first + 1, end) + offset)

    def _html(self, part: Sequence[Token]) -> SafeString:
        drawn = self._markdown.renderer.render(part, self._markdown.options, {})
        clean = nh3.clean(
            drawn,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
        return mark_safe(clean.strip())  # noqa: S308 -- cleaned in the line above

    def _adapt(self, token: Token) -> None:
        """Headings stand below the page's own; links and pictures lead where they may."""
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs["href"] = self._address(str(child.attrs.get("href", "")))
            elif child.type == "image":
                _as_link(child)

    def _address(self, target: str) -> str:
        """Of another memory, if it is a path; a place in this text stays what it is."""
        parts = urlsplit(target)
        is_path = not parts.scheme and not parts.netloc and bool(parts.path)
        if not is_path or self._link is None:
            return target
        path = posixpath.normpath(posixpath.join(self._folder, unquote(parts.path)))
        return self._link(f"/{path.lstrip('/')}")


def _as_link(image: Token) -> None:
    """Nothing is loaded from elsewhere; who wants to see it follows the link."""
    source = str(image.attrs.get("src", ""))
    label = image.content or "picture"
    image.type, image.tag = "html_inline", ""
    image.content = f'<a href="{escape(source)}">{escape(label)}</a>'
    image.children = None


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The blocks at the top, and of a list at the top each item, as a list of its own."""
    start, depth = 0, 0
    for at, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield from _items(tokens[start : at + 1])
            start = at + 1


def _items(part: Sequence[Token]) -> Iterator[list[Token]]:
    outer, end = part[0], part[-1]
    if outer.type not in {"bullet_list_open", "ordered_list_open"}:
        yield list(part)
        return
    number = int(outer.attrs.get("start", 1))
    start, depth = 1, 0
    for at, token in enumerate(part[1:-1], 1):
        depth += token.nesting
        if depth:
            continue
        opening = Token(outer.type, outer.tag, 1, block=True, map=part[start].map)
        if outer.type == "ordered_list_open":
            opening.attrs["start"] = number
            number += 1
        yield [opening, *part[start : at + 1], end]
        start = at + 1


def _lines(part: Sequence[Token]) -> tuple[int, int]:
    """From which line up to which, from 0."""
    return (part[0].map[0], part[0].map[1]) if part[0].map else (0, 0)
