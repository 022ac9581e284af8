# ruff: noqa: E501 -- what is said, as it is said
"""Habits, and ways of working, that rules may be improved on."""

from apps.demo.evaluating.habits import Flow, Habit

PREFERENCES: tuple[Habit, ...] = (
    Habit(
        "metric",
        (r"(?i)metric|kilomet|centimet",),
        (
            "Please always give measurements in metric units.",
            "Use metric units, not feet and inches.",
            "We work in metric here: all lengths in metric units, please.",
            "From now on metric units only, nobody here reads inches.",
            "No inches. Metric units for every measurement.",
            "Can you keep to metric units for the measurements?",
        ),
    ),
    Habit(
        "no-emoji",
        (r"(?i)emoji",),
        (
            "Please never use emojis in customer mails.",
            "No emojis in mails to customers.",
            "Leave the emojis out of customer mails, always.",
            "Don't put emojis into the mails we send to customers.",
            "I said it before: customer mails have no emojis.",
            "We don't use emojis when we write to customers.",
        ),
    ),
    Habit(
        "net-prices",
        (r"(?i)\bnet\b", r"(?i)price"),
        (
            "Always quote net prices, without VAT.",
            "Prices in offers are net, VAT goes on its own line.",
            "Please quote net prices in every offer.",
            "Our offers show net prices, never gross.",
            "From now on give net prices in offers.",
            "No gross prices, please. Net prices in all offers.",
        ),
    ),
    Habit(
        "draft-not-send",
        (r"(?i)draft",),
        (
            "Never send mails yourself, leave them as drafts.",
            "Don't send the mail. Always leave mails as drafts for me.",
            "Mails stay drafts until I have read them; never send them yourself.",
            "Please only ever save mails as drafts, do not send them.",
            "In future keep mails as drafts, I send them myself.",
        ),
    ),
    Habit(
        "british",
        (r"(?i)british",),
        (
            "Use British spelling in everything we publish.",
            "British spelling, please, as always: colour, not color.",
            "We write British English spelling throughout.",
            "Please stick to British spelling from now on.",
            "No American spelling. We always use British spelling.",
        ),
    ),
    Habit(
        "staging-first",
        (r"(?i)staging",),
        (
            "Always deploy to staging first, then production.",
            "Never go straight to production; staging first.",
            "Please deploy to staging before production, every time.",
            "From now on staging first, and only then production.",
            "We always try a deploy on staging before it goes to production.",
        ),
    ),
    Habit(
        "ask-before-deleting",
        (r"(?i)delet", r"(?i)ask|confirm"),
        (
            "Always ask me before deleting anything.",
            "Please ask before you delete files.",
            "Never delete files without asking me first.",
            "You must ask first before deleting something.",
            "Don't delete anything before you have asked me.",
        ),
    ),
    Habit(
        "summary-on-top",
        (r"(?i)summary", r"(?i)top|first|begin|start"),
        (
            "Put a three-line summary at the top of every report.",
            "Reports always begin with a summary of three lines at the top.",
            "Please start each report with a short summary on top.",
            "Every report needs a summary at the top, remember that.",
            "I want the summary at the top of the report, always.",
        ),
    ),
    Habit(
        "file-dates",
        (r"(?i)file", r"(?i)date"),
        (
            "File names begin with the date, always.",
            "Please put the date at the front of every file name.",
            "We start file names with the date here.",
            "Every file name starts with the date, please keep to that.",
            "Never save a file without the date in front of its name.",
        ),
    ),
    Habit(
        "copy-accounting",
        (r"(?i)accounting", r"(?i)cc|copy|copied"),
        (
            "Always put accounting in cc when you write to suppliers.",
            "Mails to suppliers go to accounting in copy, every time.",
            "Copy accounting on every mail to a supplier, please.",
            "From now on accounting gets a copy of what goes to suppliers.",
            "Don't forget: accounting in cc on supplier mails.",
        ),
    ),
    Habit(
        "aisle-seats",
        (r"(?i)aisle",),
        (
            "I always fly on an aisle seat.",
            "Aisle seats only, please, whatever the airline offers.",
            "Book an aisle seat for me every time.",
            "No window seats. Aisle, always.",
            "Please remember I sit on the aisle.",
        ),
    ),
    Habit(
        "bullet-lists",
        (r"(?i)bullet",),
        (
            "Please always use bullet points for action items.",
            "Action items as bullet points, never as running text.",
            "We write action items in bullet points.",
            "I want action items as a bullet list every time.",
            "Next time put the action items in bullet points, and from then on.",
        ),
    ),
    Habit(
        "no-calls-before-nine",
        (r"(?i)\bnine\b|\b9\b",),
        (
            "Never schedule calls before nine.",
            "No calls before nine in the morning, please, that goes for everyone.",
            "We don't do calls before nine.",
            "Calls start at nine at the earliest, always.",
            "Please keep the time before nine free of calls in future.",
        ),
    ),
)

