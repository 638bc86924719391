"""Where everything of a picture stands: columns by kind, a band for each stack, few crossings.

Columns go from the public on the left to third parties on the right. What a stack declares stands
in its band; people, pages and hosts that no stack declares stand beside the bands of their
deployment. Within a column, nodes are ordered by the middle of what they are joined to (Sugiyama's
barycentre sweeps). The same picture gives the same layout, whichever basis is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from checkrein.model import Basis
from checkrein.model.picture import COLUMNS, Node, Picture

WIDTH, HEIGHT = 208, 40  # of a node's box, in CSS pixels
MARGIN, TITLE = 24, 24  # around everything; for a band's name
SWEEPS = 9  # odd: the last one goes to the right, so that logs stand beside their functions
OUTER = (0, len(COLUMNS) - 1)  # columns whose nodes stand beside the bands
BESIDE, OWN = "", "@"  # instead of a stack: beside a deployment's bands; in a band without a frame

Band = tuple[str, str]  # deployment, stack
Span = tuple[int, int]  # top, height
Joined = Mapping[str, list[str]]


class Frame(Struct, frozen=True):
    """A rectangle around nodes: ``kind`` is stack or vpc, ``id`` the stack's or the zone's."""

    kind: str
    id: str
    name: str
    x: int
    y: int
    width: int
    height: int
    deployment: str = ""


class Measure(Struct, frozen=True):
    """Sizes in CSS pixels; unless said otherwise, for a file that is looked at alone.

    Of a box, between boxes, between columns; around everything, above it for the names of columns;
    within a band, and for its name; how far an edge's ends stand from the middle of a box's side,
    and how far its curve leaves the box before it turns.
    """

    width: int = WIDTH
    height: int = HEIGHT
    below: int = 14
    across: int = 88
    margin: int = MARGIN
    top: int = 56
    padding: int = 14
    title: int = TITLE
    handles: int = 8
    bend: int = 44

    @property
    def step(self) -> int:
        """From a box to the one below."""
        return self.height + self.below


ROOMY = Measure()


class Layout(Struct, frozen=True):
    """Where the boxes' upper left corners are, by node; where columns begin; and the frames."""

    boxes: dict[str, tuple[int, int]]
    columns: dict[int, int]
    frames: tuple[Frame, ...]
    width: int
    height: int


def layout(picture: Picture, size: Measure = ROOMY) -> Layout:
    """Return where everything stands, in whole CSS pixels from the upper left corner."""
    joined = _joined(picture)
    used = sorted({node.column for node in picture.nodes})
    columns = {
        column: size.margin + at * (size.width + size.across) for at, column in enumerate(used)
    }
    lists = _lists(picture.nodes)
    _sweep(lists, joined)
    heights, y = _heights(lists, size)
    framed = [band for band in sorted(heights) if _framed(band)]
    frames = [_band(band, columns, heights[band], size) for band in framed]
    boxes = _placed(lists, heights, columns, joined, size.step)
    frames += _networks(picture, lists, boxes, size)
    right = max(columns.values(), default=size.margin) + size.width + size.margin
    return Layout(boxes, columns, tuple(frames), right, y + size.margin)


def _joined(picture: Picture) -> dict[str, list[str]]:
    """Return what each node is joined to: by what is coded, else by what could be."""
    coded: defaultdict[str, list[str]] = defaultdict(list)
    could: defaultdict[str, list[str]] = defaultdict(list)
    for edge in picture.edges:
        if edge.basis in {Basis.CODED, Basis.POTENTIAL}:
            found = coded if edge.basis is Basis.CODED else could
            found[edge.source].append(edge.target)
            found[edge.target].append(edge.source)
    return {node.id: coded.get(node.id) or could.get(node.id, []) for node in picture.nodes}


def _lists(nodes: Iterable[Node]) -> dict[tuple[Band, int], list[Node]]:
    """Return the nodes of each band and column, those of one zone and kind together."""
    found: defaultdict[tuple[Band, int], list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=lambda n: (n.zone, n.kind, n.name, n.id)):
        stack = BESIDE if node.column in OUTER else node.stack or OWN
        found[(node.deployment, stack), node.column].append(node)
    return dict(found)


def _sweep(lists: dict[tuple[Band, int], list[Node]], joined: Joined) -> None:
    """Order each list by the middle of what its nodes are joined to, back and forth."""
    rank = {
        node.id: (at + 0.5) / len(nodes)
        for nodes in lists.values()
        for at, node in enumerate(nodes)
    }
    order = {band: at for at, band in enumerate(_ordered(lists))}
    band_of = {node.id: order[band] for (band, _), nodes in lists.items() for node in nodes}

    def middle(node: Node) -> float:
        others = joined[node.id]
        if not others:
            return band_of[node.id] + rank[node.id]
        return sum(band_of[other] + rank[other] for other in others) / len(others)

    keys = sorted(lists, key=lambda key: key[1])
    for sweep in range(SWEEPS):
        for key in keys if sweep % 2 == 0 else reversed(keys):
            nodes = lists[key]
            if len(nodes) > 1:
                means = {node.id: middle(node) for node in nodes}
                zones: defaultdict[str, list[float]] = defaultdict(list)
                for node in nodes:
                    zones[node.zone].append(means[node.id])
                mean = {zone: sum(known) / len(known) for zone, known in zones.items()}
                nodes.sort(key=lambda n: (mean[n.zone], n.zone, means[n.id], n.name, n.id))
                rank.update((n.id, (at + 0.5) / len(nodes)) for at, n in enumerate(nodes))


