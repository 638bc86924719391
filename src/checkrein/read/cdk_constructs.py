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

from msgspec import Struct

from checkrein import files
from checkrein.model import Place
from checkrein.read.cdk_written import sources

SUFFIXES = (".ts", ".js", ".mjs", ".py", ".java", ".cs", ".go", ".kt")
MADE = re.compile(
    r"(?:\bnew\s+)?\b([A-Za-z_][\w.]*)(?:<[^<>()]*>)?\s*\(\s*"  # new aws.Table(  or  Table.create(
    r"(?:(?:this|self)(?:\.\w+)?|scope|stack|construct|app|\w*[sS]tack|\w*[sS]cope)\s*,\s*"
    r"(?:id\s*=\s*|jsii\.String\()?([\"'`])([^\"'`$\n]{1,200})\2"
)
CLASS = re.compile(r"\bclass\s+([A-Za-z_]\w*)")


class Said(Struct, frozen=True):
    """A call that makes a construct of a given id: what it calls, and where it stands."""

    called: str
    place: Place


class Program(Struct, frozen=True):
    """What the files of an app say: calls by the id that they give, files by class."""

    calls: dict[str, list[Said]]
    classes: dict[str, set[str]]


def made_at(root: File, app: str, construct: str) -> Place | None:
    """Return where a construct, or the innermost one that it is a part of, is made.

    ``construct`` is a path, which begins with the stack. Of several places that say its id, the one
    counts in the file of the class around it; None where none does, or several do.
    """
    program = _program(root, app)
    parts = construct.strip("/").split("/")
    for index in range(len(parts) - 1, 0, -1):
        found = program.calls.get(parts[index], [])
        if len(found) > 1:
            around = _files_around(program, parts[:index])
            found = [each for each in found if each.place.path in around]
        if parts[index] in program.calls:
            return found[0].place if len(found) == 1 else None
    return None


def _files_around(program: Program, parts: list[str]) -> set[str]:
    """Return the files of the class that the nearest construct around is one of."""
    for part in reversed(parts):
        called = {each.called.rpartition(".")[2] for each in program.calls.get(part, ())}
        found = {path for name in called for path in program.classes.get(name, ())}
        if found:
            return found
    return set()


@files.remembered
def _program(root: File, app: str) -> Program:
    program = Program({}, {})
    for path, text in sources(root, app, SUFFIXES):
        for id, said in _said(path, text):
            program.calls.setdefault(id, []).append(said)
        for match in CLASS.finditer(text):
            program.classes.setdefault(match[1], set()).add(path)
    return program


def _said(path: str, text: str) -> Iterator[tuple[str, Said]]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for match in MADE.finditer(text):
        line = bisect(starts, match.start())
        column = match.start() - starts[line - 1] + 1
        yield match[3], Said(match[1], Place(path, line, column))
