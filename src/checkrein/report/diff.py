"""A fix as the lines that it takes out and puts in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
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
        found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        for _, start, end, first, last in (each for each in found if each[0] != "equal"):
            near = hidden.near(path, range(start + 1, end + 1))
            yield from ("-" + hidden.text(line, near) for line in before[start:end])
            yield from ("+" + hidden.text(line, near) for line in after[first:last])
