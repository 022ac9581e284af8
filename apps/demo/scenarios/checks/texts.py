# ruff: noqa: E501 -- prose reads best unbroken
"""What is found in leaflets, and the guide that it is measured against."""

GUIDE_4 = """# Style guide, version 4
4.1 Percentages: write "per cent" in words in running text (12 per cent). The sign is for tables.
4.2 Numbers: one to nine in words, 10 and above in figures.
4.3 Headings: sentence case, no more than three levels.
4.4 Address the reader as "you". No "the patient".
4.5 Sentences under 25 words; reading age 11.
"""
GUIDE_5 = """# Style guide, version 5
4.1 Percentages: use the sign with a figure, everywhere (12%). Do not write "per cent".
4.2 Numbers: figures from 1 up, also at the start of a sentence in lists.
4.3 Headings: sentence case, no more than three levels.
4.4 Address the reader as "you". No "the patient".
4.5 Sentences under 20 words; reading age 11.
Changed from version 4: 4.1, 4.2, 4.5.
"""

STYLE = {
    "patient": (
        "the patient",
        "<12..190>: If the patient [feels dizzy|has a rash|misses a dose], the patient should call the clinic.",
        "[Speaks about the reader, not to them.|'The patient' should be 'you'.]",
    ),
    "long": (
        "",
        "<12..190>: <26..41> words: Although most people [recover at home|sleep better after a week|need no further tests], it is nevertheless advisable to [contact|inform] the practice if",
        "[A sentence of that length loses people halfway.|Two sentences would do.|Splitting at 'nevertheless' fixes it.]",
    ),
    "heading": (
        "^#",
        "<5..90>: ## What To [Expect|Do Next|Bring Along] At Your [Appointment|Clinic Visit]",
        "[Title case; the guide wants sentence case.|Heading capitals.]",
    ),
    "jargon": (
        "prophyla|contraindic|adverse",
        "<20..160>: Prophylactic use is contraindicated in [pregnancy|severe asthma|renal impairment].",
        "[Three words nobody uses at home.|Readers will not know 'contraindicated'; 'not suitable if' says the same.]",
    ),
    "numbers": (
        "[0-9]",
        "<14..150>: Take the diary with you for 3 weeks and note <4..9> [readings|episodes] a day",
        "[Figures and words are mixed within one list.|Numbers are not handled the same way throughout.]",
    ),
}
PERCENT_OLD = (
    "%",
    "<10..180>: About <11..68>% of people [feel better within a week|notice no side effects|need a second visit].",
)
PERCENT_NEW = (
    "per cent",
    "<10..180>: About <11..68> per cent of people [feel better within a week|notice no side effects|need a second visit].",
)

ACCESS = {
    "alt": (
        "FAIL 1.1.1 image <1..6> has no alternative text",
        "[An inhaler diagram|The dosage chart|The map] says nothing to a screen reader. [Suggested text is in the report.|I propose an alternative text.]",
    ),
    "jump": (
        "FAIL 1.3.1 heading level jumps from 2 to 4 (page <1..8>)",
        "[The jump hides a section from people who move by headings.|Level 3 is missing on that page.]",
    ),
    "contrast": (
        "FAIL 1.4.3 contrast <2..3>.<1..9>:1 on [callout|footer|button], 4.5:1 needed",
        "[Pale green on white.|The callout is too pale.] The darker brand green passes.",
    ),
    "table": (
        "FAIL 1.3.1 table <1..3> has no header row",
        "[Without header cells, each number is read alone.|The table needs its first row marked as header.]",
    ),
    "link": (
        "FAIL 2.4.4 <2..6> links read 'here' or 'more'",
        "[Out of context, 'here' leads nowhere.|Link texts need to name their target.]",
    ),
    "order": (
        "FAIL 1.3.2 reading order differs from visual order (page <1..4>)",
        "[The side box is read in the middle of a sentence.|The columns are read across.]",
    ),
    "lang": (
        "FAIL 3.1.1 document language is not set",
        "[One setting, and speech software picks the right voice.|Language is missing from the document properties.]",
    ),
}

CLAIMS = {
    "inhaler": (
        "Most people use their inhaler incorrectly at least some of the time",
        "systematic review, inhaler technique",
        "The review supports 'many', with wide variation; 'most' depends on the definition of an error.",
    ),
    "sleep": (
        "Adults need seven to nine hours of sleep",
        "consensus statement, adult sleep duration",
        "The statement recommends seven or more; the upper bound of nine comes from a different source.",
    ),
    "flu": (
        "The vaccine cannot give you flu",
        "national immunisation guidance, inactivated influenza vaccine",
        "Supported: inactivated vaccine contains no live virus.",
    ),
    "knee": (
        "Exercise helps as much as surgery for many knee problems",
        "randomised trials, degenerative meniscal tear",
        "Holds for degenerative tears, not for all knee problems; the sentence needs that limit.",
    ),
    "hayfever": (
        "Pollen is highest in the early morning",
        "pollen monitoring network, diurnal pattern",
        "Varies by species and place; 'often high in the morning and the early evening' is what the source says.",
    ),
    "migraine": (
        "One in seven people has migraine",
        "global burden estimates, migraine prevalence",
        "Supported, about 14% worldwide.",
    ),
    "eczema": (
        "Emollients should be applied in large amounts",
        "guideline, atopic eczema, emollients",
        "Supported; the guideline names a weekly amount.",
    ),
    "travel": (
        "Ice in drinks is a common cause of illness",
        "travel medicine handbook, food and water",
        "The source lists ice among risks without a ranking; 'can cause' is right, 'common' is not.",
    ),
    "statistic": (
        "Two thirds of our readers changed a habit",
        "reader survey, internal tables",
        "The table says 58%, of those who answered the question.",
    ),
    "screen": (
        "Screening finds cancer early",
        "screening programme, information standard",
        "Supported, but the standard requires that harms are mentioned next to it.",
    ),
}
