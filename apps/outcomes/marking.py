"""An artifact with the words marked that verdicts rest on. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.outcomes.models import Verdict


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text, and the verdicts that quote it."""

    text: str
    verdicts: Sequence[Verdict] = ()
    is_shown: bool = False
    """Whether the verdict that is looked at quotes it."""
    is_first: bool = False
    """Of the pieces that are."""

    @property
    def tone(self) -> str:
        """What marks it: the verdict that is looked at, or else the worst."""
        said = {each.verdict for each in self.verdicts}
        return next((each for each in ("fail", "unclear", "pass") if each in said), "")


def marked(artifact: str, verdicts: Iterable[Verdict], shown: Verdict | None) -> list[Segment]:
    """The whole text in pieces; a piece that two verdicts quote names both."""
    spans = [
        (each.start, min(each.end, len(artifact)), each)
        for each in verdicts
        if each.start is not None and each.end is not None and each.start < len(artifact)
    ]
    ends = sorted({0, len(artifact), *(at for start, end, _ in spans for at in (start, end))})
    segments: list[Segment] = []
    was_shown = False
    for start, end in pairwise(ends):
        quoting = [each for first, last, each in spans if first <= start and end <= last]
        is_shown = shown is not None and any(each.pk == shown.pk for each in quoting)
        if is_shown and shown is not None:
            quoting = [shown, *(each for each in quoting if each.pk != shown.pk)]
        segments.append(Segment(artifact[start:end], quoting, is_shown, is_shown and not was_shown))
        was_shown = was_shown or is_shown
    return segments
