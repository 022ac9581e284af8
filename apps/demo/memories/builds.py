# ruff: noqa: E501 -- prose reads best unbroken
"""What is known about the builds of the drive-control repository. It has no index, and should."""

from apps.demo.memories.notes import Deleted, Moved, Note, Plus, Store, Swap, drawn, note
from apps.demo.scenarios.builds.logs import FAMILIES, NOTES, TESTS

JONAS, AIKO, PAUL, LEA, MAREK, BOT = (
    "jonas.weber", "aiko.tanaka", "paul.adeyemi", "lea.hoffmann", "marek.nowak", "ci-bot",
)  # fmt: skip

_KNOWN = (
    note(
        "/overview.md", JONAS, 96,
        "# What we know about the builds\n- Consoles: /mnt/builds/<number>/console.log\n",
        (JONAS, 83, Plus("- Container images come from registry.corvid.internal\n")),
        (AIKO, 55, NOTES),
    ),
    note(
        "/infrastructure/registry.md", PAUL, 13,
        "# Image registry\n\nSince {day:19} images come from artifacts.corvid.internal. registry.corvid.internal is switched off and will not come back; a timeout on port 443 means that somebody still names it.\n\nFind them: `git -C /mnt/repo grep -n registry.corvid.internal -- '*.yml'`.\n",
        (PAUL, 9, Plus("\nStill to do: hil.yml on the release branches.\n")),
    ),
    note(
        "/infrastructure/runners.md", AIKO, 77,
        "# Runners\n\n| label | memory | cores | for |\n| --- | --- | --- | --- |\n| std-16 | 16 GB | 8 | everything |\n| rel-64 | 64 GB | 16 | release branches |\n| hil | 8 GB | 4 | benches |\n\nSix link jobs are fine on all of them.\n",
    ),
    note(
        "/pipelines/link-jobs.md", "builds-toolchain-sweep", 0,
        "# Link jobs\n\nTwo on std-16. Six take 15 GB of its 16 and the kernel kills ld (signal 9); with two the peak is 9.8 GB and the build four minutes longer. rel-64 keeps six.\n",
        (MAREK, 8, Plus("\nlld would halve it. Not before 7.7, the safety case names the linker.\n")),
    ),
    note(
        "/logs/read-the-end.md", "builds-night-march", 0,
        "# Consoles are long\n\nA console has 300 MB and more. Searching all of it takes longer than the two minutes that a command may. What broke is at the end:\n\n    tail -n 400 <console.log> | grep -n -i -m5 -E 'error|fatal|failed'\n",
        ("builds-quarter-count", 0, Plus("\nThe first error in those lines is the cause, the last one is the noise it made.\n")),
    ),
    note(
        "/how-to/big-consoles.md", "builds-last-green", 0,
        "# Do not grep a whole console.log\n\nCommands time out after 120 s on files of this size. Take the last few hundred lines and look for the failure in there.\n",
    ),
    note(
        "/how-to/group-failures.md", "builds-release-train", 0,
        "# From many red builds to few causes\n\n1. First error line of each build.\n2. Mask hex, numbers and paths with sed.\n3. `sort | uniq -c | sort -rn`.\n4. `ci compare --group-by first-error --against last-green`: what changed since, for each group.\n\nA group without a difference to last green is infrastructure or flaky.\n",
        ("builds-flaky-week", 0, Plus("\nMask host names as well, or every bench is a group of its own.\n")),
    ),
    note(
        "/how-to/time-zones.md", "builds-release-train", 0,
        "# UTC and Berlin\n\nConsoles are in UTC, the CI page is in Berlin time. Ask with `--tz UTC` on both sides or you will call a build green that was red already.\n",
        ("builds-last-green", 0, Plus("\nCost me an hour again: two hours apart in summer, one in winter.\n")),
    ),
    note(
        "/how-to/count-failures.md", "builds-night-march", 0,
        "# Counting failures\n\nCount by exit status: `ci list --window 7d --status failed --count`. A summary that says 'warning' belongs to a green build more often than not.\n",
    ),
    note(
        "/reports/weekly.md", "builds-quarter-count", 0,
        "# The weekly numbers\n\nHenrik wants causes, counts and owners, on one page.\n\nOnly builds that ended as failed are counted. Searching summaries for warning or error counts green builds as well: the first report of the quarter was off by 58.\n",
    ),
    note(
        "/cache/purging.md", "builds-cache-bx07", 0,
        "# Stale objects\n\nAgents have cache-read. A purge needs cache-admin and is refused. Collect the evidence (node, target, age, toolchain) and open a ticket for build-infra; their on-call purges within the hour.\n",
        ("builds-toolchain-sweep", 0, Plus("\nBI-tickets of severity 2 are looked at on weekends, 3 are not.\n")),
    ),
    note(
        "/cache/how-it-works.md", AIKO, 68,
        "# Remote cache\n\nNine nodes, bx-01 to bx-09, by hash of the target. The key has the compiler's version **string**, not its hash: a rebuilt toolchain of the same version finds old objects.\n",
    ),
    note(
        "/oncall.md", PAUL, 72,
        "# On call, build-infra\n\n- to {day:85}: Sofie Lindgren\n- to {day:71}: Paul Adeyemi\n- to {day:57}: Miguel Castro\n",
    ),
    note(
        "/licences.md", AIKO, 64,
        "# fw_linker seats\n\n24 seats. Night builds start on the hour and collide until about four past. Goes away by itself; do not rerun, it makes it worse.\n",
    ),
    note(
        "/people/owners.md", JONAS, 81,
        "# Who owns what\n\n- src/motor: Lea Hoffmann\n- src/can, src/hal: Aiko Tanaka\n- simulation: Marek Nowak\n- rigs: Noah Petit\n- cache, registry, runners: build-infra (BI queue)\n",
        (JONAS, 30, Swap("rigs: Noah Petit", "rigs: Noah Petit (bench power: facilities, ext. 4410)")),
    ),
    note("/scratch.md", LEA, 47, "43102 43105 43108 look the same?\n", (LEA, 46, Deleted())),
    note(
        "/bisect.md", "builds-last-green", 0,
        "# Bisecting\n\n`ci first-bad main --since <green>` does it with builds that exist already; it only builds what is missing. Ten minutes instead of a day.\n",
        (LEA, 6, Moved("/how-to/bisect.md")),
    ),
)  # fmt: skip

