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
    # name: (what to search for, what is found, what is said about it)
    "patient": (
        "the patient",
        "<12..190>: If the patient [feels dizzy|has a rash|misses a dose|cannot sleep|vomits], the patient should [call the clinic|stop and ask|tell the nurse].",
        "[That speaks about the reader, not to them|'The patient' twice in one sentence|Rule 4.4: this should be 'you'|Nobody thinks of themselves as 'the patient'|The third person creeps in here]; [the rest of the page has it right|it is the only place|I'd change it throughout|an easy one|the author knows this rule].",
    ),
    "long": (
        "",
        "<12..190>: <26..41> words: Although most people [recover at home|sleep better after a week|need no further tests|go back to work soon], it is nevertheless advisable to [contact|inform] the practice if",
        "[A sentence like this loses people halfway|Too long for somebody who is worried|By the end one has forgotten the beginning|This one needs two breaths|Rule 4.5]: [two sentences would do|'nevertheless' is the place to cut|the condition could come first|make the advice a sentence of its own|splitting it costs nothing].",
    ),
    "heading": (
        "^#",
        "<5..90>: ## What To [Expect|Do Next|Bring Along|Avoid] At Your [Appointment|Clinic Visit|First Session]",
        "[Title case, and|Capitals throughout, though|A heading in capitals:] the guide wants sentence case [(4.3)|for every heading|here as well].",
    ),
    "jargon": (
        "prophyla|contraindic|adverse",
        "<20..160>: [Prophylactic use|Concomitant use|Administration] is contraindicated in [pregnancy|severe asthma|renal impairment].",
        "['Contraindicated' will not do|Words nobody uses at home|This is written for colleagues|Readers at this level will stop here|Three hard words in one line]; [say 'not suitable if you'|'do not take this if' says the same|plain words exist for all of it|I suggest 'not safe for people with'].",
    ),
    "numbers": (
        "[0-9]",
        "<14..150>: Take the diary with you for [3|three] weeks and note <4..9> [readings|episodes|nights] a day",
        "[Figures and words are mixed within one list|Numbers follow two systems here|'Three' in one line, '3' in the next|Rule 4.2 is not kept]; [one of them has to give|the list should agree with itself|the table has it right already].",
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
    # name: (claim, what to search for, what the source says, what follows)
    "inhaler": (
        "Most people use their inhaler incorrectly at least some of the time",
        "systematic review, inhaler technique",
        "Technique was rated acceptable in about a third of observations, with wide variation between studies.",
        "[The review carries 'many'. 'Most' depends on what counts as an error.|'Most' hangs on the definition of an error; 'many' is safe.]",
    ),
    "sleep": (
        "Adults need seven to nine hours of sleep",
        "consensus statement, adult sleep duration",
        "Adults should sleep 7 or more hours per night on a regular basis.",
        "[Seven is in the statement, nine is not: that needs a second source.|The lower bound holds. For the upper one there is another source, which should be cited as well.]",
    ),
    "flu": (
        "The vaccine cannot give you flu",
        "national immunisation guidance, inactivated influenza vaccine",
        "Inactivated vaccines contain no live virus and cannot cause influenza.",
        "[Supported for the inactivated vaccine, which is the one meant here.|Stands, as long as the text speaks of the injection.]",
    ),
    "knee": (
        "Exercise helps as much as surgery for many knee problems",
        "randomised trials, degenerative meniscal tear",
        "In degenerative tears, outcomes after exercise therapy did not differ from partial meniscectomy at two years.",
        "[True of degenerative tears, not of all knee problems; the sentence needs that limit.|Too wide: the trials are about one kind of tear.]",
    ),
    "hayfever": (
        "Pollen is highest in the early morning",
        "pollen monitoring network, diurnal pattern",
        "Peaks differ by species and site; grass pollen commonly peaks in the morning and again in the early evening.",
        "[Not so simple: it depends on the species and the place. 'Often high in the morning and the early evening' would be right.|The evening peak is missing, and cities differ from fields.]",
    ),
    "migraine": (
        "One in seven people has migraine",
        "global burden estimates, migraine prevalence",
        "Estimated global prevalence: 14.4%.",
        "[14.4% is one in seven. Holds.|Correct, and the year of the estimate could be added.]",
    ),
    "eczema": (
        "Emollients should be applied in large amounts",
        "guideline, atopic eczema, emollients",
        "Leave-on emollients should be prescribed in large quantities (250 to 500 g weekly).",
        "[Holds. The guideline even names the weekly amount.|Supported, with a figure behind it.]",
    ),
    "travel": (
        "Ice in drinks is a common cause of illness",
        "travel medicine handbook, food and water",
        "Avoid ice unless made from treated water. Listed among possible sources.",
        "[Listed as possible, not ranked: 'can cause', then, rather than 'is a common cause of'.|The handbook does not say common.]",
    ),
    "statistic": (
        "Two thirds of our readers changed a habit",
        "reader survey 2026, internal tables",
        "changed a habit: 58% (n = 1,204 answers)",
        "[58% of those who answered is not two thirds of readers.|The table has 58%, and of answers, not of readers.]",
    ),
    "screen": (
        "Screening finds cancer early",
        "screening programme, information standard",
        "Information must present benefits and harms together.",
        "[True, but the standard wants harms next to benefits, and here they are a page apart.|Supported; what is missing is the sentence on harms beside it.]",
    ),
}
