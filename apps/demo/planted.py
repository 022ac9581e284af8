# ruff: noqa: E501 -- a statement is one sentence on one line
"""What was planted in the demo, so that whoever looks for what recurs can be measured against it.

A **pattern** recurs in several sessions, in different words and with different values; `sessions`
names all of them by key. Its `signs` are how a machine may check that it is there: expressions
searched in one kind of text of a session (what people wrote, errors of tools, inputs of tools, what
agents said, what the grader said). A session shows a pattern when every sign is found; the tests
hold that against `sessions`, both ways. `error` is the template of the tool error with `<*>` where
values differ and `after` the call that worked after it. `goes_with` says whether the pattern keeps
company with good or bad verdicts. A fact that changed also names sessions from `before`, which
rightly follow the old one.

A **decoy** is here once only. It looks like a pattern and is an anecdote; to propose it is a mistake.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["mistake", "workaround", "workflow", "preference", "fact_change", "escalation"]
Where = Literal["user", "error", "call", "agent", "grade"]


@dataclass(frozen=True, slots=True)
class Sign:
    """An expression, and the kind of text in which it is found."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Something that recurs."""

    id: str
    kind: Kind
    statement: str
    scenario: str
    signs: tuple[Sign, ...]
    sessions: tuple[str, ...]
    tool: str = ""
    error: str = ""
    after: str = ""
    goes_with: Literal["", "success", "failure"] = ""
    before: tuple[str, ...] = ()


