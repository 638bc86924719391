"""Constructs that a program in Java, C#, Go or Kotlin makes, by the text of the calls alone."""

from __future__ import annotations

import re
from bisect import bisect

from checkrein.code import ir
from checkrein.late import regex
from checkrein.model import Place
from checkrein.read.cdk.program import Making, Program, Scope, Unit

TEXTUAL = (".java", ".cs", ".go", ".kt")
MADE = regex(
    r"(?:\bnew\s+)?\b([A-Za-z_][\w.]*)(?:<[^<>()]*>)?\s*\(\s*"  # new aws.Table(  or  Table.create(
    r"(?:(?:this|self)(?:\.\w+)?|scope|stack|construct|app|\w*[sS]tack|\w*[sS]cope)\s*,\s*"
    r"(?:id\s*[=:]\s*|jsii\.String\()?\"([^\"\n]{1,200})\""
)
CLASS = regex(r"\b(?:class|func)\s+([A-Za-z_]\w*)[^{;]*")
BASE = regex(r"(?:\bextends\s+|:\s*)([A-Za-z_][\w.]*)")


def add_text(program: Program, path: str, text: str) -> None:
    """Add the constructs that a file's text gives ids, each in the class it stands in."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    around = [(0, Unit("", path, makings=[], calls=[]))]
    for match in CLASS.finditer(text):
        base = BASE.search(match[0])
        bases = (base[1].rpartition(".")[2],) if base else ()
        around.append((match.start(), Unit(match[1], path, bases, makings=[], calls=[])))
    for _, unit in around:
        program.add(unit)
    for match in MADE.finditer(text):
        line = bisect(starts, match.start())
        place = Place(path, line, match.start() - starts[line - 1] + 1)
        unit = around[bisect([start for start, _ in around], match.start()) - 1][1]
        id = ir.Constant((line, 1, line, 1), match[2])
        scope = Scope(unit.name, unit, names={})
        unit.makings.append(Making(match[1], place, id, "this", scope))
