"""What a reader does not see, or takes for something else."""

import re
import unicodedata
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator

from apps.reviews.poison.lookalikes import skeleton
from apps.reviews.poison.marking import Flag, Mark

LEAST_READABLE = 0.9
"""How much of decoded bytes must be text for them to be text."""
LONGEST_WORD = 20
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters, marks and symbols by their category, which are blank all the same.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e\u034f\u17b4\u17b5")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MIXABLE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_STYLES = frozenset(
    {
        "MATHEMATICAL",
        "FULLWIDTH",
        "CIRCLED",
        "SQUARED",
        "PARENTHESIZED",
        "NEGATIVE",
        "REGIONAL",
        "DOUBLE-STRUCK",
        "SCRIPT",
        "BLACK-LETTER",
    }
)
# Together they are one way of writing.
_JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"})
_NO_SCRIPT = frozenset({"MODIFIER", "COMBINING", "MASCULINE", "FEMININE", "MICRO", "OHM", "KELVIN"})
_CODED = re.compile(
    r"""
      (?<![\w+/=-])[A-Za-z0-9+/_-]{40,}={0,2}
    | (?<!\w)(?:[0-9a-fA-F]{2}[ :,-]){11,}[0-9a-fA-F]{2}\b
    | (?<!\w)(?:0x)?[0-9a-fA-F]{48,}
    | (?:%[0-9a-fA-F]{2}){6,}
    | (?:\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{3})){4,}
    | (?:&\#?\w{1,8};){4,}
    | (?:\b[01]{8}\b\s?){4,}
    | (?:(?<![\w.])[.-]{1,5}[ /]+){8,}
    | (?:\b\d{2,3}\b[ ,]+){11,}\d{2,3}\b
    """,
    re.VERBOSE,
)
_SHORT = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{16,}={0,2}(?![\w+/=])")
_HASH = re.compile(r"\A(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\Z")
_SPELT = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_*|·]+){6,}[^\W\d_](?!\w)")


def hidden(text: str) -> Iterator[Mark]:
    """Characters that have no shape, or change the order in which others are shown."""
    for at, character in enumerate(text):
        if character in "\n\t" or (character == "\r" and text[at + 1 : at + 2] == "\n"):
            continue
        is_unseen = unicodedata.category(character) in _UNSEEN or character in _BLANKS
        if (is_unseen or _SELECTORS.match(character)) and not _joins_emoji(text, at):
            why = f"nobody sees U+{ord(character):04X}"
            yield Mark(at, at + 1, Flag.HIDDEN_CHARACTERS, why)


def _joins_emoji(text: str, at: int) -> bool:
    """A joiner or selector right behind a symbol, once, is part of how it looks."""
    if text[at] not in _JOINERS or not at:
        return False
    before = text[at - 1]
    is_symbol = unicodedata.category(before) in {"So", "Sk", "Sm", "Po", "Nd"}
    return is_symbol or (before == "\ufe0f" and text[at] == "\u200d")


def lookalikes(text: str) -> Iterator[Mark]:
    """Words that mix alphabets, or say something plain in the letters of another one."""
    is_latin = _is_mostly_latin(text)
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        scripts = {_script(each) for each in word} - {""}
        if scripts & _STYLES:
            yield Mark(*match.span(), Flag.LOOKALIKES, "letters in a style of their own")
        elif len(scripts) > 1 and not scripts <= _JAPANESE:
            yield Mark(*match.span(), Flag.LOOKALIKES, "letters of several alphabets in a word")
        elif (
            len(word) > 1  # a letter alone is a symbol: an angle α
            and is_latin
            and scripts & _MIXABLE
            and skeleton(word.lower()).isascii()
        ):
            yield Mark(*match.span(), Flag.LOOKALIKES, "letters that only look like Latin ones")


def _is_mostly_latin(text: str) -> bool:
    """Where a word of another alphabet stands out, however much it looks like Latin."""
    letters = [each for each in text if each.isalpha()]
    return 2 * sum(map(str.isascii, letters)) > len(letters)


def _script(letter: str) -> str:
    """The alphabet, by the first word of the letter's name."""
    first = unicodedata.name(letter, "").split(" ")[0]
    return "" if first in _NO_SCRIPT else first


def encoded(text: str) -> Iterator[Mark]:
    """What says something only once it is decoded, or put together."""
    for match in _CODED.finditer(text):
        if not _HASH.match(match.group()) and not _is_name(match.group()):
            yield Mark(*match.span(), Flag.ENCODED, "is encoded: nobody can read what it says")
    for match in _SHORT.finditer(text):
        if _decodes(match.group()):
            yield Mark(*match.span(), Flag.ENCODED, "is encoded text")
    for match in _SPELT.finditer(text):
        yield Mark(*match.span(), Flag.ENCODED, "is spelt letter by letter")


def _is_name(text: str) -> bool:
    """A path or a name of several words: no part of it is long."""
    return max(map(len, re.split(r"[/_-]", text))) <= LONGEST_WORD


def _decodes(text: str) -> bool:
    """Whether it is base64 of something that can be read."""
    if len(text) % 4 or not re.search(r"[A-Z]", text):
        return False
    try:
        said = b64decode(text, validate=True).decode("ascii")
    except (NotBase64, UnicodeDecodeError):
        return False
    readable = sum(each.isprintable() or each.isspace() for each in said)
    return readable >= LEAST_READABLE * len(said)