PATTERNS = (
    Pattern(
        id="tracked-changes",
        kind="workaround",
        statement="Word files cannot be read directly; pandoc --track-changes=all makes them readable.",
        scenario="legal",
        tool="read",
        error="read: cannot display <*>: binary content (<*>wordprocessingml.document, <*> kB)",
        after="pandoc --track-changes=all <*> -t markdown",
        signs=(
            Sign("error", r"cannot display .*wordprocessingml\.document"),
            Sign("call", r"pandoc --track-changes=all"),
        ),
        sessions=(
            "legal-halden-msa-1",
            "legal-kestrel-saas",
            "legal-corbel-framework",
            "legal-halden-msa-2",
            "legal-lumen-dpa",
            "legal-marlow-distribution",
            "legal-sable-escrow",
            "legal-castell-jv",
            "legal-rowan-reseller",
            "legal-halden-sow",
        ),
    ),
    Pattern(
        id="outlook-mail",
        kind="workaround",
        statement="Outlook .msg files are not text; python -m extract_msg unpacks them.",
        scenario="legal",
        tool="read",
        error="read: <*>.msg is not UTF-8 text (invalid start byte <*> at offset <*>)",
        after="python -m extract_msg --out <*>",
        signs=(
            Sign("error", r"\.msg is not UTF-8 text"),
            Sign("call", r"python -m extract_msg"),
        ),
        sessions=(
            "legal-halden-msa-1",
            "legal-tidewell-supply",
            "legal-fenwick-settlement",
            "legal-marlow-distribution",
            "legal-pike-consultancy",
        ),
    ),
    Pattern(
        id="scanned-pdf",
        kind="workaround",
        statement="A scanned PDF has no text layer; run ocrmypdf with a sidecar before reading.",
        scenario="legal, checks",
        tool="read",
        error="read: no text layer in <*> (<*> pages, images only)",
        after="ocrmypdf --skip-text --sidecar <*>",
        signs=(Sign("error", r"no text layer in"), Sign("call", r"ocrmypdf --skip-text")),
        sessions=(
            "legal-brightwater-nda",
            "legal-osprey-lease",
            "legal-tidewell-supply",
            "legal-fenwick-settlement",
            "legal-castell-jv",
            "checks-vaccine-poster",
        ),
    ),
    Pattern(
        id="legacy-doc",
        kind="workaround",
        statement="pandoc cannot open .doc from before 2007; convert with soffice --headless first.",
        scenario="legal",
        tool="bash",
        error="couldn't unpack docx container: Did not find end of central directory signature (<*>)",
        after="soffice --headless --convert-to docx <*>",
        signs=(
            Sign("error", r"couldn't unpack docx container"),
            Sign("call", r"soffice --headless --convert-to docx"),
        ),
        sessions=(
            "legal-osprey-lease",
            "legal-arden-licence",
            "legal-greyfriars-precedents",
            "legal-halden-sow",
        ),
    ),
    Pattern(
        id="law-of-england-and-wales",
        kind="preference",
        statement="Contracts are governed by the law of England and Wales, whatever the last draft said.",
        scenario="legal",
        signs=(Sign("user", r"(?i)england (and|&) wales"),),
        sessions=(
            "legal-halden-msa-1",
            "legal-brightwater-nda",
            "legal-kestrel-saas",
            "legal-arden-licence",
            "legal-sable-escrow",
            "legal-rowan-reseller",
        ),
    ),
    Pattern(
        id="redline-is-a-separate-file",
        kind="preference",
        statement="A redline is a file of its own; the original is never marked up in place.",
        scenario="legal",
        signs=(
            Sign(
                "user",
                r"(?is)(redline|comparison).{0,60}(separate|own file|its own)|separate file",
            ),
        ),
        sessions=(
            "legal-halden-msa-1",
            "legal-kestrel-saas",
            "legal-corbel-framework",
            "legal-pike-consultancy",
            "legal-halden-sow",
        ),
    ),
    Pattern(
        id="no-shall",
        kind="preference",
        statement="Obligations are written with must or will, never with shall.",
        scenario="legal",
        signs=(Sign("user", r"(?i)\bshalls?\b"), Sign("call", r"--shall=must,will")),
        sessions=(
            "legal-brightwater-nda",
            "legal-lumen-dpa",
            "legal-arden-licence",
            "legal-pike-consultancy",
            "legal-rowan-reseller",
        ),
    ),
    Pattern(
        id="references-left-behind",
        kind="mistake",
        statement="Inserting a clause and renumbering by hand leaves cross-references one too low.",
        scenario="legal",
        tool="bash",
        error="ERROR clause <*> refers to clause <*>, which is now clause <*>",
        after="the same check again, after an edit per reference",
        signs=(Sign("error", r"refers to clause [\d.]+, which is now clause"),),
        sessions=(
            "legal-tidewell-supply",
            "legal-corbel-framework",
            "legal-halden-msa-2",
            "legal-marlow-distribution",
            "legal-greyfriars-precedents",
        ),
        goes_with="failure",
    ),
    Pattern(
        id="whole-log",
        kind="mistake",
        statement="Searching a whole console log times out; the end of it (tail) has what broke.",
        scenario="builds",
        tool="bash",
        error="bash: command timed out after <*> ms (reading <*>/console.log, <*> MB)",
        after="tail -n <*> <*>/console.log | grep",
        signs=(
            Sign("error", r"command timed out after 120000 ms \(reading"),
            Sign("call", r"tail -n \d+ \S+console\.log \| grep"),
        ),
        sessions=(
            "builds-night-march",
            "builds-release-train",
            "builds-oom-link",
            "builds-motor-flaky",
            "builds-quarter-count",
            "builds-toolchain-sweep",
            "builds-last-green",
            "builds-pr-9917",
        ),
    ),
    Pattern(
        id="two-time-zones",
        kind="mistake",
        statement="The console logs are in UTC, the CI page in Berlin time; compare both in UTC.",
        scenario="builds",
        tool="bash",
        after="ci last-green main --tz UTC",
        signs=(Sign("call", r"--tz UTC"), Sign("agent", r"UTC")),
        sessions=(
            "builds-release-train",
            "builds-flaky-week",
            "builds-last-green",
            "builds-lost-sandbox",
        ),
    ),
    Pattern(
        id="warnings-counted",
        kind="mistake",
        statement="Builds that only print warnings are counted as failures; count by exit status.",
        scenario="builds",
        tool="bash",
        after="ci list --status failed --count",
        signs=(
            Sign("call", r"grep -l -i -E 'warning\|error'"),
            Sign("call", r"--window 7d --status failed --count"),
        ),
        sessions=(
            "builds-night-march",
            "builds-quarter-count",
            "builds-registry-pins",
            "builds-night-registry",
        ),
        goes_with="failure",
    ),
    Pattern(
        id="mask-group-last-green",
        kind="workflow",
        statement="Group builds by masked first error line, then compare each group with last green.",
        scenario="builds",
        signs=(
            Sign("call", r"first_errors\.txt \| sed"),
            Sign("call", r"--group-by first-error --against last-green"),
        ),
        sessions=(
            "builds-release-train",
            "builds-cache-bx07",
            "builds-quarter-count",
            "builds-flaky-week",
            "builds-toolchain-sweep",
            "builds-registry-pins",
            "builds-night-registry",
        ),
        goes_with="success",
    ),
    Pattern(
        id="registry-moved",
        kind="fact_change",
        statement="The image registry is artifacts.corvid.internal; registry.corvid.internal is off.",
        scenario="builds",
        tool="bash",
        error="curl: (28) Failed to connect to registry.corvid.internal port <*>: Timeout was reached",
        after="curl https://artifacts.corvid.internal/v2/_catalog",
        signs=(
            Sign("error", r"Failed to connect to registry\.corvid\.internal"),
            Sign("agent", r"artifacts\.corvid\.internal"),
        ),
        sessions=(
            "builds-registry-first",
            "builds-registry-pins",
            "builds-night-registry",
            "builds-pr-9917",
            "builds-night-live",
        ),
        before=("builds-night-march", "builds-release-train", "builds-oom-link"),
    ),
    Pattern(
        id="cache-purge-needs-infra",
        kind="escalation",
        statement="Agents may not purge the remote cache; open a ticket for build-infra with evidence.",
        scenario="builds",
        tool="bash",
        error="cachectl: permission denied: purge on <*> needs role cache-admin (have: cache-read)",
        after="ticket new --queue build-infra <*>",
        signs=(
            Sign("error", r"needs role cache-admin"),
            Sign("call", r"ticket new --queue build-infra"),
        ),
        sessions=(
            "builds-night-march",
            "builds-cache-bx07",
            "builds-toolchain-sweep",
            "builds-night-registry",
        ),
    ),
    Pattern(
        id="percent-sign",
        kind="fact_change",
        statement="Since version 5 of the style guide percentages take the sign, not the words.",
        scenario="checks",
        signs=(Sign("user", r"(?i)% sign|per cent vs %"),),
        sessions=(
            "checks-guide-change",
            "checks-hayfever-recheck",
            "checks-sleep-series",
            "checks-survey-tables",
            "checks-travel-health",
        ),
        before=("checks-asthma-leaflet", "checks-diabetes-web", "checks-knee-brochure"),
    ),
    Pattern(
        id="guide-behind-login",
        kind="workaround",
        statement="The intranet wants a sign-in; the guide is mounted with the editorial guidelines.",
        scenario="checks",
        tool="web_fetch",
        error="web_fetch: <*> redirects to https://login.northfield.example/<*> (sign-in required)",
        after="read /mnt/memory/editorial-guidelines/<*>.md",
        signs=(
            Sign("error", r"sign-in required"),
            Sign("call", r"/mnt/memory/editorial-guidelines/"),
        ),
        sessions=(
            "checks-asthma-leaflet",
            "checks-migraine-claims",
            "checks-hayfever-recheck",
            "checks-sleep-series",
            "checks-eczema-claims",
            "checks-travel-health",
        ),
    ),
    Pattern(
        id="findings-by-severity",
        kind="preference",
        statement="Findings are listed by severity, each with its line, and not by rule number.",
        scenario="checks",
        signs=(Sign("user", r"(?is)(worst first|most serious|severe ones).{0,80}\bline"),),
        sessions=(
            "checks-asthma-leaflet",
            "checks-knee-brochure",
            "checks-hayfever-recheck",
            "checks-sleep-series",
            "checks-travel-health",
        ),
    ),
    Pattern(
        id="claims-table-first",
        kind="workflow",
        statement="List every claim in a table before looking for sources, then work row by row.",
        scenario="checks",
        signs=(Sign("call", r"id,claim,source,status"), Sign("call", r"csvcut -c status")),
        sessions=(
            "checks-migraine-claims",
            "checks-vaccine-poster",
            "checks-knee-brochure",
            "checks-annual-supplement",
            "checks-hayfever-recheck",
            "checks-sleep-series",
            "checks-eczema-claims",
            "checks-travel-health",
        ),
        goes_with="success",
    ),
    Pattern(
        id="windows-tables",
        kind="workaround",
        statement="Tables exported from Excel are cp1252 and not UTF-8.",
        scenario="checks, drafts",
        tool="bash",
        error="UnicodeDecodeError: 'utf-8' codec can't decode byte <*> in position <*>",
        after="the same with encoding='cp1252'",
        signs=(
            Sign("error", r"UnicodeDecodeError: 'utf-8' codec"),
            Sign("call", r"encoding='cp1252'"),
        ),
        sessions=("checks-annual-supplement", "checks-survey-tables", "drafts-water-paper"),
    ),
    Pattern(
        id="doses-go-to-regulatory",
        kind="escalation",
        statement="Statements on dose or effect are never reworded here; regulatory decides.",
        scenario="checks",
        signs=(Sign("call", r"review-request --to regulatory"),),
        after="review-request --to regulatory --assignee a.nwosu",
        sessions=(
            "checks-knee-brochure",
            "checks-pharmacy-label",
            "checks-eczema-claims",
            "checks-travel-health",
        ),
    ),
    Pattern(
        id="one-file-for-all-writers",
        kind="mistake",
        statement="Writers who share one draft overwrite each other; a file each, then merge.",
        scenario="drafts",
        tool="edit",
        error="edit: old_string not found in <*>: the file changed since it was read (now <*> bytes)",
        after="edit again after reading again",
        signs=(Sign("error", r"the file changed since it was read"),),
        sessions=(
            "drafts-harbour-report",
            "drafts-onboarding-guide",
            "drafts-tender-response",
            "drafts-water-paper",
        ),
        goes_with="failure",
    ),
    Pattern(
        id="outline-first",
        kind="workflow",
        statement="Fix outline, terms and a file per section before writers start.",
        scenario="drafts",
        signs=(
            Sign("call", r"outputs/outline\.md file_path 1\. "),
            Sign("call", r"outputs/terms\.md"),
        ),
        sessions=(
            "drafts-grant-proposal",
            "drafts-annual-report",
            "drafts-onboarding-guide",
            "drafts-museum-catalogue",
            "drafts-policy-brief",
            "drafts-water-paper",
            "drafts-harbour-update",
            "drafts-course-handbook",
        ),
        goes_with="success",
    ),
    Pattern(
        id="short-sections",
        kind="preference",
        statement="Sections are short: there is a limit in words for each, and it holds for next time.",
        scenario="drafts",
        signs=(
            Sign(
                "user",
                r"(?is)(section|chapter|module).{0,40}(?<![\d,])\d{3} words|\d{3} words.{0,8}(a|per) section",
            ),
        ),
        sessions=(
            "drafts-harbour-report",
            "drafts-annual-report",
            "drafts-onboarding-guide",
            "drafts-policy-brief",
            "drafts-harbour-update",
            "drafts-course-handbook",
        ),
    ),
    Pattern(
        id="plain-headings",
        kind="preference",
        statement="Headings are in sentence case and at most two levels deep.",
        scenario="drafts",
        signs=(
            Sign("user", r"(?i)heading"),
            Sign("call", r"headings\.py .*--case sentence --levels 2"),
        ),
        sessions=(
            "drafts-harbour-report",
            "drafts-annual-report",
            "drafts-onboarding-guide",
            "drafts-blog-series",
            "drafts-policy-brief",
            "drafts-harbour-update",
        ),
    ),
)

DECOYS = (
    Pattern(
        id="french-translation",
        kind="preference",
        statement="One client wanted a courtesy translation into French, once.",
        scenario="legal",
        signs=(Sign("user", r"translation into French"),),
        sessions=("legal-sable-escrow",),
    ),
    Pattern(
        id="american-spelling",
        kind="preference",
        statement="One press release was in American spelling; everything else is British.",
        scenario="drafts",
        signs=(Sign("user", r"American spelling"),),
        sessions=("drafts-press-release",),
    ),
    Pattern(
        id="disk-full",
        kind="mistake",
        statement="One sandbox ran out of disk before it was lost.",
        scenario="builds",
        tool="bash",
        error="fatal: could not create work tree dir <*>: No space left on device",
        signs=(Sign("error", r"No space left on device"),),
        sessions=("builds-lost-sandbox",),
    ),
    Pattern(
        id="copied-rubric",
        kind="mistake",
        statement="A rubric copied from another job could not be applied.",
        scenario="checks",
        signs=(Sign("grade", r"it cannot be applied"),),
        sessions=("checks-clinic-letters",),
    ),
)
