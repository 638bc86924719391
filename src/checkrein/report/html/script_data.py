"""What the script of a report knows: nodes, edges, reasons and findings, in short form.

An application of 100 functions has thousands of reasons made of a few hundred steps, of much alike
texts. So each stands once: texts in a list, steps as numbers of text, file, line and code, and
``ways`` as pairs (how far back the pair before is, 0 for the first; the step), so that reasons
share what they begin with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from checkrein.catalog.data_classes import FAMILIES, data_class
from checkrein.model import LEVELS, Basis, Evidence, Reason, Row
from checkrein.model.picture import Edge, Node, Picture
from checkrein.model.places import NOWHERE
from checkrein.report.choice import Shown
from checkrein.report.drawing.choice import shown as shown_edges
from checkrein.report.html.markup import Markup, plain
from checkrein.report.html.numbers import DIGITS, changes, counted, packed
from checkrein.report.html.sources import Sources
from checkrein.report.html.texts import Texts

BASES = tuple(Basis)
TOLD = {Basis.CODED: 2, Basis.POTENTIAL: 1, Basis.OBSERVED: 2}  # moves of an edge
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Code(NamedTuple):
    """Code as it is shown, and the number of its first line; empty where a sentence has none."""

    file: str
    number: int
    code: str


class ScriptData:
    """Gathers what the script needs; ``nodes`` and ``pairs`` number what the page refers to.

    ``edges`` are those that some view shows.
    """

    def __init__(self, picture: Picture, sources: Sources) -> None:
        self._picture = picture
        self._sources = sources
        self._lines: dict[Code, int] = {}
        self._steps: dict[tuple[str, int], int] = {}  # a sentence, the number of its line
        self._known: dict[Evidence, int] = {}
        self._ways: dict[tuple[int, int], int] = {}
        self._sets: dict[tuple[int, ...], int] = {(): 0}
        self._classes = {data: number for number, data in enumerate(picture.classes)}
        self.edges = [edge for basis in BASES for edge in shown_edges(picture, basis)]
        self.nodes = {node.id: number for number, node in enumerate(picture.nodes)}
        ends = sorted({(edge.source, edge.target) for edge in self.edges})
        self.pairs = {pair: number for number, pair in enumerate(ends)}

    def encoded(self, rows: Iterable[Row], shown: Sequence[Shown]) -> Markup:
        """Return the content of a script element of type application/json."""
        text = msgspec.json.encode(self._content(rows, shown)).decode()
        return Markup("".join(UNSAFE.get(letter, letter) for letter in text))

    def _content(self, rows: Iterable[Row], shown: Sequence[Shown]) -> dict[str, Any]:
        by_id = {row.id: row for row in rows}
        why = [self._reasons(node, by_id.get(node.id)) for node in self._picture.nodes]
        edges, moves = self._told_edges()
        texts = Texts(self._texts())
        nodes = [
            (*map(texts.number, _named(node)), node.risk, *self._cells(node))
            for node in self._picture.nodes
        ]
        lines = [
            (texts.number(line.file), line.number, texts.number(line.code)) for line in self._lines
        ]
        ways = [
            (at - before if before >= 0 else 0, step)
            for at, (before, step) in enumerate(self._ways)
        ]
        return {
            "digits": DIGITS,
            "texts": texts.told(),
            "classes": [self._class(data) for data in self._picture.classes],
            "sets": packed(counted([(number,) for number in each] for each in self._sets)),
            "nodes": packed(changes(nodes)),
            "why": packed(counted(why)),
            "edges": packed(changes(edges)),
            "moves": packed(counted(moves)),
            "lines": packed(changes(lines)),
            "steps": packed(changes((texts.number(text), line) for text, line in self._steps)),
            "ways": packed(changes(ways)),
            "findings": packed(counted(map(self._concerned, shown))),
        }

    def _texts(self) -> Iterator[str]:
        for node in self._picture.nodes:
            yield from _named(node)
        for line in self._lines:
            yield from (line.file, line.code)
        for text, _ in self._steps:
            yield text

    def _class(self, data: str) -> list[Any]:
        known = data_class(data)
        family = data.partition(".")[0]
        title = known.title if known else plain(data)
        return [title, FAMILIES.get(family, plain(family)), self._picture.values.get(data, 0)]

    def _reasons(self, node: Node, row: Row | None) -> list[tuple[int, int]]:
        """Return, for each reason: a number of basis, level and class, and its way.

        What is coded could be as well; that the table does not say twice.
        """
        known = {*node.intended, *node.coded}
        told = sorted(
            (self._kind(reason), reason.steps)
            for reason in ((*row.reasons, *row.seen) if row else ())
            if reason.data in self._classes
            and not (reason.basis is Basis.POTENTIAL and reason.data in known)
        )
        return [(kind, self._way(steps)) for kind, steps in told]

    def _kind(self, reason: Reason) -> int:
        kind = BASES.index(reason.basis) * len(LEVELS) + LEVELS.index(reason.level)
        return kind * len(self._classes) + self._classes[reason.data]

    def _cells(self, node: Node) -> list[int]:
        return [self._set(getattr(node, basis)) for basis in BASES]

    def _set(self, classes: Iterable[str]) -> int:
        """Return the number of a set of classes: the same few sets are everywhere."""
        found = tuple(self._classes[data] for data in classes if data in self._classes)
        return self._sets.setdefault(found, len(self._sets))

    def _told_edges(self) -> tuple[list[tuple[int, ...]], list[list[tuple[int]]]]:
        """Return what goes between each pair of nodes; and the steps that say why.

        Of a pair: source, target, the sets of classes on each basis (-1 where there is no edge),
        and the set that the target's cell owes to it.
        """
        none = [-1] * len(BASES)
        made = {pair: [self.nodes[pair[0]], self.nodes[pair[1]], *none, 0] for pair in self.pairs}
        moves: dict[tuple[str, str], dict[int, None]] = {pair: {} for pair in self.pairs}
        for edge in self.edges:
            pair = edge.source, edge.target
            made[pair][2 + BASES.index(edge.basis)] = self._set(edge.data)
            if edge.basis is Basis.POTENTIAL:
                made[pair][-1] = self._set(edge.brings)
            if edge.basis is not Basis.INTENDED:
                moves[pair].update(dict.fromkeys(self._moves(edge)))
        steps = [[(step,) for step in told] for told in moves.values()]
        return [tuple(each) for each in made.values()], steps

    def _moves(self, edge: Edge) -> Iterator[int]:
        for move in edge.moves[: TOLD[edge.basis]]:
            yield self._step(Evidence(move.text, move.steps[-1].place if move.steps else NOWHERE))

    def _way(self, steps: Iterable[Evidence]) -> int:
        before = -1
        for each in steps:
            pair = before, self._step(each)
            before = self._ways.setdefault(pair, len(self._ways))
        return before

    def _step(self, each: Evidence) -> int:
        known = self._known.get(each)
        if known is None:
            place = each.place
            file = plain(place.path)
            line = Code(file, place.line, plain(self._sources.text(place)))
            step = plain(each.text), self._lines.setdefault(line, len(self._lines))
            known = self._known[each] = self._steps.setdefault(step, len(self._steps))
        return known

    def _concerned(self, group: Shown) -> list[tuple[int]]:
        """Return the nodes that findings are about: subject, doers, and what they endanger."""
        ids: dict[str, None] = {}
        others = (*group.beside, *group.same, *group.more, *group.caused)
        for verdict in (group.verdict, *others):
            ids[verdict.subject.partition("<")[0]] = None
            for finding in verdict.findings:
                ids.update(dict.fromkeys((*finding.by, *finding.endangers)))
        return [(self.nodes[id],) for id in ids if id in self.nodes]


def _named(node: Node) -> tuple[str, str]:
    """Return a node's name, and what it is and belongs to."""
    return plain(node.name), plain(
        " · ".join(filter(None, [node.service or node.kind, node.stack]))
    )
