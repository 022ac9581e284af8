"""What must not slip into a memory: orders to the agent, hidden text, secrets, ways out. Pure.

A memory is read by agents as if it were their own, so whatever reaches it is obeyed. This finds
what looks like an attack, and marks the place; it proves nothing of what it does not find. What it
flags is never applied by itself, and never by one person alone.
"""

import re
import unicodedata
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.core import masking
from apps.reviews.lookalikes import skeleton
from apps.reviews.models import Proposal

Flag = Proposal.Flag


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a text, and what is wrong with them."""

    start: int
    end: int
    flag: str
    why: str


_ANY = r"(?:\W+\w+){0,4}?\W+"
# Words and what they do to an agent. Read in lower case, without accents, look-alikes and hidden
# characters, so that none of these helps to get past.
_ORDERS = (
    (
        "tells the agent to drop its instructions",
        rf"\b(?:ignore|disregard|forget|override|bypass|skip|discard|dismiss|drop){_ANY}"
        rf"(?:previous|prior|above|earlier|preceding|foregoing|all|any|other|existing|original"
        rf"|system|safety|your|those|these|former){_ANY}?(?:instruction|prompt|rule|guideline"
        rf"|direction|command|polic|context|guardrail|restriction|training|order|messag|memor)",
    ),
    (
        "tells the agent to drop its instructions",
        r"\b(?:ignore|disregard|forget|override) (?:everything|anything|all|what)\b",
    ),
    (
        "gives the agent new instructions",
        r"\b(?:new|updated|revised|real|actual|hidden|secret|following|special|these) (?:system )?"
        r"(?:instructions?|prompts?|directives?|orders?)\s*(?::|are\b|is\b|follow|below|from"
        r"|take|supersede|override|replace)|"
        r"\b(?:follow|obey|execute|comply with) (?:these|the following|my|any|all|every)\b",
    ),
    (
        "plays the system",
        r"(?:^|\n)\s*(?:\W{0,4})(?:system|assistant|developer|human|user)\s*(?:prompt|message"
        r"|override|note|notice|instruction)?\W{0,3}[:>]|<\|?/?(?:im_start|im_end|system|endoftext"
        r"|assistant|user|inst|sys|start_header_id|eot_id)\|?>|\[/?(?:inst|system|sys)\]|<<\/?sys>>"
        r"|\b(?:begin|end|start) (?:of )?(?:system|new|admin|hidden) (?:prompt|instruction|message)",
    ),
    (
        "gives the agent another role",
        r"\byou are (?:now|no longer)\b|\bfrom now on\b.{0,40}\b(?:you|act|respond|answer|always"
        r"|never)\b|\b(?:act|behave|respond|answer|speak) as (?:if|though|an?|the) .{0,40}"
        r"(?:admin|root|unrestricted|developer|jailbroken|without|no (?:rules|limits)|dan\b)|"
        r"\bpretend (?:to be|that|you)\b|\b(?:developer|god|debug|dan|jailbreak|unrestricted|sudo"
        r"|admin|maintenance) mode\b|\bjailbr(?:eak|oken)",
    ),
    (
        "speaks to the model itself",
        r"\b(?:dear|hey|hello|attention|note to|notice to|message (?:to|for)|instructions? (?:to|for)"
        r"|important for)\W+(?:the |any |all |every )?(?:ai|llm|language model|assistant|model|agent"
        r"|claude|gpt|chatgpt|bot)s?\b|\b(?:as an?|if you are an?|when an?|any|all|every) (?:ai|llm|"
        r"language model|ai agent|ai assistant)\b|\b(?:claude|chatgpt|gpt-?\d|the (?:ai|llm|model))"
        r"\W+(?:must|should|shall|will|please|is (?:to|required)|always|never)\b",
    ),
    (
        "wants something kept from people",
        r"\b(?:do not|don ?'?t|never|without)\W+(?:ever\W+)?(?:tell|inform|mention|reveal|notify"
        r"|alert|telling|informing|mentioning|notifying|asking|ask|show|disclose|report|log|warn)"
        r"\W+(?:this|that|it|to|the|any|anyone|about|a|about this)?\W*(?:the )?(?:user|human"
        r"|operator|reviewer|admin|anyone|anybody|customer|developer|owner|team|supervisor)|"
        r"\b(?:secretly|silently|covertly|quietly|behind the scenes)\b|"
        r"\bkeep (?:this|it) (?:secret|hidden|confidential|between)\b|"
        r"\bwithout (?:their|the user'?s|the customer'?s|any|further|explicit) "
        r"(?:knowledge|consent|confirmation|approval|permission|verification)\b",
    ),
    (
        "wants checks left out",
        r"\b(?:skip|bypass|disable|turn off|ignore|omit|circumvent|suppress)\W+(?:\w+\W+){0,3}?"
        r"(?:verification|authentication|authori[sz]ation|confirmation|approval|safety|security"
        r"|check|checks|validation|review|guardrail|filter|audit|logging|permission|policy"
        r"|policies|moderation|2fa|mfa|identity)|\b(?:always|automatically|auto)\W*(?:approve|accept"
        r"|grant|allow|refund|confirm)\w*\W+(?:all|any|every|each|whatever|it|them|requests?)\b|"
        r"\bpre-?(?:approved|authori[sz]ed)\b.{0,40}\b(?:all|any|every|no)\b|"
        r"\b(?:has|have|with) (?:full|root|admin|unlimited|unrestricted) (?:access|permission|right"
        r"|privilege)",
    ),
    (
        "wants the prompt or the memory told",
        r"\b(?:reveal|print|repeat|output|show|display|leak|dump|disclose|recite|write out|tell me"
        r"|give me|return|share|include|append|paste|copy)\W+(?:\w+\W+){0,4}?(?:system prompt"
        r"|initial prompt|hidden prompt|your (?:instructions|prompt|memory|memories|rules|context"
        r"|configuration)|api keys?|credentials?|passwords?|secrets?|access tokens?|private keys?"
        r"|environment variables?|env vars?|conversation history|chat history|\.env|ssh keys?)\b",
    ),
)  # fmt: skip
_WAYS_OUT = (
    (
        "sends data elsewhere",
        r"\b(?:send|post|upload|forward|transmit|exfiltrate|email|e-mail|mail|leak|report|submit"
        r"|transfer|deliver|cc|bcc|copy|ping|call|fetch|request|visit|open|beacon|sync)\b"
        r"[^.\n]{0,120}?(?:https?://|hxxps?://|ftp://|\bwebhook\b|[\w.+-]+@[\w-]+\.\w{2,}"
        r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\bpastebin\b|\bngrok\b|\b[\w-]+\.(?:com|net|org|io|xyz|ru"
        r"|top|site|online|example|test|tk|cc|info|biz|dev|app)\b)",
    ),
    (
        "runs what it fetches",
        r"\b(?:curl|wget|iwr|invoke-webrequest|nc|ncat|scp|rsync)\b[^\n]{0,200}|"
        r"\|\s*(?:ba|z|da)?sh\b|\beval\s*\(|\bexec\s*\(|\bos\.system\b|\bsubprocess\b|"
        r"\bbase64\s+(?:-d|--decode)\b|/dev/tcp/|\brm\s+-rf?\s+[/~*]|\bchmod\s+(?:\+x|777)|"
        r"\bpowershell\b|\bpython3? -c\b|\bimport\s+os\b|\bdrop\s+table\b",
    ),
    ("carries data in an address", r"(?:https?|hxxps?)://[^\s)>\"']*(?:[?&#][^\s)>\"']*[={}$%<]|\{|\$\{|%7b|<[a-z_]+>)[^\s)>\"']*"),
    ("hides who it leads to", r"https?://(?:[^\s/@]*@|\d{1,3}(?:\.\d{1,3}){3}|(?:bit\.ly|tinyurl|t\.co|goo\.gl|is\.gd|ow\.ly|rb\.gy|cutt\.ly)/|[^\s/]*xn--|\[)[^\s)]*"),
)  # fmt: skip
_MARKUP = (
    ("loads a picture from elsewhere", r"!\[[^\]\n]*\]\s*(?:\(\s*<?\s*(?:https?:)?//|\[)[^)\]\n]*[)\]]?"),
    ("defines an address out of sight", r"(?:^|\n)[ ]{0,3}\[[^\]\n]+\]:\s*\S+"),
    ("is active markup", r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|link|meta|style|form|input|base|video|audio|body|html|details|template|math)\b[^>]*>?"),
    ("is active markup", r"\bon(?:error|load|click|mouseover|focus|toggle)\s*="),
    ("is an address that holds a document", r"\b(?:data|javascript|vbscript|file|blob)\s*:\s*(?://|[a-z]+/[a-z0-9.+-]+|[a-z_.]+\()[^\s)]*"),
    ("is a comment that no reader sees", r"<!--(?s:.*?)(?:-->|\Z)|\[//\]:\s*#|\[comment\]:"),
)  # fmt: skip
_ORDERS_COMPILED = [(why, re.compile(form)) for why, form in _ORDERS]
_WAYS_OUT_COMPILED = [(why, re.compile(form)) for why, form in _WAYS_OUT]
_MARKUP_COMPILED = [(why, re.compile(form, re.IGNORECASE)) for why, form in _MARKUP]
_ENCODED = re.compile(
    r"(?<![\w+/=-])(?:[A-Za-z0-9+/_-]{40,}={0,2}|(?:[0-9a-fA-F]{2}[ :\\x]?){24,}|(?:%[0-9a-fA-F]{2}){8,}|(?:\\u?x?[0-9a-fA-F]{2,4}){8,}|(?:&#x?[0-9a-fA-F]+;){6,})"
)
_SHORT_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{16,}={0,2}(?![\w+/=])")
_HASH = re.compile(r"\A(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{32})\Z")
_SEEN = frozenset("\n\t")
_EMOJI_JOINERS = frozenset("\u200d\ufe0f\ufe0e")
_LETTER = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
LEAST_READABLE = 0.9
# What rot13, reversing or spacing out would hide.
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*|]){6,}\w(?!\w)")


def marks(text: str) -> list[Mark]:
    """Everything that is wrong with the text, in order."""
    found = {mark for look in _LOOKS for mark in look(text)}
    return sorted(found, key=lambda each: (each.start, each.end, each.flag, each.why))


def flags(found: list[Mark]) -> set[str]:
    return {each.flag for each in found}


class _Plain:
    """The text in one plain form, and where each of its characters stands in the text itself."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self._places: list[int] = []
        for place, character in enumerate(text):
            for letter in _plain(character):
                letters.append(letter)
                self._places.append(place)
        self._places.append(len(text))
        self.text = "".join(letters)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self._places[start], self._places[end - 1] + 1 if end > start else self._places[end]


