"""A fix as the lines that it takes out and puts in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path

from checkrein.model import Edit
from checkrein.notation import splice
from checkrein.report.secrets import Secrets, lines


def diff(edits: tuple[Edit, ...], root: Path, hidden: Secrets) -> Iterator[str]:
    """Yield the changed lines of all files, ``-`` and ``+`` before them; what is secret starred."""
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.path].append(edit)
    for path, same in by_file.items():
        before = lines(root, path)
        after = splice("\n".join(before) + "\n", same).splitlines()
        for start, end, first, last in _changed(before, after):
            near = hidden.near(path, range(start + 1, end + 1))
            yield from ("-" + hidden.text(line, near) for line in before[start:end])
            yield from ("+" + hidden.text(line, near) for line in after[first:last])


def _changed(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of lines, before and after, that differ in more than aligning spaces.

    What is only added begins where a block does, not with the brace that closes the one before.
    """
    found = SequenceMatcher(None, _plain(before), _plain(after), autojunk=False).get_opcodes()
    for tag, start, end, first, last in (each for each in found if each[0] != "equal"):
        by = 0
        if tag == "insert":
            by = last < len(after) and after[first].strip() == "}" and after[first] == after[last]
        blank = sum(1 for _ in takewhile(_is_blank, after[first + by : last])) if by else 0
        yield start + by, end + by, first + by + blank, last + by


def _plain(text: list[str]) -> list[str]:
    """Return lines by which those are equal that differ in aligning spaces only."""
    return [line[: len(line) - len(line.lstrip())] + " ".join(line.split()) for line in text]


def _is_blank(line: str) -> bool:
    return not line.strip()
