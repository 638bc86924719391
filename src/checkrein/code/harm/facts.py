"""What tests have told of symbols, kept for as long as it holds, and told to callers.

What a test tells of a symbol (``event.body.name``) is a *fact*, kept among the names of the frame
that runs, and so for as long as the test's branch: names that are read, there and in what it
calls, are then as harmless as the fact says. A function of the program that returns or raises by
such a test tells its caller the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import (
    CHOSEN,
    FACTS,
    PROOF,
    REQUEST,
    Scope,
)
from checkrein.code.domain.things import Closure
from checkrein.code.domain.values import NOTHING, clean, cleaned, cleaned_symbols, families, plain
from checkrein.code.harm import chosen, claims, guards, held, proofs
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.things import Library, Structure
    from checkrein.code.harm.outcomes import Outcome
    from checkrein.code.harm.telling import Facts, Told
    from checkrein.code.running.interpreter import Interpreter

NONE: frozenset[str] = frozenset()


class Running:
    """The frame of the function that runs, and what functions that ran have told."""

    __slots__ = (
        "_asked",
        "_facts",
        "_known",
        "_ways",
        "asked",
        "awaiting",
        "catching",
        "changes",
        "frame",
        "outcome",
        "outcomes",
        "proof",
        "ran",
        "wanted",
    )

    def __init__(self) -> None:
        self.catching = 0  # how many wait around the code that runs for an error
        self.changes = 0  # of structures
        self.frame: Scope | None = None
        self.ran = 0  # functions of the program, by the call that is evaluated
        self.outcome: Outcome | None = None  # of the function that ran last
        self.outcomes: dict[int, Outcome] = {}  # by the call that asked
        self.proof: proofs.Pending | None = None  # of the library's function that ran last
        self.asked: Facts = {}  # what validators in front say, for who looks at their result
        self.awaiting: dict[int, Facts] = {}  # by the call whose promise proves it
        self.wanted: set[str] = set()  # what requests are told apart by
        self._asked: Abstract = NOTHING
        self._ways = NONE
        self._known: Abstract = NOTHING
        self._facts: Facts = {}

    def change(self, one: Structure) -> None:
        """See that a structure changes."""
        self.changes += 1
        one.changed = self.changes

    def taken(self) -> Outcome | None:
        """Return what the function that ran last told, once."""
        told, self.outcome, self.ran = self.outcome, None, 0
        return told

    def said(self, owner: str) -> frozenset[str]:
        """Return what facts say that are of no symbol, but of who calls or which request it is."""
        known = self.frame.names.get(FACTS) if self.frame is not None else None
        if not known:
            return NONE
        return frozenset(
            [symbol.attribute for symbol in self.facts(known) if symbol.owner == owner]
        )

    def requests(self) -> frozenset[str]:
        """Return what is known of the request: which it is, and what it asks for."""
        known = self.frame.names.get(FACTS) if self.frame is not None else None
        if not known:
            return NONE
        if known is not self._asked:
            self._asked = known
            self._ways = frozenset([a.attribute for a in known.atoms if _is_of_request(a)])
        return self._ways

    def facts(self, known: Abstract) -> Facts:
        """Return the facts that a frame keeps: the same from one change to the next."""
        if known is not self._known:
            self._known, self._facts = known, as_facts(known)
        return self._facts


def _is_of_request(atom: object) -> bool:
    return isinstance(atom, Symbol) and atom.owner in (REQUEST, CHOSEN)


def as_facts(known: Abstract) -> Facts:
    return {plain(atom): families(atom) for atom in known.atoms}


def _kept(found: Facts) -> Abstract:
    return Abstract(frozenset(clean(symbol, harmless) for symbol, harmless in found.items()))


def also(known: Abstract, found: Facts) -> Abstract:
    """Return what is known, and more."""
    before = as_facts(known)
    return _kept({**before, **{s: before.get(s, 0) | bits for s, bits in found.items()}})


def learn_in(frame: Scope, found: Facts) -> None:
    """Remember facts for as long as the branch lasts that the frame is in."""
    if found:
        frame.names[FACTS] = also(frame.names.get(FACTS, NOTHING), found)


def learn(run: Interpreter, found: Facts) -> None:
    """Remember facts about symbols for as long as the branch lasts that runs."""
    if found and run.running.frame is not None:
        learn_in(run.running.frame, {plain(symbol): bits for symbol, bits in found.items()})


def proven(run: Interpreter) -> Facts:
    """Return what callers have shown by now, as the frame that runs knows it."""
    frame = run.running.frame
    known = frame.names.get(FACTS, NOTHING) if frame is not None else NOTHING
    shown = (atom for atom in known.atoms if isinstance(atom, Symbol) and atom.owner == PROOF)
    return {plain(atom): families(atom) for atom in shown}


def read(run: Interpreter, node: ir.Attribute, value: Abstract, scope: Scope) -> Abstract:
    """Return a value of which a member is read; learn what that tells."""
    if len(value.atoms) == 1:
        learn(run, claims.read(node, value, scope))
        learn(run, held.read(run, node, value, scope))
    return value


def item(run: Interpreter, value: Abstract, found: Abstract, scope: Scope) -> None:
    """Learn what it tells that a value has an item."""
    learn(run, claims.item(value, found, scope) | held.item(run, value, found, scope))


def checked(run: Interpreter, value: Abstract) -> Abstract:
    """Return a value that is read, as harmless as the facts of the frame say."""
    frame = run.running.frame
    if frame is None or not (value.sources or value.atoms):
        return value
    known = frame.names.get(FACTS)
    if known is None or not known.atoms:
        return value
    return cleaned_symbols(value, run.running.facts(known))


def suppose(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> None:
    """Let names and facts be what a test tells, where it holds or where it does not."""
    if run.state.again:
        run.state.compared(run, test, scope, holds=holds)
    found = asked(run, test, scope, holds=holds)
    for name, harmless in found.names.items():
        scope.names[name] = cleaned(scope.names[name], harmless)
    learn_in(run.running.frame or scope, found.symbols)


def asked(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """Return what a test tells; its parts are read once more, which is nothing that happens."""
    frame = run.running.frame or scope
    known = frame.names.get(FACTS)
    found = guards.told(run, test, scope, holds=holds)
    _restore(frame, known)
    return found


def _restore(frame: Scope, known: Abstract | None) -> None:
    """Let a frame know only what it knew before."""
    if known is not None:
        frame.names[FACTS] = known
    else:
        frame.names.pop(FACTS, None)


class Assuming:
    """While it lasts, names and facts are what tests tell: in an arm of an expression.

    What calls tell by having returned holds no longer either, from the first test on.
    """

    __slots__ = ("_before", "_run", "_scope", "_told")

    def __init__(self, run: Interpreter, scope: Scope) -> None:
        self._run = run
        self._scope = scope
        self._told: list[_Assumed] = []
        self._before: tuple[Scope, Abstract | None] | None = None  # the frame, and its facts

    def __enter__(self) -> Self:
        return self

    def test(self, test: ir.Node, *, holds: bool) -> None:
        """Assume one test more, until the end."""
        scope = self._scope
        frame = self._run.running.frame or scope
        self.arm()
        found = asked(self._run, test, scope, holds=holds)
        if not found:
            return
        before = {name: scope.names[name] for name in found.names}
        inside = {name: cleaned(value, found.names[name]) for name, value in before.items()}
        scope.names.update(inside)
        learn_in(frame, found.symbols)
        self._told.append(_Assumed(before, inside))

    def arm(self) -> None:
        """Remember what is known where the first arm begins."""
        if self._before is None:
            frame = self._run.running.frame or self._scope
            self._before = frame, frame.names.get(FACTS)

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            _restore(*self._before)
        names = self._scope.names
        for before, inside in reversed(self._told):
            names.update({n: v for n, v in before.items() if names[n] is inside[n]})


class _Assumed(NamedTuple):
    """How a scope's names were before a test, and what it made of these."""

    before: dict[str, Abstract]
    inside: dict[str, Abstract]


