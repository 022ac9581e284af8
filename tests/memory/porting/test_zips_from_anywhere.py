"""A zip that tries something is refused as a whole, before anything is written or unpacked."""

import io
import os
import stat
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.memory.porting import opening, zips
from apps.memory.porting.reading import NothingToImport, TooManyFiles
from apps.memory.porting.zips import BadArchive
from tests.memory.porting.conftest import bundle_of, zip_of


def names(bundle):
    return [entry.name for entry in bundle.entries]


@pytest.mark.parametrize("name", ["../a.md", "a/../../b.md", "/etc/passwd", "C:\\a.md", "..\\a.md"])
def test_a_name_that_leads_out_refuses_the_zip(name):
    with pytest.raises(BadArchive, match="leads out of it"):
        bundle_of([("fine.md", b""), (name, b"")])


def test_two_files_of_one_name_refuse_the_zip():
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = zip_of([("a.md", b"one"), ("a.md", b"two")])

    with pytest.raises(BadArchive, match=r"two files of the same name: 'a\.md'"):
        opening.from_upload([("x.zip", packed)])


def test_an_encrypted_zip_is_refused():
    data = bytearray(zip_of([("a.md", b"secret")]).getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(BadArchive, match="encrypted"):
        opening.from_upload([("x.zip", io.BytesIO(data))])


def test_what_unpacks_to_far_more_than_text_does_is_not_opened():
    files = [(f"{number}.md", b"\0" * 5_000_000) for number in range(5)]

    with pytest.raises(BadArchive, match="far more than text"):
        bundle_of(files)


def test_a_file_that_says_it_is_small_is_not_unpacked_further_than_a_memory_goes():
    data = zip_of([("a.md", b"a" * 3_000_000)]).getvalue()
    size = (3_000_000).to_bytes(4, "little")
    lying = data.replace(size, (10).to_bytes(4, "little"))

    with pytest.raises(BadArchive, match="damaged"):
        opening.from_upload([("x.zip", io.BytesIO(lying))])
    bundle = opening.from_upload([("x.zip", io.BytesIO(data))])
    assert bundle.entries[0].problem == "it has more than 102,400 bytes"
    assert bundle.entries[0].data == b""


def test_more_files_than_a_store_holds_are_refused(settings):
    settings.MEMORIES_PER_STORE = 2

    with pytest.raises(TooManyFiles):
        bundle_of([(str(number), b"") for number in range(3)])


def test_a_list_of_files_that_would_fill_the_memory_is_not_read():
    data = bytearray(zip_of([("a", b"")]).getvalue())
    data[-10:-6] = (zips.MOST_DIRECTORY_BYTES + 1).to_bytes(4, "little")

    with pytest.raises(TooManyFiles):
        opening.from_upload([("x.zip", io.BytesIO(data))])


def test_a_link_is_refused_by_itself():
    link = zipfile.ZipInfo("passwd")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = zip_of([("a.md", b"fine"), (link, b"/etc/passwd")])

    bundle = opening.from_upload([("x.zip", packed)])

    assert [(entry.name, entry.problem) for entry in bundle.entries] == [
        ("a.md", ""),
        ("passwd", "it is a link, and links are not followed"),
    ]


def test_a_method_that_text_needs_not_is_refused():
    with pytest.raises(BadArchive, match="unusual way"):
        bundle_of([("a.md", b"x")], method=zipfile.ZIP_LZMA)


def test_an_empty_zip_holds_nothing():
    with pytest.raises(NothingToImport):
        bundle_of([])
    with pytest.raises(NothingToImport):
        bundle_of([("folder/", b""), (".git/HEAD", b"")])


def test_names_in_utf8_that_is_not_said_to_be_utf8_are_read():
    data = zip_of([("caf\u00e9.md", b"")]).getvalue()
    unsaid = bytearray(data)
    unsaid[7] &= ~8
    unsaid[data.index(b"PK\x01\x02") + 9] &= ~8

    assert names(opening.from_upload([("x.zip", io.BytesIO(unsaid))])) == ["caf\u00e9.md"]


def test_folders_as_old_windows_tools_write_them_are_folders():
    assert names(bundle_of([("team\\a.md", b"")])) == ["team/a.md"]
    assert names(bundle_of([("team\\a.md", b"")], comment=zips.MARK)) == ["team\\a.md"]


@pytest.mark.parametrize("cut", [5, 30, 60])
def test_a_zip_that_breaks_off_is_refused(cut):
    whole = zip_of([("a.md", os.urandom(40).hex().encode())]).getvalue()

    with pytest.raises(BadArchive):
        opening.from_upload([("x.zip", io.BytesIO(whole[:-cut]))])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(min_value=4, max_value=240), st.integers(min_value=0, max_value=255)),
        max_size=8,
    )
)
def test_whatever_is_wrong_with_a_zip_it_is_said_and_never_a_crash(changes):
    data = bytearray(zip_of([("a.md", b"one" * 9), ("b/c.md", b"two" * 9)]).getvalue())
    for at, byte in changes:
        data[at % len(data)] = byte

    with suppress(DomainError):  # anything else is a crash
        opening.from_upload([("x.zip", io.BytesIO(data))])
