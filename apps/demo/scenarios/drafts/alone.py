# ruff: noqa: E501 -- prose reads best unbroken
"""Short texts by one writer."""

from apps.demo.cast import SOLO_WRITER
from apps.demo.lane import Call, bash, edit, read, write
from apps.demo.scenarios.drafts.scenes import count, headings, learn, preferences
from apps.demo.script import Outcome, Script, Turn, do, grade, interrupted, say

_OUT = "/mnt/session/outputs"

SCRIPTS = (
    Script(
        key="drafts-newsletter",
        title="Neighbourhood newsletter, June",
        user="ayse.demir",
        team="community",
        agent=SOLO_WRITER,
        age=25,
        hour=18.2,
        turns=(
            Turn(
                "hi there, the june newsletter! topics: playground reopens, new bakery, parking again. one page, warm, no officialese",
                (
                    preferences,
                    do(
                        read(
                            "/mnt/session/uploads/topics.txt",
                            "playground: 14 June, 3 pm, mayor comes\nbakery: sourdough, closed Mondays\nparking: council decides 20 June, come!",
                        )
                    ),
                    do(
                        write(
                            f"{_OUT}/draft.md",
                            "# Hello June\n\nThe playground is back. On 14 June at three the fence comes down, and the mayor has promised to try the slide.\n\n## Bread\n\nThe new bakery sells sourdough and is closed on Mondays.\n\n## Parking\n\nThe council decides on 20 June. Come and say what you think.",
                        )
                    ),
                    do(bash(f"wc -w {_OUT}/draft.md", f"241 {_OUT}/draft.md")),
                    do(
                        edit(
                            f"{_OUT}/draft.md",
                            "The council decides on 20 June.",
                            "The council decides about the parking permits on 20 June, at seven, in the town hall.",
                        )
                    ),
                ),
                "One page, three topics. I left out the mayor's party, as nobody needs it.",
            ),
            Turn(
                "aww. can you do a version for the notice board, 80 words tops",
                (count(248, 78, 80),),
                "78 words for the notice board.",
                after=13,
            ),
        ),
    ),
    Script(
        key="drafts-blog-series",
        title="Blog series: repairing instead of replacing (3 posts)",
        user="leo.brandt",
        team="marketing",
        agent=SOLO_WRITER,
        age=14,
        hour=10.9,
        turns=(
            Turn(
                "Three blog posts about repair, from the interviews. About 700 words each. Working titles are in the file, improve them.",
                (
                    preferences,
                    do(
                        read(
                            "/mnt/session/uploads/interviews.md",
                            "Rosa (toasters): 'People apologise for bringing it.'\nMehmet (bikes): 'A rattle is information.'\nInge (radios): 'I have never thrown away a screw.'",
                        )
                    ),
                    do(
                        write(
                            f"{_OUT}/1_toaster.md",
                            "# People apologise\n\nRosa repairs toasters. Before they say what is wrong, people apologise for bringing it.",
                        )
                    ),
                    do(
                        write(
                            f"{_OUT}/2_bike.md",
                            "# A rattle is information\n\nMehmet listens before he looks. Most bicycles tell him what they want.",
                        )
                    ),
                    do(
                        write(
                            f"{_OUT}/3_radio.md",
                            "# Every screw\n\nInge has never thrown away a screw. She has forty drawers of them, and knows what is in each.",
                        )
                    ),
                    do(
                        bash(
                            f"wc -w {_OUT}/*.md",
                            f"  688 {_OUT}/1_toaster.md\n  702 {_OUT}/2_bike.md\n  911 {_OUT}/3_radio.md",
                        )
                    ),
                    interrupted(
                        Call("web_search", {"query": "repair statistics europe survey"}, ""),
                        "No statistics in these please! The interviews carry it.",
                        say="A figure or two might help the second post.",
                    ),
                    count(911, 703, 700),
                ),
                "Three posts of about 700 words, each with a title from the interview itself.",
            ),
            Turn(
                "Love them. House rule I forgot to mention: headings in sentence case, one level below the title, not three. Goes for everything on the blog.",
                (
                    headings,
                    learn(
                        "blog.md", "# Blog\n- Headings: sentence case, one level below the title.\n"
                    ),
                ),
                "Changed in all three and noted for the blog.",
                after=31,
            ),
        ),
    ),
    Script(
        key="drafts-press-release",
        title="Press release for the US launch",
        user="leo.brandt",
        team="marketing",
        agent=SOLO_WRITER,
        age=10,
        hour=16.4,
        turns=(
            Turn(
                "Press release, US launch of the repair box. One page. Exceptionally in American spelling, this one goes out from Chicago – everything else stays"
                " British.",
                (
                    preferences,
                    do(
                        read(
                            "/mnt/session/uploads/launch.md",
                            "Repair box, USD 49, ships 3 June. Quote: CEO Ada Fuchs.",
                        )
                    ),
                    do(
                        write(
                            f"{_OUT}/draft.md",
                            "# The repair box comes to America\n\nCHICAGO – A box with forty screws, three glues and one honest booklet goes on sale on June 3 for $49. 'We apologize for the colors,' says Ada Fuchs, 'they were the last ones in stock.'",
                        )
                    ),
                    do(bash(f"aspell --lang=en_US list < {_OUT}/draft.md | sort -u", "Fuchs")),
                    do(bash(f"wc -w {_OUT}/draft.md", f"318 {_OUT}/draft.md")),
                    grade("satisfied", "One page, American spelling throughout, quote attributed."),
                ),
                "One page, American spelling for this one.",
                outcome=Outcome("Press release", "- One page\n- American spelling\n- One quote"),
            ),
        ),
    ),
    Script(
        key="drafts-farewell-speech",
        title="Farewell speech for the head of surgery",
        user="ayse.demir",
        team="community",
        agent=SOLO_WRITER,
        age=5,
        hour=12.2,
        turns=(
            Turn(
                "our head of surgery retires after 31 years and i have to speak. five minutes. she hates praise. anecdotes are in the notes",
                (
                    preferences,
                    do(
                        read(
                            "/mnt/session/uploads/notes.txt",
                            "- sewed the teddy of a 4-year-old before the operation\n- 'Nobody has ever complained about a meeting being cancelled'\n- kept a list of every mistake, gave it to new colleagues",
                        )
                    ),
                    say(
                        "She hates praise, so the speech should be made of things she did, and of her own sentences."
                    ),
                    do(
                        write(
                            f"{_OUT}/speech.md",
                            "Dear Helene, you asked for no speech. This is not one, it is a list, and you like lists. First item: a teddy bear, eleven stitches ...",
                        )
                    ),
                    do(
                        bash(f"wc -w {_OUT}/speech.md", f"842 {_OUT}/speech.md"),
                        say="At a calm pace 130 words a minute.",
                    ),
                    do(
                        edit(
                            f"{_OUT}/speech.md",
                            "This is not one, it is a list",
                            "So this is a list",
                        )
                    ),
                    do(bash(f"wc -w {_OUT}/speech.md", f"655 {_OUT}/speech.md")),
                ),
                "655 words, five minutes at a calm pace. It ends with her list of mistakes, which is the highest praise I could find without praising.",
            ),
            Turn(
                "i cried. one thing, the teddy was a rabbit",
                (
                    do(
                        bash(
                            f"sed -i 's/teddy bear/rabbit/; s/teddy/rabbit/g' {_OUT}/speech.md && grep -c rabbit {_OUT}/speech.md",
                            "3",
                        )
                    ),
                ),
                "A rabbit, in all three places.",
                next_day=8.6,
            ),
        ),
    ),
)
