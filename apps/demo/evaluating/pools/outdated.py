# ruff: noqa: E501 -- what is said, as it is said
"""What held until a day that has passed; and days that have passed and mean nothing of the kind."""

from apps.demo.evaluating.pools import Pool

OUTDATED = Pool(
    (
        (
            "/campaigns/spring-sale.md",
            "# Spring sale\n\nUntil 31 March 2025 every order over 50 EUR ships free. Use the code SPRING.\n",
        ),
        (
            "/tools/old-importer.md",
            "# Importer\n\nThe new importer is down until 14 February 2025; until then use the old one at /legacy/import.\n",
        ),
        (
            "/people/cover-for-mara.md",
            "# Cover\n\nMara is on leave until 30 June 2025. Until then Ivo signs her approvals.\n",
        ),
        (
            "/licences/font.md",
            "# Font licence\n\nThe licence for Meridian Sans expires on 2025-09-30. It covers print and web.\n",
        ),
        (
            "/rates/exchange.md",
            "# Rates\n\nReckon with 1.08 dollars to the euro (as of 3 January 2025).\n",
        ),
        (
            "/hardware/plotter.md",
            "# Plotter\n\nThe plotter is broken since 5 May 2025, a replacement is expected in three weeks. Use the copy shop.\n",
        ),
        (
            "/projects/freeze.md",
            "# Freeze\n\nThe code freeze for the spring release ends on 12 April 2025. Only fixes with a ticket are merged.\n",
        ),
        (
            "/offers/partner.md",
            "# Partner offer\n\nPartners get 15 % off, valid to 1 August 2025. Ask Noor for the form.\n",
        ),
    ),
    (
        (
            "/parking/visitors.md",
            "# Parking\n\nThe yard is closed until 9 October 2025; visitors park at the church.\n",
        ),
        (
            "/tariffs/power.md",
            "# Power\n\nA kilowatt hour costs 31 cents, last verified 20 November 2024.\n",
        ),
        (
            "/trials/search.md",
            "# Trial of the search tool\n\nOur trial runs through 28 February 2025. Accounts are made by Petra.\n",
        ),
        (
            "/staff/interim.md",
            "# Interim lead\n\nBefore 1 July 2025, Karim decides on leave requests.\n",
        ),
        (
            "/servers/certificate.md",
            "# Certificate\n\nThe certificate of the intranet is valid until June 3, 2025. Renewing takes two people.\n",
        ),
        (
            "/kitchen/dishwasher.md",
            "# Dishwasher\n\nOut of order since 10 March 2025, back in two weeks. Wash by hand.\n",
        ),
        (
            "/law/transition.md",
            "# Transition\n\nThe old forms may be used until 2025-12-31. Form B is the usual one.\n",
        ),
        (
            "/books/discount.md",
            "# Ordering books\n\nThe publisher's discount of 20 % ends on 15 May 2025. Quote our number 8841.\n",
        ),
    ),
)
LASTING = Pool(
    (
        ("/history/founding.md", "# Founding\n\nFounded on 3 May 1998 in a garage.\n"),
        (
            "/decisions/database.md",
            "# Decision\n\nOn 14 January 2025 we chose Postgres, since two teams knew it.\n",
        ),
        ("/tariffs/since.md", "# Tariff\n\nSince 1 March 2025 the day rate is 640 EUR.\n"),
        (
            "/incidents/march.md",
            "# Incident\n\nOn 9 March 2025 the cache was down until 14:30; the cause was a full disk.\n",
        ),
        (
            "/retention/rules.md",
            "# Retention\n\nInvoices from before 1 January 2020 were destroyed on 4 March 2025.\n",
        ),
        (
            "/leases/office.md",
            "# Lease\n\nThe lease ran until 30 June 2025 and was renewed to 30 June 2031.\n",
        ),
    ),
    (
        ("/machines/bought.md", "# Press\n\nBought on 8 August 2024, serial 44-190.\n"),
        (
            "/minutes/board.md",
            "# Board\n\nThe board of 2 April 2025 agreed on two shifts.\n",
        ),
        (
            "/versions/editor.md",
            "# Editor\n\nVersion 4 came out on 1 February 2025 and is what we use.\n",
        ),
        (
            "/contracts/cleaning.md",
            "# Cleaning\n\nThe contract of 1 May 2025 holds until 30 April 2029.\n",
        ),
        ("/tax/number.md", "# Tax number\n\nThe number 27/418 was given out on 12 June 2025.\n"),
        (
            "/outages/june.md",
            "# Outage\n\nOn 6 June 2025 mail was lost before 09:00, for four hours.\n",
        ),
    ),
)
