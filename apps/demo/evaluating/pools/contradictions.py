# ruff: noqa: E501 -- what is said, as it is said
"""What cannot both be followed: figures, yes and no, who, where, in what order, what is no more."""

from apps.demo.evaluating.pools import Pair, Pool

_OPEN = (
    Pair(
        "session-timeout",
        (
            "/auth/sessions.md",
            "# Sessions\n\nA login session lasts 30 minutes without activity.\n",
        ),
        (
            "/limits.md",
            "# Limits\n\nUploads are at most 20 MB. A login session lasts 60 minutes without activity.\n",
        ),
    ),
    Pair(
        "vip-approval",
        (
            "/vip/discounts.md",
            "# Discounts for VIP customers\n\nDiscounts for VIP customers need approval by the sales lead.\n",
        ),
        (
            "/sales/approvals.md",
            "# Approvals\n\nDiscounts for VIP customers do not need approval by the sales lead. Everything over 20 % goes to finance.\n",
        ),
    ),
    Pair(
        "photo-format",
        ("/photos/format.md", "# Photos\n\nProduct photos are always saved as PNG.\n"),
        (
            "/catalogue/pictures.md",
            "# Pictures in the catalogue\n\nProduct photos are never saved as PNG; use WebP.\n",
        ),
    ),
    Pair(
        "backup-hour",
        (
            "/backups/nightly.md",
            "# Nightly backup\n\nThe backup of the orders database starts at 02:00. It takes an hour.\n",
        ),
        (
            "/db/orders.md",
            "# Orders database\n\nTwo replicas. Its backup starts at 04:30; no migrations until it is done.\n",
        ),
    ),
    Pair(
        "signing-quotes",
        (
            "/quotes/signature.md",
            "# Signatures on quotes\n\nQuotes above 10,000 EUR are signed by two directors.\n",
        ),
        (
            "/sales/quotes.md",
            "# Quotes\n\nValid for a month. Quotes above 25,000 EUR are signed by two directors, all others by sales.\n",
        ),
    ),
    Pair(
        "old-wiki",
        (
            "/where/documents.md",
            "# Where documents are\n\nContracts are filed in wiki.example.net under Legal. Invoices are in the cabinet.\n",
        ),
        (
            "/systems/retired.md",
            "# Retired systems\n\nwiki.example.net was shut down in spring; its pages are in the new handbook.\n",
        ),
    ),
    Pair(
        "sort-backlog",
        ("/backlog/order.md", "# Backlog\n\nThe backlog is sorted by risk, the highest first.\n"),
        (
            "/planning/weekly.md",
            "# Weekly planning\n\nHalf an hour on Mondays. The backlog is sorted by name, alphabetically.\n",
        ),
    ),
    Pair(
        "translate-names",
        (
            "/translation/names.md",
            "# Names of products\n\nProduct names are translated into the reader's language.\n",
        ),
        (
            "/brand/products.md",
            "# Brand\n\nNever translate product names. The logo keeps its clear space.\n",
        ),
    ),
)
_KEPT = (
    Pair(
        "password-length",
        ("/security/passwords.md", "# Passwords\n\nPasswords have at least 12 characters.\n"),
        (
            "/onboarding/accounts.md",
            "# Accounts\n\nA new account gets a password of at least eight characters. The first login forces a change.\n",
        ),
    ),
    Pair(
        "weekend-deploys",
        (
            "/deploys/when.md",
            "# When we deploy\n\nDeploying to production on Fridays is not allowed.\n",
        ),
        (
            "/releases/rhythm.md",
            "# Rhythm of releases\n\nDeploying to production on Fridays is allowed. Notes are written the day before.\n",
        ),
    ),
    Pair(
        "hotfix-branch",
        (
            "/git/hotfixes.md",
            "# Hotfixes\n\nHotfixes are branched from the release tag, never from main.\n",
        ),
        (
            "/process/urgent-fixes.md",
            "# Urgent fixes\n\nBranch hotfixes from main, and tell the release manager.\n",
        ),
    ),
    Pair(
        "heating",
        (
            "/building/heating.md",
            "# Heating\n\nThe heating in the archive is set to 18 degrees all year.\n",
        ),
        (
            "/archive/climate.md",
            "# Climate in the archive\n\nHumidity below 50 %. The heating stands at 21 degrees, or paper curls.\n",
        ),
    ),
    Pair(
        "deposit",
        (
            "/rentals/deposit.md",
            "# Deposit\n\nThe deposit for a rental van is 300 EUR, paid by card.\n",
        ),
        (
            "/vans/handing-over.md",
            "# Handing over a van\n\nTake pictures of all sides. The deposit for a van is 500 EUR.\n",
        ),
    ),
    Pair(
        "dead-endpoint",
        (
            "/api/export.md",
            "# Export\n\nOrders are exported through api.example.com/v1/export, 500 at a time.\n",
        ),
        (
            "/api/changes.md",
            "# Changes\n\napi.example.com/v1/export is switched off since version 2; use the bulk job.\n",
        ),
    ),
    Pair(
        "comments-in-code",
        (
            "/style/comments.md",
            "# Comments in code\n\nWrite code comments in English.\n",
        ),
        (
            "/team/language.md",
            "# Language\n\nMeetings are in German. Do not write code comments in English, nobody maintains them.\n",
        ),
    ),
    Pair(
        "order-of-authors",
        (
            "/papers/authors.md",
            "# Authors\n\nAuthors of a paper are listed alphabetically.\n",
        ),
        (
            "/papers/submission.md",
            "# Submitting a paper\n\nThe abstract has 250 words. Authors are listed by contribution, the most important first.\n",
        ),
    ),
)
CONTRADICTIONS = Pool(_OPEN, _KEPT)
