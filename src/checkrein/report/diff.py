"""A fix as the lines that it takes out and puts in."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from checkrein import notation
from checkrein.model import Edit
from checkrein.report.secrets import Secrets, lines


def diff(edits: tuple[Edit, ...], root: Path, hidden: Secrets) -> Iterator[str]:
    """Yield the changed lines of all files, ``-`` and ``+`` before them; what is secret starred."""
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.path].append(edit)
    for path, same in by_file.items():
        before = lines(root, path)
        after = notation.splice("\n".join(before) + "\n", same).splitlines()
        for start, end, first, last in _changed(before, after):
            near = hidden.near(path, range(start + 1, end + 1))
            yield from ("-" + hidden.text(line, near) for line in before[start:end])
            yield from ("+" + hidden.text(line, near) for line in after[first:last])


def _changed(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of lines, before and after, that differ in more than aligning spaces.

    What is only added begins where a block does, not with the brace that closes the one before.
    """
    found = difflib.SequenceMatcher(
        None, _plain(before), _plain(after), autojunk=False
    ).get_opcodes()
    for tag, start, end, first, last in (each for each in found if each[0] != "equal"):
        if tag == "insert":
            by = last < len(after) and after[first].strip() == "}" and after[first] == after[last]
            yield start, start, *_trimmed(after, first + by, last + by)
        else:
            yield start, end, first, last


def _trimmed(text: list[str], first: int, last: int) -> tuple[int, int]:
    """Return a range of lines without the blank ones at its ends."""
    full = [number for number in range(first, last) if text[number].strip()]
    return (full[0], full[-1] + 1) if full else (first, last)


def _plain(text: list[str]) -> list[str]:
    """Return lines by which those are equal that differ in aligning spaces only."""
    return [line[: len(line) - len(line.lstrip())] + " ".join(line.split()) for line in text]
