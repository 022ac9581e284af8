# ruff: noqa: E501 -- prose reads best unbroken
"""Smaller hunts with a handful of readers."""

from apps.demo.cast import BUILD_TRIAGE, FIX_PROPOSER, LOG_READER
from apps.demo.lane import bash, read
from apps.demo.scenarios.builds.scenes import (
    counts_by_status,
    counts_warnings,
    grouped,
    note_registry,
    notes,
    purge_denied,
    read_logs,
    registry_moved,
    report,
    whole_log,
    wrong_zone,
)
from apps.demo.script import Job, Outcome, Script, Turn, do, grade, overloaded, say, team


def _readers(first: int, each: int, *leads: str, asks: str) -> tuple[Job, ...]:
    return tuple(
        Job(
            f"reader-{number}",
            LOG_READER,
            asks.replace("{range}", f"{first + 200 * number} and the {each - 1} red ones after it"),
            (read_logs(first + 200 * number, each, lead, lead, "flaky"),),
            f"{each} read. [Most are|The common thread is] {lead}; <0..2> unclear.",
        )
        for number, lead in enumerate(leads, start=1)
    )


SCRIPTS = (
    Script(
        key="builds-cache-bx07",
        title="Undefined reference to telemetry::Flush on some branches only",
        user="aiko.tanaka",
        team="build",
        agent=BUILD_TRIAGE,
        age=20,
        hour=10.4,
        turns=(
            Turn(
                "Four teams report an undefined reference to telemetry::v2::Flush, on branches that never touched telemetry. Locally it links for"
                " everyone. I would like to understand this before we start reverting things.",
                (
                    notes,
                    team(
                        *_readers(
                            43_000,
                            7,
                            "cache",
                            "cache",
                            "compile",
                            "cache",
                            asks="Builds {range}: same undefined reference? Note the cache node.",
                        ),
                        say="Four readers, one per team's branch.",
                        notes=("The node is the same so far.",),
                    ),
                    grouped(28, "cache", "compile", "flaky", base="42996"),
                    do(
                        bash(
                            "cachectl inspect --node bx-07 //telemetry:core",
                            "key 9f31c0..  written 16d ago  toolchain clang-16  hits 212\nkey 41be77..  written 2d ago  toolchain clang-17  hits 9",
                        ),
                        say="Both keys answer to the same target on that node; elsewhere there is one.",
                    ),
                    purge_denied("bx-07"),
                ),
                "Nothing to revert. Node bx-07 serves an object built with clang-16 under a key that does not include the toolchain. The purge is"
                " with build-infra; until then `--remote_cache_exclude=bx-07` gets the teams going.",
            ),
            Turn(
                "Thank you, that is very clear. Does the exclusion slow them down?",
                (
                    do(
                        bash(
                            "ci metrics --compare --exclude-node bx-07 --window 2d",
                            "median 14m02s -> 14m41s, cache hit rate 88% -> 85%",
                        )
                    ),
                ),
                "By about forty seconds a build: 14:02 to 14:41, hit rate 88% to 85%.",
                after=27,
            ),
        ),
    ),
    Script(
        key="builds-quarter-count",
        title="How many builds failed this quarter, and why",
        user="henrik.vos",
        team="management",
        agent=BUILD_TRIAGE,
        age=18,
        hour=13.2,
        turns=(
            Turn(
                "For the quarterly review I need one slide: failed builds by cause, with a trend. Please be careful with the numbers, they will be"
                " quoted.",
                (
                    notes,
                    whole_log("43560", how=1),
                    counts_warnings(214, 167),
                    team(
                        *_readers(
                            43_500,
                            6,
                            "flaky",
                            "oom",
                            "license",
                            "hil",
                            "cache",
                            "compile",
                            asks="A sample for the quarter: {range}. Family of each.",
                        ),
                        say="A stratified sample, six readers.",
                    ),
                    grade(
                        "needs_revision",
                        "381 failed builds is wrong: 167 of these are green builds that printed warnings. The rubric asks for failed builds.",
                    ),
                    counts_by_status(214, 167),
                    grouped(
                        214, "flaky", "oom", "license", "hil", "cache", "compile", base="43500"
                    ),
                    report(
                        "quarter",
                        "214 failed builds",
                        "flaky <70..80>, oom <40..50>, the rest below 30 each",
                    ),
                    grade(
                        "satisfied",
                        "Numbers agree with the CI's own status; causes add up to the total.",
                    ),
                ),
                "214 failed builds in the quarter. My first count of 381 was wrong, since it took warnings for failures; the slide has 214.",
                outcome=Outcome(
                    "One slide: failed builds by cause",
                    "- Failed builds only\n- Causes add up to the total\n- Trend against last quarter",
                ),
            ),
        ),
    ),
    Script(
        key="builds-flaky-week",
        title="Flaky tests, week in review",
        user="jonas.weber",
        team="build",
        agent=BUILD_TRIAGE,
        age=16,
        hour=9.0,
        turns=(
            Turn(
                "weekly flaky list pls. 8 modules, one reader each. for every test: how often, since when, who owns it",
                (
                    notes,
                    wrong_zone(
                        "careful: the logs are in UTC, the CI page in berlin time. you're comparing apples with pears :)"
                    ),
                    team(
                        *_readers(
                            44_000,
                            9,
                            "flaky",
                            "flaky",
                            "flaky",
                            "hil",
                            "flaky",
                            "flaky",
                            "license",
                            "flaky",
                            asks="Your module's builds: {range}. For each flaky test: rate over 200 runs, first seen, owner.",
                        ),
                        say="One reader per module.",
                        notes=("Two modules are clean this week.", "The watchdog test is back."),
                    ),
                    overloaded(2),
                    grouped(72, "flaky", "hil", "license", base="43990"),
                    report(
                        "flaky_week",
                        "BackoffJitter: <4..9>%, since the runner change",
                        "LateKick: back after three clean weeks",
                        "IndexPulse: quarantined",
                    ),
                    grade(
                        "satisfied",
                        "Rate, first occurrence and owner for each test; rates are of 200 runs.",
                    ),
                ),
                "The list is in outputs/flaky_week.md: five tests, two new. LateKick is back after three clean weeks.",
                outcome=Outcome(
                    "Weekly list of flaky tests", "- Rate over 200 runs\n- First seen\n- Owner"
                ),
            ),
            Turn(
                "LateKick!! again. give reader for that module the builds of the 3 clean weeks, what was different",
                (
                    team(
                        Job(
                            "reader-2",
                            LOG_READER,
                            "The three clean weeks of LateKick: what was different? Runner, kernel, load, order of tests.",
                            (
                                do(
                                    bash(
                                        "ci test-history WatchdogTest.LateKick --window 30d --by runner",
                                        "std-16a: 0 of 118\nstd-16b: 0 of 121\nstd-16c: 14 of 96",
                                    )
                                ),
                                do(
                                    bash(
                                        "ci runner-info std-16c | grep -i governor",
                                        "cpu governor: powersave (others: performance)",
                                    )
                                ),
                            ),
                            "It fails on std-16c alone, whose CPU governor is 'powersave'. The clean weeks are those in which std-16c was out.",
                        ),
                    ),
                ),
                "It is the runner: std-16c runs with the powersave governor, and was out of service in exactly those three weeks.",
                after=65,
            ),
        ),
    ),
    Script(
        key="builds-registry-pins",
        title="Which pipelines still pull from the old registry",
        user="paul.adeyemi",
        team="build-infra",
        agent=BUILD_TRIAGE,
        age=10,
        hour=15.5,
        turns=(
            Turn(
                "We turned registry.corvid.internal off on Monday as announced. People say builds fail. Find every pipeline that still uses it, group"
                " by owning team, and draft one merge request per team.",
                (
                    notes,
                    registry_moved,
                    team(
                        *_readers(
                            48_200,
                            5,
                            "registry",
                            "registry",
                            "registry",
                            "license",
                            "registry",
                            asks="{range}: confirm that the pull failed, and name the pipeline file.",
                        ),
                    ),
                    counts_warnings(61, 22),
                    counts_by_status(61, 22),
                    grouped(61, "registry", "license", "flaky", base="48190"),
                    team(
                        *(
                            Job(
                                f"fix-{team_name}",
                                FIX_PROPOSER,
                                f"Draft the merge request for the {team_name} pipelines: old host to new host, nothing else.",
                                (
                                    do(
                                        bash(
                                            f"git -C /mnt/repo grep -l registry.corvid.internal -- 'ci/{team_name}/*'",
                                            f"ci/{team_name}/[build|test].yml\nci/{team_name}/release.yml",
                                        )
                                    ),
                                    do(
                                        bash(
                                            f"sed -i s/registry.corvid.internal/artifacts.corvid.internal/ ci/{team_name}/*.yml && git diff --stat",
                                            "2 files changed, <3..7> insertions(+), <3..7> deletions(-)",
                                        )
                                    ),
                                ),
                                f"Drafted for {team_name}: two files.",
                            )
                            for team_name in ("firmware", "simulation", "rigs")
                        ),
                        say="Three teams, three merge requests.",
                    ),
                    note_registry,
                ),
                "Nine files in three teams; three drafts. Our own notes name the old host, too, and are read-only for me.",
            ),
        ),
    ),
    Script(
        key="builds-lost-sandbox",
        title="Bisect the boot-time regression",
        user="aiko.tanaka",
        team="firmware",
        agent=BUILD_TRIAGE,
        age=8,
        hour=16.0,
        ends="terminated",
        turns=(
            Turn(
                "Boot time went from 1.9 s to 2.6 s at some point last week. Could you bisect with the readers, using the rig logs rather than new runs?",
                (
                    notes,
                    wrong_zone(),
                    team(
                        *_readers(
                            48_600,
                            6,
                            "hil",
                            "hil",
                            "hil",
                            asks="{range}: boot time from the rig log of each, nothing else.",
                        ),
                        say="Three readers over the rig logs.",
                    ),
                    do(
                        bash(
                            "python /tmp/bisect.py --metric boot_ms",
                            "first above 2400 ms: 48871 (2588 ms), last below: 48868 (1912 ms)",
                        )
                    ),
                    say(
                        "Between 48868 and 48871 there are three merges. Building each to measure."
                    ),
                    do(
                        bash(
                            "git -C /mnt/repo worktree add /tmp/w1 48869 && ninja -C /tmp/w1/out fw_bundle",
                            "fatal: could not create work tree dir '/tmp/w1': No space left on device",
                            failed=True,
                        )
                    ),
                    do(bash("df -h /tmp | tail -1", "overlay  40G  40G   20K 100% /tmp")),
                    do(
                        read(
                            "/mnt/session/outputs/boot.csv", "read: input/output error", failed=True
                        )
                    ),
                ),
            ),
        ),
    ),
)
