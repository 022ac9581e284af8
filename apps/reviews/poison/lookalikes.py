"""Letters of other alphabets that look like Latin ones.

Those that a reader of a common typeface takes for the Latin letter; in lower case.
"""

_PAIRS = {
    "a": "аɑαａ",
    "b": "Ьƅᖯ",
    "c": "сϲᴄⅽ",
    "d": "ԁⅾɗ",
    "e": "еҽ℮є",
    "f": "ſϝ",
    "g": "ɡցԍ",
    "h": "һհ",
    "i": "іıɩιⅰӏ",
    "j": "јϳ",
    "k": "кκ",
    "l": "ⅼاן∣ǀ",
    "m": "мⅿ",
    "n": "ոռпη",
    "o": "оοօ೦ഠഠσ",
    "p": "рρ⍴",
    "q": "ԛգ",
    "r": "гᴦⲅ",
    "s": "ѕꜱƽ",
    "t": "тτᴛ",
    "u": "υսᴜц",
    "v": "ѵνⅴ",
    "w": "ѡԝաɯω",
    "x": "хⅹ×χ",
    "y": "уүγч",
    "z": "ᴢʐ",
}
_LATIN = str.maketrans({letter: latin for latin, letters in _PAIRS.items() for letter in letters})


def skeleton(text: str) -> str:
    """The text with each of them replaced by the Latin letter that it looks like."""
    return text.translate(_LATIN)
