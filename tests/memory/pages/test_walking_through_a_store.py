"""A store as folders, its activity, the sessions that mount it, and whether its history holds."""

import pytest
from django.db import connection
from django.urls import reverse

from apps.memory import tasks, writing
from apps.memory.authors import Author
from tests import make
from tests.memory.pages.conftest import TOM, at, body, change, delete, new_store, page_of, words

pytestmark = pytest.mark.django_db

INES = Author("user_actor", "user_ines", "ines")


def test_an_empty_store_says_what_to_do_next(client, store):
    shown = body(client.get(at("store", store)))

    assert "Nothing in it yet" in shown
    assert at("new_memory", store) in shown
    assert f'"memory_store_id": &quot;{store.pk}' in shown or store.pk in shown


def test_a_folder_tells_what_lies_below_it_and_who_changed_it_last(client, store, write):
    write("/readme.md", "Hello")
    write("/team/a.md", "12345")
    write("/team/deep/b.md", "123", by=INES)
    write("/teams.md", "")

    top = words(client.get(at("store", store)))
    inside = words(client.get(at("store", store) + "?prefix=/team/"))

    assert "readme.md 5 B T tom now" in top
    assert "team/ 2 8 B I ines now" in top
    assert "b.md" not in top
    assert "deep/ 1 3 B I ines now" in inside
    assert "a.md 5 B T tom now" in inside
    assert "teams.md" not in inside


@pytest.mark.parametrize("rows", [1, 3])
def test_a_folder_costs_the_same_however_full(
    client, store, write, rows, django_assert_num_queries
):
    for number in range(rows):
        write(f"/a{number}.md")
        write(f"/folder{number}/b.md")
    client.get(at("store", store))

    with django_assert_num_queries(10):
        client.get(at("store", store))


def test_a_full_folder_is_shown_page_by_page(client, store):
    with writing.writing(store.pk, by=TOM) as pen:
        for number in range(230):
            pen.create(f"/n{number:03}.md", "x")

    seen, url = [], at("store", store)
    while url:
        answer = client.get(url)
        page = answer.context["folder"]
        seen += [entry.path for entry in page.entries]
        url = f"{at('store', store)}?prefix=/&page={page.next_page}" if page.next_page else ""

    assert seen == [f"/n{number:03}.md" for number in range(230)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?prefix=team/", "begins with"),
        ("?prefix=/team", "ends with"),
        ("?prefix=/a/../b/", "no empty segments"),
        ("?page=damaged", "no cursor of this list"),
        ("?prefix=/a%00/", "Nothing lies in"),
    ],
)
def test_an_address_of_no_folder_is_told(client, store, query, said):
    answer = client.get(at("store", store) + query)

    assert answer.status_code == (200 if said.startswith("Nothing") else 400)
    assert said in words(answer)


def test_a_path_leads_to_its_memory_or_folder(client, store, write):
    memory = write("/team/a b.md")

    assert client.get(at("at", store, "team/a b.md")).url == at("memory", store, memory)
    assert client.get(at("at", store, "team")).url == at("store", store) + "?prefix=%2Fteam%2F"
    assert client.get(at("at", store, "team/none.md")).status_code == 404
    delete(memory)
    assert client.get(at("at", store, "team/a b.md")).status_code == 404


def test_activity_tells_every_write_newest_first(client, store, write):
    memory = write("/a.md", reason="From the wiki")
    change(memory, "Other", by=Author.session("sesn_1", "night run"))
    delete(memory)

    shown = words(client.get(at("activity", store)))

    rows = [shown.index(each) for each in ("deleted", "changed night run", "From the wiki created")]
    assert rows == sorted(rows)
    assert client.get(at("activity", store) + "?page=damaged").status_code == 400
    assert "Nothing was written yet" in words(client.get(at("activity", new_store("Other"))))


