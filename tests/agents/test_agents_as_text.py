"""An agent as YAML or JSON: read safely, refused at the line, written tidily."""

import json
import time

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from apps.agents.api.shapes import NewAgent
from apps.agents.defining import Faulty, dump, parse
from apps.agents.definition import EMPTY, filled
from apps.agents.models import AgentVersion
from apps.core import payloads
from apps.core.api.shapes import Misshapen, Problem, read
from tests.agents import given
from tests.agents.test_defining_over_the_api import EVERYTHING

WHOLE = """\
name: refunds
model: claude-sonnet-5
system: |
  Be brief.

  Ask before you pay.
tools:
  - type: agent_toolset_20260401
    configs:
      - name: bash
        enabled: false
"""
# What is written, and where and why it is refused.
WRONG = [
    ("", 1, 1, "there is nothing here"),
    ("# only a comment\n", 1, 1, "there is nothing here"),
    ("- a", 1, 1, "an agent is keys and values"),
    ("just words", 1, 1, "an agent is keys and values"),
    ("name: a\nmodel: m\nname: b", 3, 1, "'name' is there twice"),
    ("name: a\nmodel: m\nmetadata:\n  k: v\n  k: w", 5, 3, "'k' is there twice"),
    ("name: a\nmodel: m\n---\nname: b", 3, 1, "there is a second document"),
    ("name: &n a\nmodel: m", 1, 7, "anchors (`&name`) are not used here"),
    ("name: a\nmodel: *n", 2, 8, "references (`*name`) are not used here"),
    ("name: !!python/name:os.system x\nmodel: m", 1, 7, "types (`tag:yaml.org,2002:python/name"),
    ("name: a\nmodel: !own m", 2, 8, "types (`!own`) are not used here"),
    ("? [a, b]\n: c", 1, 3, "a key is a word"),
    ("name: a\nmodel: b: c", 2, 9, "this is not YAML: mapping values are not allowed"),
    ("name: a\nmodel: [m", 3, 1, "this is not YAML: "),
    ("name: a\n\tmodel: m", 2, 1, "this is not YAML: "),
    ("name: a\nmodel: m\x07", 2, 9, "there is a character here that YAML does not allow"),
    ("name: " + "[" * 60, 1, 57, "this is nested deeper than 50 levels"),
    ("name: a", 1, 1, "model: this field is required"),
    ("name: a\nmodel: m\nsytem: x", 3, 1, "sytem: unknown field (did you mean 'system'?)"),
    ("name: a\nmodel: m\nqqqq: x", 3, 1, "qqqq: unknown field"),
    ("name: 2026-01-01\nmodel: 5", 2, 8, "model: give a string or an object"),
    ("name: 1.5\nmodel: m", 1, 7, "name: input should be a valid string"),
    ("name: a\nmodel:\n  effort: low", 2, 1, "model.id: this field is required"),
    ("name: a\nmodel: {id: m, effort: most}", 2, 24, "model.effort: input should be"),
    (
        WHOLE.replace("enabled: false", "enabled: off"),
        11,
        18,
        "tools.0.configs.0.enabled: input should be a valid boolean",
    ),
    (WHOLE.replace("name: bash", "name: rm"), 10, 9, "tools.0.configs.0: 'name' must be one of"),
    (WHOLE + "  - {}", 12, 5, "tools.1: 'type' is required"),
    (WHOLE + "metadata:\n  tier: 1", 13, 9, "metadata.tier: input should be a valid string"),
    (
        WHOLE + "multiagent:\n  type: coordinator\n  agents:\n  - a\n  - type: agent",
        16,
        5,
        "multiagent.agents.1.id: this field is required",
    ),
    ('{"name": "a",\n "model": }', 2, 11, "this is not JSON: Expecting value"),
    ('{\n\t"name": "a\\/\\ud83d\\ude00",\n\t"model": 5\n}', 3, 11, "model: give a string"),
    ('{"name": "a",\n"name": "b", "model": "m"}', 2, 1, "'name' is there twice"),
    ('{"a":' * 120 + "1" + "}" * 120, 1, 1, "this is nested deeper than"),
]


def refused(text):
    with pytest.raises(Faulty) as wrong:
        parse(text).read(NewAgent)
    return wrong.value.complaints


@pytest.mark.parametrize(("text", "line", "column", "said"), WRONG, ids=[each[3] for each in WRONG])
def test_what_is_wrong_is_told_at_its_line(text, line, column, said):
    [complaint, *_] = [each for each in refused(text) if each.text.startswith(said)] or refused(
        text
    )

    assert complaint.text.startswith(said)
    assert (complaint.line, complaint.column) == (line, column)


def test_all_of_it_is_told_in_the_order_of_the_lines():
    complaints = refused("nme: a\nmodel: 5\nskills: x\ntools:\n- type: y")

    assert [each.line for each in complaints] == [1, 1, 2, 3, 5]


def test_what_the_domain_refuses_finds_its_line_too():
    document = parse(WHOLE)

    faulty = document.faulty(
        Misshapen([Problem(("tools", 0, "configs", 0, "name"), "no"), Problem(("mcp", 3), "no")])
    )

    assert [(each.line, each.column) for each in faulty.complaints] == [(1, 1), (10, 15)]
    assert faulty.message == "line 1: mcp.3: no; line 10: tools.0.configs.0.name: no"


