"""Habits that no rule was improved on: only for seeds that are looked at in the end."""

from apps.demo.evaluating.habits import Flow, Habit

PREFERENCES: tuple[Habit, ...] = (
    Habit(
        "24-hour-clock",
        (r"(?i)24.hour|am/pm",),
        (
            "Times in the 24-hour clock, always.",
            "Please write all times in the 24-hour clock.",
            "We use the 24-hour clock here, never am and pm.",
            "From now on only the 24-hour clock for times.",
            "No am or pm, please. Use the 24-hour clock for times.",
        ),
    ),
    Habit(
        "sign-as-team",
        (r"(?i)sign", r"(?i)team"),
        (
            "Sign letters with the team's name, never with a person's.",
            "Letters are always signed by the team, not by one of us.",
            "Please sign every letter as the team.",
            "We sign letters as a team, without personal names.",
        ),
    ),
    Habit(
        "links-not-attachments",
        (r"(?i)link", r"(?i)attach"),
        (
            "Always share a link instead of an attachment.",
            "Never send attachments, send a link to the document.",
            "Links, not attachments. That is a rule here.",
            "Please share documents as links, we do not send attachments.",
            "In future a link to the document, no attachments.",
        ),
    ),
    Habit(
        "tests-with-changes",
        (r"(?i)\btests?\b",),
        (
            "Every change to the code comes with a test.",
            "Please never change code without adding a test.",
            "Add a test to each code change, always.",
            "We don't merge code changes that have no test.",
            "A code change needs its test, every time.",
        ),
    ),
    Habit(
        "no-friday-deliveries",
        (r"(?i)friday",),
        (
            "Never plan deliveries on a Friday.",
            "No deliveries on Fridays, please, nobody is at the ramp.",
            "Deliveries must not be on a Friday, ever.",
            "We do not accept deliveries on Fridays.",
            "Always keep Fridays free of deliveries.",
        ),
    ),
    Habit(
        "tables-for-comparisons",
        (r"(?i)table", r"(?i)compar"),
        (
            "Show comparisons as a table, always.",
            "When you compare offers, always use a table.",
            "Please put every comparison in a table.",
            "I want comparisons in a table, never in prose.",
        ),
    ),
    Habit(
        "vegetarian",
        (r"(?i)vegetarian",),
        (
            "Catering is vegetarian by default.",
            "Always order vegetarian catering for our meetings.",
            "We only order vegetarian food for meetings.",
            "Please keep the catering vegetarian, as always.",
            "No meat at our meetings. Vegetarian catering every time.",
        ),
    ),
    Habit(
        "formal-address",
        (r"(?i)surname|formal|last name",),
        (
            "Address clients by their surname, never by first name.",
            "Please always use the surname when you address clients.",
            "Clients are addressed by surname here, always.",
            "We never use first names with clients, surname only.",
        ),
    ),
    Habit(
        "two-offers",
        (r"(?i)\b(?:three|3)\b", r"(?i)quote|offer"),
        (
            "Always get three quotes before you buy anything.",
            "We need three quotes for every purchase.",
            "Never buy without three quotes.",
            "Please collect three quotes before each purchase.",
        ),
    ),
    Habit(
        "no-abbreviations",
        (r"(?i)abbreviat",),
        (
            "Please spell out abbreviations in minutes.",
            "No abbreviations in the minutes, ever.",
            "Minutes are written without abbreviations here.",
            "Never use abbreviations in minutes, people outside read them.",
            "Always write words out in minutes, no abbreviations.",
        ),
    ),
    Habit(
        "window-not-middle",
        (r"(?i)ground floor",),
        (
            "I always need a room on the ground floor.",
            "Ground floor rooms only, please, every time you book.",
            "Please never book me anything but the ground floor.",
            "Remember that I need the ground floor in hotels.",
        ),
    ),
    Habit(
        "photos-with-captions",
        (r"(?i)caption",),
        (
            "Every photo gets a caption with the photographer's name.",
            "No photo without a caption, please.",
            "We never publish photos without captions.",
            "Photos always need a caption.",
        ),
    ),
)

