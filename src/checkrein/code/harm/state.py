"""What one invocation leaves for the next: module variables and files in the temporary folder.

The handler runs a first time, and what it keeps of its event is remembered. Then it runs again over
that, known by symbols of its own: where these arrive, a later invocation receives it. A place that
is overwritten first tells so by a fact (see ``facts``), which holds where every way overwrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.abstract import EMPTY, Abstract, Sources
from checkrein.code.domain.scopes import FACTS
from checkrein.code.domain.things import Arguments, Modelled, Structure
from checkrein.code.domain.values import (
    DEPTH,
    NOTHING,
    atom_sources,
    join,
    join_all,
    plain,
    sources_of,
    strings,
)
from checkrein.code.harm import facts
from checkrein.code.running import fields
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.code.running.seen import Site

OWNER = "state:"  # of symbols for what an earlier invocation left
FAMILY = "state"
ITEMS = "[]"  # the place of a container's items whose keys are not known
GROWING = frozenset(("append", "push", "add", "unshift", "insert", "appendleft", "extend", "put"))
EMPTYING = frozenset(("clear", "splice", "pop", "shift", "popleft", "popitem"))
ANEW = (["w"], ["wb"], ["wt"], ["w+"], ["wb+"], ["w+b"])  # modes that leave nothing of a file
WRITING = frozenset(
    (
        *("write", "writelines", "write_text", "write_bytes", "dump", "GetObject", "writeFile"),
        *("writeFileSync", "appendFile", "appendFileSync", "outputFile", "writeJson"),
    )
)
TEMPORARY = "/tmp/"  # noqa: S108 - of the code that is read
SETTING = frozenset(("set", "setdefault"))
SAME = {"==": True, "===": True, "is": True, "!=": False, "!==": False, "is-not": False}


class Slot:
    """A place that outlives an invocation: what holds it, its name, and what was put there.

    ``holder`` is a module's scope, a structure, or the path of a file; what is ``keyed`` is so by
    something of the request, which ``keys`` are made of: only who has the key finds it.
    """

    __slots__ = ("holder", "key", "keyed", "keys", "name", "site", "symbol", "value")

    def __init__(self, holder: Any, key: str, name: str, site: Site, *, keyed: bool) -> None:
        self.holder, self.key, self.name, self.site = holder, key, name, site
        self.keyed = keyed
        self.value: Abstract = NOTHING
        self.keys: Sources = EMPTY
        self.symbol = Symbol("", "")


class State:
    """The places that a program's modules hold, and whether the handler runs again over them."""

    __slots__ = ("again", "before", "births", "emptied", "first", "slots", "started")

    def __init__(self) -> None:
        self.started = False  # the modules are loaded
        self.again = False
        self.births = 0  # of structures, before the handler ran
        self.first = 0  # the number of the first call that the handler made
        self.slots: dict[tuple[int | str, str], Slot] = {}
        self.before: dict[Symbol, int] = {}  # what middleware overwrites before every route
        self.emptied: set[int] = set()  # containers from which code takes what it put there

    def start(self, run: Interpreter) -> None:
        """From here on, what runs is an invocation."""
        self.started = True
        self.births, self.first = run.births, len(run.recorder.seen)

    def outlives(self, one: object) -> bool:
        """Tell whether a structure was made while modules were loaded."""
        own = isinstance(one, Structure) and not isinstance(one, Modelled)
        return self.started and own and one.serial <= self.births  # type: ignore[attr-defined]

    def content(self, value: Abstract) -> Sources:
        """Return what flows into a value, but for what stands in objects that outlive it.

        Their fields are places of their own; what only refers to them holds nothing more.
        """
        found: set[Symbol] = set()
        seen: set[int] = set()
        level = [value]
        for _ in range(DEPTH + 2):  # as ``sources_of``
            below: list[Abstract] = []
            for part in level:
                found |= part.sources
                found |= atom_sources(part.atoms)
                for inner in part.things:
                    if id(inner) not in seen and not self.outlives(inner):
                        seen.add(id(inner))
                        below += inner.parts()
            level = below
        return frozenset(found)

    def symbols(self, *, keyed: bool = False) -> dict[Symbol, int]:
        """Return the symbols of places, or of keyed ones, as facts that they are harmless."""
        bits = uses.bits(FAMILY)
        return {s.symbol: bits for s in self.slots.values() if s.keyed or not keyed}

    def named(
        self, run: Interpreter, holder: Scope, name: str, value: Abstract, at: ir.Span, scope: Scope
    ) -> None:
        """See a name of a module get a value."""
        if self.started and holder.parent is None and not run.loading:
            held = sources_of(holder.names.get(name, NOTHING)) if self.again else EMPTY
            self._put(run, (holder, name, name, run.site(at, scope)), value, held)

    def assigned(
        self,
        run: Interpreter,
        place: tuple[Structure, Abstract],
        value: Abstract,
        target: ir.Node,
        scope: Scope,
        *,
        alone: bool = True,
    ) -> None:
        """See a field of a structure, under a key, get a value."""
        one, key = place
        if not self.outlives(one):
            return
        name = fields.key_name(key)
        shown, site = spelled(target), run.site(target.at, scope)
        if name is None:
            self._put(run, (one, ITEMS, shown, site), value, EMPTY, keys=sources_of(key), adds=True)
        elif name == "length":
            self.emptied.add(id(one))
        else:
            held = sources_of(one.fields.get(name, NOTHING)) if alone and self.again else EMPTY
            self._put(run, (one, name, shown, site), value, held, adds=not alone)

    def called(
        self,
        run: Interpreter,
        function: ir.Attribute,
        receiver: Abstract,
        given: Arguments,
        scope: Scope,
    ) -> None:
        """See a method fill or empty a container."""
        for one in receiver.things:
            if not self.outlives(one) or _has_its_own(one, function.name):
                continue
            if function.name in GROWING:
                site = run.site(given.at, scope)
                value = join_all(given.positional)
                self._put(run, (one, ITEMS, spelled(function.value), site), value, EMPTY, adds=True)
            elif function.name in SETTING:
                self.assigned(
                    run, (one, given.first()), given.first(1), function.value, scope, alone=False
                )
            elif function.name in EMPTYING:
                self.emptied.add(id(one))

    def written(
        self, run: Interpreter, name: str, paths: list[Any], sources: Sources, site: Site
    ) -> None:
        """See a function that may write files; one whose name the request tells is its own."""
        writes = self.again or name.rpartition(".")[2] in WRITING
        for path in paths if self.started and writes else ():
            if isinstance(path, str) and path.startswith(TEMPORARY) and ":" not in path:
                known = run.temporary.content.get(path, EMPTY)
                self._put(run, (path, "", path, site), Abstract(sources=sources, open=True), known)

    def opened(self, run: Interpreter, paths: list[Any], given: Arguments) -> None:
        """See files opened: ``"w"`` leaves nothing of what was there."""
        if self.again and any(strings(value)[:1] in ANEW for value in given.every()[1:]):
            for path in paths:
                _overwritten(run, run.temporary.content.get(path, EMPTY))

    def _put(
        self,
        run: Interpreter,
        slot: tuple[Any, str, str, Site],
        value: Abstract,
        held: Sources,
        *,
        keys: Sources = EMPTY,
        adds: bool = False,
    ) -> None:
        """Remember what goes into a place; the second time, that what was there is gone."""
        holder, key, name, site = slot
        if self.again:
            left = {plain(s) for s in held if s.owner.startswith(OWNER)}
            if not adds and left.isdisjoint(_earlier(value)):
                _overwritten(run, held)
            return
        identity = holder if isinstance(holder, str) else id(holder)
        known = self.slots.get((identity, key))
        if known is None:
            known = self.slots[identity, key] = Slot(holder, key, name, site, keyed=bool(keys))
        elif not self.content(known.value):
            known.name, known.site = name, site
        known.value = join(known.value, value)
        known.keyed, known.keys = known.keyed and bool(keys), known.keys | keys

    def compared(self, run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> None:
        """Take what was left for the caller's own where ``keptFor === event.user``."""
        if isinstance(test, ir.Not):
            self.compared(run, test.value, scope, holds=not holds)
        elif isinstance(test, ir.Operation) and test.operator == ("and" if holds else "or"):
            for operand in test.operands:
                self.compared(run, operand, scope, holds=holds)
        elif isinstance(test, ir.Compare) and SAME.get(test.operator) is holds:
            sides = [sources_of(run.evaluate(side, scope)) for side in (test.left, test.right)]
            for one, other in (sides, sides[::-1]):
                left = any(s.owner.startswith(OWNER) for s in one)
                if left and any(s.owner == "event" for s in other):
                    facts.learn(run, self.symbols())


def _has_its_own(one: Structure, method: str) -> bool:
    """Tell whether code says what a method does: ``{ put: (item) => client.put(item) }``."""
    return method in one.fields or bool(one.owner and one.owner.has(method))


def _earlier(value: Abstract) -> set[Symbol]:
    """Return the symbols of places in a value that were not overwritten before."""
    bits = uses.bits(FAMILY)
    found = (s for s in sources_of(value) if s.owner.startswith(OWNER))
    return {plain(s) for s in found if not getattr(s, "families", 0) & bits}


def _overwritten(run: Interpreter, held: Sources) -> None:
    bits = uses.bits(FAMILY)
    found = {plain(s): bits for s in held if s.owner.startswith(OWNER)}
    facts.learn(run, found)
    route = run.registry.running
    if route is not None and not route.methods and len(run.branches) == 1:
        run.state.before |= found


def overwritten(run: Interpreter) -> dict[Symbol, int]:
    """Return the places that were overwritten on every way to where the code runs now."""
    frame = run.running.frame
    known = frame.names.get(FACTS, NOTHING) if frame is not None else NOTHING
    bits = uses.bits(FAMILY)
    found = {plain(s): bits for s in known.atoms if s.owner.startswith(OWNER)}
    return {**run.state.before, **found}


def spelled(node: ir.Node) -> str:
    """Return how code names a place."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attribute):
        return f"{spelled(node.value)}.{node.name}"
    if isinstance(node, ir.Subscript):
        index = node.index
        key = f".{index.value}" if isinstance(index, ir.Constant) else "[]"
        return f"{spelled(node.value)}{key}"
    return "a value"


def left(value: Abstract, symbol: Symbol, births: int) -> Abstract:
    """Return a place's value as a later invocation finds it."""
    kept = (one for one in value.things if not isinstance(one, Structure) or one.serial <= births)
    atoms = frozenset(a for a in value.atoms if not isinstance(a, (Symbol, Text)))
    return Abstract(atoms | {symbol}, tuple(kept))
