# ruff: noqa: E501 -- what is said, as it is said
"""The same told twice: nearly to the letter, in other words, in another order, or in part."""

from apps.demo.evaluating.pools import Pair, Pool, duplicates_last, duplicates_more

_OPEN = (
    Pair(
        "returns-window",
        (
            "/returns/window.md",
            "# Returns\n\nCustomers may return goods within 30 days of delivery. The goods must be unused and in their box. Postage is paid by the customer.\n",
        ),
        (
            "/policies/return-period.md",
            "# How long may goods be returned\n\nGoods can be returned by customers within 30 days after delivery, unused and in the original box. The customer pays the postage.\n",
        ),
        (r"30 days", r"(?i)postage"),
    ),
    Pair(
        "rotate-keys",
        (
            "/security/keys.md",
            "# API keys\n\nRotate API keys every 90 days with `keyctl rotate --grace 24h`. Tell the on-call channel before you start.\n",
        ),
        (
            "/how-to/rotate-api-keys.md",
            "# Rotating API keys\n\nEvery 90 days, API keys are rotated: `keyctl rotate --grace 24h`. Before starting, tell the on-call channel.\n",
        ),
        (r"keyctl rotate --grace 24h", r"90 days"),
    ),
    Pair(
        "meeting-notes",
        (
            "/meetings/notes.md",
            "# Notes of meetings\n\nWrite decisions first, then open questions, then who does what by when. No verbatim quotes.\n",
        ),
        (
            "/style/minutes.md",
            "# Minutes\n\nMinutes of meetings list decisions first, then open questions, then who does what by when. Do not quote verbatim.\n",
        ),
        (r"(?i)decisions", r"(?i)open questions"),
    ),
    Pair(
        "slow-reports",
        (
            "/reports/slow.md",
            "# Slow reports\n\nReports over a year of data time out. Run them by quarter with `report --quarter Q1` and add them up.\n",
        ),
        (
            "/tools/report-timeouts.md",
            "# Report timeouts\n\nA report over a whole year of data times out; run it by quarter (`report --quarter Q1`) and add the results up.\n",
        ),
        (r"report --quarter", r"(?i)time"),
    ),
    Pair(
        "empty-cells",
        (
            "/imports/csv.md",
            "# CSV from the warehouse\n\n- Empty cells mean zero, not unknown.\n- The decimal mark is a comma.\n- The first two lines are a header; skip them.\n",
        ),
        (
            "/data/warehouse-files.md",
            "# Warehouse exports\n\nTheir files have two header lines, which must be skipped. Numbers come with a decimal comma. A blank cell stands for 0.\n",
        ),
        (r"(?i)header", r"(?i)comma", r"(?i)zero|\b0\b"),
    ),
    Pair(
        "phone-first",
        (
            "/clients/contact.md",
            "# Reaching clients\n\nRing a client before you mail bad news. Mail is for the record afterwards.\n",
        ),
        (
            "/style/bad-news.md",
            "# Bad news\n\nBad news is told to clients by phone first. The mail follows, for the record.\n",
        ),
        (r"(?i)record",),
    ),
    Pair(
        "flaky-login-test",
        (
            "/tests/login.md",
            "# The login test\n\n`test_login_redirect` fails about once in fifty runs because the mail server answers late. Run it again before looking any further.\n",
        ),
        (
            "/ci/flaky.md",
            "# Flaky tests\n\ntest_login_redirect is flaky: roughly one run in 50 fails as the mail server is slow. Rerun first. The quarantine list is in ci/quarantine.txt.\n",
        ),
        (r"test_login_redirect", r"quarantine"),
    ),
    Pair(
        "hyphens-in-names",
        (
            "/naming.md",
            "# File names\n\nOnly lower case, words joined by hyphens, the date first: 2026-01-31-board-minutes.pdf. No spaces, no umlauts.\n",
        ),
        (
            "/how-to/name-files.md",
            "# How to name a file\n\nBegin with the date, then lower-case words with hyphens between them, as in 2026-01-31-board-minutes.pdf. Spaces and umlauts are not used.\n",
        ),
        (r"board-minutes", r"(?i)umlauts"),
    ),
    Pair(
        "copied-and-grown",
        (
            "/deploy/rollback.md",
            "# Rolling back\n\n1. `ship list --last 5` names the releases.\n2. `ship back <release>` takes one of them live.\n3. Post in #releases what was wrong.\n",
        ),
        (
            "/oncall/rollback.md",
            "# Rolling back\n\n1. `ship list --last 5` names the releases.\n2. `ship back <release>` takes one of them live.\n3. Post in #releases what was wrong.\n4. Open a ticket for the cause the same day.\n",
        ),
        (r"ship back <release>", r"(?i)ticket"),
    ),
)
_KEPT = (
    Pair(
        "petty-cash",
        (
            "/finance/petty-cash.md",
            "# Petty cash\n\nUp to 75 euros may be taken from petty cash. Leave the receipt in the tin and sign the sheet.\n",
        ),
        (
            "/office/small-purchases.md",
            "# Small purchases\n\nFor purchases of no more than 75 euros use the petty cash: sign the sheet and put the receipt into the tin.\n",
        ),
        (r"75 euros", r"(?i)receipt"),
    ),
    Pair(
        "restart-queue",
        (
            "/queue/stuck.md",
            "# A stuck queue\n\nWhen jobs stay pending for over ten minutes, restart the broker with `qctl restart broker`. Workers reconnect by themselves.\n",
        ),
        (
            "/runbooks/pending-jobs.md",
            "# Pending jobs\n\nJobs pending longer than 10 minutes mean a stuck broker: `qctl restart broker`. There is no need to restart the workers, they reconnect.\n",
        ),
        (r"qctl restart broker",),
    ),
    Pair(
        "alt-texts",
        (
            "/web/alt-texts.md",
            "# Alt texts\n\nEvery picture has an alt text of at most 120 characters. Decorative pictures have an empty one. It does not begin with 'picture of'.\n",
        ),
        (
            "/accessibility/images.md",
            "# Images for screen readers\n\nGive each image an alt text, 120 characters or fewer; never start it with 'picture of'. If it only decorates, leave the alt text empty.\n",
        ),
        (r"120 characters",),
    ),
    Pair(
        "sample-freezer",
        (
            "/lab/freezer.md",
            "# The freezer\n\nSamples go to shelf 3, in racks labelled with the study's number. Log each in the blue book.\n",
        ),
        (
            "/how-to/store-samples.md",
            "# Storing samples\n\nLabel the rack with the number of the study, put samples on shelf 3 of the freezer and enter every one in the blue book.\n",
        ),
        (r"(?i)shelf 3", r"(?i)blue book"),
    ),
    Pair(
        "schema-changes",
        (
            "/db/migrations.md",
            "# Schema changes\n\nAdd columns as nullable, fill them in batches, then set NOT NULL in the next release. Never in one step: the table is locked for minutes.\n",
        ),
        (
            "/releases/columns.md",
            "# New columns\n\nA new column is nullable at first; batches fill it, and the release after makes it NOT NULL. Doing it in one step locks the table for minutes.\n",
        ),
        (r"NOT NULL", r"(?i)batches"),
    ),
    Pair(
        "press-inquiries",
        (
            "/press/inquiries.md",
            "# Journalists\n\nPass questions of journalists on to Ines Maurer. Say nothing on the record yourself, and ask for their deadline.\n",
        ),
        (
            "/phone/press.md",
            "# The press on the phone\n\nIf a journalist calls, ask by when they need an answer and hand over to Ines Maurer. Do not comment.\n",
        ),
        (r"Ines Maurer", r"(?i)deadline|by when"),
    ),
    Pair(
        "units-in-tables",
        (
            "/tables/units.md",
            "# Units in tables\n\nUnits belong in the column's heading, in brackets, and not into the cells.\n",
        ),
        (
            "/reports/tables.md",
            "# Tables of reports\n\nPut the unit in brackets into the heading of a column; cells hold the bare number.\n",
        ),
        (r"(?i)brackets",),
    ),
    Pair(
        "copied-and-shortened",
        (
            "/travel/trains.md",
            "# Trains\n\n- Book second class.\n- Seats are reserved on trips over two hours.\n- Send the ticket to travel@example.org.\n",
        ),
        (
            "/expenses/train-tickets.md",
            "# Train tickets\n\n- Book second class.\n- Send the ticket to travel@example.org.\n",
        ),
        (r"(?i)second class", r"travel@example.org"),
    ),
)
DUPLICATES = Pool((*_OPEN, *duplicates_more.TOLD_TWICE), _KEPT, duplicates_last.TOLD_TWICE)