def _plain(character: str) -> str:
    """Nothing for what nobody sees, and the plain letters of what looks like them."""
    if character in _SEEN or character == "\r":
        return character
    if unicodedata.category(character) in {"Cf", "Cc", "Mn", "Me", "Co", "Cn"}:
        return ""
    return "".join(
        skeleton(each)
        for each in unicodedata.normalize("NFKD", character).lower()
        if not unicodedata.combining(each)
    )


def _orders(text: str) -> Iterator[Mark]:
    plain = _Plain(text)
    for why, form in _ORDERS_COMPILED:
        yield from _found(plain, form, Flag.INJECTION, why)
    for why, form in _WAYS_OUT_COMPILED:
        yield from _found(plain, form, Flag.EXFILTRATION, why)


def _found(plain: _Plain, form: re.Pattern[str], flag: str, why: str) -> Iterator[Mark]:
    for match in form.finditer(plain.text):
        yield Mark(*plain.span(*match.span()), flag, why)


def _markup(text: str) -> Iterator[Mark]:
    for why, form in _MARKUP_COMPILED:
        for match in form.finditer(text):
            yield Mark(*match.span(), Flag.MARKUP, why)


def _secrets(text: str) -> Iterator[Mark]:
    for each in masking.secrets(text):
        yield Mark(each.start, each.end, Flag.SECRET, f"looks like a {each.kind}")


