# ruff: noqa: E501 -- prose reads best unbroken
"""What happens over build logs: reading, counting, masking, asking, and the ways it goes wrong."""

from random import Random

from apps.demo.lane import Call, Lane, bash, edit, read, write
from apps.demo.scenarios.builds.logs import FAMILIES, NOTES, TESTS
from apps.demo.script import Scene
from apps.demo.words import vary

KNOWLEDGE = "/mnt/memory/build-knowledge"
OUT = "/mnt/session/outputs"


def notes(lane: Lane) -> None:
    lane.call(
        read(f"{KNOWLEDGE}/overview.md", NOTES),
        say="[What do we know already?|Our notes on the builds first.|Checking the notes.||]",
    )


def _drawn(lane: Lane, text: str, build: str = "") -> str:
    """Drawn with what this session is about; the console of a build says the same each time."""
    facts = lane.stage.facts
    rng = Random(f"{lane.stage.opening.key} {build}") if build else lane.rng  # noqa: S311 -- a play
    known = {"node": "bx-07", "test": rng.choice(TESTS)}
    return vary(rng, text, known | facts)


def _tail(lane: Lane, build: str, family: str) -> Call:
    lines = lane.rng.choice((40, 60, 80, 120))
    return bash(
        f"tail -n {lines} /mnt/builds/{build}/console.log",
        f"...\n{_drawn(lane, FAMILIES[family].tail, build)}",
    )


def read_logs(first: int, count: int, *families: str, at_once: int = 3) -> Scene:
    """A batch of consecutive red builds, some at a time: the end of each log, a probe where it is not clear."""

    def scene(lane: Lane) -> None:
        numbers = iter(range(first, first + 3 * count, 3))
        left = count
        while left:
            share = min(left, lane.rng.randint(1, at_once))
            _few(lane, [(str(next(numbers)), lane.rng.choice(families)) for _ in range(share)])
            left -= share

    return scene


_OPENERS = (
    "Next: {which}.",
    "[Reading|Opening|Looking at] {which}.",
    "{which} now.",
    "[On to|Then] {which}.",
    "",
    "",
)


def _few(lane: Lane, builds: list[tuple[str, str]]) -> None:
    which = " and ".join(build for build, _ in builds)
    lane.calls(
        [_tail(lane, build, family) for build, family in builds],
        say=lane.rng.choice(_OPENERS).replace("{which}", which),
    )
    for build, family in builds:
        kind = FAMILIES[family]
        if lane.rng.random() < 0.5:
            lane.call(bash(kind.probe.replace("{build}", build), _drawn(lane, kind.found)))
        lane.say(_drawn(lane, lane.rng.choice(kind.verdicts)).replace("{build}", build))
    lane.call(
        bash(
            f"findings add {' '.join(f'{build}={family}' for build, family in builds)}",
            f"{len(builds)} added",
        )
    )


def whole_log(build: str, *, how: int = 0, family: str = "flaky") -> Scene:
    """Search a console of hundreds of megabytes from the top, wait two minutes for nothing, use its end."""
    size = 310 + int(build) % 140
    path = f"/mnt/builds/{build}/console.log"
    tries = (
        f"grep -n -i error {path}",
        f"grep -c -E 'FAILED|fatal' {path}",
        f"cat {path} | grep -i -B5 -A20 'failed'",
        f"python -c \"print([l for l in open('{path}') if 'error' in l.lower()][:20])\"",
    )

    def scene(lane: Lane) -> None:
        lane.call(
            bash(
                tries[how],
                f"bash: command timed out after 120000 ms (reading {path}, {size} MB)",
                failed=True,
                seconds=120,
            ),
            say="[Searching the console for errors.|Looking for the first error in the whole log.|Every error line, please.||]",
        )
        lane.call(
            bash(
                f"tail -n {lane.rng.choice((300, 400, 500))} {path} | grep -n -i -m5 -E 'error|fatal|failed'",
                _drawn(lane, FAMILIES[family].tail, build),
            ),
            say=f"[{size} MB is too much for that.|The log is {size} MB, and most of it is progress.|That was the whole {size} MB file.]"
            " [What broke is at the end|The end of it is enough|The tail has it]; reading only that.",
        )

    return scene


