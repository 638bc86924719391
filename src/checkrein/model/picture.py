"""An app as a picture: who and what there is, and where data goes on each basis.

``compare/picture`` makes it, ``report/drawing``, ``report/graphs`` and the HTML report show it.
"""

from __future__ import annotations

from msgspec import Struct

from checkrein.model.facts import Basis
from checkrein.model.places import NOWHERE, Evidence, Place

COLUMNS = ("people", "edge", "api", "compute", "queue", "store", "log", "outside")


class Zone(Struct, frozen=True):
    """A side of a trust boundary; ``kind``: outside, edge, account, vpc or third.

    ``parent`` is the id of the zone that it lies in: a VPC's account, else "".
    """

    id: str
    kind: str
    name: str
    parent: str = ""


class Node(Struct, frozen=True):
    """A service of the table, or somebody outside who can get in.

    ``kind`` is that of ``catalog.services`` (store, queue, compute…), or people, browser, waf,
    balancer, host, internet, recipients, role. ``column`` is its number in COLUMNS, from the public
    on the left to third parties on the right. ``stack`` and ``deployment`` are "" for what belongs
    to none. The four tuples are the cells of its row, empty where the table has none.
    """

    id: str
    name: str
    kind: str
    column: int
    zone: str
    type: str = ""
    service: str = ""
    stack: str = ""
    deployment: str = ""
    risk: int = 0
    intended: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    potential: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    place: Place = NOWHERE


class Move(Struct, frozen=True):
    """One reason for an edge: a line of code or of a template, a right, a way in.

    ``kind``: entry, answer, sdk, http, log, response, wiring, use (a call of which no content is
    known) or right (whatever permissions, network and triggers allow). ``operation`` is what does
    it (``dynamodb:PutItem``, ``POST /orders``), ``via`` the function or wiring that does. ``data``
    are the classes it carries, the most valuable first. ``steps`` lead to the line, which is last.
    """

    kind: str
    text: str
    data: tuple[str, ...] = ()
    operation: str = ""
    via: str = ""
    level: str = "direct"
    certain: bool = True
    steps: tuple[Evidence, ...] = ()


class Edge(Struct, frozen=True):
    """Data goes, or could go, from one node to another; one edge for each pair and basis.

    ``data`` are the classes of all its moves, the most valuable first; none where something is
    asked, called or guarded and no content is known. ``level`` (direct, takeover, influence) is the
    lowest of its moves, ``certain`` is True where one move is. ``worth`` are 1 to 3 stars for the
    most valuable class it carries, 0 for none. ``brings`` (potential only) are the
    classes that the target's cell owes to this edge: from a cell, edges that bring its class lead
    back to where the class is from.
    """

    source: str
    target: str
    basis: Basis
    data: tuple[str, ...] = ()
    level: str = "direct"
    certain: bool = True
    worth: int = 0
    brings: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()


class Picture(Struct, frozen=True):
    """Zones, nodes and edges, each in a stable order; every edge ends at nodes that are here.

    ``classes`` are all classes in it, the most valuable first, ``values`` what each is worth.
    """

    zones: tuple[Zone, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    classes: tuple[str, ...] = ()
    values: dict[str, int] = {}
