"""What holds for the whole tree, and is easily forgotten."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = [*(ROOT / "apps").rglob("*.py"), *(ROOT / "agentsite").rglob("*.py")]
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
OUR_APPS = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize(
    "name",
    sorted(
        constraint.name
        for config in OUR_APPS
        for model in config.get_models()
        for constraint in model._meta.constraints
    ),
)
def test_every_constraint_is_broken_by_a_test(name):
    assert name in TESTS


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_template_compiles(path):
    get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_has_inline_script_or_style(path):
    text = path.read_text()

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
        assert "nonce=" in tag or "src=" in tag


def test_every_fragment_that_a_view_draws_exists():
    for path in PYTHON:
        for template, part in re.findall(r"\"([\w/]+\.html)#([\w-]+)\"", path.read_text()):
            get_template(f"{template}#{part}")


@pytest.mark.parametrize("folder", ["utils", "helpers", "common", "services"])
def test_no_module_is_named_for_nothing(folder):
    named = [path for path in PYTHON if folder in {path.stem, path.parent.name}]

    assert not named


@pytest.mark.parametrize("config", OUR_APPS, ids=lambda config: config.label)
def test_every_app_says_what_it_is_for(config):
    assert config.module.__doc__


def test_every_direct_dependency_says_what_it_is_for():
    project = (ROOT / "pyproject.toml").read_text()
    listed = project.split("[tool.uv]")[0]

    for line in re.findall(r'^  "[^"]+==[^"]+".*$', listed, re.MULTILINE):
        assert re.search(r",\s+# \w", line), line