def test_yaml_means_what_it_means_in_json():
    text = "a: on\nb: no\nc: 2026-01-01\nd: 0x1F\ne: 012\nf: 1e3\ng: ~\nh: True\ni: '1'\nj: 1:30"

    assert parse(text).value == {
        "a": "on",
        "b": "no",
        "c": "2026-01-01",
        "d": "0x1F",
        "e": "012",
        "f": 1000.0,
        "g": None,
        "h": True,
        "i": "1",
        "j": "1:30",
    }


def test_json_is_read_as_it_is():
    value = {"name": "Zoë 😀", "model": {"id": "m/n\\x"}, "system": "a\tb\n"}

    for text in (json.dumps(value), json.dumps(value, indent="\t", ensure_ascii=False)):
        assert parse(text).value == value


def test_a_bomb_is_small_and_a_flood_is_refused_at_once():
    bomb = "a: &a [x]\n" + "".join(f"{n}: &b{n} [*a, *a, *a, *a]\n" for n in range(50))

    assert "anchors" in refused(bomb)[0].text
    assert "longer than 1,000,000" in refused("a" * 1_000_001)[0].text
    begun = time.monotonic()
    parse("k:\n" + "- x\n" * 200_000)
    assert time.monotonic() - begun < 20, "it grows with the text and not faster"


def definition(**fields):
    return filled(read(NewAgent, {"name": "a", "model": "m"} | fields), EMPTY)


def test_what_goes_without_saying_is_not_written():
    text = dump(definition(tools=[{"type": "agent_toolset_20260401"}], skills=[]))

    assert text == "name: a\nmodel: m\ntools:\n  - type: agent_toolset_20260401\n"


def test_long_text_stays_readable_and_the_order_is_always_the_same():
    text = dump(definition(metadata={"k": "v"}, system="Be brief. \n\n\tAsk: first\n"))

    assert text == (
        "name: a\nmodel: m\nsystem: |\n  Be brief. \n\n  \tAsk: first\nmetadata:\n  k: v\n"
    )


@pytest.mark.django_db
def test_the_order_is_the_same_after_the_database_had_it():
    told = definition(**{name: EVERYTHING[name] for name in ("tools", "mcp_servers", "skills")})
    agent = given.agent(**{name: EVERYTHING[name] for name in ("tools", "mcp_servers", "skills")})

    kept = AgentVersion.objects.get(agent=agent).definition

    assert dump(kept | {"name": "a", "model": told["model"]}) == dump(told)
    assert "  - type: custom\n    name: look_up\n    description" in dump(told)


def test_whoever_may_be_called_has_a_name_beside_the_id():
    prompt = "multiagent:\n- {type: agent, id: agent_1, version: 2}\n"
    roster = [{"type": "agent", "id": "agent_1", "version": 2}, {"type": "self"}]
    lead = definition(system=prompt) | {"multiagent": {"type": "coordinator", "agents": roster}}

    text = dump(lead, {"agent_1": "refunds:\n  # evil"})

    assert text.endswith(
        "    - {type: agent, id: agent_1, version: 2}  # refunds: # evil\n    - {type: self}\n"
    )
    assert parse(text).value["system"] == prompt
    assert parse(text).value["multiagent"]["agents"] == roster


def test_the_newer_roster_is_written_without_its_defaults():
    on = {"type": "enabled", "inline_agents": {"type": "enabled"}, "predefined_agents": []}
    closed = {
        "type": "enabled",
        "inline_agents": {"type": "disabled"},
        "predefined_agents": [{"type": "self"}],
    }
    parts = {"advisor": {"type": "enabled", "model": "m"}, "subagents": closed, "workflows": on}
    written = dump(definition() | {"multiagent": {"type": "multiagent_20261001"} | parts})

    assert parse(written).value["multiagent"] == {
        "type": "multiagent_20261001",
        "advisor": {"type": "enabled", "model": "m"},
        "subagents": closed,
    }


def test_everything_comes_back_as_it_was():
    whole = filled(read(NewAgent, EVERYTHING), EMPTY)

    assert filled(parse(dump(whole)).read(NewAgent), EMPTY) == whole


TEXT = st.text() | st.text(st.sampled_from(" \n\tab:#-{}'\"|>&*!%@`\\\r\x85\u2028\ufeff1e.~é😀"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@each(TEXT, JSON)
def test_whatever_is_written_reads_the_same(text, schema):
    tool = {"type": "custom", "name": "t", "description": text, "input_schema": {"x": schema}}
    told = payloads.storable_all(
        definition()
        | {"name": text, "system": text or None, "tools": [tool], "metadata": {"k": text}}
    )

    value = parse(dump(told)).value

    assert {"system": None} | value == {
        name: told[name] for name in ("name", "system", "tools", "metadata")
    } | {"model": "m"}


@each(st.text() | st.text(st.sampled_from("\n ab:-#{}[]'\"|>&*!?,\t")))
def test_no_text_breaks_the_reader(text):
    complaints = ()
    try:
        assert isinstance(parse(text).value, dict)
    except Faulty as wrong:
        complaints = wrong.complaints

    lines = text.count("\n") + 2
    assert all(1 <= each.line <= lines and each.column >= 1 for each in complaints)