# ------------------------------------------------------------------------------ functions


def under(run: Interpreter, value: Abstract) -> Abstract:
    """Return a value whose functions remember what is known of the caller and the request."""
    frame = run.running.frame
    known = frame.names.get(FACTS) if frame is not None else None
    if not known or not any(type(one) is Closure for one in value.things):
        return value
    said = [symbol for symbol in run.running.facts(known) if symbol.owner in (PROOF, REQUEST)]
    return chosen.marked(value, said)


class Knowing:
    """While it lasts, what a function was chosen under is known: it runs."""

    __slots__ = ("_before", "_chosen", "_outer", "_run")

    def __init__(self, run: Interpreter, one: Closure) -> None:
        self._run = run
        self._chosen = one.chosen
        self._outer = Scope(one.scope.source)  # where nothing of the program calls the function
        self._before: Abstract | None = None

    def __enter__(self) -> None:
        running = self._run.running
        if running.frame is None:
            running.frame = self._outer
        self._before = running.frame.names.get(FACTS)
        learn_in(running.frame, dict.fromkeys(self._chosen, uses.bits("caller")))

    def __exit__(self, *error: object) -> None:
        frame = self._run.running.frame
        if frame is self._outer:
            self._run.running.frame = None
        elif frame is not None:
            _restore(frame, self._before)


class Framed:
    """While it lasts, a function runs; it knows what its caller knows."""

    __slots__ = ("_caller", "_running", "_scope")

    def __init__(self, run: Interpreter, scope: Scope) -> None:
        self._running = run.running
        self._caller = run.running.frame
        self._scope = scope

    def __enter__(self) -> None:
        known = self._caller.names.get(FACTS) if self._caller is not None else None
        if known:
            self._scope.names[FACTS] = known
        self._running.frame = self._scope

    def __exit__(self, *error: object) -> None:
        self._running.frame = self._caller


def returned(run: Interpreter, one: Library, value: Abstract, harmless: int) -> None:
    """Learn what a function of a library tells of its argument by not raising: ``int(x)``."""
    if run.running.frame is not None and uses.raises(one.name.removeprefix("builtins.")):
        learn_in(
            run.running.frame, {plain(a): harmless for a in value.atoms if isinstance(a, Symbol)}
        )
