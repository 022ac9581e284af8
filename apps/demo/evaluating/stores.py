"""A store with flaws in it: the same said twice, opposite things said, what is over, too much."""

from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from apps.demo.evaluating.labels import Finding, Label
from apps.demo.evaluating.pools import Pair
from apps.demo.evaluating.pools.contradictions import CONTRADICTIONS
from apps.demo.evaluating.pools.duplicates import DUPLICATES
from apps.demo.evaluating.pools.lookalikes import LOOKALIKES
from apps.demo.evaluating.pools.outdated import LASTING, OUTDATED
from apps.demo.evaluating.pools.oversized import OVERSIZED
from apps.dreams.findings import Note

_PLAIN = {
    "/README.md": "# What is where\n\n- /policies: rules\n- /tools: how to use them\n",
    "/office/address.md": "# Address\n\nParcels go to the back entrance, bell 4.\n",
    "/style/titles.md": "# Titles\n\nTitles are in sentence case and have no full stop.\n",
    "/policies/phone.md": "# Phone\n\nAnswer within three rings and say your name.\n",
    "/policies/visitors.md": "# Visitors\n\nVisitors sign in at the desk and wear a badge.\n",
    "/tools/mail-server.md": "# Mail server\n\nOutgoing mail leaves through port 587.\n",
    "/support/address.md": "# Support\n\nThe support address is help@example.org.\n",
    "/billing/closing.md": "# Closing\n\nThe books close on the last day of the month.\n",
}


def store(
    chance: Random, now: datetime, *, seed: int
) -> tuple[tuple[Note, ...], tuple[Label, ...]]:
    """Notes, and what is wrong with them; the seed says of which texts of the pools."""
    texts = dict(_PLAIN)
    labels: list[Label] = []
    for finding, pool in ((Finding.DUPLICATE, DUPLICATES), (Finding.CONTRADICTION, CONTRADICTIONS)):
        for pair in chance.sample(pool.of(seed), 4):
            labels.append(_labelled(finding, pair))
            texts |= dict((pair.first, pair.second))
    for path, text in chance.sample(OUTDATED.of(seed), 4):
        texts[path] = text
        labels.append(Label(path, Finding.OUTDATED, paths=frozenset({path})))
    for pair in chance.sample(LOOKALIKES.of(seed), 6):
        texts |= dict((pair.first, pair.second))
    texts |= dict(chance.sample(LASTING.of(seed), 3))
    path, written = chance.choice(OVERSIZED.of(seed))
    texts[path] = written(chance)
    labels.append(Label(path, Finding.OVERSIZED, paths=frozenset({path})))
    notes = (_note(path, text, chance, now) for path, text in sorted(texts.items()))
    return tuple(notes), tuple(labels)


def _labelled(finding: Finding, pair: Pair) -> Label:
    return Label(pair.id, finding, pair.signs, paths=frozenset({pair.first[0], pair.second[0]}))


def _note(path: str, text: str, chance: Random, now: datetime) -> Note:
    digest = sha256(text.encode()).hexdigest()
    at = now - timedelta(days=chance.randint(90, 300))
    return Note(f"mem_{sha256(path.encode()).hexdigest()[:12]}", path, text, digest, at)
