"""A layout as SVG that the page's style colours and its script switches.

Every edge that any view shows is in the file, so that the script only sets classes; without a
script the coded ones are seen. ``report/drawing`` draws the same for files that stand alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from msgspec.structs import replace

from checkrein.model import Basis
from checkrein.model.picture import COLUMNS, Node, Picture
from checkrein.report.drawing import NAMES
from checkrein.report.drawing.layout import Frame, Layout, Measure, layout
from checkrein.report.drawing.ways import Ways
from checkrein.report.drawing.words import clipped
from checkrein.report.html.boxes import EDGE, INSIDE, Boxes
from checkrein.report.html.labels import labels
from checkrein.report.html.markup import Markup, element
from checkrein.report.html.numbers import changes, packed
from checkrein.report.html.parts import Part
from checkrein.report.html.table import stars
from checkrein.report.wording import classes, many

SIZE = Measure(
    width=114,
    height=34,
    below=9,
    across=30,
    margin=14,
    top=34,
    padding=10,
    title=22,
    handles=6,
    bend=22,
)
ROOM = 1004  # CSS pixels: seven columns beside a list of findings, on a small screen
WIDEST = 176  # of a box, where there are few columns
NARROW = 780  # CSS pixels, below which text would be too small to read
PUBLIC = frozenset({"people", "edge"})  # trust ends to the right of these columns
Numbers = Mapping[tuple[str, str], int]


def drawings(found: Sequence[Part], number: Mapping[str, int], pairs: Numbers) -> Markup:
    """Return the whole picture, or its parts, all but the first folded.

    The maps give the numbers of nodes, and of pairs of nodes between which something goes.
    """
    boxes = Boxes(SIZE.height)
    if len(found) == 1:
        drawn = [_svg(found[0], number, pairs, boxes)]
    else:
        drawn = [_folded(part, number, pairs, boxes, first=part is found[0]) for part in found]
        said = f"In {len(found)} parts, the one at greatest risk first; each opens with a click."
        drawn.insert(0, element("p", said, class_="parts"))
    return element("div", _shared(boxes), drawn, class_="sheet")


def _folded(
    part: Part, number: Mapping[str, int], pairs: Numbers, boxes: Boxes, *, first: bool
) -> Markup:
    drawn = _svg(part, number, pairs, boxes)
    return element("details", element("summary", _summary(part)), drawn, class_="part", open=first)


def legend() -> Markup:
    """Return what lines and stars mean."""
    lines = (
        (None, "in code"),
        ("could", "could be, though no code does it"),
        *((f"w{worth}", f"{'★' * worth} data") for worth in (1, 2, 3)),
    )
    told = [
        element(
            "span",
            element("svg", element("path", d="M0 4H26", class_=look), width=26, height=8),
            said,
        )
        for look, said in lines
    ]
    rest = ("★ to ★★★ how much would be at stake", "faint: has no part in what is shown")
    return element("p", told, [element("span", said) for said in rest], class_="legend")


def _shared(boxes: Boxes) -> Markup:
    """Return what drawings show many times: what boxes look like, and the heads of edges."""
    heads = [
        element(
            "marker",
            element("path", d="M0 0 6 3 0 6z"),
            id=f"head{worth}",
            refX=6,
            refY=3,
            markerWidth=6,
            markerHeight=6,
            markerUnits="userSpaceOnUse",
            orient="auto",
        )
        for worth in range(4)
    ]
    return element("svg", element("defs", boxes.looks(), heads), width=0, height=0, class_="unseen")


def _summary(part: Part) -> Iterator[Markup]:
    yield element("b", part.name)
    yield stars("span", part.risk)
    held = {data for node in part.own for data in (*node.intended, *node.coded)}
    worth = [data for data in part.picture.classes if data in held]
    yield element("span", many(len(part.own), "service"), class_="count")
    yield element("span", classes(worth), class_="count")


def _size(nodes: Sequence[Node]) -> Measure:
    """Return the sizes for some nodes: few columns have room for whole names."""
    columns = len({node.column for node in nodes}) or 1
    room = ROOM - 2 * SIZE.margin - (columns - 1) * SIZE.across
    return replace(SIZE, width=max(SIZE.width, min(room // columns, WIDEST)))


def _svg(part: Part, number: Mapping[str, int], pairs: Numbers, boxes: Boxes) -> Markup:
    size = _size(part.picture.nodes)
    place = layout(part.picture, size)
    edges = _edges(part.picture, Ways(place, size), pairs)
    content = (
        element("g", map(_frame, place.frames), aria_hidden="true"),
        element("g", _bounds(place, size), aria_hidden="true"),
        element("g", edges, class_="edges", aria_hidden="true"),
        element("g", map(_name, place.frames), aria_hidden="true"),
        element("g", _nodes(part, place, number, boxes), class_="nodes"),
        element("g", _columns(place), class_="columns", aria_hidden="true"),
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


def _nodes(part: Part, place: Layout, number: Mapping[str, int], boxes: Boxes) -> Iterator[Markup]:
    """Yield the boxes of each column, from the top."""
    nodes = sorted(part.picture.nodes, key=lambda node: (node.column, place.boxes[node.id][1]))
    width = _size(nodes).width
    names = labels(nodes, width - INSIDE - EDGE)
    for column, same in groupby(nodes, key=lambda node: node.column):
        told = [
            element(
                "a",
                boxes.box(names[node.id], node.risk, width, place.boxes[node.id][1]),
                href=f"#n{number[node.id]}",
                class_="guest" if node.id in part.guests else None,
            )
            for node in same
        ]
        yield element("g", told, transform=f"translate({place.columns[column]})")


def _columns(place: Layout) -> Iterator[Markup]:
    """Yield the names of the columns, on ground of their own: the script keeps them in sight."""
    yield element("rect", width=place.width, height=SIZE.top - 6)
    for column, x in sorted(place.columns.items()):
        yield element("text", NAMES[COLUMNS[column]], x=x, y=20)


def _bounds(place: Layout, size: Measure) -> Iterator[Markup]:
    """Yield the lines where trust ends."""
    columns = [(COLUMNS[column], x) for column, x in sorted(place.columns.items())]
    for (name, x), (after, right) in pairwise(columns):
        if name in PUBLIC or after == "outside":
            middle = (x + size.width + right) // 2
            yield element("path", d=f"M{middle} 10V{place.height - 10}", class_="bound")


def _frame(frame: Frame) -> Markup:
    box = element("rect", x=frame.x, y=frame.y, width=frame.width, height=frame.height, rx=8)
    return element("g", element("title", frame.name), box, class_=frame.kind)


def _name(frame: Frame) -> Markup:
    """Return the name of a frame, which stands above the edges."""
    name, x, y = clipped(frame.name, frame.width - 20), frame.x + 8, frame.y + 15
    if frame.kind == "vpc":  # beside its boxes, where there is room for three letters
        name, x, y = "VPC", frame.x + frame.width + 2, frame.y + 10
    return element("g", element("text", name, x=x, y=y), class_=frame.kind)


def _edges(picture: Picture, ways: Ways, pairs: Numbers) -> Iterator[Markup]:
    """Yield a path for each pair, together those of equal worth: by what is coded, if anything.

    Those of which nothing is coded are one text, of which the script makes them.
    """
    worth: defaultdict[tuple[str, str], int] = defaultdict(int)
    coded = {(e.source, e.target) for e in picture.edges if e.basis is Basis.CODED}
    for edge in picture.edges:
        pair = edge.source, edge.target
        if pair in pairs and (edge.basis is Basis.CODED or pair not in coded):
            worth[pair] = max(worth[pair], edge.worth)
    for value, idle in sorted({(worth[pair], pair not in coded) for pair in worth}):
        kind = [pair for pair in worth if (worth[pair], pair not in coded) == (value, idle)]
        same = sorted(kind, key=pairs.__getitem__)
        numbers = packed(changes((pairs[pair],) for pair in same))
        drawn = [ways.of(*pair) for pair in same]
        if idle:
            yield element("g", class_=f"w{value}", data_pairs=numbers, data_drawn="".join(drawn))
        else:
            paths = [element("path", d=each) for each in drawn]
            yield element("g", paths, class_=f"w{value}", data_pairs=numbers)
