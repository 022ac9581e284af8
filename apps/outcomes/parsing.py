"""What a rubric asks for: its markdown as a list of criteria, each with a key that it keeps.

Every bullet of the outermost lists is a criterion: `-`, `*`, `1.` and `- [ ]` alike. What is nested
in a bullet belongs to it, a heading names the group of those below, other prose is context for the
grader. A rubric without any bullet is one criterion. Attributes stand in braces at the end of a
bullet's first line or paragraph: see `attributes`.

A criterion keeps its key from version to version: by the id that it names, or else by saying the
same, or else by being most alike. Labels and agreement hang on the key.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from apps.core.errors import DomainError
from apps.outcomes import attributes
from apps.outcomes.attributes import Attributes, Unreadable
from apps.outcomes.checks import UnfitCheck, require_fit
from apps.outcomes.keying import Known, keyed
from apps.outcomes.models.rubric import LONGEST_RUBRIC

MOST_CRITERIA: Final = 200
_MOST_MARKERS: Final = 4_000
"""Bullets, nested ones too, of a text that is looked at: more make no rubric, and cost seconds."""
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_TASK = re.compile(r"(?:\[[ xX]\](?:[ \t]+|$))+")
_BLOCKS = MarkdownIt("commonmark").disable("inline")


class RubricUnreadable(DomainError):
    """This rubric cannot be read."""


@dataclass(frozen=True, slots=True)
class ParsedCriterion:
    """One thing that good work has."""

    key: str
    text: str
    weight: Decimal = Decimal(1)
    is_required: bool = False
    check_kind: str = ""
    check_value: str | None = None
    group: str = ""
    """The heading above it."""
    line: int = 0
    """Where it begins, from 1."""


def parse(
    content: str, before: Sequence[Known] = (), *, taken: Iterable[str] = ()
) -> list[ParsedCriterion]:
    """The criteria, in order. Raises RubricUnreadable with the line of everything that is wrong.

    `before` are those of the version before this one; `taken` are keys that a new criterion must
    not get, because earlier versions used them.
    """
    if len(content) > LONGEST_RUBRIC:
        raise RubricUnreadable(
            f"A rubric has at most {LONGEST_RUBRIC:,} characters; this one has {len(content):,}."
        )
    drafts, problems = _read(content)
    if problems:
        raise RubricUnreadable(
            " ".join(f"Line {line}: {_ended(text)}" for line, text in problems),
            problems=[{"line": line, "message": _ended(text)} for line, text in problems],
        )
    return _with_keys(drafts, before, taken)


def parse_any(content: str, before: Sequence[Known] = ()) -> list[ParsedCriterion]:
    """As `parse`, but refuses nothing: for rubrics that come over the wire and may say anything.

    What cannot be read as attributes or criteria is one criterion, the whole text.
    """
    try:
        return parse(content, before)
    except RubricUnreadable:
        return _with_keys([_whole(content)], before, ())


def render(criteria: Iterable[ParsedCriterion]) -> str:
    """A rubric that reads as these criteria, ids written out."""
    return "".join(_rendered(each) for each in criteria)


def _ended(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _rendered(criterion: ParsedCriterion) -> str:
    schema = criterion.check_value if criterion.check_kind == "json_schema" else None
    block = attributes.write(
        Attributes(
            criterion.key,
            criterion.weight,
            criterion.is_required,
            criterion.check_kind,
            criterion.check_value or "",
            needs_schema=schema is not None,
        )
    )
    first, *rest = criterion.text.split("\n")
    if schema is not None:
        rest += ["", "```json", *schema.strip().split("\n"), "```"]
    lines = [f"- {first} {block}", *(f"  {line}".rstrip() for line in rest)]
    return "\n".join(lines) + "\n"


def _with_keys(
    drafts: Sequence[ParsedCriterion], before: Sequence[Known], taken: Iterable[str]
) -> list[ParsedCriterion]:
    keys = keyed([(each.key, each.text) for each in drafts], before, taken)
    return [replace(draft, key=key) for draft, key in zip(drafts, keys, strict=True)]


Problem = tuple[int, str]


def _read(content: str) -> tuple[list[ParsedCriterion], list[Problem]]:
    """Criteria whose key is empty where none is named, and what is wrong with which line."""
    text = re.sub(r"\r\n?", "\n", content).replace("\0", "\ufffd")
    lines = text.split("\n")
    if not text.strip():
        return [], [(1, "this says nothing; write what good work has, one bullet for each thing")]
    if sum(1 for line in lines if _MARKER.match(line)) > _MOST_MARKERS:
        return [], [(1, f"these are too many bullets; a rubric has at most {MOST_CRITERIA}")]
    drafts: list[ParsedCriterion] = []
    problems: list[Problem] = []
    for item in _items(_BLOCKS.parse(text)):
        try:
            draft = _Reader(lines, item).criterion()
        except _Wrong as wrong:
            problems.append((wrong.line, str(wrong)))
        else:
            drafts += [draft] if draft else []
    problems += _twice(drafts)
    if len(drafts) > MOST_CRITERIA:
        line = drafts[MOST_CRITERIA].line
        problems.append((line, f"these are {len(drafts)} criteria; at most {MOST_CRITERIA}"))
    if not drafts and not problems:
        return [_whole(text)], list(_stray(lines))
    return drafts, sorted(problems)


def _stray(lines: Sequence[str]) -> Iterator[Problem]:
    """Prose has no attributes; whoever writes them wants a bullet."""
    for at, line in enumerate(lines):
        if attributes.split(line)[1] is not None:
            yield at + 1, "attributes belong to a bullet; begin the line with - and a space"


def _whole(content: str) -> ParsedCriterion:
    return ParsedCriterion(key="", text=content.strip(), line=1)


def _twice(drafts: Iterable[ParsedCriterion]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for draft in drafts:
        at = first.setdefault(draft.key.lower(), draft.line)
        if draft.key and at != draft.line:
            yield draft.line, f"the id #{draft.key} stands on line {at} already; choose another"


@dataclass(frozen=True, slots=True)
class _Item:
    """A bullet: its lines from `start` to before `end`, and the blocks in it."""

    start: int
    end: int
    group: str
    blocks: Sequence[Token]


def _items(tokens: Sequence[Token]) -> Iterator[_Item]:
    group = ""
    opened = 0
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            group = tokens[at + 1].content.strip()
        elif token.type == "list_item_open" and token.level == 1:
            opened = at
        elif token.type == "list_item_close" and token.level == 1:
            start, end = tokens[opened].map or (0, 0)
            yield _Item(start, end, group, tokens[opened + 1 : at])


class _Wrong(Exception):
    """What is wrong with a bullet, and on which line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class _Reader:
    """Reads one bullet."""

    def __init__(self, lines: Sequence[str], item: _Item) -> None:
        self.item = item
        whole = _dedented(lines[item.start : item.end])
        blank = next((at for at, line in enumerate(whole) if line), len(whole))
        self.start = item.start + blank
        self.lines = whole[blank:]
        self.fences = [each for each in item.blocks if each.type == "fence"]
        self.dropped: set[int] = set()

    def criterion(self) -> ParsedCriterion | None:
        """None if the bullet is empty."""
        if not self.lines:
            return None
        found = self._attributes()
        if found.needs_schema:
            found.check_value = self._schema()
        kept = (line for at, line in enumerate(self.lines) if at not in self.dropped)
        text = "\n".join(kept).strip()
        if not text:
            raise _Wrong(self._line(0), "this criterion says nothing; write it before the braces")
        return ParsedCriterion(
            key=found.key,
            text=text,
            weight=found.weight,
            is_required=found.is_required,
            check_kind=found.check_kind,
            check_value=found.check_value if found.check_kind else None,
            group=self.item.group,
            line=self._line(0),
        )

    def _line(self, at: int) -> int:
        return self.start + at + 1

    def _attributes(self) -> Attributes:
        """Takes the block out of its line."""
        found: Attributes | None = None
        own, code = self._own(), self._code()
        for at, line in enumerate(self.lines):
            text, inside = attributes.split(line)
            if inside is None or at in code - own:
                continue
            self._require_sole(at, text, own, found)
            try:
                found = attributes.read(inside)
            except Unreadable as error:
                raise _Wrong(self._line(at), str(error)) from None
            self.lines[at] = text
        return found or Attributes()

    def _require_sole(self, at: int, text: str, own: set[int], found: Attributes | None) -> None:
        if at not in own:
            raise _Wrong(
                self._line(at),
                f"attributes stand in the first paragraph of a criterion; move them to line "
                f"{self._line(0)}, or put `code` marks around the braces to keep them as text",
            )
        if found is not None or attributes.split(text)[1] is not None:
            raise _Wrong(self._line(at), "this criterion has two blocks of attributes; keep one")

    def _own(self) -> set[int]:
        """The first line, and those of the paragraph that it begins."""
        first = next((each for each in self.item.blocks if each.type == "inline"), None)
        if first is None or not first.map or first.map[0] != self.start or first.level != 3:
            return {0}
        return {0, *range(first.map[1] - first.map[0])}

    def _code(self) -> set[int]:
        """Lines of code, in which braces are braces."""
        blocks = [each for each in self.item.blocks if each.type in ("fence", "code_block")]
        return {at - self.start for each in blocks if each.map for at in range(*each.map)}

    def _schema(self) -> str:
        """Takes the fenced block out of the text."""
        fence = next((each for each in self.fences if each.level == 2), None)
        if fence is None or not fence.map:
            raise _Wrong(
                self._line(0),
                "json_schema needs its schema: put it between ``` and ``` below, "
                "indented as the criterion's text is",
            )
        try:
            require_fit("json_schema", fence.content.strip())
        except UnfitCheck as error:
            raise _Wrong(fence.map[0] + 1, f"json_schema: {error.message}") from None
        self.dropped.update(at - self.start for at in range(*fence.map))
        return fence.content.strip()


def _dedented(lines: Sequence[str]) -> list[str]:
    """A bullet's lines without its marker and without the indentation that it asks for."""
    first = lines[0].expandtabs(4) if lines else ""
    marker = _MARKER.match(first)
    indent = marker.end() if marker else 0
    text = first[indent:].lstrip()
    task = _TASK.match(text)
    return [
        text[task.end() if task else 0 :].rstrip(),
        *(_outdented(line, indent).rstrip() for line in lines[1:]),
    ]


def _outdented(line: str, indent: int) -> str:
    bare = line.lstrip(" \t")
    width = len(line[: len(line) - len(bare)].expandtabs(4))
    return " " * max(0, width - indent) + bare
