"""What the program of a CDK app says of the constructs that it makes, before any is matched.

A *making* is a call that makes a construct: ``new Table(this, "Orders")``, ``Vpc.from_lookup(self,
"Net")``, or a method that makes a part of one, ``api.root.addResource("orders")``. A *unit* is what
makings stand in: a class, a function of a module, or the module itself.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from checkrein.code import ir
from checkrein.model import Place

THIS = "this"


class Scope(Struct, eq=False):
    """A function, a class's body or a module: what its names are bound to.

    ``around`` is the scope it stands in, ``unit`` the unit it belongs to.
    """

    name: str
    unit: Unit
    parameters: tuple[ir.Parameter, ...] = ()
    around: Scope | None = None
    names: dict[str, list[ir.Node]] = {}


class Making(Struct, eq=False):
    """A call that makes a construct, with the expression that gives its id.

    ``called`` and ``scope`` are dotted names, "" where they are none: what is called, and the
    construct that gets the new one, which for a method is what it is called on. ``chained`` is the
    call that a method is called on the result of, ``assigned`` the name that is given the result.
    """

    called: str
    place: Place
    id: ir.Node | None
    scope: str
    within: Scope
    method: bool = False
    chained: ir.Node | None = None
    call: ir.Call | None = None
    assigned: str = ""

    @property
    def name(self) -> str:
        return self.called.rpartition(".")[2]


class Unit(Struct, eq=False):
    """A class, a function or a module's own statements; ``own_id`` is what ``super`` is told."""

    name: str
    path: str
    bases: tuple[str, ...] = ()
    makings: list[Making] = []
    calls: list[str] = []
    own_id: tuple[ir.Node, Scope] | None = None


class Program(Struct, eq=False):
    """What the files of an app say: makings by unit, callers' arguments by name, imports by file.

    ``imports`` maps (file, name there) to (module, member).
    """

    units: list[Unit] = []
    modules: dict[str, Scope] = {}
    callers: dict[str, list[tuple[tuple[ir.Keyword, ...], Scope]]] = {}
    imports: dict[tuple[str, str], tuple[str, str]] = {}

    by_name: dict[str, list[Unit]] = {}
    # once they were asked for: ids of makings, by identity, and what a path leads to
    ids: dict[int, Any] = {}
    steps: dict[str, Any] = {}
    every: Any = None
    steps_left: int = 0  # from name to name, while an id is looked for

    def add(self, unit: Unit) -> Unit:
        self.units.append(unit)
        self.by_name.setdefault(unit.name, []).append(unit)
        return unit


def dotted(node: Any) -> str:
    """Return an expression as a dotted name, "" if it is none; ``self`` is ``this``."""
    if isinstance(node, ir.Name):
        return THIS if node.id == "self" else node.id
    if isinstance(node, ir.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.name}" if inner else ""
    return ""
