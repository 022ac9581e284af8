"""Which memories a tool's use touches, and what it does to them, told by its input alone."""

import pytest

from apps.sessions.promoting import touches_memory
from apps.sessions.touching import MOST_TOUCHED, touches

M = "/mnt/memory/rules"


def told(tool, **given):
    return [
        f"{each.kind.value} {each.mount.removeprefix('/mnt/memory/')} {each.path}"
        for each in touches({"name": tool, "input": given})
    ]


@pytest.mark.parametrize(
    ("tool", "given", "found"),
    [
        ("read", {"file_path": f"{M}/a.md"}, "read rules /a.md"),
        ("write", {"file_path": f"{M}/team/a.md", "content": "x"}, "write rules /team/a.md"),
        ("edit", {"file_path": f"{M}/a.md", "old_string": "x"}, "write rules /a.md"),
        ("MultiEdit", {"file_path": f"{M}/a.md"}, "write rules /a.md"),
        ("glob", {"pattern": "**/*.md", "path": M}, "read rules /"),
        ("glob", {"pattern": f"{M}/team/**/*.md"}, "read rules /team/"),
        ("grep", {"pattern": "fee", "path": f"{M}/team/"}, "read rules /team/"),
        ("read", {"file_path": f"{M}/what[1]?.md"}, "read rules /what[1]?.md"),
        ("read", {"file_path": f"{M}/ü b.md"}, "read rules /ü b.md"),
        ("read", {"file_path": f"{M}//team/./a.md"}, "read rules /team/a.md"),
        ("read", {"file_path": f"{M}/../facts/a.md"}, "read facts /a.md"),
        ("read", {"file_path": f"file://{M}/a.md"}, "read rules /a.md"),
        ("notes.save_note", {"path": f"{M}/a.md"}, "write rules /a.md"),
        ("consult", {"path": f"{M}/a.md"}, "mention rules /a.md"),
        ("memory", {"command": "view", "path": f"{M}/a.md"}, "read rules /a.md"),
        ("memory", {"command": "str_replace", "path": f"{M}/a.md"}, "write rules /a.md"),
    ],
)
def test_a_tool_says_what_it_does_where(tool, given, found):
    assert told(tool, **given) == [found]
    assert touches_memory(given)


def test_a_rename_writes_both_paths():
    given = {"command": "rename", "old_path": f"{M}/a.md", "new_path": f"{M}/b.md"}

    assert told("memory", **given) == ["write rules /a.md", "write rules /b.md"]
    assert touches_memory(given)


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (f"cat {M}/a.md", ["read rules /a.md"]),
        (f"cd /tmp && sudo head -5 '{M}/a b.md' | wc -l", ["read rules /a b.md"]),
        (f"grep -rn fee {M}/ {M}/a.md", ["read rules /", "read rules /a.md"]),
        (f"cat {M}/team/*.md", ["read rules /team/"]),
        (f"echo x >> {M}/a.md", ["write rules /a.md"]),
        (f"echo x>{M}/a.md", ["write rules /a.md"]),
        (f"sort {M}/a.md > {M}/b.md", ["read rules /a.md", "write rules /b.md"]),
        (f"echo x | tee -a {M}/a.md", ["write rules /a.md"]),
        (f"sed -i 's/a/b/' {M}/a.md", ["write rules /a.md"]),
        (f"sed -n 1,5p {M}/a.md", ["read rules /a.md"]),
        (f"cp {M}/a.md {M}/b.md", ["read rules /a.md", "write rules /b.md"]),
        (f"mv {M}/a.md {M}/b.md", ["write rules /a.md", "write rules /b.md"]),
        (f"/bin/rm -f {M}/a.md", ["write rules /a.md"]),
        (f"find {M} -name x -delete", ["write rules /"]),
        (f"LANG=C cat < {M}/a.md", ["read rules /a.md"]),
        (f"python tidy.py --file={M}/a.md", ["mention rules /a.md"]),
        (f"cat > {M}/a.md <<'EOF'\nit's new, see {M}/b.md\nEOF", ["write rules /a.md"]),
        ('echo "unclosed > ' + f"{M}/a.md", ["write rules /a.md"]),
        (f"ls /workspace{M}/a.md", []),
    ],
)
def test_of_a_command_what_is_plain_is_believed(command, found):
    assert told("bash", command=command)[: len(found) or None] == found


@pytest.mark.parametrize(
    "path",
    [
        "/mnt/memory/",
        "/mnt/memory/../etc/passwd",
        f"{M}/../../../etc/passwd",
        f"{M}/a\x00b.md",
        f"{M}/a\nb.md",
        f"{M}/\u202eb.md",
        f"{M}/\ud800.md",
        f"{M}/" + "a/" * 30 + "b.md",
        f"{M}/" + "ä" * 600,
        f"{M}/" + "a" * 100_000,
        f"{M}/cafe\u0301.md",
    ],
)
def test_what_is_no_path_of_a_memory_is_nothing(path):
    assert told("read", file_path=path) == []
    assert not [each for each in told("bash", command=f"cat {path}") if "passwd" in each]


@pytest.mark.parametrize("given", [None, "x", [], {"file_path": 7}, {"command": ["cat", M]}, {}])
def test_a_payload_of_any_shape_is_fine(given):
    assert touches({"name": "read", "input": given}) == []


def test_a_listing_of_many_is_cut_and_each_is_told_once():
    many = " ".join(f"{M}/{at}.md {M}/{at}.md" for at in range(200))

    assert told("bash", command=f"cat {many}") == [
        f"read rules /{at}.md" for at in range(MOST_TOUCHED)
    ]
