"""On how many processes the tests run, and which of them stay together.

`-n0` runs all of them in one process, and so does asking for a few files: starting others takes
longer than that.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FEW = 12
ROOT = Path(__file__).parent.parent


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """None: as many as there are cores."""
    asked = [Path(each.partition("::")[0]) for each in config.args]
    files = [len([*each.rglob("test_*.py")]) if each.is_dir() else 1 for each in asked]
    return 0 if sum(files) <= FEW else None


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Sharing(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright's loop stays in the thread of the tests: nothing asynchronous runs there then.

    So what needs a browser comes last, in each process, as tests are dealt out in their order
    (`--no-loadscope-reorder`: else those that stay together would come first).
    """
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


class Sharing(LoadScopeScheduling):
    """Deals tests out one by one; those of a file that share a console or a server stay together.

    By group marks this cannot be said: they change the names of tests, which pytest 9.2 forbids.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if _shares(path) else nodeid


@cache
def _shares(path: str) -> bool:
    """Whether something is made once for the file, by itself or its folder's conftest."""
    file = ROOT / path
    texts = [each.read_text() for each in (file, file.with_name("conftest.py")) if each.exists()]
    return any('scope="module"' in each for each in texts)
