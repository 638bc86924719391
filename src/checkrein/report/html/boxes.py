"""The boxes of nodes: what many of them share stands once, and each says where, and its name."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.report.html.labels import Label
from checkrein.report.html.markup import Markup, element

INSIDE, EDGE = 8, 6  # left and right of what stands in a box
LINE = 13  # from the first line to the second
UNDER = 15 + LINE

Look = tuple[int, str, int]  # width, what stands below the name, risk


class Boxes:
    """Draws boxes, and gathers the looks that they refer to."""

    def __init__(self, height: int) -> None:
        self._height = height
        self._looks: dict[Look, int] = {}

    def box(self, label: Label, risk: int, width: int, down: int) -> Iterator[Markup]:
        """Yield what is seen of a node in its column, so far down."""
        number = self._looks.setdefault((width, label.under, risk), len(self._looks))
        yield element("use", href=f"#b{number}", y=down)
        yield element("text", label.first, y=down)
        if label.second:
            yield element("text", label.second, y=down + LINE)

    def looks(self) -> Iterator[Markup]:
        """Yield what the boxes so far refer to. Colours are inherited from who refers."""
        for (width, under, risk), number in self._looks.items():
            stars = element("text", "★" * risk, class_=f"r{risk}", x=width - EDGE, y=UNDER)
            yield element(
                "g",
                element("rect", width=width, height=self._height, rx=5),
                element("text", under, class_="under", x=INSIDE, y=UNDER) if under else None,
                stars if risk else None,
                id=f"b{number}",
            )