def _hidden(text: str) -> Iterator[Mark]:
    for at, character in enumerate(text):
        if character in _SEEN or (character == "\r" and text[at + 1 : at + 2] == "\n"):
            continue
        category = unicodedata.category(character)
        is_hidden = category in {"Cf", "Cc", "Co", "Cn", "Zl", "Zp"} or character in _BLANKS
        if (
            is_hidden
            or "\ufe00" <= character <= "\ufe0f"
            or "\U000e0100" <= character <= "\U000e01ef"
        ) and not _joins_emoji(text, at):
            yield Mark(at, at + 1, Flag.HIDDEN_CHARACTERS, f"nobody sees U+{ord(character):04X}")


_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e")


def _joins_emoji(text: str, at: int) -> bool:
    """A joiner or selector right behind a symbol is part of how it looks."""
    before = text[at - 1 : at] if at else ""
    return (
        text[at] in _EMOJI_JOINERS
        and bool(before)
        and (unicodedata.category(before) in {"So", "Sk", "Mn"} or before == "\ufe0f")
    )


def _lookalikes(text: str) -> Iterator[Mark]:
    """Words that mix alphabets, or that say something plain in letters of another one."""
    for match in _LETTER.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        scripts = {_script(each) for each in word if each.isalpha()} - {""}
        if len(scripts) > 1 or scripts & _STYLED:
            yield Mark(*match.span(), Flag.LOOKALIKES, "letters of different alphabets in a word")
        elif (
            scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
            and skeleton(word.lower()).isascii()
        ):
            yield Mark(*match.span(), Flag.LOOKALIKES, "letters that only look like Latin ones")


