# ruff: noqa: E501 -- prose reads best unbroken
"""What the texts are about: for every section the notes that exist and the prose that comes of them."""

from apps.demo.scenarios.drafts.scenes import Section

HARBOUR = (
    Section(
        "traffic",
        "2025: 1,184 calls, of which 212 ferries. 2024: 1,102.",
        "Ship calls rose to 1,184 in 2025, 7% more than the year before. Ferries account for most of the growth; cargo was level.",
    ),
    Section(
        "dredging",
        "Dredged 410,000 m3, 90% reused on land.",
        "We dredged 410,000 cubic metres. Nine tenths went into the new embankment, which saved [two|three] months of barge traffic.",
    ),
    Section(
        "shore_power",
        "Two berths since March, third planned.",
        "Two berths have shore power since March. In the first six months it replaced [about 300|some 310] tonnes of marine diesel.",
    ),
    Section(
        "safety",
        "No fatal accident, 3 lost-time injuries (5).",
        "Nobody was killed, and lost-time injuries fell from five to three. All three happened during mooring in [strong wind|winter storms].",
    ),
    Section(
        "finance",
        "Revenue EUR 61.2m, result EUR 7.9m.",
        "Revenue reached EUR 61.2m. The result of EUR 7.9m includes a one-off gain of EUR 1.1m from the sale of crane 4.",
    ),
)
GRANT = (
    Section(
        "need",
        "1 in 3 libraries has no accessible catalogue.",
        "One in three local libraries has a catalogue that a screen reader cannot use. Those readers ask at the desk, or do not ask.",
    ),
    Section(
        "approach",
        "Open component, 12 pilot libraries.",
        "We will build one open component and prove it in twelve libraries, [four|five] of them rural, before anybody else is asked to adopt it.",
    ),
    Section(
        "budget",
        "EUR 284,000 over 24 months.",
        "The budget is EUR 284,000 over two years, three quarters of it for people. Hosting ends with the project, because the component needs none.",
    ),
    Section(
        "impact",
        "Target 60 libraries by month 30.",
        "Success is sixty libraries by month 30, counted by use and not by downloads.",
    ),
)
ONBOARD = (
    Section(
        "first_day",
        "Badge, laptop, buddy.",
        "On your first day you get a badge, a laptop and a buddy. The buddy's only duty is to answer questions nobody else expects.",
    ),
    Section(
        "tools",
        "Chat, wiki, tickets. No mail inside.",
        "We do not write mail to each other. Questions go to chat, decisions to the wiki, work to tickets.",
    ),
    Section(
        "people",
        "Teams of 5 to 7.",
        "You join a team of five to seven. It decides by itself how it works, within three rules.",
    ),
    Section(
        "money",
        "Paid on the 25th.",
        "Salary arrives on the 25th. Expenses under EUR 100 need no approval, only a photograph of the receipt.",
    ),
)
TENDER = (
    Section(
        "understanding",
        "City wants 140 shelters replaced in 18 months.",
        "The city wants 140 bus shelters replaced in eighteen months without closing a stop for more than a night.",
    ),
    Section(
        "method",
        "Prefabricated, night shifts.",
        "Shelters arrive assembled. A crew of four sets one in [a night|five hours], and the old one leaves on the same lorry.",
    ),
    Section(
        "staffing",
        "2 crews + reserve.",
        "Two crews work, a third stands by. All have the rail-side certificate, since eleven stops share a platform with the tram.",
    ),
    Section(
        "quality",
        "ISO 9001, inspection after 7 and 90 days.",
        "We inspect each shelter after seven days and again after ninety, and publish what we find.",
    ),
    Section(
        "price",
        "Unit price with index.",
        "One unit price covers everything from removal to inspection, with an index for steel.",
    ),
)
WATER = (
    Section(
        "leakage",
        "Network loss 14.2% -> 11.8%.",
        "Losses in the network fell from 14.2% to 11.8% in three years. Most of that came from [pressure management|finding leaks sooner], not from new pipes.",
    ),
    Section(
        "meters",
        "41,000 smart meters.",
        "With 41,000 smart meters a burst is visible in the night flow before anyone calls.",
    ),
    Section(
        "tariffs",
        "Two-part tariff from 2027.",
        "A two-part tariff starts in 2027. Small households pay less, large gardens more.",
    ),
    Section(
        "drought",
        "Plan levels 1-4.",
        "The drought plan has four levels; the first asks, the second forbids, and nobody has seen the fourth.",
    ),
)

HEAT = (
    Section(
        "problem",
        "Heat days 2015-2025: 3 -> 11 per school year.",
        "Schools now have eleven heat days a year, against three ten years ago. Above 30 degrees, pupils [read|calculate] measurably worse.",
    ),
    Section(
        "options",
        "Shade, night cooling, timetable.",
        "Three measures work at once: shade, cooling at night, and an earlier timetable. Air conditioning comes last, since it needs the grid.",
    ),
    Section(
        "costs",
        "EUR 41,000 per school on average.",
        "Shade and night cooling cost about EUR 41,000 per school, once.",
    ),
)

