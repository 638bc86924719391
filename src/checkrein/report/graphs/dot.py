"""A picture in Graphviz's language, for ``dot`` and whatever reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from checkrein.model import Basis
from checkrein.model.picture import Edge, Node, Picture
from checkrein.report.drawing import without_idle
from checkrein.report.drawing.choice import shown
from checkrein.report.wording import classes

ROOM = 48  # columns for the classes of an edge
SHAPES = {
    **dict.fromkeys(("people", "browser"), "ellipse"),
    **dict.fromkeys(("compute", "workflow", "role", "account"), "box"),
    **dict.fromkeys(("store", "secret", "parameter"), "cylinder"),
    **dict.fromkeys(("queue", "topic", "bus", "stream"), "cds"),
    **dict.fromkeys(("host", "internet", "recipients"), "doubleoctagon"),
    "log": "note",
}
COLOURS = {0: "gray50", 1: "gray30", 2: "darkorange3", 3: "firebrick3"}
SPECIAL = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "", "\x00": ""})


def document(picture: Picture, basis: Basis, *, everything: bool) -> bytes:
    """Return the nodes, those of a stack in a cluster, and the edges of a basis.

    Answers go back to whom they answer without a say in the order from left to right.
    """
    edges = list(shown(picture, basis, everything=everything))
    lines = _lines(without_idle(picture, edges), edges)
    return ("\n".join(lines) + "\n").encode()


def _lines(picture: Picture, edges: Sequence[Edge]) -> Iterator[str]:
    yield "digraph checkrein {"
    yield '  graph [rankdir=LR, fontname="sans-serif", newrank=true];'
    yield '  node [fontname="sans-serif", fontsize=11];'
    yield '  edge [fontname="sans-serif", fontsize=9];'
    frames: defaultdict[str, list[Node]] = defaultdict(list)
    for node in picture.nodes:
        frames[node.stack].append(node)
    for position, (frame, nodes) in enumerate(sorted(frames.items())):
        if frame:
            yield f"  subgraph cluster_{position} {{"
            yield f"    label={_quoted(frame)}; color=gray70;"
        for node in nodes:
            yield f"  {'  ' if frame else ''}{_quoted(node.id)} [{_looks(node)}];"
        if frame:
            yield "  }"
    column = {node.id: node.column for node in picture.nodes}
    asked = {(edge.source, edge.target) for edge in edges}
    for edge in edges:
        answer = column[edge.source] > column[edge.target] and (edge.target, edge.source) in asked
        back = ", constraint=false" if answer else ""
        yield f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [{_drawn(edge)}{back}];"
    yield "}"


def _looks(node: Node) -> str:
    stars = f"\n{'★' * node.risk}" if node.risk else ""
    shape = SHAPES.get(node.kind, "box")
    return f"label={_quoted(node.name + stars)}, shape={shape}, color={COLOURS[node.risk]}"


def _drawn(edge: Edge) -> str:
    said = f"label={_quoted(classes(edge.data, ROOM))}, " if edge.data else ""
    style = "solid" if edge.certain and edge.level == "direct" else "dashed"
    return f"{said}color={COLOURS[edge.worth]}, style={style}"


def _quoted(text: str) -> str:
    return f'"{text.translate(SPECIAL)}"'
