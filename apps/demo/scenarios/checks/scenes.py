# ruff: noqa: E501 -- prose reads best unbroken
"""What happens at the review desk."""

from apps.demo.lane import Call, Lane, bash, edit, grep, read, write
from apps.demo.scenarios.checks.texts import (
    ACCESS,
    CLAIMS,
    GUIDE_4,
    GUIDE_5,
    PERCENT_NEW,
    PERCENT_OLD,
    STYLE,
)
from apps.demo.script import Scene

GUIDES = "/mnt/memory/editorial-guidelines"
UP, OUT = "/mnt/session/uploads", "/mnt/session/outputs"


def guide(version: int) -> Scene:
    """The guide from the mounted store."""
    text = GUIDE_4 if version == 4 else GUIDE_5

    def scene(lane: Lane) -> None:
        lane.call(
            read(f"{GUIDES}/style-guide.md", text),
            say="[The guide first.|Reading the guide that applies.|What does the guide say today?||]",
        )

    return scene


def guide_behind_login(version: int, page: str = "style-guide") -> Scene:
    """The intranet wants a sign-in; a copy lies in the mounted store."""
    text = GUIDE_4 if version == 4 else GUIDE_5

    def scene(lane: Lane) -> None:
        url = f"https://intranet.northfield.example/editorial/{page}"
        lane.call(
            Call(
                "web_fetch",
                {"url": url},
                f"web_fetch: {url} redirects to https://login.northfield.example/?ticket={lane.rng.randint(10**6, 10**7)} (sign-in required)",
                is_error=True,
            ),
            say="[Fetching the current guide.|The guide is on the intranet.|Getting the rules from the intranet page.]",
        )
        lane.call(
            read(f"{GUIDES}/{'style-guide' if page == 'numbers' else page}.md", text),
            say="[That page wants a sign-in. The same text is mounted with the guidelines.|No access from here; using the copy in the"
            " guidelines store.|Behind a login. /mnt/memory/editorial-guidelines has a copy.]",
        )

    return scene


def style(name: str, *problems: str) -> Scene:
    def scene(lane: Lane) -> None:
        path = f"{UP}/{name}"
        for number, problem in enumerate(problems):
            pattern, line, remark = STYLE[problem]
            search = (
                grep(pattern, path, lane.vary(line))
                if pattern
                else bash(f"longest-sentences {path} --over 24", lane.vary(line))
            )
            lane.call(
                search,
                say=lane.rng.choice(("", "", "[Next rule.|Then this.|Another one:]"))
                if number
                else "",
            )
            lane.say(remark)

    return scene


def _lines(lane: Lane, line: str, count: int) -> str:
    """So many hits, in the order of the file."""
    hits = [lane.vary(line) for _ in range(count)]
    return "\n".join(sorted(hits, key=lambda hit: int(hit.partition(":")[0])))


def percent(name: str, version: int) -> Scene:
    """The rule that changed: in words by version 4, with the sign by version 5."""
    pattern, line = PERCENT_OLD if version == 4 else PERCENT_NEW

    def scene(lane: Lane) -> None:
        lane.call(
            grep(
                pattern,
                f"{UP}/{name}",
                _lines(lane, line, lane.rng.randint(1, 4)),
            )
        )
        lane.say(
            "[By 4.1 these should read 'per cent' in words.|4.1: 'per cent' in running text, the sign only in tables."
            "|Signs in running text, where 4.1 has words.|These belong in words (4.1); in tables the sign may stay.]"
            if version == 4
            else "[By 4.1 of version 5 these take the sign: figure and %.|Version 5, 4.1: the sign, not 'per cent'."
            "|In words still; version 5 has the sign (4.1).|4.1 as of version 5: these become figures with %.]"
        )

    return scene


def access(name: str, *problems: str) -> Scene:
    def scene(lane: Lane) -> None:
        found = "\n".join(lane.vary(ACCESS[problem][0]) for problem in problems)
        lane.call(
            bash(
                f"a11y-check '{UP}/{name}' --level AA",
                f"{found}\n{len(problems)} failed, {lane.rng.randint(28, 41)} passed",
            ),
            say="[Running the accessibility checks.|Accessibility, level AA.|The automatic part first; then I look myself.]",
        )
        for problem in problems:
            lane.call(
                bash(
                    f"a11y-show '{UP}/{name}' --finding {problem}",
                    lane.vary("page <1..8>, box <40..500>,<60..700>,<200..500>,<80..300>"),
                )
            )
            lane.say(ACCESS[problem][1])

    return scene


