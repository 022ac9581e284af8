"""Folders and files as they lie about: what is no text is named, what is too much refused."""

import io
import os
from pathlib import Path

import pytest

from apps.memory.porting import opening, reading
from apps.memory.porting.reading import CannotRead, ImportTooLarge
from tests.memory.porting.conftest import bundle_of


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    bundle = opening.opened(tmp_path)

    assert [(entry.name, entry.problem) for entry in bundle.entries] == [
        ("pipe", "it is no ordinary file")
    ]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read")
def test_a_file_that_cannot_be_read_is_named():
    with pytest.raises(CannotRead, match="/proc/self/mem cannot be read: "):
        opening.opened(Path("/proc/self/mem"))


def test_an_import_holds_no_more_text_than_lies_in_memory(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 10)

    assert bundle_of([("a", b"12345"), ("b", b"12345")]).entries
    with pytest.raises(ImportTooLarge):
        bundle_of([("a", b"12345"), ("b", b"123456")])


def test_several_files_come_by_their_names():
    files = [
        ("a.md", io.BytesIO(b"one")),
        (".DS_Store", io.BytesIO(b"")),
        ("b.md", io.BytesIO(b"")),
    ]

    bundle = opening.from_upload(files)

    assert bundle.origin == "3 files"
    assert [entry.name for entry in bundle.entries] == ["a.md", "b.md"]
    assert [left.why for left in bundle.left_out] == ["kept by macOS"]
