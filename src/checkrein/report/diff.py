"""A fix as the lines that it takes out and puts in."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from checkrein.model import Edit, Finding, Place
from checkrein.notation import splice


def diff(finding: Finding, edits: tuple[Edit, ...], root: Path) -> Iterator[str]:
    """Yield the changed lines of all files, ``-`` and ``+`` before them; what is secret hidden."""
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.path].append(edit)
    hidden = secret(finding, root)
    for path, same in by_file.items():
        before = "\n".join(lines(root, path)) + "\n"
        after = splice(before, same).splitlines()
        changed = list(difflib.unified_diff(before.splitlines(), after, n=0, lineterm=""))[2:]
        for line in changed:
            if not line.startswith("@@"):
                yield line.replace(hidden, "*" * len(hidden)) if hidden else line


def secret(finding: Finding, root: Path) -> str:
    """Return the text that a report must not repeat, "" if there is none."""
    if not finding.secret:
        return ""
    return _span(lines(root, finding.place.path), finding.place).strip().strip("\"'")


def _span(text: list[str], place: Place) -> str:
    if not 0 < place.line <= len(text):
        return ""
    line = text[place.line - 1]
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    return line[place.column - 1 : end]


def lines(root: Path, path: str) -> list[str]:
    """Return a file's lines, none where it cannot be read."""
    try:
        return (root / path).read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
