"""`import_memories` and `export_memories`, as somebody types them."""

import builtins
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.memory.models import MemoryStore
from tests import make
from tests.memory.porting.conftest import held, write, zip_of

pytestmark = pytest.mark.django_db


def run(name, *args):
    """What it prints, line by line."""
    out = StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path):
    """As Claude Code keeps its memory."""
    memory = tmp_path / "memory"
    (memory / "topics").mkdir(parents=True)
    (memory / "MEMORY.md").write_text("- [Builds](topics/builds.md)\n")
    (memory / "topics" / "builds.md").write_text("---\nname: builds\n---\nUse tail.\n")
    return memory


@pytest.fixture
def answers(monkeypatch):
    """What the person at the terminal types; nothing typed is the end of the input."""
    typed = []

    def asked(question):
        typed.append(question)
        if len(typed) < 2:
            raise EOFError
        return typed[0]

    monkeypatch.setattr(builtins, "input", asked)
    return typed


def test_a_memory_folder_goes_in_as_it_is(store, folder):
    printed = run("import_memories", folder, "--store", "Team notes", "--yes")

    assert printed == [
        "+ /MEMORY.md",
        "+ /topics/builds.md",
        "2 new · 0 changed · 0 unchanged · 0 deleted · 0 refused · 0 left out",
    ]
    assert held(store)["/topics/builds.md"] == b"---\nname: builds\n---\nUse tail.\n"


def test_a_single_file_goes_in_by_its_name(store, tmp_path):
    (tmp_path / "CLAUDE.md").write_bytes(b"# Rules\r\n")

    run("import_memories", tmp_path / "CLAUDE.md", "--store", store.pk, "--prefix", "/x/", "--yes")

    assert held(store) == {"/x/CLAUDE.md": b"# Rules\r\n"}


def test_a_zip_goes_in_and_what_changes_is_shown(store, tmp_path):
    write(store, "/a.md", "old\n")
    write(store, "/b.md", "gone")
    (tmp_path / "x.zip").write_bytes(zip_of([("a.md", b"new\n")]).getvalue())

    printed = run("import_memories", tmp_path / "x.zip", "--store", store.name, "--yes", "--delete")

    assert printed == [
        "~ /a.md",
        "    @@ -1,1 +1,1 @@",
        "    -old",
        "    +new",
        "- /b.md",
        "0 new · 1 changed · 0 unchanged · 1 deleted · 0 refused · 0 left out",
    ]
    assert held(store) == {"/a.md": b"new\n"}


def test_whoever_says_yes_is_taken_at_their_word(store, folder, answers):
    answers.append("y")

    run("import_memories", folder, "--store", store.name)

    assert len(held(store)) == 2
    assert answers[1].endswith("0 left out. Write this? [y/N] ")


@pytest.mark.parametrize(("typed", "said"), [("n", "Nothing was written."), ("", "Nothing was")])
def test_whoever_says_no_has_nothing_written(store, folder, answers, typed, said):
    answers.append(typed)

    with pytest.raises(CommandError, match=said):
        run("import_memories", folder, "--store", store.name)

    assert held(store) == {}


def test_where_nobody_can_be_asked_nothing_is_written(store, folder, answers):
    with pytest.raises(CommandError, match="Say --yes"):
        run("import_memories", folder, "--store", store.name, "--create")

    assert held(store) == {}


def test_nobody_is_asked_about_nothing(store, folder, answers):
    run("import_memories", folder, "--store", store.name, "--yes")

    printed = run("import_memories", folder, "--store", store.name)

    assert printed == ["0 new · 0 changed · 2 unchanged · 0 deleted · 0 refused · 0 left out"]


def test_a_store_is_made_if_that_is_wanted(folder):
    make.workspace("legal")

    run("import_memories", folder, "--store", "New", "--workspace", "legal", "--create", "--yes")

    made = MemoryStore.objects.get()
    assert (made.name, made.workspace.slug, len(held(made))) == ("New", "legal", 2)


def test_links_in_a_folder_are_not_followed(store, folder, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("secret")
    (folder / "a_link").symlink_to(tmp_path / "secret" / "key")
    (folder / "b_link").symlink_to(tmp_path / "secret")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref")
    (folder / ".DS_Store").write_text("")

    printed = run("import_memories", folder, "--store", store.name, "--yes")

    assert set(held(store)) == {"/MEMORY.md", "/topics/builds.md"}
    assert "! /a_link (it is a link, and links are not followed)" in printed
    assert "! /b_link (it is a link, and links are not followed)" in printed
    assert ". /.git/ (it is kept by Git)" in printed
    assert ". /.DS_Store (it is kept by macOS)" in printed


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--store", "Nowhere"], "There is no memory store “Nowhere” in the workspace “default”."),
        (["--store", "Team notes", "--workspace", "x"], "There is no workspace “x”"),
        (["--store", "Team notes", "--prefix", "x"], "prefix: ends with '/'"),
        (["--store", "n" * 300, "--create"], "name: "),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(store, folder, args, said):
    with pytest.raises(CommandError, match=said):
        run("import_memories", folder, *args, "--yes")

    assert list(MemoryStore.objects.all()) == [store]
    assert held(store) == {}


def test_a_path_that_is_not_there_is_said(store, tmp_path):
    with pytest.raises(CommandError, match="There is no file or folder"):
        run("import_memories", tmp_path / "nowhere", "--store", store.name)
    with pytest.raises(CommandError, match="holds no files"):
        run("import_memories", tmp_path, "--store", store.name)


def test_two_stores_of_one_name_have_to_be_told_apart(store, folder):
    other = MemoryStore.objects.create(workspace=store.workspace, name=store.name)

    with pytest.raises(CommandError, match=f"name one by id: {store.pk}, {other.pk}"):
        run("import_memories", folder, "--store", store.name, "--yes")
    run("import_memories", folder, "--store", other.pk, "--yes")

    assert (len(held(store)), len(held(other))) == (0, 2)


def test_the_neighbours_store_is_not_there(folder):
    other = MemoryStore.objects.create(workspace=make.workspace("theirs"), name="Theirs")
    make.workspace()

    for name in ("Theirs", other.pk):
        with pytest.raises(CommandError, match="no memory store"):
            run("import_memories", folder, "--store", name, "--yes")
        with pytest.raises(CommandError, match="no memory store"):
            run("export_memories", folder / "out", "--store", name)


def test_out_into_a_folder_and_into_a_zip(store, tmp_path):
    write(store, "/a.md", "one")
    write(store, "/team/b.md", "two")

    assert run("export_memories", tmp_path / "out", "--store", "Team notes") == [
        "2 memories exported"
    ]
    assert run(
        "export_memories", tmp_path / "x.zip", "--store", store.pk, "--prefix", "/team/"
    ) == ["1 memory exported"]

    assert (tmp_path / "out" / "team" / "b.md").read_text() == "two"
    with pytest.raises(CommandError, match="is there already"):
        run("export_memories", tmp_path / "x.zip", "--store", store.pk)
    with pytest.raises(CommandError, match="path_prefix: ends with"):
        run("export_memories", tmp_path / "y", "--store", store.pk, "--prefix", "/a")
