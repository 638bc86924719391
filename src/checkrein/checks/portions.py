"""The portion of a store that one call is about: a table of a database that holds many.

Of a database that a client library reaches, one row of the app's table stands for all its tables.
What is said of one of them is asked of what stands in that one only.
"""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.checks.callers import OWNER, TENANT, has_owner, has_tenant, people, personal
from checkrein.checks.questions import (
    carried,
    elements_by_node,
    elsewhere,
    flows_to,
    grouped,
    listed,
    short,
)
from checkrein.late import regex
from checkrein.model import App, Call, Element, Flow, Resource, Row, Value
from checkrein.model.items import Items, meet

OF_ANYTHING = regex(  # keys of tables that are made to hold items of every kind
    r"(?i)^(?:gsi\d*[_-]?)?(?:pk|sk|p_?key|s_?key|hk|rk|(?:hash|range|partition|sort)_?key)\d*$"
)
FEW = 3  # stores of which one place asks one
TABLE = "table"  # what tells the rows of a database apart


def keys(app: App, store: str) -> frozenset[str]:
    """Return the attributes that a table of a template tells its items apart by, if plain."""
    return frozenset(name for name in _key(app, store) if isinstance(name, str))


def whole_key(app: App, store: str) -> frozenset[str]:
    """Return all attributes that a table's items are told apart by, none where one is not known."""
    named = keys(app, store)
    return named if all(isinstance(name, str) for name in _key(app, store)) else frozenset()


def _key(app: App, store: str) -> list[Value]:
    """Return the names of a table's key; what templates say in several ways is not known."""
    said = [table.value("KeySchema") for table in app.alternatives(Resource, store)]
    parts = said[0] if said and isinstance(said[0], list) else []
    if any(other != said[0] for other in said):
        return [None]
    return [part.get("AttributeName") if isinstance(part, dict) else None for part in parts]


def is_of_many_kinds(
    app: App, store: str, flows: Iterable[Flow], elements: Iterable[Element]
) -> bool:
    """Tell whether a table holds items of many kinds, and not all is known of those that flow out.

    Then what is known to stand there need not stand in these, unless code names what it gives out
    and the name alone tells what that is.
    """
    named = whole_key(app, store)
    if not named or not all(map(OF_ANYTHING.match, named)):
        return False
    sources, held_ = [flow.source for flow in flows], [*elements]
    if all(slot.path for slot in sources) and all(e.confidence == "certain" for e in held_):
        return False
    return not all(slot.items for slot in (*sources, *(element.slot for element in held_)))


def one_of(app: App, calls: Iterable[Call]) -> str:
    """Return how sure it is that calls are about the store that they may be about.

    Where one place may ask any of several stores, nobody here can tell which. Two or three are what
    a branch or a caller chooses from; many are what a layer for all of an application may ask.
    """
    found = "possible"
    for call in calls:
        same = grouped(app, Call, "function").get(call.function, [])
        stores = {each.target for each in same if each.site == call.site}
        if call.certain or len(stores) == 1:
            return "certain"
        found = "likely" if len(stores) <= FEW else found
    return found


def tables(items: Items) -> list[str]:
    """Return the tables that items are rows of, none where they may be of any."""
    known = [dict(kind) for kind in items]
    if not known or not all(TABLE in kind for kind in known):
        return []
    return sorted({"…".join(pattern) for kind in known for pattern in kind[TABLE]})


def tables_of(elements: Iterable[Element]) -> list[str]:
    """Return the tables that elements stand in, none where one may be in any."""
    every = [tables(element.slot.items) for element in elements]
    return sorted({name for names in every for name in names}) if all(every) else []


def called(store: str, names: list[str]) -> str:
    """Return what a reader calls the portion of a store: of a database the tables too."""
    return f"{listed(names)} in {short(store)}" if names else short(store)


def held(app: App, row: Row, items: Items, least: int) -> list[str]:
    """Return the classes of people's data in a portion, worth at least so much."""
    if not tables(items):
        others = elsewhere(app, row, items)
        return [data for data in personal(app, row, least) if data not in others]
    found = (e for e in elements_by_node(app).get(row.id, []) if tables(e.slot.items))
    return people(app, {e.data for e in found if meet(e.slot.items, items)}, least)


def told(app: App, function: str, row: Row, classes: list[str]) -> list[str]:
    """Return those of a store's classes that a function's answers hold, where that is known."""
    answers = [f for f in flows_to(app, f"{function}@response") if f.source.node == row.id]
    known = {element.data for flow in answers for element in carried(app, flow)}
    return [each for each in classes if each in known] if answers else classes


def is_of_somebody(app: App, row: Row, items: Items) -> bool:
    """Tell whether code writes into a portion whose each thing is, or of which organisation."""
    if not tables(items):
        return has_owner(app, row) or has_tenant(app, row)
    paths = [f.target.path for f in flows_to(app, row.id) if meet(f.target.items, items)]
    stand = elements_by_node(app).get(row.id, [])
    paths += [e.slot.path for e in stand if tables(e.slot.items) and meet(e.slot.items, items)]
    return any(OWNER.search(path) or TENANT.search(path) for path in paths)


def is_owned(app: App, row: Row, items: Items) -> bool:
    """Tell whether a table says of each of its rows whose it is: all in it is somebody's."""
    return bool(tables(items)) and is_of_somebody(app, row, items)
