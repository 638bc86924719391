"""Where a program makes the constructs of a path, as far as its text plainly says.

A construct's id stands as text in the call that makes it: ``new Table(this, "Orders")``. Where one
place only says an id, constructs of that id are made there. Older releases of CDK, and programs in
Python or Java, tell no more.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from pathlib import Path as File

from checkrein import files
from checkrein.model import Place
from checkrein.read.cdk_written import sources

SUFFIXES = (".ts", ".js", ".mjs", ".py", ".java", ".cs", ".go", ".kt")
MADE = re.compile(
    r"(?:\bnew\s+)?\b[A-Za-z_][\w.]*(?:<[^<>()]*>)?\s*\(\s*"  # new aws.Table(  or  Table.create(
    r"(?:this|self|scope|stack|construct|app|\w*[sS]tack|\w*[sS]cope)\s*,\s*"
    r"(?:id\s*=\s*|jsii\.String\()?([\"'`])([^\"'`$\n]{1,200})\1"
)


def made_at(root: File, app: str, construct: str) -> Place | None:
    """Return where a construct, or the innermost one that it is a part of, is made.

    ``construct`` is a path, which begins with the stack; None where no place, or several, say so.
    """
    known = _ids(root, app)
    for part in reversed(construct.strip("/").split("/")[1:]):
        found = known.get(part, ())
        if found:
            return found[0] if len(found) == 1 else None
    return None


@files.remembered
def _ids(root: File, app: str) -> dict[str, list[Place]]:
    """Return the places that say an id, by the id."""
    found: dict[str, list[Place]] = {}
    for path, text in sources(root, app, SUFFIXES):
        for id, place in _said(path, text):
            found.setdefault(id, []).append(place)
    return found


def _said(path: str, text: str) -> Iterator[tuple[str, Place]]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for match in MADE.finditer(text):
        line = bisect(starts, match.start())
        column = match.start() - starts[line - 1] + 1
        yield match[2], Place(path, line, column)
