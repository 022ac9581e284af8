"""What the model is told, in files beside this one.

A change of what is told for observing takes another VERSION: what was observed before is read anew.
"""

from pathlib import Path

VERSION = "2"


def _told(name: str) -> str:
    return (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")


OBSERVE = _told("observe")
CURATE = _told("curate")
LEARN = _told("learn").rstrip()
TIDY = _told("tidy").rstrip()
