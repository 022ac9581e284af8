"""What a tool call does, told so that two calls which do the same are told the same way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_COMMAND_KEYS = ("command", "cmd", "script", "bash")
_PATH_KEYS = ("file_path", "path", "filename", "file", "notebook_path")
_TOKEN = re.compile(
    r"""'[^']*'|"(?:\\.|[^"\\])*"|\|\||&&|[|;\n]|\d?>{1,2}&?|(?:[^\s'"|;&>]+(?:'[^']*'|"[^"]*")?)+|&"""
)
_ENDS = frozenset(("&&", "||", ";", "\n", "&"))
_BEFORE = frozenset(("sudo", "env", "time", "nohup", "exec", "command", "xargs"))
_QUIET = frozenset(("cd", "echo", "export", "set", "true", "pushd", "popd", "sleep", "mkdir"))
_RUNNERS = frozenset(
    ("python", "python3", "node", "ruby", "perl", "bash", "sh", "npx", "uv", "deno")
)
_READERS = frozenset(
    "awk cat cmp cp cut diff du egrep file find grep head less ls mv rg rm sed sort stat strings "
    "tail tee touch tr uniq unzip wc zip curl wget chmod".split()
)
_SUBCOMMAND = re.compile(r"[a-z][a-z]+(?:-[a-z]+)*")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z-]{0,18}")
_ASSIGNMENT = re.compile(r"\w+=.*")
_PIECE = re.compile(r"https?://[^\s'\"<>)]+|[^\s'\"=,:;()\[\]{}<>]+")
_LASTING = re.compile(r"(?:/[a-z][a-z._-]*){2,}")
_LOOKS = re.compile(
    r"(?i)(?:cat|cd|cp|cut|egrep|file|grep|head|less|ls|mv|rg|sort|stat|strings|tail|uniq|wc|think|"
    r"calculate|(?:read|get|list|search|find|view|open|fetch|glob|web|show|query|lookup)(?:_\w+)*)\b"
)
_LEAST_PIECE = 4
_MOST_PIPED = 3
_LONGEST_COMMAND = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a call does. A shell line with several commands has several."""

    tool: str
    base: str
    """The tool, or the program and its subcommand."""
    flags: tuple[str, ...] = ()
    files: str = ""
    """`name.ext` where it is about a file."""
    folder: str = ""
    """Where that file lies, if it looks like a place that outlives the session."""
    text: str = ""

    @property
    def label(self) -> str:
        """As one would say it: `pandoc --track-changes=all`, `write claims.csv`."""
        return " ".join(filter(None, (self.base, *self.flags, self.files)))

    @property
    def coarse(self) -> str:
        """The same with less in it, for where the whole differs each time."""
        ending = self.files.rpartition(".")[2]
        where = f"{self.folder}/*" if self.folder else ""
        return f"{self.base} {where}.{ending}" if ending else self.base


def steps_of(tool: str, given: Mapping[str, object] | None) -> tuple[Step, ...]:
    """What a call does, in order."""
    given = given or {}
    for key in _COMMAND_KEYS:
        command = given.get(key)
        if isinstance(command, str):
            return _of_shell(tool, command[:_LONGEST_COMMAND]) or (Step(tool, tool, text=command),)
    for key in _PATH_KEYS:
        path = given.get(key)
        if isinstance(path, str) and path:
            folder, _, name = path.rstrip("/").rpartition("/")
            lasts = _LASTING.fullmatch(folder) is not None
            files = name if "." in name else ""
            return (Step(tool, tool, files=files, folder=folder if lasts else "", text=path),)
    return (Step(tool, tool),)


@lru_cache(maxsize=2048)
def _of_shell(tool: str, command: str) -> tuple[Step, ...]:
    return tuple(filter(None, (_pipeline(tool, words) for words in _lines(command))))


def _lines(command: str) -> Iterator[list[str]]:
    words: list[str] = []
    for token in _TOKEN.findall(command):
        if token not in _ENDS:
            words.append(token)
        elif words:
            yield words
            words = []
    if words:
        yield words


def _pipeline(tool: str, words: list[str]) -> Step | None:
    programs: list[str] = []
    flags: tuple[str, ...] = ()
    part: list[str] = []
    for word in (*words, "|"):
        if word != "|":
            part.append(word)
            continue
        program, its_flags = _program(part)
        if program and not (program in _QUIET and not programs):
            programs.append(program)
            flags = flags or its_flags
        part = []
    if not programs:
        return None
    distinct = list(dict.fromkeys(programs))[:_MOST_PIPED]
    head, *piped = distinct
    base = " | ".join((head, *piped))
    return Step(tool, base, flags if not piped else (), text=" ".join(words))


def _program(words: list[str]) -> tuple[str, tuple[str, ...]]:
    rest = [word for word in words if not _ASSIGNMENT.fullmatch(word) or word.startswith("-")]
    while rest and rest[0] in _BEFORE:
        rest = rest[1:]
    if not rest:
        return "", ()
    name, rest = rest[0].rpartition("/")[2].strip("'\""), rest[1:]
    if name in _RUNNERS:
        return _run_by(name, rest)
    rest = _past_options(name, rest)
    if rest and name not in _READERS and _SUBCOMMAND.fullmatch(rest[0]):
        name, rest = f"{name} {rest[0]}", rest[1:]
    return name, _flags(rest)


def _past_options(name: str, rest: list[str]) -> list[str]:
    """`git -C folder log` is `git log`."""
    if name == "git":
        while rest and rest[0].startswith("-"):
            rest = rest[2:]
    return rest


def _run_by(runner: str, rest: list[str]) -> tuple[str, tuple[str, ...]]:
    if rest and rest[0] == "-m" and len(rest) > 1:
        return f"{runner} -m {rest[1]}", _flags(rest[2:])
    if rest and rest[0] in ("-c", "-e", "-"):
        return f"{runner} {rest[0]}", ()
    if rest and not rest[0].startswith("-"):
        return f"{runner} {rest[0].rpartition('/')[2]}", _flags(rest[1:])
    return runner, _flags(rest)


def _flags(words: list[str]) -> tuple[str, ...]:
    """Options that say how; those that carry a value of the case at hand are left out."""
    found: list[str] = []
    for word, after in zip(words, (*words[1:], "-"), strict=False):
        if not word.startswith("--") or len(word) == len("--"):
            continue
        _, equals, value = word.partition("=")
        if equals:
            found.extend([word] if _PLAIN.fullmatch(value) else ())
        elif after.startswith("-"):
            found.append(word)
        elif _PLAIN.fullmatch(after):
            found.append(f"{word} {after}")
    return tuple(found)


def only_looks(step: str) -> bool:
    """Whether it changes nothing: every way of working has it. Of a pipe, all parts must."""
    return all(_LOOKS.match(part) for part in step.split(" | "))


def objects_in(text: str) -> frozenset[str]:
    """What a call is about: files by path, name and stem, hosts, ids, long quoted words."""
    found: set[str] = set()
    for piece in _PIECE.findall(text[:_LONGEST_COMMAND]):
        if len(piece) < _LEAST_PIECE or piece.startswith("-"):
            continue
        if "/" in piece:
            name = piece.rstrip("/").rpartition("/")[2]
            found.add(piece)
            _add_name(found, name)
        elif any(letter.isdigit() for letter in piece) or "." in piece:
            _add_name(found, piece)
    return frozenset(found)


def _add_name(found: set[str], name: str) -> None:
    if len(name) >= _LEAST_PIECE:
        found.add(name)
        stem = name.rpartition(".")[0]
        if len(stem) >= _LEAST_PIECE:
            found.add(stem)