def grouped(total: int, *families: str, base: str) -> Scene:
    """The workflow that holds: first error line, masked, counted; then each group against the last green."""

    def scene(lane: Lane) -> None:
        counts = _shares(lane, total, len(families))
        table = "\n".join(
            f"{count:>7} {FAMILIES[family].masked}"
            for count, family in zip(counts, families, strict=True)
        )
        lane.call(
            bash(
                f"cat {OUT}/first_errors.txt | sed -E 's/0x[0-9a-f]+/<hex>/g; s/[0-9]+/<n>/g' | sort | uniq -c | sort -rn",
                table,
            ),
            say="[Grouping by the first error line with numbers, paths and hashes masked.|Masking what varies in the first error"
            " lines and counting what is left.|First error per build, masked, counted: that shows how many causes there are.]",
        )
        lane.call(
            bash(
                f"ci compare --base {base} --group-by first-error --against last-green",
                "\n".join(_against(lane, family) for family in families),
            ),
            say="[Now each group against the last green build.|Comparing every group with the last green.|What changed since the"
            " last green, for each group?]",
        )

    return scene


def _shares(lane: Lane, total: int, parts: int) -> list[int]:
    cuts = sorted(lane.rng.sample(range(1, total), parts - 1))
    shares = [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]
    return sorted(shares, reverse=True)


_SINCE = {
    "flaky": "no change in the module; present before last green",
    "oom": "new since link jobs went from 2 to 6 (ci/pipelines/fw.yml)",
    "cache": "objects written before toolchain bump; only on node {node}",
    "compile": "new since merge of !<9000..9990>",
    "registry": "pipeline still names registry.corvid.internal; last green used artifacts.corvid.internal",
    "license": "present before last green, on the hour",
    "hil": "rig only, software stages identical",
}


def _against(lane: Lane, family: str) -> str:
    return f"{family:<9} {_drawn(lane, _SINCE[family])}"


def wrong_zone(correction: str = "") -> Scene:
    """The console's clock is UTC, the CI page's is local: two hours apart, the wrong last green."""

    def scene(lane: Lane) -> None:
        hour, build = lane.rng.randint(6, 9), lane.rng.randint(48_000, 48_900)
        lane.calls(
            [
                bash(
                    "ci last-green main",
                    f"{build}  finished {lane.stage.day(1)} 0{hour}:12 Europe/Berlin",
                ),
                bash(
                    f"head -1 /mnt/builds/{build + 14}/console.log",
                    f"[{lane.stage.day(1)}T0{hour - 1}:47:03Z] job started on bx-0{lane.rng.randint(2, 9)}",
                ),
            ],
            say="[When was main last green, and when did this one start?|Last green against the start of the red one.]",
        )
        lane.say(
            f"The red build started at 0{hour - 1}:47 and main was green at 0{hour}:12, so it [was red before|broke before] the"
            " last green and cannot be the first bad one."
        )
        if correction:
            lane.stage.rest()
            lane.stage.pause(3)
            lane.stage.user(correction)
            lane.stage.wake()
        lane.call(
            bash(
                f"ci last-green main --tz UTC && ci first-bad main --since {build} --tz UTC",
                f"{build}  finished {lane.stage.day(1)} 0{hour - 2}:12 UTC\nfirst bad {build + 14} started 0{hour - 1}:47 UTC",
            ),
            say="[The page shows Berlin time, the console UTC: I was two hours off.|I compared a UTC log with local time. Both in UTC now.|Mixed"
            " time zones: console in UTC, CI page in Europe/Berlin. Again, both in UTC.]",
        )

    return scene


def counts_warnings(builds: int, wrong: int) -> Scene:
    """Everything that says warning is counted as a failure."""

    def scene(lane: Lane) -> None:
        lane.call(
            bash(
                "grep -l -i -E 'warning|error' /mnt/builds/*/summary.txt | wc -l",
                str(builds + wrong),
            ),
            say="[Counting the failing builds.|How many are red?|The number of failures, for the summary.]",
        )
        lane.say(f"{builds + wrong} failing builds in the window.")

    return scene