def _ordered(lists: Mapping[tuple[Band, int], list[Node]]) -> list[Band]:
    """Return the bands as they stand below each other: what is at greatest risk first."""
    nodes: defaultdict[Band, list[Node]] = defaultdict(list)
    joint: defaultdict[str, list[Node]] = defaultdict(list)
    for (band, _), some in lists.items():
        nodes[band] += some
        joint[band[0]] += some

    def key(band: Band) -> tuple[int, int, str, int, str]:
        together = joint[band[0]]
        return -_risk(together), -len(together), band[0], -_risk(nodes[band]), band[1]

    return sorted(nodes, key=key)


def _risk(nodes: Iterable[Node]) -> int:
    return max(node.risk for node in nodes)


def _heights(
    lists: Mapping[tuple[Band, int], list[Node]], size: Measure
) -> tuple[dict[Band, Span], int]:
    """Return where the boxes of each band begin, and their room; and where all bands end."""
    most: defaultdict[Band, int] = defaultdict(int)
    for (band, _), nodes in lists.items():
        most[band] = max(most[band], len(nodes) * size.step)
    heights: dict[Band, Span] = {}
    y = size.top
    ordered = _ordered(lists)
    for deployment in dict.fromkeys(band[0] for band in ordered):
        start = y
        for band in [b for b in ordered if b[0] == deployment and b[1] != BESIDE]:
            heights[band] = (y + size.title, most[band])
            y += size.title + most[band] + size.padding
        beside = most.get((deployment, BESIDE), 0)
        if beside:
            y = max(y, start + size.title + beside + size.padding)
            heights[deployment, BESIDE] = (
                start + size.title,
                y - start - size.title - size.padding,
            )
    return heights, y


def _framed(band: Band) -> bool:
    return band[1] not in {BESIDE, OWN}


def _band(band: Band, columns: Mapping[int, int], span: Span, size: Measure) -> Frame:
    y, height = span
    inner = [x for column, x in columns.items() if column not in OUTER] or [size.margin]
    return Frame(
        kind="stack",
        id=band[1],
        name=band[1],
        x=min(inner) - size.padding,
        y=y - size.title,
        width=max(inner) - min(inner) + size.width + 2 * size.padding,
        height=size.title + height,
        deployment=band[0],
    )


def _placed(
    lists: Mapping[tuple[Band, int], list[Node]],
    heights: Mapping[Band, Span],
    columns: Mapping[int, int],
    joined: Joined,
    step: int,
) -> dict[str, tuple[int, int]]:
    """Put the lists into their bands, then each box near the middle of what it is joined to."""
    boxes = {}
    for (band, column), nodes in lists.items():
        top, height = heights[band]
        free = height - len(nodes) * step
        for at, node in enumerate(nodes):
            boxes[node.id] = (columns[column], top + free // 2 + at * step)
    for _ in range(2):
        for (band, column), nodes in sorted(lists.items(), key=lambda each: each[0][1]):
            wanted = [_wanted(node.id, joined, boxes) for node in nodes]
            for node, y in zip(nodes, _spread(wanted, heights[band], step), strict=True):
                boxes[node.id] = (columns[column], y)
    return boxes


def _wanted(id: str, joined: Joined, boxes: Mapping[str, tuple[int, int]]) -> int:
    others = [boxes[other][1] for other in joined[id]]
    return round(sum(others) / len(others)) if others else boxes[id][1]


def _spread(wanted: list[int], span: Span, step: int) -> list[int]:
    """Return the nearest places to the wanted ones that keep the order and do not overlap."""
    found: list[int] = []
    top, height = span
    lowest = top
    for y in wanted:
        found.append(max(y, lowest))
        lowest = found[-1] + step
    highest = top + height - step
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], highest)
        highest = found[at] - step
    return found


def _networks(
    picture: Picture,
    lists: Mapping[tuple[Band, int], list[Node]],
    boxes: Mapping[str, tuple[int, int]],
    size: Measure,
) -> list[Frame]:
    """Return a frame around what stands in a network, in each column."""
    zones = {zone.id: zone for zone in picture.zones if zone.kind == "vpc"}
    found = []
    for nodes in lists.values():
        for zone in sorted({node.zone for node in nodes} & zones.keys()):
            inside = [boxes[node.id] for node in nodes if node.zone == zone]
            top, bottom = min(y for _, y in inside), max(y for _, y in inside)
            x = inside[0][0] - 6
            box = (x, top - 6, size.width + 12, bottom - top + size.height + 12)
            found.append(Frame("vpc", zone, zones[zone].name, *box))
    return found
