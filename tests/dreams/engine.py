"""An engine that one knows by heart: whatever a tool says after OUCH is a mistake."""

from apps.dreams.engines import Observed, Usage, Written
from apps.dreams.findings import Curated, Dropped, Kind, Observation, Span
from apps.reviews import drafting
from apps.reviews.drafting import Draft, Quote, Role

MODEL = "pocket-1"
SIGN = "OUCH "


class PocketEngine:
    """Writes one lesson per mistake, and remembers what it was asked."""

    name = "pocket"
    version = "1"
    at_once = 1

    def __init__(self):
        self.read = []
        self.curated = 0
        self.breaks_at = ""
        """A session, or `curate`: there it crashes, once."""
        self.before = {}
        """By session, or `curate`: what happens meanwhile."""

    def observe(self, transcripts, work):
        return [self._observed(each) for each in transcripts]

    def _observed(self, transcript):
        self.read.append(transcript.session_id)
        self._meanwhile(transcript.session_id)
        seen = [_mistake(turn) for turn in transcript.turns if turn.text.startswith(SIGN)]
        return Observed(tuple(seen), Usage(input_tokens=10, output_tokens=1))

    def curate(self, patterns, notes, work):
        self.curated += 1
        self._meanwhile("curate")
        known = {line for note in notes for line in note.content.splitlines()}
        new = [each for each in patterns if each.key not in known]
        old = [
            Dropped("curate", "known already", each.title) for each in patterns if each not in new
        ]
        return Written(Curated(tuple(map(_lesson, new)), tuple(old)), Usage(input_tokens=100))

    def _meanwhile(self, step):
        self.before.pop(step, lambda: None)()
        if self.breaks_at == step:
            self.breaks_at = ""
            raise MemoryError(step)


def _mistake(turn):
    quote = turn.text
    span = Span(turn.event_id, 0, len(quote), quote, Role.SHOWS_MISTAKE, is_tainted=True)
    key = quote.removeprefix(SIGN)
    details = {"what": "rerun", "fix": key, "program": "tool"}
    return Observation(Kind.MISTAKE, key, f"It hurts: {key}", (span,), details=details)


def _lesson(pattern):
    return Draft(
        kind=drafting.Kind.CREATE,
        path=f"/lessons/{pattern.key.replace(' ', '-')}.md",
        content=f"{pattern.key}\n",
        rationale=f"It hurt in {pattern.sessions} sessions.",
        title=pattern.title,
        confidence=0.9,
        support={"sessions": pattern.sessions},
        fingerprint=pattern.fingerprint,
        evidence=tuple(
            Quote(seen.session_id, span.event_id, span.start, span.end, span.quote, span.role)
            for seen in pattern.seen
            for span in seen.observation.spans
        ),
    )