def counts_by_status(builds: int, wrong: int) -> Scene:
    def scene(lane: Lane) -> None:
        lane.call(
            bash("ci list --window 7d --status failed --count", str(builds)),
            say="[By exit status instead of by the word.|The status says what failed; a warning does not fail a build.|Asking for"
            " status=failed.]",
        )
        lane.say(
            f"{builds}, not {builds + wrong}: {wrong} builds [only printed warnings and were green|had warnings and passed|are green"
            " with deprecation warnings]."
        )

    return scene


def purge_denied(node: str) -> Scene:
    """The remote cache can be purged by its owners only; the way is a ticket with evidence."""

    def scene(lane: Lane) -> None:
        lane.call(
            bash(
                f"cachectl purge --node {node} --prefix //telemetry",
                f"cachectl: permission denied: purge on {node} needs role cache-admin (have: cache-read)",
                failed=True,
            ),
            say="[The stale objects have to go.|Purging the stale entries.|Trying to clear that node.]",
        )
        ticket = lane.rng.randint(3100, 4900)
        lane.call(
            bash(
                f"ticket new --queue build-infra --severity 2 --title 'Stale objects on {node}' --attach {OUT}/cache_evidence.txt",
                f"BI-{ticket} created, on call: {lane.rng.choice(('s.lindgren', 'p.adeyemi', 'm.castro'))}",
            ),
            say="[Only build-infra can purge. Handing it to their on-call with the evidence.|That needs cache-admin, which agents do not"
            " have; a ticket to build-infra it is.|Not ours to clear: escalating to build-infra.]",
        )

    return scene


def registry_moved(lane: Lane) -> None:
    """The notes still name the old host."""
    lane.call(
        bash(
            "curl -sS -m 20 https://registry.corvid.internal/v2/_catalog | head -c 200",
            "curl: (28) Failed to connect to registry.corvid.internal port 443 after 20001 ms: Timeout was reached",
            failed=True,
            seconds=20,
        ),
        say="[Is the registry up?|Checking the registry itself.|Does registry.corvid.internal answer from here?]",
    )
    lane.call(
        bash(
            "git -C /mnt/repo log -1 --format='%an %ad %s' -- docs/registry.md && curl -sS -m 20 https://artifacts.corvid.internal/v2/_catalog | head -c 60",
            'P. Adeyemi  Registry moves to artifacts.corvid.internal, old host off\n{"repositories":["toolchain","hil-base","py-tools"]}',
        ),
        say="[Not a glitch, it seems.|Perhaps it moved.|The repository has a page on the registry.] Looking for a newer name.",
    )
    lane.say(
        "The registry [is now|has moved to] artifacts.corvid.internal; [the old host was switched off|registry.corvid.internal is gone for"
        " good]."
    )


def note_registry(lane: Lane) -> None:
    """The notes are mounted read-only, so the old host stays in them for whoever comes next."""
    path = f"{KNOWLEDGE}/overview.md"
    lane.call(
        Call(
            "edit",
            {
                "file_path": path,
                "old_string": "Container images come from registry.corvid.internal",
                "new_string": "Container images come from artifacts.corvid.internal",
            },
            f"edit: {path}: read-only file system",
            is_error=True,
        ),
        say="[Correcting the notes.|The notes still have the old host; correcting that.]",
    )
    lane.say(
        "[The notes are read-only for me|I may read the notes but not write them]; somebody should correct the host there."
    )


def report(name: str, *lines: str) -> Scene:
    def scene(lane: Lane) -> None:
        body = lane.vary("\n".join(f"- {line}" for line in lines))
        lane.call(
            write(f"{OUT}/{name}.md", f"# {name.replace('_', ' ').capitalize()}\n\n{body}\n"),
            say="[Writing it up.|The report.|Summary for the channel.||]",
        )

    return scene


def patch(path: str, old: str, new: str, say: str) -> Scene:
    return lambda lane: lane.call(edit(f"/mnt/repo/{path}", old, new), say=say)
