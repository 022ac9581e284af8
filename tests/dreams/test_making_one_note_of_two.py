"""What becomes of two notes that say the same, and of one that is too long."""

from apps.dreams.local.curating.combining import combined, restated
from apps.dreams.local.curating.splitting import split
from apps.reviews.losing import lost

MINUTES = "# Minutes\n\n- Decisions first.\n- Do not quote verbatim.\n- Send them within 2 days.\n"


def test_what_is_said_in_other_forms_of_the_words_is_not_said_twice():
    other = "# Notes\n\nNo verbatim quotes.\n"

    assert lost([other], MINUTES) == []
    assert combined(MINUTES, [other]) == MINUTES


def test_what_has_another_figure_or_forbids_is_never_taken_for_said():
    for other in ("Send them within 3 days.", "Do not send them within 2 days."):
        assert restated(MINUTES, other) == []
        assert lost([other], combined(MINUTES, [other])) == []


def test_what_is_added_stands_beside_what_it_is_most_about():
    other = "# Notes\n\nDecisions are numbered.\n\nThe room is booked by Ana.\n"

    assert combined(MINUTES, [other]) == (
        "# Minutes\n\n- Decisions first.\n- Decisions are numbered.\n- The room is booked by Ana.\n"
        "- Do not quote verbatim.\n- Send them within 2 days.\n"
    )


def test_a_log_without_headings_or_days_is_divided_by_its_entries():
    lines = [f"- {number} {'flaky ' * 12}\n" for number in range(4_000, 4_400)]
    text = "# Log\n\nNewest last.\n\n" + "".join(lines)

    left, files = split("/log.md", text) or ("", ())

    assert left.startswith("# Log\n\nNewest last.\n\n- [4000 to ")
    assert "".join(file.content.partition("\n\n")[2] for file in files).count("flaky") == 4_800
    assert len({file.path for file in files}) == len(files) == 4
