"""Listing a store: whole, below a folder, and one level at a time."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.memory import listing, paths, writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore
from tests import make

pytestmark = pytest.mark.django_db
TREE = ("/Z", "/a", "/a b", "/a.md", "/b/1", "/b/2/x", "/b/2/y", "/b/10", "/b-c/1", "/é/1", "/日")


@pytest.fixture
def tree(write):
    for path in TREE:
        write(path)


def shown(page):
    return [each["path"] for each in page["data"]]


def every(api, path, **query):
    """All pages, one item a page; each but the last has one."""
    found, page = [], ""
    while page is not None:
        told = api.get(path, limit=1, page=page, **query)
        found += shown(told)
        page = told["next_page"]
    return found


def in_order(found):
    return sorted(found, key=str.encode)


def level_of(tree, prefix):
    """What `ls` would show, told simply."""
    items = set()
    for path in tree:
        if path.startswith(prefix):
            name, slash, _ = path.removeprefix(prefix).partition("/")
            items.add(f"{prefix}{name}{slash}")
    return in_order(items)


def test_all_of_a_store_in_order_of_bytes(api, at, tree):
    assert shown(api.get(f"{at}/memories")) == in_order(TREE)
    assert every(api, f"{at}/memories") == in_order(TREE)
    assert every(api, f"{at}/memories", depth=0, path_prefix="/") == in_order(TREE)


def test_all_below_a_folder_and_nothing_that_begins_alike(api, at, tree):
    below = ["/b/1", "/b/10", "/b/2/x", "/b/2/y"]

    assert shown(api.get(f"{at}/memories", path_prefix="/b/")) == below
    assert every(api, f"{at}/memories", path_prefix="/b/") == below
    assert shown(api.get(f"{at}/memories", path_prefix="/B/")) == []
    assert shown(api.get(f"{at}/memories", path_prefix="/a/")) == []


@pytest.mark.parametrize("prefix", ["/", "/b/", "/b/2/", "/é/", "/nowhere/"])
def test_one_level(api, at, tree, prefix):
    wanted = level_of(TREE, prefix)

    page = api.get(f"{at}/memories", depth=1, path_prefix=prefix)

    assert (shown(page), page["next_page"]) == (wanted, None)
    assert every(api, f"{at}/memories", depth=1, path_prefix=prefix) == wanted
    for each in page["data"]:
        is_folder = each["path"].endswith("/")
        assert each["type"] == ("memory_prefix" if is_folder else "memory")
        assert (each.keys() == {"type", "path"}) == is_folder


def test_a_level_tells_contents_only_in_full(api, at, tree):
    def contents(**query):
        data = api.get(f"{at}/memories", depth=1, path_prefix="/b/", **query)["data"]
        return [each["content"] for each in data if each["type"] == "memory"]

    assert contents() == [None, None]
    assert contents(view="full") == ["text", "text"]


@pytest.mark.parametrize("depth", [0, 1])
def test_what_comes_and_goes_in_between_shifts_no_page(api, at, write, depth):
    for name in "bdfhj":
        write(f"/{name}/1" if name == "d" else f"/{name}")
    first = api.get(f"{at}/memories", depth=depth, limit=2)
    last = first["data"][-1]["path"]

    write("/a")
    write("/d/0")
    write("/e")
    gone = Memory.objects.get(path="/f")
    api.delete(f"{at}/memories/{gone.pk}")
    second = api.get(f"{at}/memories", depth=depth, page=first["next_page"])

    assert last == ("/d/" if depth else "/d/1")
    assert shown(second) == ["/e", "/h", "/j"]


def test_a_page_in_full_has_twenty_rows_at_most(api, at, write):
    for number in range(22):
        write(f"/{number:02}")

    for depth in (0, 1):
        page = api.get(f"{at}/memories", view="full", limit=100, depth=depth)
        rest = api.get(f"{at}/memories", view="full", depth=depth, page=page["next_page"])

        assert (len(page["data"]), shown(rest)) == (20, ["/20", "/21"])
        assert len(api.get(f"{at}/memories", limit=100, depth=depth)["data"]) == 22


WRONG = {
    "depth": {"depth": 2},
    "negative depth": {"depth": -1},
    "worded depth": {"depth": "all"},
    "no slash": {"path_prefix": "/b"},
    "relative": {"path_prefix": "b/"},
    "double": {"path_prefix": "/b//"},
    "dots": {"path_prefix": "/../"},
    "nul": {"path_prefix": "/\x00/"},
    "limit": {"limit": 0},
    "high limit": {"limit": 101},
    "view": {"view": "whole"},
    "cursor": {"page": "page"},
    "cursor with nul": {"page": "\x00"},
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_no_list_takes(api, at, name):
    told = api.get(f"{at}/memories", 400, **WRONG[name])

    assert told["error"]["message"].startswith(next(iter(WRONG[name])))


def test_a_cursor_belongs_to_its_list(api, at, tree):
    whole = api.get(f"{at}/memories", limit=1)["next_page"]
    level = api.get(f"{at}/memories", limit=1, depth=1)["next_page"]
    other = api.post("memory_stores", name="Others")["id"]

    api.get(f"{at}/memories", 400, page=whole, depth=1)
    api.get(f"{at}/memories", 400, page=level)
    api.get(f"{at}/memories", 400, page=whole, path_prefix="/b/")
    api.get(f"memory_stores/{other}/memories", 400, page=whole)
    assert api.get(f"{at}/memories", page=whole, view="full", limit=2)["data"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("depth", "statements"), [(0, 3), (1, 4)])
def test_a_list_costs_the_same_however_long(
    api, at, write, count, depth, statements, django_assert_num_queries
):
    for number in range(count):
        write(f"/{number}")

    with django_assert_num_queries(statements):
        page = api.get(f"{at}/memories", depth=depth)

    assert (len(page["data"]), page["next_page"]) == (count, None)


def test_a_level_is_walked_and_not_read_through(store):
    """Two folders of 500 cost what two folders of one cost: rows of the index, not of the store."""
    kept = MemoryStore.objects.get(pk=store["id"])
    Memory.objects.bulk_create(
        Memory(store=kept, path=f"/{folder}/{number}", memory_version_id="memver_x")
        for folder in "ab"
        for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE memory_memory")
        asked = {"store": kept.pk, "begin": "/", "end": "0", "name": 2, "limit": 21}
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {listing.WALK}", asked)
        [(plan,)] = cursor.fetchall()

    def scans(node):
        if node.get("Relation Name") == "memory_memory":
            yield node
        for each in node.get("Plans", ()):
            yield from scans(each)

    found = list(scans(plan[0]["Plan"]))
    assert {each["Node Type"] for each in found} <= {"Index Scan", "Index Only Scan"}
    assert sum(each["Actual Rows"] * each["Actual Loops"] for each in found) <= 4


NAMES = st.sampled_from(["a", "b", "a.", "a-", "a0", "A", "é", "日", "\U0001f600", " "])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda names: "/" + "/".join(names))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(PATHS, max_size=12), st.lists(NAMES, max_size=2))
def test_any_tree_is_listed_whole_and_once(wanted, folder):
    store = MemoryStore.objects.create(workspace=make.workspace(), name="x")
    there = []
    for path in wanted:
        try:
            with writing.writing(store.pk, by=Author()) as pen:
                pen.create(path, "")
            there.append(path)
        except writing.PathTaken:
            pass
    prefix = "/" + "".join(f"{name}/" for name in folder)

    found, cursor = [], ""
    while cursor is not None:
        page = listing.level(store, prefix, cursor=cursor, limit=2)
        found += [each.path for each in page.items]
        cursor = page.next_page

    assert found == level_of(there, prefix)
    below = Memory.objects.filter(store=store).under(prefix).order_by("path")
    assert [each.path for each in below] == in_order(p for p in there if p.startswith(prefix))
    for path in there:
        assert paths.after(path) > path
