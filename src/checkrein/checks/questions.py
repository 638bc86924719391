"""What checks ask of an app again and again: facts by a field, names for people, rows by use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from checkrein.catalog.data_classes import title
from checkrein.catalog.services import kind
from checkrein.checks.exposure import OUTSIDE, anonymous
from checkrein.checks.worth import valuable
from checkrein.detect.names import entity
from checkrein.detect.words import words
from checkrein.late import regex
from checkrein.model import (
    App,
    Basis,
    Change,
    Decision,
    Element,
    Entry,
    Fix,
    Flow,
    Path,
    Resource,
    Row,
    Slot,
)
from checkrein.model.app import F
from checkrein.model.asking import of_app, settled_each
from checkrein.model.items import Items, meet

STORES = frozenset({"store", "stream", "queue", "topic", "pool", "secret", "parameter"})
MANY = 3  # names that a message lists
LOG = "AWS::Logs::LogGroup"
LOCATION, ADDRESS = "pii.location", "pii.address"
RECORD = "phi.record"
POINTING = (("id",), ("uuid",), ("guid",))  # the last word of a name that points to a record
OF_PEOPLE = ("pii.", "phi.", "special.", "pay.", "bank.", "cred.")
WHO = ("person", "patient", "child", "booking")
COORDINATE = regex(  # names that say of nothing whose they are
    r"(?i)(?:^|[.\]_])(?:geo_?)?(?:lat|lng|lon|long|latitude|longitude|latlng|hash|point|coordinates?)$"
)
MOVING = frozenset({  # words of what somebody carries, drives or is followed by
    *("vehicle", "car", "truck", "taxi", "bike", "bicycle", "scooter", "boat", "fleet", "device"),
    *("phone", "tracker", "track", "tracking", "position", "gps", "courier", "location"),
})  # fmt: skip
DEFAULT_BUS = "@default-bus"  # of a deployment: no template declares it


def grouped(app: App, type: type[F], field: str) -> Mapping[str, list[F]]:
    """Return all facts of a type by the value of one of their fields."""
    return app.grouped(type, field)


def short(id: str) -> str:
    """Return the part of an id that a reader knows: the logical id."""
    if id.endswith(DEFAULT_BUS):
        return "the default bus"
    return id.rpartition("/")[2].partition("@")[0]


def listed(names: Iterable[str], most: int = MANY) -> str:
    """Join names for a sentence: ``a, b and c``, ``a, b, c and 4 more``."""
    known = list(dict.fromkeys(names))
    if len(known) > most:
        known = [*known[:most], f"{len(known) - most} more"]
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} and {known[-1]}"


def titles(classes: Iterable[str]) -> str:
    """Name data classes for a sentence: ``e-mail address and password``."""
    return listed(map(title, classes))


def accepted(app: App, id: str) -> set[str]:
    """Return the classes that the team declared for a row: what it holds and may hold."""
    said = [
        d.content for d in grouped(app, Decision, "subject").get(id, []) if d.kind == "resource"
    ]
    return {
        data for content in said for key in ("holds", "may_hold") for data in content.get(key, ())
    }


def is_store(row: Row) -> bool:
    """Tell whether a row keeps content, rather than passing or computing it."""
    return kind(row.type) in STORES


def treasures(app: App, row: Row, items: Items = ()) -> list[str]:
    """Return the valuable classes that a row is meant to hold or does hold, not only perhaps.

    Of some ``items`` alone those that are not seen to stand in others only.
    """
    held = {*row.intended, *row.coded, *row.observed} - _doubtful(app, row.id)
    return valuable(app, held - elsewhere(app, row, items))


def elsewhere(app: App, row: Row, items: Items) -> set[str]:
    """Return the classes that are seen to stand in other items of a row than some; () are any."""
    elements = elements_by_node(app).get(row.id, []) if items else []
    found = {each.data for each in elements}
    return found - {each.data for each in elements if meet(each.slot.items, items)}


def _doubtful(app: App, node: str) -> set[str]:
    """Return the classes that only names which say little put into a node, and nobody declared."""
    found = elements_by_node(app).get(node, [])
    surer = {element.data for element in found if element.confidence != "possible"}
    surer -= {LOCATION} if tells_of_places(app, node) else set()
    return {element.data for element in found} - surer - accepted(app, node)


def rows_of(type: str) -> Callable[[App], list[Row]]:
    """Select the rows of one CloudFormation type as subjects."""
    return lambda app: [row for row in app.every(Row) if row.type == type]


def setting(
    resource: Resource, path: str | Path, value: Any, title: str, *, safe: bool = False
) -> Fix:
    """Return the fix that sets a property, where the user wrote the resource."""
    origin = resource.origin(path)
    return Fix(title, safe, (Change(origin.resource, origin.path, "set", value),))


def public_entries(app: App, function: str) -> list[Entry]:
    """Return the ways into a function that anyone may use, and where its code asks nobody either.

    Preflight requests do not count.
    """
    return [
        entry
        for entry in grouped(app, Entry, "function").get(function, [])
        if entry.kind in OUTSIDE
        and anonymous(entry.identity)
        and not entry.proof
        and not entry.route.startswith("OPTIONS")
    ]


def flows_to(app: App, node: str) -> list[Flow]:
    """Return the coded flows that end in a node."""
    return _flows(app, node) or []


@settled_each
def _flows(app: App) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in app.every(Flow):
        if flow.basis == Basis.CODED and flow.certain:
            found.setdefault(flow.target.node, []).append(flow)
    return found


def carried(app: App, flow: Flow, *, likely: bool = False) -> list[Element]:
    """Return what stands at or below the source of a flow, by names that tell it.

    That is what code or wiring put there; with ``likely`` also what events of the kind bring.
    """
    found = _carried(app, flow.source, likely=likely)
    return [e for e in found if not _is_lacking(flow, e)] if flow.lacking else found


def is_pointer(element: Element) -> bool:
    """Tell whether something only says which record is meant: the id of a patient is no record.

    Numbers that a health service gives people (``mrn``, ``nhsNumber``) are theirs, and count.
    """
    name = re.split(r"[.\[]", element.slot.path)[-1]
    return element.data == RECORD and words(name)[-1:] in POINTING


def _is_lacking(flow: Flow, element: Element) -> bool:
    """Tell whether code took an element out of what a flow carries."""
    rest = element.slot.path.removeprefix(flow.source.path).lstrip(".")
    return re.split(r"[.\[]", rest, maxsplit=1)[0] in flow.lacking


@of_app
def _carried(app: App, source: Slot, *, likely: bool) -> list[Element]:
    at, below = source.path, (f"{source.path}.", f"{source.path}[")
    return [
        element
        for element in elements_by_node(app).get(source.node, [])
        if (likely or element.basis == Basis.CODED)
        and element.confidence != "possible"
        and not (element.data == LOCATION and tells_of_places(app, source.node))
        and (not at or element.slot.path == at or element.slot.path.startswith(below))
        and meet(element.slot.items, source.items)
    ]


@of_app
def elements_by_node(app: App) -> dict[str, list[Element]]:
    """Return what stands in each node."""
    found: dict[str, list[Element]] = {}
    for element in app.every(Element):
        found.setdefault(element.slot.node, []).append(element)
    return found


@of_app
def tells_of_places(app: App, node: str) -> bool:
    """Tell whether the coordinates in a store are of sites: nothing there is of a person.

    A thing that moves is where somebody is, and so is what a name says of a person.
    """
    found = elements_by_node(app).get(node, [])
    named = (e.slot.path for e in found if e.data == LOCATION)
    if not is_kept(app, node) or not all(COORDINATE.search(path) for path in named):
        return False
    name = short(node)
    of_people = {e.data for e in found if e.data.startswith(OF_PEOPLE)} - {LOCATION, ADDRESS}
    return not of_people and entity(name) not in WHO and not MOVING.intersection(words(name))


def is_kept(app: App, node: str) -> bool:
    """Tell whether a node is a resource that keeps content."""
    row = app.get(Row, node)
    return bool(row and is_store(row))


def weakest(words: Iterable[str]) -> str:
    """Return the least sure of some confidences."""
    return min(words, key=("possible", "likely", "certain").index, default="likely")


def flows_by(app: App, function: str) -> list[Flow]:
    """Return the coded flows that a function's code makes."""
    return [
        f
        for f in grouped(app, Flow, "via").get(function, [])
        if f.basis == Basis.CODED and f.certain
    ]


def flows_from(app: App, node: str) -> list[Flow]:
    """Return the coded flows by a function whose source is that function's own event."""
    return [flow for flow in flows_by(app, node) if flow.source.node == node]
