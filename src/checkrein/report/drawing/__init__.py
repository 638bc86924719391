"""An app's picture as SVG: one element, no script, nothing to load, the same text for the same app.

What a page's script may rest on: every node is a ``g.node`` with ``data-node`` (its id),
``data-stack``, ``data-deployment``, ``data-column``, ``data-zone`` and, for each basis, its classes
(``data-coded="pii.email pay.pan"``); every edge a ``g.edge`` with ``data-source``,
``data-target``, ``data-basis``, ``data-classes`` and ``data-brings``; both carry an ``id`` that
stays while the thing does. Looks come from classes and the variables of ``style.STYLE`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise

from msgspec.structs import replace

from checkrein.model import Basis
from checkrein.model.picture import COLUMNS, Edge, Node, Picture
from checkrein.report.drawing.choice import shown
from checkrein.report.drawing.layout import (
    HEIGHT,
    MARGIN,
    TITLE,
    WIDTH,
    Frame,
    Layout,
    layout,
)
from checkrein.report.drawing.style import STYLE
from checkrein.report.drawing.ways import Ways
from checkrein.report.drawing.words import clipped, escaped
from checkrein.report.wording import classes, many

NAMES = {
    "people": "Public", "edge": "Edge", "api": "APIs and identity", "compute": "Functions",
    "queue": "Queues and topics", "store": "Stores", "log": "Logs", "outside": "Third parties",
}  # fmt: skip
SMALL = 1.3  # how much more fits of text that is small and not bold
BESIDE = 68  # pixels between a network's frame and the next column's
TIPS = (0, 1, 2, 3)  # stars of what an edge carries


def svg(
    picture: Picture,
    bases: Iterable[Basis] = (Basis.CODED,),
    *,
    everything: bool = False,
    style: bool = True,
) -> str:
    """Return a picture as one ``<svg>`` element, with the edges of some bases.

    ``everything`` draws every potential edge, not one way to each cell; ``style`` puts the rules
    for looks in, for a file that stands alone.
    """
    wanted = tuple(bases)
    edges = [edge for basis in wanted for edge in shown(picture, basis, everything=everything)]
    picture = without_idle(picture, edges)
    place = layout(picture)
    return "\n".join(_lines(picture, place, wanted, edges, style=style)) + "\n"


def without_idle(picture: Picture, edges: Iterable[Edge]) -> Picture:
    """Leave out what holds nothing and stands at no edge that is drawn: roles, schedules."""
    ends = {id for edge in edges for id in (edge.source, edge.target)}
    nodes = tuple(node for node in picture.nodes if node.risk or node.id in ends)
    kept = {node.id for node in nodes}
    inside = tuple(e for e in picture.edges if e.source in kept and e.target in kept)
    return replace(picture, nodes=nodes, edges=inside)


def _lines(
    picture: Picture, place: Layout, bases: tuple[Basis, ...], edges: list[Edge], *, style: bool
) -> Iterator[str]:
    size = f'width="{place.width}" height="{place.height}"'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" {size} '
        f'viewBox="0 0 {place.width} {place.height}" aria-labelledby="picture-title picture-desc">'
    )
    yield f'<title id="picture-title">Data flows: {escaped(", ".join(bases))}</title>'
    yield f'<desc id="picture-desc">{escaped(_described(picture, edges))}</desc>'
    if style:
        yield f"<style>\n{STYLE}</style>"
    yield f"<defs>{''.join(map(_tip, TIPS))}</defs>"
    yield from _ground(place)
    names = {node.id: node.name for node in picture.nodes}
    yield '<g class="edges">'
    ways = Ways(place)
    yield from (_edge(edge, ways, names) for edge in edges)
    yield "</g>"
    yield from map(_named, place.frames)
    yield '<g class="nodes">'
    yield from (line for node in picture.nodes for line in _node(node, place))
    yield "</g>"
    yield "</svg>"


def _described(picture: Picture, edges: list[Edge]) -> str:
    valued = [node.name for node in picture.nodes if node.risk == max(TIPS)]
    worst = f" With three stars: {', '.join(valued)}." if valued else ""
    return f"{many(len(picture.nodes), 'node')}, {many(len(edges), 'flow')} between them.{worst}"


def _tip(worth: int) -> str:
    return (
        f'<marker id="tip-{worth}" class="tip-{worth}" viewBox="0 0 8 8" refX="7.5" refY="4" '
        'markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path d="M0 0.5 8 4 0 7.5z"/></marker>'
    )


def _ground(place: Layout) -> Iterator[str]:
    """Yield what stands behind: bands of stacks, networks, names of columns, trust boundaries."""
    yield from map(_frame, place.frames)
    columns = list(place.columns.items())
    for (column, x), (_, after) in pairwise(columns):
        later = {COLUMNS[c] for c, _ in columns if c > column}
        if COLUMNS[column] == "people" or later == {"outside"} or COLUMNS[column] == "edge":
            middle = (x + WIDTH + after) // 2
            yield f'<path class="boundary" d="M{middle} {MARGIN}V{place.height - MARGIN}"/>'
    for column, x in columns:
        name = NAMES[COLUMNS[column]]
        yield f'<text class="column" x="{x}" y="{MARGIN + 8}">{name}</text>'


def _frame(frame: Frame) -> str:
    return (
        f'<g class="{frame.kind}" id="{_id("f", frame.kind, frame.id, frame.deployment)}" '
        f'data-{frame.kind}="{escaped(frame.id)}" data-deployment="{escaped(frame.deployment)}">'
        f"<title>{escaped(frame.id)}</title>"
        f'<rect x="{frame.x}" y="{frame.y}" width="{frame.width}" height="{frame.height}" rx="8"/>'
        "</g>"
    )


def _named(frame: Frame) -> str:
    """Return the name of a frame, which stands above the edges."""
    x, y, room = frame.x + 10, frame.y + TITLE - 9, float(frame.width - 20)
    if frame.kind == "vpc":  # beside its boxes: above them is no room
        x, y, room = frame.x + frame.width + 4, frame.y + 10, BESIDE * SMALL
    said = escaped(clipped(frame.name, room))
    return f'<text class="of-{frame.kind}" x="{x}" y="{y}">{said}</text>'


def _node(node: Node, place: Layout) -> Iterator[str]:
    x, y = place.boxes[node.id]
    stars = "★" * node.risk
    told = {
        "node": node.id,
        "kind": node.kind,
        "column": COLUMNS[node.column],
        "stack": node.stack,
        "deployment": node.deployment,
        "zone": node.zone,
        "risk": str(node.risk),
        **{basis.value: " ".join(getattr(node, basis.value)) for basis in Basis},
    }
    yield (
        f'<g class="node kind-{node.kind} risk-{node.risk}" id="{_id("n", node.id)}" '
        f'transform="translate({x} {y})"{_data(told)}>'
    )
    yield f"<title>{escaped(_title(node))}</title>"
    yield f'<rect class="box" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
    name = clipped(node.name, WIDTH - 20)
    under = clipped(node.service or node.kind, (WIDTH - 64) * SMALL)
    yield f'<text class="name" x="10" y="17">{escaped(name)}</text>'
    yield f'<text class="service" x="10" y="32">{escaped(under)}</text>'
    if stars:
        yield f'<text class="stars" x="{WIDTH - 10}" y="32" text-anchor="end">{stars}</text>'
    yield "</g>"


def _title(node: Node) -> str:
    cells = (
        f"{basis.value}: {classes(getattr(node, basis.value), 400)}"
        for basis in Basis
        if getattr(node, basis.value)
    )
    where = f" ({node.id})" if node.id != node.name else ""
    return "\n".join([f"{node.name}{where}", *cells])


def _edge(edge: Edge, ways: Ways, names: dict[str, str]) -> str:
    told = {
        "source": edge.source,
        "target": edge.target,
        "basis": edge.basis.value,
        "level": edge.level,
        "classes": " ".join(edge.data),
        "brings": " ".join(edge.brings),
    }
    looks = f"edge basis-{edge.basis} worth-{edge.worth} level-{edge.level}"
    looks += "" if edge.certain else " maybe"
    carried = f": {classes(edge.data, 400)}" if edge.data else ""
    title = f"{names[edge.source]} to {names[edge.target]}, {edge.basis}{carried}"
    path = ways.of(edge.source, edge.target)
    return (
        f'<g class="{looks}" id="{_id("e", edge.basis, edge.source, edge.target)}"{_data(told)}>'
        f"<title>{escaped(title)}</title>"
        f'<path d="{path}" marker-end="url(#tip-{edge.worth})"/></g>'
    )


def _id(*parts: str) -> str:
    """Return a short id that only what the thing is decides."""
    return f"{parts[0]}-{blake2b('|'.join(parts).encode(), digest_size=6).hexdigest()}"


def _data(told: dict[str, str]) -> str:
    return "".join(f' data-{name}="{escaped(value)}"' for name, value in told.items() if value)
