"""The pages of environments."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.rights import Role
from apps.agents.models import Environment
from tests import make
from tests.agents import given

pytestmark = pytest.mark.django_db

NEW = {"name": "python", "description": "", "kind": "cloud", "network": "unrestricted"}


@pytest.fixture
def client():
    return signed_in()


def signed_in(role=Role.OPERATOR, name="ines"):
    client = Client()
    client.force_login(make.user(name, role=role))
    return client


def at(name, *args):
    return reverse(f"agents:{name}", args=["default", *args])


def page_of(environment, name="environment"):
    return at(name, environment.public_id)


def body(response):
    return response.content.decode()


def test_an_empty_workspace_says_what_to_do_next(client):
    assert "No environments yet" in body(client.get(at("environments")))


def test_an_environment_is_made_with_everything(client):
    answer = client.post(
        at("new_environment"),
        NEW
        | {
            "description": "Data.",
            "network": "limited",
            "allowed_hosts": "api.example.com\r\n\r\nexample.org",
            "allow_package_managers": "on",
            "packages_pip": "pandas\nnumpy==2.0",
            "metadata": "team: support\nurl: http://x",
        },
    )

    environment = Environment.objects.get()
    assert answer.url == page_of(environment)
    assert environment.config["networking"]["allowed_hosts"] == ["api.example.com", "example.org"]
    assert environment.config["packages"]["pip"] == ["pandas", "numpy==2.0"]
    assert environment.metadata == {"team": "support", "url": "http://x"}


def test_machines_of_ones_own_ask_for_nothing_else(client):
    client.post(at("new_environment"), NEW | {"kind": "self_hosted", "packages_pip": "x"})

    environment = Environment.objects.get()
    assert environment.config == {"type": "self_hosted"}
    assert "Packages" not in body(client.get(page_of(environment)))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"metadata": "no pair"}, "is no pair"),
        ({"network": "limited", "packages_pip": "x"}, "allow_package_managers to be true"),
        ({"metadata": "\n".join(f"k{n}: v" for n in range(17))}, "these are 17 pairs"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(client, fields, said):
    answer = client.post(at("new_environment"), NEW | {"packages_apt": "jq"} | fields)

    assert answer.status_code == 422
    assert said in body(answer)
    assert "jq" in body(answer)
    assert not Environment.objects.exists()


def test_saving_changes_what_was_changed(client):
    environment = given.environment(
        metadata={"team": "a", "gone": "x"},
        config={"type": "cloud", "packages": {"pip": ["pandas"]}},
    )
    form = client.get(page_of(environment)).context["form"]
    fields = {field.html_name: field.value() or "" for field in form}

    client.post(page_of(environment), fields | {"name": "py", "metadata": "team: b"})

    environment.refresh_from_db()
    assert (environment.name, environment.metadata) == ("py", {"team": "b"})
    assert environment.config["packages"]["pip"] == ["pandas"]


def test_archiving_and_deleting_ask_first(client):
    environment = given.environment()

    for name, said in (
        ("archive_environment", "Archive python?"),
        ("delete_environment", "Delete"),
    ):
        assert said in body(client.get(page_of(environment, name)))
    client.post(page_of(environment, "archive_environment"))
    shown = body(client.get(page_of(environment)))
    late = client.post(page_of(environment), {"name": "late"})
    client.post(page_of(environment, "delete_environment"))

    assert "no session is started in it" in shown
    assert "archived" in body(late)
    environment.refresh_from_db()
    assert (environment.name, environment.deleted_at is None) == ("python", False)
    assert client.get(page_of(environment)).status_code == 404


def test_what_stands_for_work_done_elsewhere_stays(client):
    make.session()
    environment = Environment.objects.get()

    assert "done elsewhere" in body(client.get(page_of(environment)))
    for name in ("archive_environment", "delete_environment"):
        answer = client.post(page_of(environment, name), follow=True)
        assert "done elsewhere" in body(answer)
    environment.refresh_from_db()
    assert environment.archived_at is environment.deleted_at is None


def test_the_list_has_archived_ones_apart(client):
    given.environment(name="new one")
    gone = given.environment(name="old one", config={"type": "self_hosted"})
    client.post(page_of(gone, "archive_environment"), follow=True)

    shown, archived = (body(client.get(at("environments") + q)) for q in ("", "?show=archived"))

    assert "new one" in shown
    assert "old one" not in shown
    assert "old one" in archived
    assert client.get(at("environments") + "?cursor=x").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_however_long(client, rows, django_assert_num_queries):
    for number in range(rows):
        given.environment(name=f"e{number}")

    client.get(at("environments"))
    with django_assert_num_queries(5):
        client.get(at("environments"))


def test_a_viewer_looks_and_changes_nothing():
    viewer = signed_in(Role.VIEWER, "tom")
    environment = given.environment()

    shown = body(viewer.get(page_of(environment)))

    assert "Save" not in shown
    assert "Delete…" not in shown
    for refused in (
        viewer.get(at("new_environment")),
        viewer.post(page_of(environment), NEW),
        viewer.post(page_of(environment, "archive_environment")),
        viewer.post(page_of(environment, "delete_environment")),
    ):
        assert refused.status_code == 403


@pytest.mark.parametrize("name", ["environment", "archive_environment", "delete_environment"])
def test_a_neighbours_environment_does_not_exist(client, name):
    theirs = given.environment(of=make.workspace("neighbour"), name="theirs")

    assert client.get(page_of(theirs, name)).status_code == 404
    assert client.post(page_of(theirs, name)).status_code == 404
    assert "theirs" not in body(client.get(at("environments")))
