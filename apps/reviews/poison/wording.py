"""Words that give orders, ways out, active markup: the forms of `forms.toml`, and how to read."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from apps.reviews.poison.lookalikes import skeleton
from apps.reviews.poison.marking import Flag, Mark

_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Mn", "Me", "Co", "Cn"})
_FORMS = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
Forms = list[tuple[str, re.Pattern[str]]]


_UNFORBIDDEN = "".join(f"(?<!{word} )" for word in ("not", "never", "n't", "n’t", "nor", "cannot"))


def _compiled(name: str) -> Forms:
    return [(each["why"], re.compile(_either(each["any"]), re.IGNORECASE)) for each in _FORMS[name]]


def _either(forms: list[str]) -> str:
    return "|".join(f"(?:{one})" for one in forms).replace("@UNFORBIDDEN@", _UNFORBIDDEN)


_ORDERS = _compiled("orders")
_WAYS_OUT = _compiled("ways_out")
_MARKUP = _compiled("markup")


class _Plain:
    """The text in one plain form, and where each of its characters stands in the text itself."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self._places: list[int] = []
        for place, character in enumerate(text):
            for letter in _plain(character):
                if letter == " " and letters[-1:] in (["\n"], [" "]):
                    continue
                letters.append(letter)
                self._places.append(place)
        self._end = len(text)
        self.text = "".join(letters)

    def mark(self, match: re.Match[str], flag: str, why: str) -> Mark:
        start, end = match.span()
        if not self._places:
            return Mark(0, self._end, flag, why)
        last = self._places[min(max(start, end - 1), len(self._places) - 1)]
        return Mark(self._places[min(start, len(self._places) - 1)], last + 1, flag, why)


def _plain(character: str) -> str:
    """Nothing for what nobody sees, and the plain letters of what looks like them."""
    if character in "\n\r":
        return character
    if character.isspace():
        return " "
    if "\U000e0020" <= character <= "\U000e007e":  # tags: ASCII that is never shown
        return chr(ord(character) - 0xE0000)
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    folded = skeleton(character.lower())
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFKD", character).lower()
    return "".join(skeleton(each) for each in parts if not unicodedata.combining(each))


def orders(text: str) -> Iterator[Mark]:
    """Orders to the agent, and ways out for data; also such as go over the end of a line."""
    for reading in (_Plain(text), _Plain(_unwrapped(text))):
        for why, form in _ORDERS:
            for match in form.finditer(reading.text):
                yield reading.mark(match, Flag.INJECTION, why)
        for why, form in _WAYS_OUT:
            for match in form.finditer(reading.text):
                yield reading.mark(match, Flag.EXFILTRATION, why)


def _unwrapped(text: str) -> str:
    """Its single line ends as blanks, so that an order is found that goes over the end of one."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def markup(text: str) -> Iterator[Mark]:
    for why, form in _MARKUP:
        for match in form.finditer(text):
            yield Mark(*match.span(), Flag.MARKUP, why)


def turned(text: str) -> Iterator[Mark]:
    """Orders that are written backwards, in rot13, letter by letter, or in digits for letters."""
    yield from _of_turned(text, text[::-1], "is written backwards", is_backwards=True)
    yield from _of_turned(text, text.translate(_ROT13), "is written in rot13")
    yield from _of_turned(text, text.translate(_DIGITS), "is written with digits for letters")


def _of_turned(text: str, other: str, how: str, *, is_backwards: bool = False) -> Iterator[Mark]:
    if other == text:
        return
    found = [each for each in orders(other) if each.flag == Flag.INJECTION]
    known = {(each.start, each.end) for each in orders(text)} if found else set()
    for each in found:
        start, end = each.start, each.end
        if is_backwards:
            start, end = len(text) - end, len(text) - start
        if (start, end) not in known:
            yield Mark(start, end, Flag.INJECTION, f"{how}: {each.why}")


_LOWER = "abcdefghijklmnopqrstuvwxyz"
_TURNED = _LOWER[13:] + _LOWER[:13]
_ROT13 = str.maketrans(_LOWER + _LOWER.upper(), _TURNED + _TURNED.upper())
_DIGITS = str.maketrans("013457@$!", "oieastasi")
