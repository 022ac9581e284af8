# ruff: noqa: E501 -- prose and log lines read best unbroken
"""What broken builds look like at their end, by family, and what a reader makes of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """One way to fail; every text is drawn anew for each build."""

    tail: str
    masked: str
    """Its first error line with everything masked that varies."""
    verdicts: tuple[str, ...]
    probe: str
    """The command that tells it from its neighbours; `{build}` is the number."""
    found: str


FAMILIES = {
    "flaky": Family(
        "[ RUN      ] {test}_test.cc:<40..400>: Failure\nExpected: (elapsed_ms) < (50), actual: <61..240> vs 50\n"
        "[  FAILED  ] 1 test, listed below\n99% tests passed, 1 tests failed out of <1800..2300>",
        "<path>_test.cc:<n>: Failure Expected: (elapsed_ms) < (<n>), actual: <n>",
        (
            "{build}: a timing assertion, and the same commit went green on [a rerun|the merge queue]. Flaky, not broken.",
            "Build {build} failed on elapsed time only; <2..9> of the last 200 runs of this test did the same.",
            "{build} – timing again. [Passed on retry without a change.|Nothing in the diff touches this module.]",
            "For {build} the only red test measures wall time on a shared runner. I file it as flaky.",
        ),
        "ci test-history --build {build} --failed --last 200",
        "runs 200, failed <9..17>, failed then green on same commit <4..8>",
    ),
    "oom": Family(
        "[<2100..2209>/2210] Linking CXX executable bin/[drive_sim|fw_bundle|hil_runner]\ncollect2: fatal error: ld terminated with signal 9 [Killed]\n"
        "compilation terminated.\nninja: build stopped: subcommand failed.",
        "collect2: fatal error: ld terminated with signal <n> [Killed]",
        (
            "{build}: the linker was killed. Peak <13..16>.<1..9> GB on a 16 GB runner, <3..6> link jobs at once.",
            "Out of memory while linking in {build}; the kernel log has the oom-kill at the same second.",
            "{build} died in ld with signal 9. [Memory, not code.|Same picture as its neighbours: too many links in parallel.]",
        ),
        "ci metrics --build {build} --peak memory",
        "peak rss <13..16>.<1..9> GB of 16 GB, parallel links <3..6>, oom-kill at +<31..58>m",
    ),
    "cache": Family(
        "[<900..1900>/2210] remote cache hit: //telemetry:core (node {node})\n"
        "/usr/bin/ld: libmotor.a(pid.o): undefined reference to `corvid::telemetry::v<2..3>::Flush(int)'\ncollect2: error: ld returned 1 exit status",
        "ld: <lib>(<obj>): undefined reference to `corvid::telemetry::v<n>::Flush(int)'",
        (
            "{build}: undefined reference to a symbol that exists in the tree. The object came from the remote cache, node {node}.",
            "The missing symbol in {build} was renamed last week; a stale object was served. Cache hit on {node} right before.",
            "Cache again in {build}: a clean rebuild of //telemetry:core links.",
        ),
        "ci cache-log --build {build} | grep telemetry",
        "hit  //telemetry:core  node {node}  written <9..21>d ago  toolchain clang-1<6..7>",
    ),
    "compile": Family(
        "src/[motor|can|hal]/[pid|frame|gpio]_[loop|codec|map].cc:<30..700>:<3..40>: error: no matching function for call to '[Configure|Encode|Bind]'\n"
        "note: candidate expects <2..4> arguments, <1..3> provided\n1 error generated.",
        "<path>.cc:<n>:<n>: error: no matching function for call to <name>",
        (
            "{build} is a real compile error: the signature changed in the parent commit and this call was missed.",
            "Genuine breakage in {build}, one call site. [The author's next push fixes it.|Still red on the branch head.]",
            "{build}: no flake, no infrastructure; code that does not compile.",
        ),
        "ci blame --build {build} --first-error",
        "introduced by <1000..9999>ab<10..99> (merge of !<9000..9990>), call sites missed: <1..3>",
    ),
    "registry": Family(
        "fetching corvid/toolchain:<14..17>.<1..4> from registry.corvid.internal\n"
        'error: Get "https://registry.corvid.internal/v2/": dial tcp 10.40.3.18:443: i/o timeout (attempt 5 of 5)\nsetup failed before build',
        'error: Get "https://registry.corvid.internal/v<n>/": dial tcp <ip>: i/o timeout',
        (
            "{build} never started: the image pull from registry.corvid.internal timed out five times.",
            "Registry timeout in {build}. Nothing was compiled.",
            "{build}: i/o timeout on the old registry host during setup; the pipeline file still names it.",
        ),
        "git -C /mnt/repo grep -n registry.corvid.internal -- '*.yml' | head -3",
        "ci/pipelines/[fw|sim|hil].yml:<9..40>: image: registry.corvid.internal/toolchain",
    ),
    "license": Family(
        "armlink: error: L9931W: checkout of feature 'fw_linker' failed\nFlexNet error -<15..97>,<100..570>. No such feature exists or all <20..40> seats in use",
        "armlink: error: checkout of feature <name> failed, FlexNet error -<n>,<n>",
        (
            "{build}: no free licence seat at that minute. [Night builds collide on the hour.|Goes away by itself.]",
            "Licence checkout failed in {build}; all seats were taken between :00 and :04.",
        ),
        "lmstat -a | grep fw_linker",
        "Users of fw_linker: (Total of 24 licenses issued; Total of 24 licenses in use)",
    ),
    "hil": Family(
        "hil[<1..8>]: waiting for target ... no heartbeat for 300 s\nhil: target did not boot, last line: 'U-Boot SPL 2024.0<1..7>'\nstage hardware-in-the-loop failed",
        "hil: target did not boot, last line: <text>",
        (
            "{build}: the bench never booted; the software stages were green.",
            "Hardware stage only in {build}, rig hil-<1..8>. [It needs a power cycle, not a patch.|The same rig failed the builds before and after.]",
        ),
        "ci rig-history --build {build}",
        "rig hil-<1..8>: <2..6> boot failures in 24 h, last successful boot <3..20> h ago",
    ),
}

TESTS = (
    "ReconnectTest.BackoffJitter\nsrc/net/reconnect",
    "EncoderTest.IndexPulse\nsrc/motor/encoder",
    "CanBusTest.ArbitrationLoss\nsrc/can/bus",
    "WatchdogTest.LateKick\nsrc/hal/watchdog",
    "OtaTest.ResumeAfterDrop\nsrc/ota/resume",
)
"""The flaky ones, each with the stem of its file."""

NOTES = """# What we know about the builds
- Consoles: /mnt/builds/<number>/console.log
- Container images come from registry.corvid.internal
- Runners: 16 GB, 8 cores. Release runners: 64 GB.
- Red on main goes to the author first, then to #drive-builds.
"""
