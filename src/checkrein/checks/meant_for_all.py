"""What of a public answer is meant for all: wares and their prices, names, places of firms."""

from __future__ import annotations

import re

from msgspec.structs import replace

from checkrein.checks.callers import OWNER, has_owner, personal
from checkrein.checks.portions import tables_of
from checkrein.checks.questions import elements_by_node, short
from checkrein.checks.worth import worst
from checkrein.detect.names import entity
from checkrein.late import regex
from checkrein.model import App, Element, Entry, Row

MEANT = regex(  # /board/{id}/no-auth, /public-boards
    r"(?:^|[/_.-])(?:public|no-?auth|anonymous|guest)(?:$|[/_.-])", re.IGNORECASE
)
PRICE = "fin.price"
OF_WARES = frozenset({PRICE, "pii.location", "pii.address"})  # shops and houses are somewhere too
PUBLISHER = regex(  # names of who offers something: not whose it is that it is about
    r"(?i)(?:^|[._-])(?:organi[sz]er|creator|publisher|host|(?:creat|updat|upload|publish|add|edit)ed)"
    r"[_-]?(?:by)?[_-]?(?:id|uuid|sub)?$"
)
OF_PEOPLE = frozenset({"person", "patient", "child", "order", "payment", "card", "bank"})
TRIP = "booking"  # flights are wares, rides are somebody's: who is where
IDENTIFIER = "pii.identifier"
DELIVERED = regex(  # addresses of people, not of what is offered
    r"ship|bill|home|deliver|customer|user|recipient|residen|pickup|dropoff|mailing", re.IGNORECASE
)
# say little alone: authors and members of parliament are named in public too, bicycles are located
LONE = frozenset({"pii.name", "pii.location", "pii.message", "fin.revenue"})
DEALINGS = regex(  # names of stores of what somebody has bought, paid or owes
    r"order|pay|donat|invoice|transact|purchase|booking|reserv|cart|basket|enrol|subscri|salar|bid"
    r"|wallet|account|loan|expense|sale|ledger|bill|refund|deal|quote|budget|contract|ticket|trade"
    r"|deliver|shipment|claim|visit|lead",
    re.IGNORECASE,
)
PLACES = regex(  # names of stores of places and firms, whose addresses are meant to be known
    r"(?i)location|branch|office|clinic|hospital|compan|shop|restaurant|venue|facilit|department"
    r"|warehouse|supplier|vendor|organi[sz]ation"
)
OFFERED = regex(r"(?i)product|catalog|menu|(?:^|[_-])(?:items?|books?|courses?|plans?)$")
WARDS = frozenset({"patient", "child"})  # to be named among them tells of one's health, or age
OF_PLACES = frozenset({"pii.email", "pii.phone", "fin.payment"})
OF_NOBODY = frozenset({"pii.demographics"})  # in a table that names nobody: for whom wares are
GRAVE = 5  # what is worth less is a fault of the second degree when it is public


def fault_of(app: App, store: str, told: list[Element], through: list[Entry]) -> int:
    """Return how bad it is: little where the route's name, or what a catalogue is for, means it."""
    classes = {element.data for element in told}
    if all(MEANT.search(entry.route) for entry in through):
        return 1
    tables = tables_of(told)
    names = tables or [short(store)]
    wares = _wares(names) - (OF_WARES - {PRICE} if TRIP in map(entity, names) else set())
    wares |= OF_NOBODY if tables else set()
    of_places = bool(tables) and all(map(PLACES.search, names))
    if tables and classes == {PRICE} and all(map(OFFERED.search, names)):
        return 1
    if classes <= wares and (of_places or not _is_of_somebody(app, store, told)):
        return 1
    # whose each is, and with whom
    dealing = any(DEALINGS.search(name) or entity(name) in WARDS for name in names)
    if len(classes - {PRICE}) <= 1 and classes - {PRICE} <= LONE and not dealing:
        return 1
    return 3 if worst(app, classes)[0] >= GRAVE else 2


def _wares(names: list[str]) -> frozenset[str]:
    """Return the classes that say nothing of people in stores of such names."""
    return OF_WARES | OF_PLACES if all(map(PLACES.search, names)) else OF_WARES


def _is_owned(held: list[Element], names: list[str]) -> bool:
    """Tell whether a column of a table says whose its rows are."""
    return any(OWNER.search(e.slot.path) and e.data not in _wares(names) for e in held)


def _is_of_somebody(app: App, store: str, told: list[Element]) -> bool:
    """Tell whether what a store keeps is somebody's: orders are, a catalogue of wares is not.

    Of a database it is asked of the tables that ``told`` stands in.
    """
    row = app.get(Row, store)
    tables = tables_of(told)
    names = tables or [short(store)]
    if row is None or any(DEALINGS.search(n) or entity(n) in OF_PEOPLE for n in names):
        return True
    kept = elements_by_node(app).get(store, [])
    if tables:
        kept = [each for each in kept if tables_of([each]) and {*tables_of([each])} <= {*tables}]
        row = replace(row, intended=(), observed=(), coded=tuple({e.data for e in kept}))
    of_people = {*personal(app, row, 1)} - _wares(names) - (OF_NOBODY if tables else set())
    if all(PUBLISHER.search(each.slot.path) for each in kept if each.data == IDENTIFIER):
        of_people.discard(IDENTIFIER)
    sent = (e for e in kept if e.data in OF_WARES - {PRICE})
    return (
        bool(of_people)
        or (_is_owned(kept, names) if tables else has_owner(app, row))
        or any(DELIVERED.search(e.slot.path) for e in sent)
    )
