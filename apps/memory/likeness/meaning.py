"""What words are about, as vectors: learnt ones where their package is there, letters otherwise."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]
_WIDTH = 256
_BATCH = 4_096


def of_words(vocabulary: Sequence[str]) -> Matrix:
    """A row of length one for each word: alike where the words mean alike."""
    if not vocabulary:
        return np.zeros((0, _WIDTH), dtype=np.float32)
    model = _model()
    if model is None:
        return unit(np.stack([_letters(word) for word in vocabulary]))
    parts = [
        np.asarray(model.embed(list(vocabulary[at : at + _BATCH]), norm=True), dtype=np.float32)
        for at in range(0, len(vocabulary), _BATCH)
    ]
    return np.concatenate(parts)


def unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Matrix = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


@cache
def _model() -> Any:
    """Loaded by whoever compares first, from the package's own folder: nothing is fetched."""
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        return None
    from wordllama import WordLlama  # noqa: PLC0415 -- half a second and 60 MB, and not everywhere

    return WordLlama.load(cache_dir=Path(spec.origin).parent, disable_download=True)


def _letters(word: str) -> Matrix:
    """Three letters in a row each: forms of one word come out alike, words of one sense do not."""
    row = np.zeros(_WIDTH, dtype=np.float32)
    padded = f"^{word}$"
    for at in range(len(padded) - 2):
        row[crc32(padded[at : at + 3].encode()) % _WIDTH] += 1
    return row
