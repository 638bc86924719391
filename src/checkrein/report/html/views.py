"""What the picture shows: which basis, less which other, and which data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from checkrein.catalog.data_classes import FAMILIES, data_class
from checkrein.model.picture import Picture
from checkrein.report.html.markup import Markup, element

SHOWN = 1  # coded
VIEWS = (
    ("Intended", "what the team accepted, or the proposal"),
    ("Coded", "what code and wiring do"),
    ("Potential", "what permissions, triggers and network allow"),
    ("Observed", "what records tell: none were read"),
)


def views(picture: Picture) -> Markup:
    """Return the controls above the picture."""
    zoom = [
        element("button", sign, type="button", data_zoom=step, aria_label=f"{what} picture")
        for sign, step, what in (("-", -1, "Smaller"), ("+", 1, "Larger"))
    ]
    return element(
        "form",
        _shown(picture),
        _less(picture),
        _data(picture),
        element("span", zoom, class_="zoom"),
        class_="bar scripted",
    )


def _observed(picture: Picture) -> bool:
    return any(node.observed for node in picture.nodes)


def _shown(picture: Picture) -> Markup:
    choices = [
        element(
            "label",
            element(
                "input",
                type="radio",
                name="show",
                value=number,
                checked=number == SHOWN,
                disabled=title == "Observed" and not _observed(picture),
            ),
            title,
            title=what,
        )
        for number, (title, what) in enumerate(VIEWS)
    ]
    return element("fieldset", element("legend", "Show", class_="unseen"), choices, class_="views")


def _less(picture: Picture) -> Markup:
    known = [
        element("option", title.lower(), value=number)
        for number, (title, _) in enumerate(VIEWS)
        if title != "Observed" or _observed(picture)
    ]
    choices = [element("option", "nothing", value=-1), known]
    return element("label", "less ", element("select", choices, id="less"))


def _data(picture: Picture) -> Markup:
    choices = [element("option", "all data", value=""), list(_families(picture))]
    return element("label", "of ", element("select", choices, id="data-class"))


def _families(picture: Picture) -> Iterator[Markup]:
    """Yield the classes by family; each family as a whole is a choice, too."""
    order = list(FAMILIES)
    numbered = [(data.partition(".")[0], number) for number, data in enumerate(picture.classes)]
    numbered.sort(key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), pair))
    for family, same in groupby(numbered, key=lambda pair: pair[0]):
        numbers = [number for _, number in same]
        title = FAMILIES.get(family, family)
        whole = element("option", f"all {title}", value=",".join(map(str, numbers)))
        classes = [element("option", _title(picture.classes[n]), value=n) for n in numbers]
        yield element("optgroup", whole if len(numbers) > 1 else None, classes, label=title)


def _title(data: str) -> str:
    known = data_class(data)
    return known.title if known and known.title else data
