"""What is exported and imported again is the same, byte for byte."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.memory import exporting, keeping, paths, writing
from apps.memory.actions import importing
from apps.memory.authors import Author
from apps.memory.exporting import CannotWrite
from apps.memory.models import MemoryStore
from apps.memory.porting import opening, reading
from apps.memory.porting.planning import Options
from tests import make
from tests.memory.porting.conftest import held, write

pytestmark = pytest.mark.django_db

SAID = {
    "/CLAUDE.md": "---\nname: x\n# not closed\n\n\ttext \n",
    "/crlf.md": "a\r\nb\rc\n\n",
    "/bom.md": "\ufefftext",
    "/empty": "",
    "/team/de\u0301j\u00e0.md".replace(
        "e\u0301", "\u00e9"
    ): "cafe\u0301 stays as it is \u2028\x85\x0c",
    "/a b/.git/what?*:|<>.md": "\U0001f600",
    "/C:/\\x.md": "x",
}


def exported(store, prefix="/"):
    return io.BytesIO(b"".join(exporting.zipped(store, prefix)))


def brought(source, to):
    """Import a zip or a path into this store."""
    bundle = opening.from_upload([("x.zip", source)])
    return importing.import_memories(
        store_id=to.pk, bundle=bundle, options=Options(deletes=True), by=make.actor()
    )


def another():
    return MemoryStore.objects.create(workspace=make.workspace(), name="Another")


def test_a_zip_brings_back_every_byte(store):
    for path, content in SAID.items():
        write(store, path, content)
    other = another()

    plan = brought(exported(store), other)

    assert plan.counts["created"] == len(SAID)
    assert held(other) == {path: content.encode() for path, content in SAID.items()}


_segment = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"), exclude_characters="/"),
    min_size=1,
    max_size=12,
)
_path = st.lists(_segment, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
_text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60)


def _fits(path):
    try:
        return bool(paths.checked(path))
    except paths.BadPath:
        return False


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(_path.filter(_fits), _text, min_size=1, max_size=6))
def test_whatever_a_store_says_comes_back(said):
    store, other = another(), another()
    with writing.writing(store.pk, by=Author()) as pen:
        for path, content in said.items():
            if keeping.in_the_way(store.pk, path, besides="") is None:
                pen.create(path, content)

    first = exported(store)
    brought(first, other)

    assert held(other) == held(store)
    assert exported(other).getvalue() == first.getvalue()


def test_a_folder_brings_back_every_byte(store, tmp_path):
    said = {path: text for path, text in SAID.items() if not reading.why_left_out(path)}
    for path, content in said.items():
        write(store, path, content)
    other = another()

    count = exporting.into_folder(store, tmp_path / "out")
    bundle = opening.opened(tmp_path / "out")
    importing.import_memories(store_id=other.pk, bundle=bundle, options=Options(), by=make.actor())

    assert count == len(said)
    assert (tmp_path / "out" / "crlf.md").read_bytes() == b"a\r\nb\rc\n\n"
    assert held(other) == held(store)


def test_a_zip_is_in_order_and_the_same_whenever_it_is_made(store):
    for path in ("/b", "/a/z", "/a/b", "/\u00e9"):
        write(store, path)

    packed = exported(store)

    assert packed.getvalue() == exported(store).getvalue()
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == ["a/b", "a/z", "b", "\u00e9"]
        assert archive.testzip() is None


def test_a_folder_of_a_store_is_exported_at_its_path(store):
    for path in ("/team/a", "/team/b/c", "/teams", "/x"):
        write(store, path)

    with zipfile.ZipFile(exported(store, "/team/")) as archive:
        assert archive.namelist() == ["team/a", "team/b/c"]


def test_what_was_deleted_is_not_exported(store):
    write(store, "/a")
    gone = write(store, "/b")
    with writing.writing(store.pk, by=Author()) as pen:
        pen.delete(gone.pk)

    assert [name for name, _ in exporting.files(store)] == ["a"]


def test_an_export_never_writes_over_anything(store, tmp_path):
    write(store, "/a.md")
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    (tmp_path / "x.zip").write_text("mine")

    with pytest.raises(CannotWrite, match="not an empty folder"):
        exporting.into_folder(store, there)
    with pytest.raises(CannotWrite, match="there already"):
        exporting.into_zip(store, tmp_path / "x.zip")

    assert [each.name for each in there.iterdir()] == ["mine.txt"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["there", "x.zip"]


def test_a_name_that_is_too_long_for_a_file_is_said_and_nothing_is_left(store, tmp_path):
    write(store, "/a.md")
    write(store, f"/{'n' * 300}")

    with pytest.raises(CannotWrite, match="cannot be a file here: File name too long"):
        exporting.into_folder(store, tmp_path / "out")

    assert list(tmp_path.iterdir()) == []
    assert exporting.into_zip(store, tmp_path / "x.zip") == 2


def test_where_nothing_can_be_written_it_is_said(store, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotWrite, match="Not a directory"):
        exporting.into_zip(store, tmp_path / "file" / "x.zip")
    with pytest.raises(CannotWrite):
        exporting.into_folder(store, tmp_path / "file" / "out")


def test_an_export_takes_as_many_queries_for_three_memories_as_for_one(
    store, django_assert_num_queries
):
    write(store, "/a")
    with django_assert_num_queries(1):
        exported(store)
    write(store, "/b")
    write(store, "/c")
    with django_assert_num_queries(1):
        exported(store)
