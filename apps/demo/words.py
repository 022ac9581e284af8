"""How one line of a table becomes many: choices, numbers and names, drawn in place.

`[Opening|Reading] {file}, page <3..9>` gives "Reading msa.docx, page 4". Brackets without a bar
and braces around an unknown name stay, so that citations and shell code can be written plainly.
"""

import re
from collections.abc import Mapping
from random import Random

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_NUMBER = re.compile(r"<(\d+)\.\.(\d+)>")
_NAME = re.compile(r"\{([a-z_]+)\}")


def vary(rng: Random, text: str, facts: Mapping[str, str]) -> str:
    """Draw every choice, innermost first, then every number, then put the names in."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    text = _NUMBER.sub(lambda found: str(rng.randint(int(found[1]), int(found[2]))), text)
    return _NAME.sub(lambda found: facts.get(found[1], found[0]), text)


def tokens(text: str) -> int:
    """About as many tokens as a model would count."""
    return len(text) // 4 + 1
