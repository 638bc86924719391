"""A layout as SVG that the page's style colours and its script switches.

Every edge that any view shows is in the file, so that the script only sets classes; without a
script the coded ones are seen. ``report/drawing`` draws the same for files that stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from checkrein.model import Basis
from checkrein.model.picture import COLUMNS, Node, Picture
from checkrein.report.drawing import NAMES, way
from checkrein.report.drawing.layout import Frame, Layout, Measure, layout
from checkrein.report.drawing.words import clipped
from checkrein.report.html.markup import Markup, element
from checkrein.report.html.parts import Part
from checkrein.report.html.table import stars
from checkrein.report.wording import many

SIZE = Measure(
    width=112,
    height=34,
    below=9,
    across=32,
    margin=14,
    top=34,
    padding=10,
    title=22,
    handles=6,
    bend=22,
)  # seven columns beside a list of findings, on a small screen
NARROW = 780  # CSS pixels, below which text would be too small to read
INSIDE = 10  # left of a name, in its box
SMALL = 1.3  # how much more fits of text that is small and not bold
PUBLIC = frozenset({"people", "edge"})  # trust ends to the right of these columns
Numbers = Mapping[tuple[str, str], int]


def drawings(found: Sequence[Part], number: Mapping[str, int], pairs: Numbers) -> Markup:
    """Return the whole picture, or its parts: the riskiest unfolded, the others at a click.

    The maps give the numbers of nodes, and of pairs of nodes between which something goes.
    """
    if len(found) == 1:
        return element("div", _svg(found[0], number, pairs), class_="sheet")
    told = [
        element(
            "details",
            element("summary", _summary(part)),
            _svg(part, number, pairs),
            class_="part",
            open=at == 0,
        )
        for at, part in enumerate(found)
    ]
    return element("div", told, class_="sheet parts")


def _summary(part: Part) -> Iterator[Markup]:
    yield element("b", part.name)
    yield stars("span", part.risk)
    yield element("span", many(len(part.own), "service"), class_="count")


def _svg(part: Part, number: Mapping[str, int], pairs: Numbers) -> Markup:
    place = layout(part.picture, SIZE)
    nodes = sorted(part.picture.nodes, key=lambda node: (node.column, place.boxes[node.id][1]))
    content = (
        element("g", map(_frame, place.frames), aria_hidden="true"),
        element("g", _columns(place), aria_hidden="true"),
        element("g", _edges(part.picture, place, pairs), class_="edges", aria_hidden="true"),
        element(
            "g",
            [_node(n, place.boxes[n.id], number[n.id], n.id in part.guests) for n in nodes],
            class_="nodes",
        ),
    )
    return element(
        "svg",
        content,
        viewBox=f"0 0 {place.width} {place.height}",
        width=place.width,
        height=place.height,
        class_="wide" if place.width > NARROW else None,
        role="group",
        aria_label=f"Where data goes: {part.name}" if part.name else "Where data goes",
    )


def _columns(place: Layout) -> Iterator[Markup]:
    """Yield the names of the columns, and the lines where trust ends."""
    columns = [(COLUMNS[column], x) for column, x in sorted(place.columns.items())]
    for name, x in columns:
        yield element("text", NAMES[name], x=x, y=22, class_="column")
    for (name, x), (after, right) in pairwise(columns):
        if name in PUBLIC or after == "outside":
            middle = (x + SIZE.width + right) // 2
            yield element("path", d=f"M{middle} 10V{place.height - 10}", class_="bound")


def _frame(frame: Frame) -> Markup:
    box = element("rect", x=frame.x, y=frame.y, width=frame.width, height=frame.height, rx=8)
    name = clipped(frame.name, frame.width - 20)
    return element(
        "g", box, element("text", name, x=frame.x + 8, y=frame.y + 15), class_=frame.kind
    )


def _edges(picture: Picture, place: Layout, pairs: Numbers) -> Iterator[Markup]:
    """Yield a path for each pair, as wide as its most valuable class is worth."""
    worth: dict[tuple[str, str], int] = {}
    coded = set()
    for edge in picture.edges:
        pair = edge.source, edge.target
        if pair not in pairs:
            continue
        worth[pair] = max(worth.get(pair, 0), edge.worth)
        if edge.basis is Basis.CODED:
            coded.add(pair)
    for pair in sorted(worth, key=lambda each: pairs[each]):
        source, target = (place.boxes[id] for id in pair)
        look = f"w{worth[pair]}" + ("" if pair in coded else " off")
        yield element("path", d=_headed(source, target), class_=look, data_e=pairs[pair])


def _headed(source: tuple[int, int], target: tuple[int, int]) -> str:
    """Return the way between two boxes with its head: paths need no marker of their own colour."""
    right = target[0] > source[0]
    return way(source, target, SIZE) + ("m-5-3 5 3-5 3" if right else "m5-3-5 3 5 3")


def _node(node: Node, box: tuple[int, int], number: int, guest: bool) -> Markup:  # noqa: FBT001
    service = node.service or node.kind
    room = SIZE.width - INSIDE - 6
    marks = "★" * node.risk
    below = clipped(service, (room - 12 * node.risk) * SMALL)
    content = (
        element("rect"),
        element("text", clipped(node.name, room)),
        element("text", below),
        element("text", marks, class_=f"r{node.risk}") if marks else None,
    )
    return element(
        "a",
        content,
        href=f"#n{number}",
        class_="guest" if guest else None,
        transform=f"translate({box[0]},{box[1]})",
    )
