"""What somebody typed, as PostgreSQL reads a search.

Words stand together in "quotes", a minus leaves one out, `or` takes either. What joins words in a
path, a host or an identifier parts them here as it does in the index: `style-guide.md` is the three
words next to each other.
"""

import re
from dataclasses import dataclass

from apps.core import payloads

LONGEST = 200
MOST_WORDS = 16
# As migration 0011 has them.
_JOINTS = str.maketrans(dict.fromkeys("/._-:@=<>+&#~", " "))
# A minus before a word leaves it out; two are an option of some command.
_TERM = re.compile(r'((?:-(?=[\w"]))?)(?:"([^"]*)"?|(\S+))')
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Query:
    """For websearch_to_tsquery, also without what is to be left out; words are in lower case."""

    text: str
    wanted: str
    words: tuple[str, ...]
    typed: str

    @property
    def has_unwanted(self) -> bool:
        return self.text != self.wanted


def read(typed: str) -> Query:
    typed = payloads.storable(typed)[:LONGEST].strip()
    terms: list[str] = []
    words: list[str] = []
    for minus, quoted, plain in _TERM.findall(typed):
        parts = _WORD.findall((quoted or plain).translate(_JOINTS))
        if not parts or len(words) + len(parts) > MOST_WORDS:
            continue
        joined = " ".join(parts)
        # In quotes even alone, unless it is the word that joins two alternatives.
        terms.append(joined if joined.lower() == "or" and plain else f'{minus}"{joined}"')
        if not minus:
            words += [part.lower() for part in parts]
    wanted = [term for term in terms if not term.startswith("-")]
    return Query(" ".join(terms), " ".join(wanted), tuple(dict.fromkeys(words)), typed)
