"""How numbers, spans and times are written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.template import Context, Template

from apps.core.templatetags import ui

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0"),
        (412, "412"),
        (999, "999"),
        (1000, "1.0k"),
        (18_210, "18.2k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (412_300, "412k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (1_910_000, "1.9M"),
        (2_400_000_000, "2.4B"),
    ],
)
def test_tokens_take_few_figures(value, written):
    assert ui.tokens(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "$0.00"),
        (Decimal("0.0004"), "<$0.001"),
        (Decimal("0.011"), "$0.011"),
        (Decimal("0.0994"), "$0.099"),
        (Decimal("0.0996"), "$0.10"),
        (Decimal("1.84"), "$1.84"),
        (1234.5, "$1,234.50"),
        (Decimal("-1.84"), "−$1.84"),
    ],
)
def test_money_below_ten_cents_keeps_a_third_place(value, written):
    assert ui.money(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0 B"),
        (840, "840 B"),
        (1100, "1.1 kB"),
        (81_000, "81 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (2_400_000, "2.4 MB"),
        (7.2e15, "7200 TB"),
    ],
)
def test_bytes_take_the_largest_unit_that_fits(value, written):
    assert ui.bytes_(value) == written


@pytest.mark.parametrize(("value", "written"), [(None, "–"), (1284, "1,284"), (-3, "−3")])
def test_a_number_has_groups_and_a_true_minus(value, written):
    assert ui.number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (42.9, "0:42"),
        (1206, "20:06"),
        (timedelta(hours=1, minutes=2, seconds=6), "1:02:06"),
        (-1, "0:00"),
    ],
)
def test_a_position_is_written_as_on_a_stopwatch(value, written):
    assert ui.clock(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (timedelta(milliseconds=840), "840 ms"),
        (0.9996, "1.0 s"),
        (1.2, "1.2 s"),
        (9.96, "10 s"),
        (38, "38 s"),
        (578, "9 min 38 s"),
        (360, "6 min"),
        (4800, "1 h 20 min"),
        (timedelta(days=1, hours=11), "1 d 11 h"),
    ],
)
def test_a_span_is_written_in_at_most_two_units(value, written):
    assert ui.duration(value) == written


@pytest.mark.parametrize(
    ("passed", "written"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=6, seconds=50), "6 min"),
        (timedelta(hours=22), "22 h"),
        (timedelta(days=1, hours=11), "1 d 11 h"),
        (timedelta(days=3, hours=5), "3 d"),
        (timedelta(days=29), "24 Oct"),
        (timedelta(days=365), "22 Nov 2025"),
        (timedelta(seconds=-20), "in 1 min"),
        (timedelta(hours=-2), "in 2 h"),
    ],
)
def test_the_time_since_is_told_in_the_fewest_words(passed, written):
    assert ui.spoken(NOW - passed, NOW) == written


def test_a_relative_time_carries_the_exact_one():
    with time_machine.travel(NOW, tick=False):
        written = ui.ago(NOW - timedelta(minutes=6, seconds=53))

    assert written == (
        '<time datetime="2026-11-22T13:53:07+00:00" title="22 Nov 2026, 13:53:07 UTC" data-ago>'
        "6 min</time>"
    )


def test_an_exact_time_is_one_too():
    assert ui.at(NOW) == (
        '<time datetime="2026-11-22T14:00:00+00:00">22 Nov 2026, 14:00:00 UTC</time>'
    )


def test_no_time_is_a_dash():
    assert (ui.ago(None), ui.at(None)) == ("–", "–")


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("", "a &lt;b&gt; A"),
        (None, "a &lt;b&gt; A"),
        ("a", "<mark>a</mark> &lt;b&gt; <mark>A</mark>"),
        ("<b> x", "a <mark>&lt;b&gt;</mark> A"),
        ("(", "a &lt;b&gt; A"),
    ],
)
def test_marked_words_leave_the_text_escaped(words, marked):
    assert ui.marked("a <b> A", words) == marked


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ines Moreau", "IM"), ("admin", "A"), ("Ana de la Cruz", "AC"), ("", "?")],
)
def test_initials_are_those_of_the_first_and_last_name(name, letters):
    assert ui.initials(name) == letters


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Use `ls -a`, not `ls`.", "Use <code>ls -a</code>, not <code>ls</code>."),
        ("A lone ` stays", "A lone ` stays"),
        ("`` is nothing", "`` is nothing"),
        ("`<b>` & <i>", "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"),
    ],
)
def test_what_stands_between_backticks_is_code_and_stays_escaped(text, written):
    assert ui.coded(text) == written


def test_a_sign_says_nothing_to_readers():
    drawn = Template('{% load ui %}{% icon "check" "dense" %}').render(Context())

    assert drawn == (
        '<svg class="i i-dense" aria-hidden="true"><use href="/static/icons.svg#check"/></svg>'
    )


def test_every_sign_that_a_template_names_is_drawn():
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    named = {name for page in pages for name in ui_icons(page.read_text())}

    assert [name for name in sorted(named) if f'id="{name}"' not in sprite] == []


def ui_icons(text):
    return [piece.split('"')[0] for piece in text.split('{% icon "')[1:]]
