"""The ways of edges from box to box: through the gaps between boxes, never behind one.

What goes right leaves and arrives above the middle of the sides, what comes back below it, so that
both ways between two boxes can be seen. A way behind a box would read as two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from checkrein.report.drawing.layout import ROOMY, Layout, Measure

Point = tuple[int, int]
LANES = 5  # beside each other, between two columns and in a gap between two boxes
BETWEEN = 3  # CSS pixels between two of them, in a gap
PASSES = 4  # of looking again whether a way that was led round one box comes to lie behind another
TURN = 4  # CSS pixels, of a corner

ROOM = 1000  # CSS pixels above and below the boxes of a column
HALVINGS = 12  # of a curve, to find a point of it


class Ways:
    """The paths of edges in a layout."""

    def __init__(self, place: Layout, size: Measure = ROOMY) -> None:
        self._boxes = place.boxes
        self._size = size
        columns: defaultdict[int, list[int]] = defaultdict(list)
        for x, y in sorted(place.boxes.values()):
            columns[x].append(y)
        self._columns = dict(columns)

    def of(self, source: str, target: str) -> str:
        """Return the path of an edge between two nodes, as SVG has it in ``d``."""
        (x, y), (to, down) = self._boxes[source], self._boxes[target]
        size = self._size
        middle, handles = size.height // 2, size.handles
        if to == x:
            return self._loop(x + size.width, y + middle, down - y)
        if to > x:
            ends = (x + size.width, y + middle - handles), (to, down + middle - handles)
        else:
            ends = (x, y + middle + handles), (to + size.width, down + middle + handles)
        lane = (y if to > x else down) // size.step % LANES  # each box on the left has its own
        return "".join(self._drawn(self._led(list(ends), lane), lane))

    def _loop(self, x: int, y: int, down: int) -> str:
        """Return the way round the right side: those of one source go together, others beside."""
        lane = y // self._size.step % LANES
        out = self._size.across * (lane + 1) // (LANES + 1)
        turn = TURN if down > 0 else -TURN
        corners = _told("q", TURN, 0, TURN, turn), _told("q", 0, turn, -TURN, turn)
        return (
            f"{_told('M', x, y)}h{out - TURN}{corners[0]}v{down - 2 * turn}{corners[1]}"
            f"h{TURN - out}"
        )

    def _led(self, points: list[Point], lane: int) -> list[Point]:
        """Return the points of a way, with two more at each box that it would lie behind."""
        width = self._size.width
        for _ in range(PASSES):
            found = points[:1]
            for before, after in pairwise(points):
                left, right = sorted((before[0], after[0]))
                inner = [x for x in self._columns if left < x and x + width < right]
                for x in sorted(inner, reverse=before[0] > after[0]):
                    gap = self._gap(x, before, after, lane)
                    if gap is not None:
                        ends = [(x - 2, gap), (x + width + 2, gap)]
                        found += ends if before[0] < after[0] else ends[::-1]
                found.append(after)
            if found == points:
                break
            points = found
        return points

    def _gap(self, x: int, before: Point, after: Point, lane: int) -> int | None:
        """Return where a curve passes a column beside its boxes; None where it may stay."""
        size, known = self._size, self._columns[x]
        at = [self._height(side, before, after) for side in (x - 2, x + size.width + 2)]
        if not any(box - 2 < max(at) and min(at) < box + size.height + 2 for box in known):
            return None
        wanted = sum(at) // 2
        bounds = [known[0] - size.step - ROOM, *known, known[-1] + size.step + ROOM]
        gaps = [self._beside(wanted, *pair, lane) for pair in pairwise(bounds)]
        return min(gaps, key=lambda gap: (abs(gap - wanted), gap))

    def _beside(self, wanted: int, box: int, after: int, lane: int) -> int:
        """Return the place between two boxes that is nearest to the wanted one."""
        above, below = box + self._size.height, after
        inset = min(self._size.below // 2 + BETWEEN * lane, (below - above) // 2)
        return min(max(wanted, above + inset), below - inset)

    def _height(self, side: int, before: Point, after: Point) -> int:
        """Return how far down the curve between two points is at some distance from the left."""
        (x, y), (to, down) = before, after
        span, bend = to - x, self._bend(to - x)
        low, high, t = 0.0, 1.0, 0.5
        for _ in range(HALVINGS):
            here = 3 * (1 - t) ** 2 * t * bend + 3 * (1 - t) * t**2 * (span - bend) + t**3 * span
            low, high = (t, high) if abs(here) < abs(side - x) else (low, t)
            t = (low + high) / 2
        return y + round((down - y) * (3 * t**2 - 2 * t**3))

    def _bend(self, span: int) -> int:
        return min(self._size.bend, abs(span) // 2) * (1 if span > 0 else -1)

    def _drawn(self, points: list[Point], lane: int) -> Iterator[str]:
        """Yield the path: curves between columns, straight lines along boxes."""
        yield _told("M", *points[0])
        inner = zip(points, points[1:], points[2:], strict=False)
        turns = [at for before, at, after in inner if len({before[1], at[1], after[1]}) > 1]
        for (x, y), (to, down) in pairwise([points[0], *turns, points[-1]]):
            if y == down:
                yield f"H{to}"
                continue
            leave = arrive = self._bend(to - x)
            if abs(to - x) <= self._size.across:  # between two columns: where to turn is free
                leave = (to - x) * ((lane if to > x else LANES - 1 - lane) + 1) // (LANES + 1)
                arrive = to - x - leave
            yield _told("c", leave, 0, to - arrive - x, down - y, to - x, down - y)


def _told(command: str, *numbers: int) -> str:
    """Return a command of a path in as few letters as it can be."""
    return command + ",".join(map(str, numbers)).replace(",-", "-")
