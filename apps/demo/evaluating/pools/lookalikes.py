# ruff: noqa: E501 -- what is said, as it is said
"""Two that look as if they said the same or the opposite, and both hold: nothing is to be done."""

from apps.demo.evaluating.pools import Pair, Pool, lookalikes_last, lookalikes_more

_OPEN = (
    Pair(
        "printer-and-scanner",
        (
            "/tools/scanner.md",
            "# Scanner\n\nScan at 300 dpi, greyscale. The left tray is for A5.\n",
        ),
        (
            "/tools/printer.md",
            "# Printer\n\nPrint at 600 dpi for posters. The left tray is for A4.\n",
        ),
    ),
    Pair(
        "reminders-and-fees",
        ("/billing/reminders.md", "# Reminders\n\nThe first reminder goes out after 14 days.\n"),
        (
            "/billing/late-fees.md",
            "# Late fees\n\nA late fee of 5 EUR is added with the second reminder, after 28 days.\n",
        ),
    ),
    Pair(
        "two-clients-lengths",
        (
            "/clients/borealis.md",
            "# Borealis\n\nArticles of 800 words. British spelling. Headings in title case.\n",
        ),
        (
            "/clients/kestrel-air.md",
            "# Kestrel Air\n\nArticles of 450 words. American spelling. Headings in sentence case.\n",
        ),
    ),
    Pair(
        "general-and-newsletter",
        ("/style/paragraphs.md", "# Paragraphs\n\nParagraphs have up to six sentences.\n"),
        (
            "/formats/newsletter.md",
            "# Newsletter\n\nParagraphs have up to two sentences. A subject line of 50 characters.\n",
        ),
    ),
    Pair(
        "exception-for-one",
        ("/spelling.md", "# Spelling\n\nBritish spelling everywhere.\n"),
        (
            "/texts/boston-brochure.md",
            "# The Boston brochure\n\nAmerican spelling, for this one text only; the reader is in Boston.\n",
        ),
    ),
    Pair(
        "staging-and-production",
        (
            "/servers/staging.md",
            "# Staging\n\nThe staging server listens on port 8080 and keeps logs for 3 days.\n",
        ),
        (
            "/servers/production.md",
            "# Production\n\nThe production server listens on port 443 and keeps logs for 90 days.\n",
        ),
    ),
    Pair(
        "two-forbid",
        (
            "/mails/attachments.md",
            "# Attachments\n\nNo attachments over 10 MB. Use a link.\n",
        ),
        (
            "/style/external-mails.md",
            "# Mails to others\n\nDo not attach anything that is not asked for.\n",
        ),
    ),
    Pair(
        "trains-and-flights",
        (
            "/travel/flights.md",
            "# Flights\n\nFlights are booked by the office, economy class, 14 days ahead.\n",
        ),
        (
            "/travel/hotels.md",
            "# Hotels\n\nHotels are booked by the office, up to 130 EUR a night, 7 days ahead.\n",
        ),
    ),
    Pair(
        "not-in-one-place",
        (
            "/logs/customers.md",
            "# Customer data\n\nNever write customer names into logs.\n",
        ),
        (
            "/invoices/names.md",
            "# Invoices\n\nWrite customer names in full on invoices.\n",
        ),
    ),
    Pair(
        "one-line-shared",
        (
            "/drafts/method.md",
            "# Drafting\n\nStart from the brief. Write the ending first. Read it aloud. Numbers from ten on are written in figures.\n",
        ),
        (
            "/numbers.md",
            "# Numbers\n\nNumbers from ten on are written in figures. Fractions are written in words. Years never get an apostrophe. Money has its sign before the figure.\n",
        ),
    ),
    Pair(
        "two-regions",
        (
            "/shipping/norway.md",
            "# Shipping to Norway\n\nParcels to Norway need form CN22 and take six days.\n",
        ),
        (
            "/shipping/poland.md",
            "# Shipping to Poland\n\nParcels to Poland need no form and take three days.\n",
        ),
    ),
    Pair(
        "hourly-and-weekly",
        (
            "/jobs/prices.md",
            "# Prices job\n\nThe prices job runs hourly and retries three times.\n",
        ),
        (
            "/jobs/stock.md",
            "# Stock job\n\nThe stock job runs weekly and retries five times.\n",
        ),
    ),
)
_KEPT = (
    Pair(
        "two-labs",
        (
            "/labs/oslo.md",
            "# Lab in Oslo\n\nThe centrifuge runs at 4,000 rpm. Coats are white.\n",
        ),
        (
            "/labs/turin.md",
            "# Lab in Turin\n\nThe centrifuge runs at 6,500 rpm. Coats are blue.\n",
        ),
    ),
    Pair(
        "general-and-tender",
        ("/style/dates.md", "# Dates\n\nDates are written as 5 March 2026.\n"),
        (
            "/formats/tender.md",
            "# Tenders\n\nIn tenders dates are written as 2026-03-05, at most 20 pages.\n",
        ),
    ),
    Pair(
        "exception-unless",
        ("/refunds/cards.md", "# Refunds to cards\n\nRefunds go back to the card within 5 days.\n"),
        (
            "/refunds/vouchers.md",
            "# Refunds to vouchers\n\nRefunds of vouchers are made within 10 days, unless they were given away.\n",
        ),
    ),
    Pair(
        "doors",
        ("/access/front.md", "# Front door\n\nThe front door is locked at 19:00.\n"),
        ("/access/garage.md", "# Garage\n\nThe garage is locked at 22:00.\n"),
    ),
    Pair(
        "both-forbid-names",
        ("/privacy/names.md", "# Names\n\nNo names of patients in tickets.\n"),
        (
            "/tickets/how.md",
            "# Tickets\n\nOne matter each. Do not name patients in the title.\n",
        ),
    ),
    Pair(
        "read-and-write",
        (
            "/api/reading.md",
            "# Reading\n\nReads are limited to 600 requests a minute for each key.\n",
        ),
        (
            "/api/writing.md",
            "# Writing\n\nWrites are limited to 60 requests a minute for each key.\n",
        ),
    ),
    Pair(
        "two-customers-terms",
        (
            "/customers/fenwick.md",
            "# Fenwick\n\nPays within 30 days. Invoices by post. Discount of 5 %.\n",
        ),
        (
            "/customers/okoro.md",
            "# Okoro\n\nPays within 60 days. Invoices by mail. Discount of 8 %.\n",
        ),
    ),
    Pair(
        "allowed-elsewhere",
        ("/chat/emoji.md", "# Emoji\n\nEmoji are fine in the team's chat.\n"),
        (
            "/mails/tone.md",
            "# Tone of mails\n\nNo emoji in mails to customers. Sign with your full name.\n",
        ),
    ),
    Pair(
        "one-line-in-common",
        (
            "/reviews/checklist.md",
            "# Reviewing\n\nRead the ticket first. Run it locally. Look for missing tests. Names are in English.\n",
        ),
        (
            "/names/variables.md",
            "# Variables\n\nNames are in English. Booleans start with is. No abbreviations. Lists are plural.\n",
        ),
    ),
    Pair(
        "summer-and-winter",
        ("/pool/summer.md", "# Pool in summer\n\nOpen from 8 to 21. Entrance is 6 EUR.\n"),
        ("/pool/winter.md", "# Pool in winter\n\nOpen from 10 to 18. Entrance is 4 EUR.\n"),
    ),
    Pair(
        "steps-of-one-way",
        (
            "/audit/prepare.md",
            "# Before an audit\n\nCollect the invoices of the year. Sort them by date. Ask for the bank's list.\n",
        ),
        (
            "/audit/close.md",
            "# After an audit\n\nFile the report of the year. Thank the auditors. Put their advice into tickets.\n",
        ),
    ),
    Pair(
        "two-tools-flags",
        (
            "/tools/packer.md",
            "# Packer\n\n`pack --level 9` makes the smallest archives; it takes four minutes.\n",
        ),
        (
            "/tools/encoder.md",
            "# Encoder\n\n`enc --level 4` makes the smallest videos; it takes nine minutes.\n",
        ),
    ),
)
LOOKALIKES = Pool((*_OPEN, *lookalikes_more.ALIKE), _KEPT, lookalikes_last.ALIKE)
