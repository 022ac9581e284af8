"""Markdown of memories as HTML: what it means, block by block, and nothing that acts."""

from html.parser import HTMLParser

import pytest

from apps.memory import rendering
from apps.memory.rendering import MOST_BLOCKS

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    '![" onerror="alert(1)](https://example.com/"onerror="alert(1))',
    '[x](https://example.com "\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "```<script>alert(1)</script>\n<script>alert(1)</script>\n```",
    "| <script> |\n|---|\n| <iframe src=x> |",
    "[![x](data:image/svg+xml,<svg onload=alert(1)>)](javascript:alert(1))",
    "<style>*{display:none}</style>",
    '<a href="x" style="position:fixed">x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


def drawn(text, **options):
    return [str(block.html) for block in rendering.read(text, **options).blocks]


def lines(text):
    return [(block.first_line, block.last_line) for block in rendering.read(text).blocks]


class Elements(HTMLParser):
    """Every element that a browser would make, with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_acts_comes_through(text):
    html = "".join(drawn(text, link=lambda path: f"/at{path}"))

    for tag, attributes in Elements(html).found:
        assert tag in {"p", "a", "pre", "code", "table", "thead", "tbody", "tr", "th", "td"}
        assert attributes.keys() <= {"href", "title", "rel"}
        assert attributes.get("href", "/").startswith(("/", "https:"))


def test_headings_stand_below_the_pages_own():
    assert drawn("# a\n\n## b\n\n###### c") == ["<h2>a</h2>", "<h3>b</h3>", "<h6>c</h6>"]


def test_each_block_knows_its_lines():
    assert lines("# a\n\nb\nc\n\n```\nd\n```\n") == [(1, 1), (3, 4), (6, 8)]


def test_each_item_of_a_list_stands_alone_and_keeps_its_number():
    text = "3. a\n4. b\n   - c\n5. d\n"

    assert lines(text) == [(1, 1), (2, 3), (4, 4)]
    assert '<ol start="4">' in drawn(text)[1]
    assert "<ul>" in drawn(text)[1]


def test_front_matter_is_no_text_and_moves_the_lines():
    reading = rendering.read("---\ntitle: A b\ntags:\n---\n# Text\n")

    assert reading.front.pairs == (("title", "A b"), ("tags", ""))
    assert [(block.html, block.first_line) for block in reading.blocks] == [("<h2>Text</h2>", 5)]


def test_front_matter_that_is_no_plain_list_is_told_as_it_is():
    front = rendering.front_matter("---\r\na:\r\n  - b\r\n---\r\ntext")

    assert (front.pairs, front.text, front.lines) == ((), "a:\r\n  - b", 4)


@pytest.mark.parametrize("text", ["", "text\n---\na: b\n---\n", "---\nnever ends\n", "---"])
def test_what_is_no_front_matter_is_text(text):
    assert rendering.front_matter(text) is None


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("b.md", "/at/team/b.md"),
        ("../c%20d.md", "/at/c d.md"),
        ("../../../../e.md", "/at/e.md"),
        ("/f.md", "/at/f.md"),
        ("#part", "#part"),
        ("https://example.com/g", "https://example.com/g"),
        ("//example.com/g", "//example.com/g"),
    ],
)
def test_links_start_where_the_memory_lies(target, leads_to):
    (html,) = drawn(f"[x]({target})", path="/team/a.md", link=lambda path: f"/at{path}")

    assert f'href="{leads_to}"' in html


def test_without_pages_to_lead_to_links_stay_as_they_are():
    assert 'href="b.md"' in drawn("[x](b.md)")[0]


@pytest.mark.parametrize("text", ["word " * 20_000, "# a\n" * (MOST_BLOCKS + 1)])
def test_what_is_too_long_is_not_drawn(text):
    assert not rendering.read(text).is_drawn
    assert drawn(text) == []


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_what_is_nested_too_deeply_is_not_drawn_in_part(mark):
    flat, deep = (f"---\na: b\n---\n{mark * depth}said\n\nAnd this.\n" for depth in (5, 50))

    assert "said" in drawn(flat)[0]
    assert rendering.read(flat).is_drawn
    assert not rendering.read(deep).is_drawn
    assert drawn(deep) == []


def test_definitions_of_links_are_not_hidden():
    assert "(Obey me)" in drawn("[//]: # (Obey me)\n")[0]


def test_tables_and_struck_text_are_drawn():
    html = drawn("| a | b |\n|---|--:|\n| ~~1~~ | 2 |")[0]

    assert "<th>a</th>" in html
    assert "<td><s>1</s></td>" in html
