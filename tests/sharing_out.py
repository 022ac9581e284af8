"""On how many processes the tests run, and which of them stay together.

`-n0` runs all of them in one process, and so does asking for a few files: starting others takes
longer than that.
"""

from pathlib import Path

import pytest

FEW = 12


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """None: as many as there are cores."""
    asked = [Path(each.partition("::")[0]) for each in config.args]
    files = [len([*each.rglob("test_*.py")]) if each.is_dir() else 1 for each in asked]
    return 0 if sum(files) <= FEW else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the tests of a file share, a console or a server, is made once."""
    for item in items:
        if _shares_with_its_file(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _shares_with_its_file(item: pytest.Item) -> bool:
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    return any(each[-1].scope == "module" for each in fixtures)
