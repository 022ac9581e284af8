"""The official client's own API tests, against this server in conformance mode.

What fails is compared with expected_failures.txt by name: a case that fails and is not listed is a
failure here, and so is one that is listed and passes.
"""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.web import Web

HERE = Path(__file__).parent
RUN = HERE.parents[2] / "shared/conformance/run"
EXPECTED = HERE / "expected_failures.txt"
CASES = "tests/api_resources/beta/"
AT_ONCE = 2


def expected_failures() -> set[str]:
    """The names in the list; a comment says the reason of those below it."""
    lines = map(str.strip, EXPECTED.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def outcomes(report: Path) -> tuple[set[str], set[str]]:
    """The cases that passed with some client, and those that did not with some."""
    passed, failed = set(), set()
    for case in ElementTree.parse(report).iter("testcase"):
        path = case.get("file").removeprefix(CASES)
        name = f"{path}::{case.get('name').partition('[')[0]}"
        if case.find("skipped") is not None:
            continue
        is_wrong = case.find("failure") is not None or case.find("error") is not None
        (failed if is_wrong else passed).add(name)
    return passed, failed


@pytest.mark.skipif(not RUN.exists(), reason="needs the conformance runner beside the repository")
def test_they_pass_but_for_what_a_rule_forbids(transactional_db, tmp_path):
    report = tmp_path / "report.xml"
    how = ["-n", str(AT_ONCE), "-o", "junit_family=xunit1", f"--junitxml={report}", "--tb=short"]
    with Web(tmp_path / "web.log", AGENTSITE_CONFORMANCE="1") as web:
        ran = subprocess.run([RUN, web.address, *how], capture_output=True, text=True, check=False)
    assert report.exists(), ran.stdout + ran.stderr

    passed, failed = outcomes(report)
    expected = expected_failures()

    assert len(passed) > 150, ran.stdout
    assert sorted(failed - expected) == [], f"unexpected failures:\n{ran.stdout[-20_000:]}"
    assert sorted(expected & passed) == [], "these pass by now: take them off the list"
    assert sorted(expected - failed) == [], "these are not there any more"