ESCALATIONS: tuple[Habit, ...] = (
    Habit(
        "refund-over-500",
        (r"(?i)refund", r"500"),
        (
            "A refund of more than 500 EUR needs a person, I will hand you over.",
            "I cannot approve a refund over 500 EUR; a colleague takes over.",
            "Refunds above 500 EUR are decided by a colleague, so I am transferring you.",
            "This refund is over 500 EUR. I have to pass it to a person.",
            "As the refund is above 500 EUR, I am handing this over.",
        ),
        "Refund above 500 EUR needs approval by a person.",
    ),
    Habit(
        "legal-threat",
        (r"(?i)lawyer|legal",),
        (
            "As a lawyer is involved, I hand this to our legal team.",
            "Letters from a lawyer go to the legal team; I will transfer you.",
            "Your lawyer has written to us, so the legal team takes over.",
            "This goes to the legal team because a lawyer is involved.",
            "I may not answer a lawyer's letter; the legal team does.",
        ),
        "Letter from a lawyer, for the legal team.",
    ),
    Habit(
        "change-of-owner",
        (r"(?i)owner",),
        (
            "A change of the account owner has to be done by a person.",
            "I cannot change the owner of an account; a colleague will.",
            "The account owner can only be changed by a colleague. Transferring you.",
            "Changing the owner of the account needs a person, I hand over.",
            "For a new account owner I have to transfer you to a person.",
        ),
        "Change of the account owner must be done by a person.",
    ),
    Habit(
        "dosage-questions",
        (r"(?i)dos(?:e|age)",),
        (
            "Questions about a dose are answered by the pharmacist, I pass you on.",
            "I may not advise on dosage; our pharmacist takes over.",
            "About the dose the pharmacist has to talk to you.",
            "Only the pharmacist can say anything about dosage, so I hand this over.",
        ),
        "Question about a dose, for the pharmacist.",
        "escalate_case",
        "reason",
    ),
    Habit(
        "data-request",
        (r"(?i)personal data|privacy",),
        (
            "Requests for personal data are handled by our privacy officer.",
            "I am passing this on to the privacy officer, as it is about personal data.",
            "The privacy officer answers requests about personal data.",
            "For a copy of your personal data the privacy officer will contact you.",
        ),
        "Request for a copy of personal data, for the privacy officer.",
        "open_ticket",
        "text",
    ),
    Habit(
        "damaged-lift",
        (r"(?i)\blifts?\b",),
        (
            "A stuck lift is a matter for the technician on duty; I am escalating this.",
            "I escalate this to the technician because people are in the lift.",
            "When a lift is stuck the technician on duty takes over.",
            "The lift needs the technician on duty, escalating now.",
        ),
        "Lift is stuck, technician on duty needed.",
        "escalate_case",
        "reason",
    ),
)

