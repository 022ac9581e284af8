"""What a rubric says beside its criteria: headings and prose, to read them by. Pure."""

from markdown_it import MarkdownIt

_BLOCKS = MarkdownIt("commonmark").disable("inline")
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})


def context(content: str) -> str:
    """The text without its outermost lists; nothing if there is no list, for then all is one

    criterion. What code checks is in the lists, and so not here.
    """
    lines = content.splitlines()
    lists = [
        each.map
        for each in _BLOCKS.parse(content)
        if each.type in _LISTS and each.level == 0 and each.map
    ]
    if not lists:
        return ""
    gone = {at for start, end in lists for at in range(start, end)}
    return "\n".join(line for at, line in enumerate(lines) if at not in gone).strip()
