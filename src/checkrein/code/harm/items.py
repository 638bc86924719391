"""What tests tell of the items of a list: ``all(x in KNOWN for x in xs)``, ``xs.some(isBad)``.

A loop that ends by a bad item tells the same of all items once it has run to its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import FACTS
from checkrein.code.domain.things import Arguments, Closure, Library
from checkrein.code.domain.values import NOTHING, cleaned_symbols, families, plain, sources_of
from checkrein.code.harm import guards
from checkrein.code.running import binding, fields, inlining
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.outcomes import Outcome
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

# what tells of every item -> whether by a yes
QUANTIFIERS = {"all": True, "any": False}
METHODS = {"every": True, "some": False}
ITEM = "[]"


def told(run: Interpreter, test: ir.Call, scope: Scope, *, holds: bool) -> Facts:
    """Return what a test of all items tells of each."""
    function = test.function
    first = test.arguments[0].value if test.arguments else None
    if isinstance(function, ir.Attribute) and METHODS.get(function.name) is holds:
        return _by_function(run, function, first, scope, holds=holds) if first else {}
    if isinstance(function, ir.Name) and QUANTIFIERS.get(function.id) is holds:
        own = any(isinstance(t, Library) for t in run.evaluate(function, scope).things)
        if own and isinstance(first, ir.Comprehension):
            return _by_expression(run, first, scope, holds=holds)
    return {}


def _by_expression(run: Interpreter, node: ir.Comprehension, scope: Scope, *, holds: bool) -> Facts:
    """``all(x in KNOWN for x in xs)``; one with a condition says nothing of the other items."""
    if len(node.clauses) != 1 or node.clauses[0][2]:
        return {}
    target, iterable, _ = node.clauses[0]
    item = fields.element(run, run.evaluate(iterable, scope))
    inner = run.scope(scope)
    binding.bind(run, target, item, inner)
    return of_items(item, guards.told(run, node.body, inner, holds=holds).symbols)


def _by_function(
    run: Interpreter, function: ir.Attribute, test: ir.Node, scope: Scope, *, holds: bool
) -> Facts:
    """``xs.every((x) => KNOWN.includes(x))``."""
    item = fields.element(run, run.evaluate(function.value, scope))
    given = Arguments(test.at, [item])
    found = outcome(run, run.evaluate(test, scope), given)
    return of_items(item, found.says(holds=holds, awaited=False)) if found else {}


def outcome(run: Interpreter, function: Abstract, given: Arguments) -> Outcome | None:
    """Return what the one function that a value is tells of its arguments."""
    closures = [one for one in function.things if isinstance(one, Closure)]
    if len(closures) != 1 or len(function.things) > 1 or function.atoms:
        return None
    run.running.taken()
    with run.branch():
        inlining.apply_closure(run, closures[0], given)
    return run.running.taken()


def of_items(item: Abstract, found: Facts) -> Facts:
    """Return those facts that are of an item of a list, or of what lies below it."""
    items = {plain(s) for s in sources_of(item) if s.attribute.endswith(ITEM)}
    return {
        symbol: bits for symbol, bits in found.items() if any(_holds(one, symbol) for one in items)
    }


def _holds(one: Symbol, other: Symbol) -> bool:
    below = (f"{one.attribute}.", f"{one.attribute}[")
    return one.owner == other.owner and (
        one.attribute == other.attribute or other.attribute.startswith(below)
    )


def passed(item: Abstract, ends: list[dict[str, Abstract]]) -> Facts:
    """Return what a loop tells of its items where each of its rounds ended so."""
    known = [names.get(FACTS, NOTHING) for names in ends]
    first, *others = [{plain(a): families(a) for a in each.atoms} for each in known] or [{}]
    for other in others:
        first = {s: bits & other.get(s, 0) for s, bits in first.items() if other.get(s, 0) & bits}
    return of_items(item, first)


def kept(run: Interpreter, values: Abstract, test: Abstract, given: Arguments) -> Abstract:
    """Return what a filter leaves of a list: items that its function says yes to."""
    item = fields.element(run, values)
    found = outcome(run, test, Arguments(given.at, [item]))
    facts = of_items(item, found.says(holds=True, awaited=False)) if found else {}
    return run.built("list", None, cleaned_symbols(item, facts)) if facts else values