ANNUAL = tuple(
    Section(name, note, text)
    for name, note, text in (
        (
            "chair",
            "Tone: sober. Thank the volunteers.",
            "It was a year of repairs rather than openings. What was repaired will last longer than most openings do.",
        ),
        (
            "members",
            "Members 18,402 (17,950).",
            "We have 18,402 members, 452 more than a year ago. One in six joined through a friend.",
        ),
        (
            "trails",
            "412 km marked, 31 km new.",
            "We look after 412 kilometres of trails. The 31 new ones follow the old mule road, which [no map|hardly any map] still shows.",
        ),
        (
            "huts",
            "9 huts, 21,300 nights.",
            "Nine huts sold 21,300 nights. Two of them now make all their own electricity, even in [October|a wet June].",
        ),
        (
            "rescue",
            "147 calls, median 38 min.",
            "The rescue service answered 147 calls. Half of them were reached within 38 minutes, eleven fewer than in 2023.",
        ),
        (
            "youth",
            "64 groups, 1,120 children.",
            "In 64 groups, 1,120 children learned to read a map. They are better at it than their parents, who use a telephone.",
        ),
        (
            "nature",
            "14 ha bog restored.",
            "Fourteen hectares of bog hold water again. The first [sundew|crane] was seen in May.",
        ),
        (
            "accidents",
            "3 fatal, all without partner.",
            "Three members died. All were alone and in ground they knew well, which is worth saying plainly.",
        ),
        (
            "finance",
            "Income EUR 4.31m, surplus EUR 0.12m.",
            "Income was EUR 4.31m and the surplus EUR 0.12m, all of which goes to hut roofs.",
        ),
        (
            "climate",
            "Permafrost path closed.",
            "One path is closed for good, because the ground that carried it has thawed. There will be others.",
        ),
        (
            "volunteers",
            "2,210 people, 88,000 hours.",
            "Volunteers gave 88,000 hours, as much as fifty full-time posts.",
        ),
        (
            "outlook",
            "2027: hut roofs, digital pass.",
            "Next year belongs to roofs. The digital pass starts in spring and the paper one stays.",
        ),
    )
)

OBJECTS = tuple(
    Section(name, note, text, details=False)
    for name, note, text in (
        (
            "sextant",
            "Brass, c. 1790, Bristol.",
            "A sextant for a second mate: brass, not silver, and worn where a thumb held it.",
        ),
        (
            "sea_chest",
            "Pine, 1841, initials J.K.",
            "The initials J.K. are cut, not painted. Inside the lid somebody counted voyages up to eleven.",
        ),
        (
            "scrimshaw",
            "Whale tooth, provenance unclear.",
            "A ship under full sail on a tooth. Where it was acquired is not known, and we say so.",
        ),
        (
            "log_book",
            "1863-65, water damage.",
            "Two years in one hand, until page 211, where another takes over without a word.",
        ),
        (
            "lamp",
            "Oil, copper, 19th c.",
            "The lamp burned rape oil and [smelled of it|still smells faintly of it].",
        ),
        (
            "figurehead",
            "Oak, 1872, repainted 3 times.",
            "Three coats of paint, three different women. The oldest has the kindest face.",
        ),
        (
            "chart",
            "Hydrographic, 1851.",
            "The chart leaves the north coast blank. The ship's master filled it in, in pencil, and was right.",
        ),
        (
            "diving_helmet",
            "1910, three lights.",
            "It weighs sixteen kilograms, most of which the diver did not feel under water.",
        ),
        (
            "telegraph",
            "Engine order, 1922.",
            "The pointer stands on 'half astern', as it was found.",
        ),
        (
            "biscuit",
            "Ship's biscuit, 1884.",
            "A biscuit that somebody posted home with a stamp on it. The post delivered it.",
        ),
        (
            "quadrant",
            "Wood, 1740s.",
            "Older than any other instrument here, and less exact, which its owner knew.",
        ),
        (
            "net_needle",
            "Bone, undated.",
            "A tool so simple that it cannot be dated; the same shape is sold in the harbour today.",
        ),
        (
            "barometer",
            "1866, Admiral FitzRoy type.",
            "Its verses tell the weather in rhyme, wrongly in two cases.",
        ),
        ("rope_ladder", "Hemp, 1930s.", "The pilot's ladder, patched with three kinds of rope."),
        (
            "medal",
            "Silver, lifeboat, 1907.",
            "For the crew of the lifeboat; it was passed from hand to hand for seventy years.",
        ),
        (
            "toy_boat",
            "Tin, 1925.",
            "A toy that floated too well: it was found four kilometres out.",
        ),
        (
            "signal_flags",
            "Set of 26, 1950s.",
            "The letter Q is missing, the one a healthy ship needs.",
        ),
        (
            "cork_vest",
            "1890, canvas.",
            "Cork under canvas. It saved its wearer and broke two of his ribs.",
        ),
        (
            "tattoo_book",
            "Pattern book, 1935.",
            "Two hundred patterns; the swallows are the most worn pages.",
        ),
    )
)

MODULES = (
    Section(
        "knots",
        "Six knots, tested blind.",
        "Six knots are enough. You will tie each of them behind your back.",
    ),
    Section(
        "weather",
        "Cloud types, pressure.",
        "You cannot forecast the weather, but you can notice it earlier than the others.",
    ),
    Section(
        "navigation", "Map, compass, then GPS.", "We begin with paper, because batteries do not."
    ),
    Section(
        "first_aid",
        "Follows the national course.",
        "This module follows the national first-aid course word for word; [nothing is added|we add nothing].",
    ),
)