@pytest.mark.parametrize("rows", [1, 3])
def test_activity_costs_the_same_however_long(
    client, store, write, rows, django_assert_num_queries
):
    for number in range(rows):
        write(f"/{number}.md")
    client.get(at("activity", store))

    with django_assert_num_queries(7):
        client.get(at("activity", store))


def test_activity_is_shown_page_by_page(client, store):
    with writing.writing(store.pk, by=TOM) as pen:
        for number in range(60):
            pen.create(f"/{number}.md", "x")

    first = client.get(at("activity", store))
    second = client.get(at("activity", store), {"page": first.context["page"].next_page})

    shown = [each.context["page"].rows for each in (first, second)]
    assert [each.path for rows in shown for each in rows] == [f"/{n}.md" for n in range(59, -1, -1)]


def test_a_history_is_checked_from_its_page(client, store, write):
    memory = write()
    assert "History not checked yet" in words(client.get(at("store", store)))

    answer = client.post(at("checks", store), follow=True)

    assert "Every version is as it was written." in words(answer)
    assert "passed" in words(answer)
    for url in (at("store", store), page_of(memory)):
        assert "History verified just now · 1 version" in words(client.get(url))


def test_a_long_check_is_followed_on_its_page(client, store, write, monkeypatch):
    write()
    monkeypatch.setattr("apps.memory.actions.verifying.SHORT", 0)
    monkeypatch.setattr(tasks.verify_history, "apply_async", lambda kwargs, headers: None)

    shown = client.post(at("checks", store), follow=True)

    assert "A worker is checking 1 version" in words(shown)
    assert "Check now" not in words(shown)
    assert 'hx-trigger="every 1s"' in body(shown)
    tasks.verify_history(store_id=store.pk, check_id=shown.context["running"].pk)
    shown = client.get(at("checks", store), headers={"hx-request": "true"})
    assert 'hx-trigger="every 1s"' not in body(shown)
    assert "<html" not in body(shown)
    assert "The history is what was written" in words(shown)


def test_a_history_that_was_changed_is_told_row_by_row(client, store, write):
    memory = write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE memory_memoryversion DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE memory_memoryversion SET content = 'Evil' WHERE store_id = %s", [store.pk]
        )
        cursor.execute("ALTER TABLE memory_memoryversion ENABLE TRIGGER USER")

    answer = client.post(at("checks", store), follow=True)

    assert "The history is not what was written" in words(answer)
    assert "its content is not what its content_sha256 says" in words(answer)
    assert at("memory", store, memory) in body(answer)
    assert "not as written" in words(client.get(at("store", store)))


def mounted(store, title, access="read_write"):
    session = make.session(title=title)
    session.resources.create(
        type="memory_store",
        memory_store_id=store.pk,
        mount_path="/mnt/memory/team-notes",
        access=access,
        name=store.name,
    )
    return session


def sessions_of(store):
    return reverse("sessions:of_memory_store", args=["default", store.pk])


def test_sessions_that_mounted_it_are_told_with_what_they_wrote(client, store, write):
    mounted(store, "only reads", access="read_only")
    writer = mounted(store, "writes")
    mounted(new_store("Other"), "elsewhere")
    write(by=Author.session(writer.public_id, "coordinator"))

    shown = words(client.get(sessions_of(store)))

    assert "writes coordinator" in shown
    assert "read and write 0 1" in shown
    assert "read 0 0" in shown
    assert "elsewhere" not in shown


def test_a_store_that_nobody_mounted_says_how(client, store):
    assert "No session has mounted it yet" in words(client.get(sessions_of(store)))
    assert client.get(sessions_of(store) + "?page=damaged").status_code == 400
    assert client.get(sessions_of(new_store(of=make.workspace("next-door")))).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_mounts_cost_the_same_however_many(client, store, rows, django_assert_num_queries):
    for number in range(rows):
        mounted(store, f"run {number}")
    client.get(sessions_of(store))

    with django_assert_num_queries(9):
        client.get(sessions_of(store))
