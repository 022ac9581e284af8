# ruff: noqa: E501 -- prose reads best unbroken
"""One engineer, one red build."""

from apps.demo.cast import BUILD_HELPER
from apps.demo.lane import Call, bash, grep, read
from apps.demo.scenarios.builds.scenes import (
    note_registry,
    notes,
    patch,
    read_logs,
    registry_moved,
    whole_log,
    wrong_zone,
)
from apps.demo.script import Script, Turn, do, interrupted, say

SCRIPTS = (
    Script(
        key="builds-oom-link",
        title="drive_sim does not link on std runners",
        user="marek.nowak",
        team="simulation",
        agent=BUILD_HELPER,
        age=24,
        hour=11.1,
        turns=(
            Turn(
                "Hi, build 42911 fails when linking drive_sim. It's fine on my machine (64 GB...). Any idea?",
                (
                    notes,
                    whole_log("42911", how=2, family="oom"),
                    read_logs(42_911, 4, "oom", at_once=1),
                    do(
                        bash(
                            "ci rerun 42911 --set LINK_JOBS=2 --wait",
                            "42937 passed in 26m44s, peak rss 9.8 GB",
                            seconds=1604,
                        ),
                        say="Same commit with two link jobs, to be sure.",
                    ),
                    patch(
                        "ci/pipelines/sim.yml",
                        "LINK_JOBS: 6",
                        "LINK_JOBS: 2",
                        "It passes with two. Proposing the change; you will be asked to allow it.",
                    ),
                    do(
                        grep(
                            "LINK_JOBS",
                            "/mnt/repo/ci",
                            "ci/pipelines/sim.yml:14: LINK_JOBS: 2\nci/pipelines/fw.yml:11: LINK_JOBS: 2",
                        )
                    ),
                ),
                "Memory, not code: six parallel links need 15 GB of the runner's 16. With two it takes 9.8 GB and four minutes longer.",
            ),
            Turn(
                "Four minutes is ok. Would lld help?",
                (
                    do(
                        bash(
                            "ci rerun 42911 --set LINKER=lld --set LINK_JOBS=4 --wait",
                            "42951 passed in 21m10s, peak rss 8.1 GB",
                            seconds=1270,
                        )
                    ),
                ),
                "Yes: lld with four jobs is faster than before (21:10) and stays at 8.1 GB.",
                after=140,
            ),
        ),
    ),
    Script(
        key="builds-motor-flaky",
        title="EncoderTest.IndexPulse fails every tenth run",
        user="lea.hoffmann",
        team="motor control",
        agent=BUILD_HELPER,
        age=23,
        facts={"test": "EncoderTest.IndexPulse\nsrc/motor/encoder"},
        hour=14.5,
        turns=(
            Turn(
                "EncoderTest.IndexPulse is driving me up the wall. Fails maybe every tenth run, never on my desk. 43012 is the latest.",
                (
                    whole_log("43012", how=3),
                    read_logs(43_012, 5, "flaky", at_once=2),
                    do(
                        read(
                            "/mnt/repo/src/motor/encoder_test.cc",
                            "TEST(EncoderTest, IndexPulse) {\n  auto t0 = std::chrono::steady_clock::now();\n  enc.Spin(3);\n  EXPECT_LT(ElapsedMs(t0), 50);\n}",
                        ),
                        say="The test itself.",
                    ),
                    say(
                        "It asserts wall time: three revolutions in under 50 ms, on a runner it shares with seven other jobs."
                    ),
                    interrupted(
                        bash(
                            "for i in $(seq 500); do ./encoder_test --gtest_filter=*IndexPulse*; done",
                            "",
                            seconds=900,
                        ),
                        "Sorry, stop, that runner is shared with the rig. 50 repetitions are plenty.",
                        say="Five hundred repetitions under load to get a rate.",
                    ),
                    do(
                        bash(
                            "for i in $(seq 50); do ./encoder_test --gtest_filter=*IndexPulse* --gtest_brief; done | grep -c FAILED",
                            "6",
                            seconds=48,
                        )
                    ),
                    patch(
                        "src/motor/encoder_test.cc",
                        "EXPECT_LT(ElapsedMs(t0), 50);",
                        "EXPECT_EQ(clock.Ticks(), 3 * kTicksPerTurn);",
                        "Six of fifty. The pulse count is what the test means to check, so a simulated clock is the honest fix.",
                    ),
                    do(
                        bash(
                            "for i in $(seq 50); do ./encoder_test --gtest_filter=*IndexPulse* --gtest_brief; done | grep -c FAILED",
                            "0",
                            seconds=31,
                        )
                    ),
                ),
                "It measured the runner, not the encoder. With a simulated clock it counts ticks: 0 of 50 failed, from 6 of 50.",
            ),
        ),
    ),
    Script(
        key="builds-registry-first",
        title="Image pull times out since this morning",
        user="marek.nowak",
        team="simulation",
        agent=BUILD_HELPER,
        age=14,
        hour=9.3,
        turns=(
            Turn(
                "Since this morning none of my builds start. 'i/o timeout' while pulling the image. Is it me or the network?",
                (
                    notes,
                    read_logs(47_905, 4, "registry", at_once=2),
                    registry_moved,
                    patch(
                        "ci/pipelines/sim.yml",
                        "registry.corvid.internal/toolchain",
                        "artifacts.corvid.internal/toolchain",
                        "Pointing your pipeline at the new host.",
                    ),
                    do(
                        bash(
                            "ci rerun 47905 --wait --stage setup",
                            "47931 setup: passed in 48s",
                            seconds=50,
                        )
                    ),
                    note_registry,
                ),
                "Neither: the registry moved to artifacts.corvid.internal and the old host went off this morning. Your pipeline is changed and pulls again.",
            ),
            Turn(
                "Great! There was a mail about it, I remember now. Docker on my laptop too?",
                (
                    do(
                        bash(
                            "grep -rn registry.corvid /mnt/repo/tools/dev | head",
                            "tools/dev/docker-compose.yml:6: image: registry.corvid.internal/py-tools",
                        )
                    ),
                ),
                "Yes, tools/dev/docker-compose.yml line 6 has the old name as well. Same replacement.",
                after=12,
            ),
        ),
    ),
    Script(
        key="builds-last-green",
        title="Find the first bad build for the CAN regression",
        user="lea.hoffmann",
        team="motor control",
        agent=BUILD_HELPER,
        age=9,
        hour=10.8,
        turns=(
            Turn(
                "CAN arbitration broke some time yesterday morning. Which build was the first bad one? I want the merge request, not the person :)",
                (
                    notes,
                    wrong_zone(
                        "Hmm, that can't be. Careful with times: our CI page is in Berlin time, but consoles are stamped in UTC."
                    ),
                    whole_log("48402", how=0, family="compile"),
                    read_logs(48_402, 5, "compile", "flaky", at_once=2),
                    do(
                        bash(
                            "git -C /mnt/repo log --oneline 48388..48402 -- src/can",
                            "7c1fe02 Shorten arbitration back-off (!9412)",
                        )
                    ),
                ),
                "First bad is the build right after the last green, once both are read in UTC; in between there is a single change to src/can: !9412.",
            ),
        ),
    ),
    Script(
        key="builds-pr-9917",
        title="Why is my merge request red (!9917)",
        user="noah.petit",
        team="rigs",
        agent=BUILD_HELPER,
        age=3,
        hour=13.9,
        turns=(
            Turn(
                "first week here, my MR is red and i dont understand the log, its enormous. !9917, build 49660",
                (
                    whole_log("49660", how=1, family="registry"),
                    notes,
                    registry_moved,
                    do(
                        Call(
                            "glob",
                            {"pattern": "**/*.yml", "path": "/mnt/repo/ci/rigs"},
                            "ci/rigs/bench.yml\nci/rigs/release.yml\nci/rigs/test.yml",
                        )
                    ),
                    say(
                        "Your change is fine. bench.yml, which your branch copied before last week's change, still names a host that is switched off."
                    ),
                    do(
                        bash(
                            "git -C /mnt/repo fetch && git -C /mnt/repo rebase origin/main",
                            "Successfully rebased and updated refs/heads/noah/bench-retry.",
                        )
                    ),
                    do(bash("ci rerun 49660 --wait", "49688 passed in 12m20s", seconds=742)),
                ),
                "It was not your change. After a rebase the pipeline file is current and the build is green. (For next time: only the last few hundred lines"
                " of a console matter.)",
            ),
            Turn(
                "wow thanks!! how did you know it was the registry",
                (),
                "The build stopped before compiling anything, in the setup stage, and the last lines name the host it waited for. A build that fails before"
                " its first compile step is nearly always about where it gets things from.",
                after=7,
            ),
        ),
    ),
)