def claims_table(*names: str) -> Scene:
    """The workflow that holds: every claim into a table first, then a source for each row."""

    def scene(lane: Lane) -> None:
        rows = "\n".join(
            f'{number},"{CLAIMS[name][0]}",,open' for number, name in enumerate(names, start=1)
        )
        lane.call(
            write(f"{OUT}/claims.csv", f"id,claim,source,status\n{rows}"),
            say="[First every claim goes into a table; then I look for sources row by row.|Listing all claims before checking any, so that"
            " none is skipped.|Claims table first, one row each, status open.]",
        )
        _verify(lane, names)
        lane.call(
            bash(
                f"csvcut -c status {OUT}/claims.csv | sort | uniq -c",
                f"{len(names):>4} checked\n   0 open",
            ),
            say="[No row left open?|The table should have no open row.]",
        )

    return scene


def claims_at_sight(*names: str) -> Scene:
    """The other way: whatever catches the eye."""

    def scene(lane: Lane) -> None:
        lane.say(
            "[Checking claims as I read.|Going through the text and looking up what needs a source.]"
        )
        _verify(lane, names)

    return scene


def _verify(lane: Lane, names: tuple[str, ...]) -> None:
    for name in names:
        claim, query, says, verdict = CLAIMS[name]
        lane.call(
            Call(
                "web_search",
                {"query": query},
                f"1. {query.capitalize()}\n   {says}\n2. Press coverage of the same",
            ),
            say=lane.rng.choice(("", f"'{claim}'", "[Next claim.|Then the next row.]")),
        )
        lane.say(verdict)


def csv_encoding(name: str, rows: str) -> Scene:
    """A table from a spreadsheet on Windows."""
    path = f"{UP}/{name}"

    def scene(lane: Lane) -> None:
        byte = lane.rng.choice(("0xe9", "0x96", "0xfc", "0x92"))
        load = f"python -c \"import csv; print(*csv.reader(open('{path}', encoding='utf-8')), sep='\\n')\""
        lane.call(
            bash(
                load,
                f"UnicodeDecodeError: 'utf-8' codec can't decode byte {byte} in position {lane.rng.randint(40, 9000)}: invalid continuation byte",
                failed=True,
            ),
            say="[Loading the table.|The numbers are in the CSV.|Reading {csv}.]".replace(
                "{csv}", name
            ),
        )
        lane.call(
            bash(load.replace("utf-8", "cp1252"), lane.vary(rows)),
            say="[Exported from Excel on Windows: cp1252.|Not UTF-8. cp1252 reads it.|A Windows export; trying cp1252.]",
        )

    return scene


def to_regulatory(wording: str, *, tries: bool) -> Scene:
    """Wording on doses and effects is not ours to change: it goes to the regulatory reviewer."""

    def scene(lane: Lane) -> None:
        wanted = lane.vary(wording)
        if tries:
            lane.refused(
                edit(f"{OUT}/edited.md", wanted, "clearer wording"),
                lane.vary(
                    "[Hands off dosage wording. Only regulatory (Dr Nwosu) may change it.|We never reword doses ourselves; send it to Dr"
                    " Nwosu in regulatory, please.|Dose and effect statements go to regulatory as they are.]"
                ),
            )
        case = lane.rng.randint(700, 1900)
        lane.call(
            bash(
                f"review-request --to regulatory --assignee a.nwosu --quote '{wanted}'",
                f"REG-{case} opened, due in 2 working days",
            ),
            say="[A statement about dose or effect: to regulatory, unchanged.|Passing this to Dr Nwosu with the exact wording.|I leave the words alone"
            " and ask regulatory.]",
        )

    return scene


def findings(*rows: str, by: str = "severity") -> Scene:
    """The report: a list by severity, with line numbers, is what people here want."""

    def scene(lane: Lane) -> None:
        marks = ("high", "high", "medium", "medium", "low", "low")
        lines = (
            sorted(lane.rng.sample(range(4, 190), len(rows)))
            if by == "rule"
            else lane.rng.sample(range(4, 190), len(rows))
        )
        body = "\n".join(
            f"- line {line}: {lane.vary(row)}"
            if by == "rule"
            else f"- [{mark}] line {line}: {lane.vary(row)}"
            for mark, line, row in zip(marks, lines, rows, strict=False)
        )
        lane.call(
            write(f"{OUT}/findings.md", f"# Findings, by {by}\n\n{body}"),
            say="[Writing the findings.|The report.|Putting it together.||]",
        )

    return scene


def regroup(lane: Lane) -> None:
    lane.call(
        bash(
            f"python /tmp/sort_findings.py {OUT}/findings.md --by severity --with-lines",
            lane.vary("<9..31> findings, sorted"),
        ),
        say="[Sorting by severity instead of by rule.|Regrouped: worst first, each with its line.]",
    )


def new_guide(lane: Lane) -> None:
    """Version 5 replaces version 4 in the store."""
    lane.call(
        edit(f"{GUIDES}/style-guide.md", GUIDE_4, GUIDE_5),
        say="[Replacing the guide in the store, so that later sessions use version 5.|Updating the stored guide to version 5.]",
    )
