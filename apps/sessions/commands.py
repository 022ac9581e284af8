"""What a shell command does to the memories that it names, as far as that is plain."""

import re
from collections.abc import Iterator, Sequence

from apps.sessions.models.memory_use import UseKind
from apps.sessions.promoting import MEMORY_MOUNT

# Quoted, an operator, or a bare word; never fails, whatever the command holds.
_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|>>?|<+|[|&;\n()`]+|[^\s'\"|&;<>()`]+")
_ENDS = frozenset("|&;\n()`")
_PATH = re.compile(r"(?:^|[=:@])(" + re.escape(MEMORY_MOUNT) + r".*)", re.DOTALL)
_PREFIXES = frozenset(("sudo", "env", "time", "nohup", "command", "xargs", "exec", "do", "then"))
_READERS = frozenset(
    (
        *("cat", "head", "tail", "less", "more", "nl", "tac", "wc", "cut", "sort", "uniq", "stat"),
        *("grep", "egrep", "fgrep", "rg", "ag", "ls", "tree", "find", "fd", "sed", "awk", "jq"),
        *("diff", "cmp", "comm", "file", "test", "[", "md5sum", "sha256sum", "strings"),
    )
)
_WRITERS = frozenset(("tee", "rm", "mv", "touch", "truncate", "mkdir", "rmdir", "unlink", "patch"))
_COPIERS = frozenset(("cp", "install", "ln", "rsync"))


def named_in(command: str) -> Iterator[tuple[str, UseKind]]:
    """Every path below a memory mount that the command names, in order."""
    for words in _commands(command):
        yield from _of_one(words)


def _commands(command: str) -> Iterator[list[str]]:
    """Each simple command's words, redirections among them."""
    words: list[str] = []
    for token in _TOKEN.findall(command):
        if token[0] in _ENDS:
            yield words
            words = []
        else:
            words.append(token)
    yield words


def _of_one(words: Sequence[str]) -> Iterator[tuple[str, UseKind]]:
    name = _name(words)
    named = [(at, found) for at, word in enumerate(words) if (found := _path(word))]
    for at, path in named:
        before = words[at - 1] if at else ""
        if before.startswith(">"):
            yield path, UseKind.WRITE
        elif before == "<":
            yield path, UseKind.READ
        else:
            yield path, _kind(name, words, is_last=at == named[-1][0])


def _name(words: Sequence[str]) -> str:
    """What is run, without what stands before it."""
    plain = (word.rpartition("/")[2] for word in words)
    return next((word for word in plain if word not in _PREFIXES and "=" not in word), "")


def _kind(name: str, words: Sequence[str], *, is_last: bool) -> UseKind:
    if name in _WRITERS or (name in _COPIERS and is_last) or _is_in_place(name, words):
        return UseKind.WRITE
    return UseKind.READ if name in _READERS | _COPIERS else UseKind.MENTION


def _is_in_place(name: str, words: Sequence[str]) -> bool:
    """`sed -i`, `perl -pi`, `find -delete`."""
    if name == "find":
        return "-delete" in words
    return name in {"sed", "perl"} and any(
        word.startswith("--in-place") or re.fullmatch(r"-[a-zA-Z]*i\S*", word) for word in words
    )


def _path(word: str) -> str:
    """The path that a word is, or that stands behind its `=`; empty if it is none."""
    found = _PATH.search(word.strip("'\""))
    return found.group(1) if found else ""