FACTS: tuple[Habit, ...] = (
    Habit(
        "staging-port",
        (r"8443",),
        (
            "The staging server listens on port 8443 now, no longer on 8080.",
            "Heads up: staging moved from port 8080 to 8443.",
            "Port 8080 is gone, staging is on port 8443 since last week.",
            "That fails because the staging server is on port 8443 now, not 8080.",
            "Staging is on port 8443 now. 8080 was switched off.",
        ),
    ),
    Habit(
        "support-address",
        (r"care@example\.org",),
        (
            "The support address is now care@example.org, help@example.org is closed.",
            "We no longer use help@example.org, the support address is care@example.org.",
            "Support moved from help@example.org to care@example.org.",
            "Write to care@example.org; the old support address help@example.org bounces.",
            "The support address changed to care@example.org, not help@example.org any more.",
        ),
    ),
    Habit(
        "closing-day",
        (r"(?i)25th|25\b",),
        (
            "The books close on the 25th now, not on the last day of the month.",
            "Closing moved: the books now close on the 25th and no longer at the month's end.",
            "Since April the books close on the 25th, not on the last day of the month.",
            "No, the books close on the 25th of the month now, not on the last day.",
            "The closing day changed to the 25th, it is not the last day of the month any more.",
        ),
    ),
    Habit(
        "price-list-folder",
        (r"/shared/sales/prices",),
        (
            "The price list is in /shared/sales/prices now, not in /shared/lists.",
            "We moved the price list from /shared/lists to /shared/sales/prices.",
            "You will not find the price list in /shared/lists any more, it moved to /shared/sales/prices.",
            "The price list has moved to /shared/sales/prices.",
        ),
    ),
    Habit(
        "carrier",
        (r"(?i)parcelone",),
        (
            "Our parcels go with ParcelOne now, no longer with Swiftly.",
            "We switched from Swiftly to ParcelOne for parcels.",
            "Since May ParcelOne takes our parcels, not Swiftly any more.",
            "Swiftly no longer collects our parcels, ParcelOne does.",
        ),
    ),
    Habit(
        "hotline-hours",
        (r"(?i)\b8\b|eight",),
        (
            "The hotline opens at 8 now, not at 9.",
            "Hotline hours changed: it opens at 8 instead of 9.",
            "As of this month the hotline opens at 8 and no longer at 9.",
            "The hotline used to open at 9, it is 8 now.",
        ),
    ),
)

ANECDOTES = (
    "For this one customer only, write the letter in Dutch.",
    "Just this once, send it by courier.",
    "Please put this one on blue paper, they asked for it.",
    "Today I would like the list sorted by shoe size.",
    "Never mention the picnic to Bela, it is a surprise.",
    "Skip the photo for this order, it came out blurred.",
    "Use the small logo on this poster.",
    "I always thought the blue one was nicer.",
    "The box is on the second floor now, next to the printer.",
    "Can you ask somebody whether the parking lot is open?",
    "I would rather talk about the menu tomorrow.",
    "No, the other drawing, the one with the bridge.",
    "That chair has been moved to room 12.",
    "My brother never liked that colour.",
    "Please send the second chapter to Gus only.",
)

ONE_OFF_HANDOVERS = (
    ("A colleague will look at the flooded basement.", "Water in the basement."),
    ("I am passing this on, as the contract is in Finnish.", "Contract in Finnish."),
    ("A colleague has to sign the wreath order.", "Wreath order to be signed."),
    ("The museum's request is for a person to answer.", "Request of a museum."),
)

WORKFLOWS: tuple[Flow, ...] = (
    Flow("reserve-before-selling", ("check_stock",), "reserve_stock", ("confirm_sale",)),
    Flow("verify-before-changing", ("open_account",), "verify_identity", ("change_address",)),
    Flow("backup-before-migrating", ("list_migrations",), "create_backup", ("run_migration",)),
    Flow("proof-before-printing", ("layout_pages",), "request_proof", ("start_print",)),
    Flow("weigh-before-labelling", ("pick_items",), "weigh_parcel", ("print_label", "book_pickup")),
    Flow("test-before-deploying", ("$ git fetch",), "$ make check", ("$ make deploy",)),
    Flow("allergies-before-menu", ("open_event",), "ask_allergies", ("order_menu",)),
)

ROUTINES: tuple[Flow, ...] = (
    Flow("tagging", ("open_case",), "tag_case", ("close_case",)),
    Flow("photo", ("start_visit",), "take_photo", ("end_visit",)),
)
"""Steps that some take and some do not, and that change nothing."""