_NODES = {
    "bx-01": "No incidents.", "bx-02": "Disk replaced on {day:102}.", "bx-03": "No incidents. Slow on Mondays: the backup runs late.",
    "bx-04": "Served truncated objects on {day:90}; firmware of the controller updated since.", "bx-05": "High miss rate since the shards were moved; expected to settle.",
    "bx-06": "No incidents.", "bx-07": "Keeps stale //telemetry objects. `cachectl purge --node bx-07 --prefix //telemetry` fixes it; do it right away, before looking at anything else.",
    "bx-08": "No incidents.", "bx-09": "Spare. Should serve nothing; if a log shows a hit on bx-09, tell build-infra.",
}  # fmt: skip
_RIGS = {
    "hil-1": "Reliable.", "hil-2": "Needs a power cycle after a brown-out; the switch is the third from the left.", "hil-3": "Serial adapter loses its name after a reboot.",
    "hil-4": "Out of order since {day:70}, back in two weeks.", "hil-5": "Reliable.", "hil-6": "Old bootloader (SPL 2024.01): the first boot after flashing fails, the second works.",
    "hil-7": "Shared with the simulation team on Thursdays.", "hil-8": "Camera shows the LEDs; green means booted whatever the console says.",
}  # fmt: skip
_RELEASES = {
    "7.3": "Shipped on {day:128}. Late by two days: licence server.", "7.4": "Stuck on flaky EncoderTest and on link memory. Shipped on {day:33}.",
    "7.5": "Skipped; its fixes went into 7.6.", "7.6": "Branch cut on {day:11}. Nightly triage runs on it too.",
}  # fmt: skip


def _family(name: str, age: int) -> Note:
    kind, path = FAMILIES[name], f"/failures/{name}.md"
    text = f"# {name}\n\nFirst error line, masked:\n\n    {kind.masked}\n\nTells it from its neighbours: `{kind.probe.replace('{build}', '<build>')}`\n\nWhat it meant so far:\n\n"
    said = "".join(f"- {verdict.replace('{build}', '<build>')}\n" for verdict in kind.verdicts)
    facts = {"node": "bx-07", "test": "EncoderTest.IndexPulse"}
    return note(
        path,
        AIKO,
        age,
        drawn(path, text, **facts),
        ("builds-flaky-week", 0, Plus(drawn(path, said, **facts))),
    )


def _flaky(entry: str, age: int) -> Note:
    test, stem = entry.split("\n")
    text = f"# {test}\n\nIn {stem}_test.cc. Asserts on wall time; a busy runner is enough. Quarantined until {{day:{age}}}, by then it is to use the fake clock.\n"
    seen = f"\nWeek in review: failed {3 + len(test) % 7} of 200, always green on the same commit afterwards.\n"
    return note(
        f"/flaky/{test.lower().replace('.', '-')}.md",
        LEA,
        age,
        text,
        ("builds-flaky-week", 0, Plus(seen)),
    )


_FINDINGS = (
    "<46000..48999> [flaky|oom|cache|license|hil] [rerun green|assigned|known|no owner yet], [first error at line <100..399>|seen <2..9> times|same node as its neighbours|{test}]",
    "<46000..48999> compile !<9000..9990> [author told|fixed on branch head|still red], [one call site|<2..4> call sites]",
    "<46000..48999> hil-<1..8> [power cycle|no heartbeat|did not boot], software stages green",
)  # fmt: skip


def _log(first: int, count: int) -> str:
    """What one sweep left behind: a line for each build that it read."""
    lines = []
    for number in range(first, first + count):
        test = TESTS[number % len(TESTS)].split("\n")[0]
        line = drawn(f"log {number}", _FINDINGS[number % 7 % len(_FINDINGS)], test=test)
        lines.append(f"- {line}\n")
    return "".join(lines)


_LOG = note(
    "/log/triage-log.md", "builds-night-march", 0,
    "# Triage log\n\nEvery red build that was read, newest last. Append only.\n\n" + _log(0, 120),
    ("builds-release-train", 0, Plus(_log(120, 190))),
    ("builds-cache-bx07", 0, Plus(_log(310, 90))),
    ("builds-quarter-count", 0, Plus(_log(400, 480))),
    ("builds-toolchain-sweep", 0, Plus(_log(880, 600))),
)  # fmt: skip

STORE = Store(
    "Build knowledge",
    "What breaks the builds of drive-control, how to find it, and who owns it.",
    _KNOWN
    + tuple(_family(name, 60 - number) for number, name in enumerate(FAMILIES))
    + tuple(_flaky(test, 44 - number) for number, test in enumerate(TESTS))
    + tuple(
        note(f"/cache/nodes/{name}.md", BOT, 63, f"# {name}\n\n{text}\n")
        for name, text in _NODES.items()
    )
    + tuple(
        note(f"/rigs/{name}.md", "noah.petit", 52, f"# {name}\n\n{text}\n")
        for name, text in _RIGS.items()
    )
    + tuple(
        note(f"/releases/{name}.md", AIKO, 7, f"# Release {name}\n\n{text}\n")
        for name, text in _RELEASES.items()
    )
    + (_LOG,),
)
