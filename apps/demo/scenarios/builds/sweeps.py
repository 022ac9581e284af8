# ruff: noqa: E501 -- prose reads best unbroken
"""Sweeps over hundreds of builds: the same readers, batch after batch."""

from apps.demo.cast import BUILD_TRIAGE, FIX_PROPOSER, LOG_READER
from apps.demo.lane import bash, read
from apps.demo.scenarios.builds.scenes import (
    counts_by_status,
    counts_warnings,
    grouped,
    notes,
    purge_denied,
    read_logs,
    registry_moved,
    report,
    whole_log,
    wrong_zone,
)
from apps.demo.script import Job, Outcome, Scene, Script, Turn, do, grade, hand_out, say, team

RUBRIC = """- Every red build in the window is in exactly one group
- Each group names a cause and the evidence for it
- Counts are of failed builds, not of log lines
- Each cause has an owner or a next step"""

_ASKS = (
    "Builds {range}: [what broke first in each|the first error of each, please]. One line per build through `findings add`.",
    "Your batch is {range}. Read from the end of the log. [Say so when you are not sure.|Mark doubtful ones.]",
    "Please take {range}. First error, family, and a probe where two families look alike.",
    "{range} are yours. [No guesses: a build without a clear first error is 'unclear'.|Tell apart flaky and broken by the test history.]",
)
_AGAIN = (
    "[Thanks|Good]. A second batch: {range}. Same questions; [mind the cache node|note the runner] for each.",
    "One more round for you, {range}. [Only the probe where the family is plain.|Be quicker on the plain ones.]",
)
_REPORTS = (
    "{count} builds read, all assigned. [Mostly {top}|{top} leads]; [nothing unexpected|<1..3> I would look at again].",
    "Done with {count}: {top} first, [the rest scattered|then a long tail]. <1..4> needed the test history to decide.",
    "{count} of {count}. [Two families explain nearly all|One family, {top}, explains most]; unclear: <0..2>.",
    "Batch finished ({count}). {top} dominates; [no new family|I saw nothing that is not on your list].",
)
_LEAD = ("flaky", "oom", "cache", "compile", "license", "hil")


def _wave(
    readers: int,
    first: int,
    count: int,
    families: tuple[str, ...],
    asks: tuple[str, ...],
    blunder: int = -1,
) -> tuple[Job, ...]:
    """One batch for every reader; the one named starts with the whole log."""
    jobs = []
    for number in range(readers):
        start = first + number * count * 3
        mine = (families[number % len(families)],) * 2 + families
        spoils: tuple[Scene, ...] = (
            (whole_log(str(start), how=number % 4),) if number == blunder else ()
        )
        jobs.append(
            Job(
                f"reader-{number + 1:02}",
                LOG_READER,
                asks[number % len(asks)].replace(
                    "{range}", f"{start} to {start + count * 3 - 3}, every red one"
                ),
                (*spoils, read_logs(start, count, *mine, at_once=2 + number % 3)),
                _REPORTS[number % len(_REPORTS)]
                .replace("{count}", str(count))
                .replace("{top}", mine[0]),
            )
        )
    return tuple(jobs)


_NOTES = (
    "First reports agree with each other. Waiting for the rest.",
    "Two readers put the same symptom in different families; I'll settle that when grouping.",
    "Half of them are in.",
    "The cache family keeps to one node, which is worth remembering.",
    "Slow readers have the long logs.",
)