_STYLED = frozenset(
    {
        "MATHEMATICAL",
        "FULLWIDTH",
        "CIRCLED",
        "SQUARED",
        "PARENTHESIZED",
        "NEGATIVE",
        "REGIONAL",
        "DOUBLE-STRUCK",
    }
)


def _script(letter: str) -> str:
    """The alphabet, by the first word of the letter's name."""
    first = unicodedata.name(letter, "").split(" ")[0]
    return "" if first in {"MODIFIER", "COMBINING", "MASCULINE", "FEMININE", "MICRO"} else first


def _encoded(text: str) -> Iterator[Mark]:
    for match in _ENCODED.finditer(text):
        if not _HASH.match(match.group()) and not _is_path(match.group()):
            yield Mark(*match.span(), Flag.ENCODED, "is encoded: nobody can read what it says")
    for match in _SHORT_BASE64.finditer(text):
        if _decodes(match.group()):
            yield Mark(*match.span(), Flag.ENCODED, "is encoded text")
    for match in _SPACED.finditer(text):
        yield Mark(*match.span(), Flag.ENCODED, "is spelt letter by letter")


def _is_path(text: str) -> bool:
    return (
        "/" in text and max(len(part) for part in text.split("/")) < 40 and not text.endswith("=")
    )


def _decodes(text: str) -> bool:
    """Whether it is base64 of something that can be read."""
    if len(text) % 4 or text.isalpha() and text.islower():
        return False
    try:
        said = b64decode(text, validate=True).decode()
    except (NotBase64, UnicodeDecodeError):
        return False
    readable = sum(each.isprintable() or each.isspace() for each in said)
    return readable >= LEAST_READABLE * len(said) and said.isascii()


def _reversed(text: str) -> Iterator[Mark]:
    """Orders that are written backwards or in rot13."""
    for why, turned in (
        ("is written backwards", text[::-1]),
        ("is written in rot13", text.translate(_ROT13)),
    ):
        for order in _orders(turned):
            if order.flag != Flag.INJECTION:
                continue
            start, end = order.start, order.end
            if why == "is written backwards":
                start, end = len(text) - end, len(text) - start
            yield Mark(start, end, Flag.INJECTION, f"{why}: {order.why}")


_LOWER = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(
    _LOWER + _LOWER.upper(), _LOWER[13:] + _LOWER[:13] + _LOWER[13:].upper() + _LOWER[:13].upper()
)
_LOOKS: tuple[Callable[[str], Iterator[Mark]], ...] = (
    _orders,
    _markup,
    _secrets,
    _hidden,
    _lookalikes,
    _encoded,
    _reversed,
)
