"""Code with spans marked and labelled, as compilers show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checkrein.model import Evidence, Finding, Place
from checkrein.report.secrets import Secrets, lines
from checkrein.report.terminal.ink import Text

SECOND = 2  # spans beside the finding's own
GUTTER = 8  # columns
LABEL = "      |   "  # before a label that has no room beside its mark
BEFORE = 12  # columns that a long line keeps before its span


class Span(NamedTuple):
    """A span to mark, and what to say of it."""

    place: Place
    label: str
    own: bool


class Source(NamedTuple):
    """A file's lines, what none of them may show, and the room that there is for one."""

    lines: list[str]
    hidden: Secrets
    room: int

    def line(self, place: Place) -> str:
        text = self.hidden.line(place.path, place.line, self.lines[place.line - 1])
        return text.rstrip().expandtabs(1)


class Look(NamedTuple):
    """Where code is read, what of it is hidden, and how it is drawn."""

    root: Path
    hidden: Secrets
    colour: str
    width: int


def frame(finding: Finding, look: Look, label: str = "") -> tuple[list[Text], frozenset[Evidence]]:
    """Return the lines that show a finding's place, and the evidence that labels tell there.

    The last steps are marked too where they lead to the place within its own file.
    """
    place = finding.place
    at = f"{place.path}:{place.line}:{place.column}" if place.line else place.path
    head = Text.assemble(("  --> ", "blue"), at)
    source = Source(lines(look.root, place.path), look.hidden, look.width - GUTTER)
    if not 0 < place.line <= len(source.lines):
        return [head], frozenset()
    own = [] if label else _at_place(finding)
    near = _leading(finding, len(source.lines))
    said = label or (own[-1].text if own else "")
    spans = [Span(place, said, own=True), *(Span(e.place, e.text, own=False) for e in near)]
    spans.sort(key=lambda each: each.place)
    indent = min(_indent(source.line(each.place)) for each in spans)
    shown = [line for each in spans for line in _marked(each, source, indent, look.colour)]
    return [head, *shown], frozenset([*own[-1:], *near])


def _at_place(finding: Finding) -> list[Evidence]:
    told = [*finding.evidence, *finding.steps]
    return [each for each in told if each.place == finding.place]


def _leading(finding: Finding, end: int) -> list[Evidence]:
    """Return the last steps before the place, in its file and on lines of their own."""
    found: list[Evidence] = []
    taken = {finding.place.line}
    for step in reversed(finding.steps):
        if step.place == finding.place or not step.place.path:
            continue
        place = step.place
        if place.path != finding.place.path or place.line in taken or not 0 < place.line <= end:
            break
        if place.end_line > place.line or len(found) == SECOND:
            break
        taken.add(place.line)
        found.append(step)
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _marked(span: Span, source: Source, indent: int, colour: str) -> Iterator[Text]:
    """Yield the line, and below it the mark with its label."""
    line, place = source.line(span.place), span.place
    start = min(max(place.column - 1, indent), len(line))
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    cut = indent
    if end - cut > source.room:
        cut = max(cut, start - BEFORE)
    shown = line[cut:]
    if len(shown) > source.room:
        shown = shown[: source.room - 1] + "…"
    if cut > indent:
        shown = "…" + shown[1:]
    yield Text.assemble((f"{place.line:>5} | ", "blue"), shown)
    mark = ("^" if span.own else "-") * max(1, min(end, cut + len(shown)) - start)
    below = Text.assemble(
        ("      | ", "blue"), " " * (start - cut), (mark, colour if span.own else "blue")
    )
    if not span.label:
        yield below
    elif len(below) + 1 + len(span.label) <= source.room + GUTTER:
        yield below.append(f" {span.label}", colour if span.own else "blue")
    else:
        yield below
        told = Text("", margin=LABEL).append(LABEL, "blue")
        yield told.append(span.label, colour if span.own else "blue")