SCRIPTS = (
    Script(
        key="builds-toolchain-sweep",
        title="Sweep: 840 red builds since the toolchain bump",
        user="jonas.weber",
        team="build",
        agent=BUILD_TRIAGE,
        age=12,
        hour=17.4,
        turns=(
            Turn(
                "since the clang bump on thursday we have 840 red builds on main + release. I need to know how many CAUSES, not how many"
                " builds. use all the readers you want. results tomorrow 9:00 is fine",
                (
                    notes,
                    do(
                        bash(
                            "ci list --window 5d --status failed --count && ci list --window 5d --status failed --ids > /tmp/ids",
                            "840",
                        )
                    ),
                    team(
                        *_wave(
                            20,
                            46_000,
                            24,
                            ("oom", "cache", "flaky", "compile", "license", "hil"),
                            _ASKS,
                            blunder=3,
                        ),
                        say="840 red builds. Twenty readers, twenty-four builds each to begin with, then a second round when I know the families.",
                        notes=_NOTES,
                    ),
                    grouped(
                        480, "oom", "cache", "flaky", "compile", "license", "hil", base="46000"
                    ),
                    say(
                        "Six families after the first 480. The second round gets the same readers, who know by now what to look for."
                    ),
                    team(
                        *_wave(20, 47_500, 18, ("cache", "oom", "flaky", "compile"), _AGAIN),
                        notes=_NOTES[1:],
                    ),
                    grouped(
                        840, "oom", "cache", "flaky", "compile", "license", "hil", base="46000"
                    ),
                    purge_denied("bx-07"),
                    report(
                        "toolchain_sweep",
                        "oom: link jobs went from 2 to 6 with the bump; back to 2 on 16 GB runners",
                        "cache: objects from before the bump on bx-07 only; ticket with build-infra",
                        "flaky: five tests measure wall time; unrelated to the bump",
                        "compile: <2..4> real breakages, authors told",
                        "license, hil: infrastructure, unrelated",
                    ),
                    grade(
                        "satisfied",
                        "840 builds in six groups with a cause, evidence and an owner each; counts are of builds.",
                    ),
                ),
                "840 red builds, six causes, of which two came with the bump: six link jobs on 16 GB runners, and objects from the old"
                " toolchain on cache node bx-07. The first is a one-line change, the second is with build-infra. The rest was red before.",
                outcome=Outcome("Causes of the red builds since the bump", RUBRIC),
            ),
            Turn(
                "six. beautiful. can fix-proposer do the link jobs thing",
                (
                    team(
                        Job(
                            "fix",
                            FIX_PROPOSER,
                            "Set link jobs back to 2 on the 16 GB runners only; release runners keep 6.",
                            (
                                do(
                                    read(
                                        "/mnt/repo/ci/pipelines/fw.yml",
                                        "link:\n  jobs: 6\n  runners: [std-16, rel-64]",
                                    )
                                ),
                                do(
                                    bash(
                                        "git -C /mnt/repo apply /tmp/link_jobs.patch && ninja -C out -n | tail -1",
                                        "ninja: no work to do.",
                                    )
                                ),
                            ),
                            "Patch is on branch triage/link-jobs: 2 on std-16, 6 on rel-64.",
                        )
                    ),
                ),
                "It's on branch triage/link-jobs, two lines.",
                next_day=9.1,
            ),
        ),
    ),
    Script(
        key="builds-night-march",
        title="Nightly triage: main, 20 readers",
        user="schedule",
        team="build",
        agent=BUILD_TRIAGE,
        age=38,
        facts={"node": "bx-05"},
        hour=1.0,
        nightly=True,
        turns=(
            Turn(
                "Nightly triage. Window: the last 24 hours on main. Report to #drive-builds with causes, counts and owners.",
                (
                    notes,
                    counts_warnings(120, 58),
                    team(
                        *_wave(
                            20, 41_200, 6, ("flaky", "cache", "compile", "hil"), _ASKS, blunder=7
                        ),
                        say="Twenty readers for tonight's builds.",
                        notes=_NOTES,
                    ),
                    purge_denied("bx-05"),
                    report(
                        "night",
                        "178 failing builds",
                        "cache on bx-05, ticket",
                        "flaky tests: see list",
                    ),
                    grade(
                        "needs_revision",
                        "The report says 178 failing builds, the groups add up to 120. Builds that only print warnings were counted as failures.",
                    ),
                    counts_by_status(120, 58),
                    report(
                        "night",
                        "120 failed builds",
                        "cache on bx-05, ticket",
                        "flaky: <30..40>, compile: <9..14>, hil: <5..9>",
                    ),
                    grade("satisfied", "Counts add up; each cause has an owner."),
                ),
                "120 failed builds last night: stale cache on bx-05 (ticket open), flaky timing tests, a few real breakages. Posted.",
                outcome=Outcome("Nightly triage report", RUBRIC),
            ),
        ),
    ),
    Script(
        key="builds-release-train",
        title="Release 7.4 train: why is it stuck",
        user="aiko.tanaka",
        team="release",
        agent=BUILD_TRIAGE,
        age=26,
        hour=8.3,
        turns=(
            Turn(
                "Release 7.4 has been red for two days. 144 builds. I have to tell the customer at 11:00 whether we ship today. Please be exact"
                " about what is known and what is a guess.",
                (
                    notes,
                    whole_log("42120", how=0),
                    wrong_zone(),
                    team(
                        *_wave(12, 42_000, 12, ("hil", "flaky", "oom"), _ASKS),
                        say="Twelve readers, twelve builds each.",
                        notes=_NOTES,
                    ),
                    grouped(144, "hil", "flaky", "oom", base="41988"),
                    report(
                        "release_74",
                        "hil-3 does not boot since Tuesday",
                        "nothing in the release branch explains a red software stage",
                    ),
                ),
                "Known: every software stage is green or flaky on timing; the train is held by rig hil-3, which has not booted since Tuesday."
                " Guess: the rig's power supply. If another rig may run the acceptance stage, you can ship today.",
            ),
            Turn(
                "Rig 5 is free and allowed. Started a run. Please watch the acceptance stage and tell me when it ends.",
                (
                    do(
                        bash(
                            "ci wait --build 42466 --stage acceptance --timeout 40m",
                            "42466 acceptance: passed in 31m08s on hil-5",
                            seconds=1868,
                        )
                    ),
                ),
                "Passed on hil-5 in 31 minutes. 7.4 can ship.",
                after=21,
            ),
            Turn(
                "Shipped. Please have the same readers look at the 36 builds on 7.5 before they become a problem.",
                (
                    team(
                        *_wave(12, 42_600, 3, ("flaky", "compile"), _AGAIN),
                        say="The same twelve, three builds each.",
                    ),
                    grouped(36, "flaky", "compile", base="42590"),
                ),
                "7.5 is in order: flaky timing tests, and one compile error that its author has already fixed.",
                next_day=9.6,
            ),
        ),
    ),
    Script(
        key="builds-night-registry",
        title="Nightly triage: main, image pulls",
        user="schedule",
        team="build",
        agent=BUILD_TRIAGE,
        age=6,
        hour=1.2,
        nightly=True,
        turns=(
            Turn(
                "Nightly triage. Window: the last 24 hours on main and on release branches. Report causes, counts and owners.",
                (
                    notes,
                    counts_warnings(96, 41),
                    team(
                        *_wave(12, 49_000, 8, ("registry", "registry", "cache", "flaky"), _ASKS),
                        notes=_NOTES,
                    ),
                    grouped(96, "registry", "cache", "flaky", base="48960"),
                    registry_moved,
                    purge_denied("bx-07"),
                    report("night", "137 failing builds", "registry: old host in <3..5> pipelines"),
                    grade(
                        "needs_revision",
                        "137 is not the number of failed builds: 41 of them passed with deprecation warnings. Causes are good.",
                    ),
                    counts_by_status(96, 41),
                    report(
                        "night",
                        "96 failed builds",
                        "registry: old host in <3..5> pipelines, owners told",
                        "cache: bx-07 again, ticket",
                    ),
                    grade("satisfied", "Counts, causes and owners are in order."),
                ),
                "96 failed builds: most could not pull images, because three pipelines still name the old registry. bx-07 has stale objects again.",
                outcome=Outcome("Nightly triage report", RUBRIC),
            ),
        ),
    ),
    Script(
        key="builds-night-live",
        title="Nightly triage: release 7.6",
        user="schedule",
        team="build",
        agent=BUILD_TRIAGE,
        age=1,
        hour=23.3,
        nightly=True,
        ends="running",
        turns=(
            Turn(
                "Nightly triage. Window: the last 24 hours on release/7.6. Report causes, counts and owners.",
                (
                    notes,
                    registry_moved,
                    hand_out(
                        *_wave(8, 50_100, 5, ("flaky", "license", "compile"), _ASKS),
                        say="Eight readers for forty builds.",
                    ),
                ),
            ),
        ),
    ),
)