ESCALATIONS: tuple[Habit, ...] = (
    Habit(
        "safety-incident",
        (r"(?i)injur",),
        (
            "An injury goes to the safety officer, I am handing this over.",
            "Because somebody was injured I pass this to the safety officer.",
            "The safety officer deals with every injury.",
            "Injuries are reported to the safety officer, who will call you.",
        ),
        "Injury at work, for the safety officer.",
    ),
    Habit(
        "press",
        (r"(?i)press|journalist",),
        (
            "Questions from journalists go to the press office.",
            "I may not answer a journalist; the press office will.",
            "As you are a journalist, the press office takes over.",
            "The press office talks to journalists, I transfer you.",
        ),
        "Question of a journalist, for the press office.",
    ),
    Habit(
        "contract-end",
        (r"(?i)terminat|contract",),
        (
            "A contract can only be terminated by a colleague, I transfer you.",
            "I cannot terminate contracts; a colleague has to do that.",
            "To terminate the contract I hand you to a colleague.",
            "Terminating a contract needs a person, transferring you now.",
        ),
        "Termination of a contract, to be done by a person.",
    ),
    Habit(
        "diagnosis",
        (r"(?i)diagnos|symptom",),
        (
            "I cannot judge symptoms; the nurse takes over.",
            "Symptoms are for the nurse to assess, so I escalate this.",
            "With such symptoms the nurse has to speak to you.",
            "The nurse looks at symptoms, I am passing you on.",
        ),
        "Symptoms described, nurse has to assess.",
        "escalate_to_nurse",
        "note",
    ),
    Habit(
        "outage",
        (r"(?i)outage|down",),
        (
            "The whole site is down, I am paging the engineer on call.",
            "An outage of the site goes to the engineer on call.",
            "As the site is down the engineer on call takes over.",
            "I have paged the engineer on call because the site is down.",
        ),
        "Site is down, engineer on call needed.",
        "page_on_call",
        "message",
    ),
    Habit(
        "chargeback",
        (r"(?i)chargeback|disput",),
        (
            "A disputed payment is handled by the finance team.",
            "I hand disputed payments to the finance team.",
            "The finance team decides about the disputed payment.",
            "Since the payment is disputed, the finance team takes over.",
        ),
        "Disputed payment, for the finance team.",
        "create_case",
        "text",
    ),
)

FACTS: tuple[Habit, ...] = (
    Habit(
        "vat-rate",
        (r"\b21\b",),
        (
            "The VAT rate is 21 percent now, no longer 19.",
            "VAT went up: it is 21 percent now and not 19 any more.",
            "Since January the VAT rate is 21 percent, not 19.",
            "The VAT rate was raised from 19 to 21 percent.",
        ),
    ),
    Habit(
        "return-window",
        (r"\b30\b",),
        (
            "Customers have 30 days for returns now, not 14 any more.",
            "The return window was extended from 14 to 30 days.",
            "As of March the return window is 30 days instead of 14.",
            "The return window is no longer 14 days, it is 30.",
        ),
    ),
    Habit(
        "default-branch",
        (r"(?i)\bmain\b",),
        (
            "The default branch is called main now, not master.",
            "We renamed the default branch from master to main.",
            "There is no branch master any more, the default branch is main now.",
            "The default branch was renamed to main.",
        ),
    ),
    Habit(
        "office-address",
        (r"(?i)harbour",),
        (
            "The office has moved to 12 Harbour Street.",
            "Our office is no longer at Mill Lane, it is at 12 Harbour Street.",
            "The office moved from Mill Lane to 12 Harbour Street.",
            "We are not at Mill Lane any more, the office is at 12 Harbour Street now.",
        ),
    ),
    Habit(
        "minimum-order",
        (r"\b75\b",),
        (
            "The minimum order is 75 EUR now, no longer 50 EUR.",
            "Since last month the minimum order is 75 EUR instead of 50 EUR.",
            "The minimum order was raised from 50 EUR to 75 EUR.",
            "No, the minimum order is 75 EUR now.",
        ),
    ),
    Habit(
        "payroll-tool",
        (r"(?i)ledgerly",),
        (
            "Payroll runs in Ledgerly now, not in Payday.",
            "We replaced Payday with Ledgerly for payroll.",
            "Payroll moved from Payday to Ledgerly.",
            "We no longer do payroll in Payday, it is in Ledgerly now.",
        ),
    ),
)

ANECDOTES = (
    "Only for this letter, use the green paper.",
    "Paint the small door red this time.",
    "Please give the spare key to Dov tonight.",
    "No, the shorter ladder.",
    "The cat is now with the neighbours.",
    "I never saw that film.",
    "Could somebody from the bakery call me about the cake?",
    "The piano was moved to the hall yesterday.",
    "Send this one without the brochure, he has it already.",
    "I have always wanted to see Oslo.",
    "Wrap the vase twice, it is for my aunt.",
)

ONE_OFF_HANDOVERS = (
    ("A colleague will deal with the bees on the balcony.", "Bees on the balcony."),
    ("The embassy's letter is for a person to answer.", "Letter of an embassy."),
    ("I pass this on, as the form is handwritten.", "Handwritten form."),
    ("A colleague has to open the safe.", "Safe to be opened."),
)

WORKFLOWS: tuple[Flow, ...] = (
    Flow("calibrate-first", ("start_device",), "calibrate_sensor", ("take_measurement",)),
    Flow("consent-first", ("open_record",), "record_consent", ("share_record", "close_record")),
    Flow("snapshot-first", ("$ zfs list",), "$ zfs snapshot", ("$ zfs rollback",)),
    Flow("credit-check", ("create_quote",), "check_credit", ("accept_order",)),
    Flow("lint-first", ("checkout_branch",), "run_linter", ("request_merge",)),
    Flow("confirm-address", ("load_parcel",), "confirm_address", ("dispatch_courier",)),
    Flow("soil-test", ("survey_field",), "test_soil", ("order_seed",)),
)

ROUTINES: tuple[Flow, ...] = (
    Flow("stamping", ("open_folder",), "stamp_page", ("file_folder",)),
    Flow("greeting-card", ("pack_gift",), "add_card", ("ship_gift",)),
)
"""Steps that some take and some do not, and that change nothing."""
