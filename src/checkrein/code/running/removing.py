"""Fields that code takes out: of an object, of one of several, of every item of a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Closure, Structure
from checkrein.code.domain.values import CALL, NOTHING, join_all, less, only_string
from checkrein.code.running import assignment, binding, fields
from checkrein.model import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

EACH = frozenset(("forEach", "map"))  # methods that call a function with every item
ITEM = re.compile(r"^(?:Items?|Attributes)?(?:\[\])?")  # of what a store answers: the whole of it
HOLDERS = (ir.Name, ir.Attribute, ir.Subscript)


def is_of_another(run: Interpreter, target: ir.Node, scope: Scope) -> bool:
    """Tell whether a field is taken out of what code found in an item of a store.

    That may stand there for this answer only (``order.buyer = await user(…); delete
    order.buyer.password``): so it does not tell that the store keeps such a field.
    """
    if not isinstance(target, ir.Attribute):
        return False
    base = run.evaluate(target.value, scope)
    return any(
        isinstance(atom, Symbol) and atom.owner.startswith(CALL) and ITEM.sub("", atom.attribute)
        for atom in base.atoms
    )


def removed(run: Interpreter, target: ir.Node, scope: Scope) -> None:
    """Take a named field out: ``delete body.password``, ``body.pop("password")``."""
    if isinstance(target, ir.Subscript):
        name = only_string(run.evaluate(target.index, scope))
    else:
        name = target.name if isinstance(target, ir.Attribute) else None
    if name is None or name.isdigit() or not isinstance(target, (ir.Attribute, ir.Subscript)):
        return
    base = run.evaluate(target.value, scope)
    known = all(isinstance(one, Structure) and one.kind != "list" for one in base.things)
    if not known or not (base.things or any(isinstance(a, Symbol) for a in base.atoms)):
        return
    assignment.assign(run, target, NOTHING, scope)
    if len(base.things) + bool(base.atoms) > 1 and isinstance(target.value, ir.Name):
        binding.bind(run, target.value, _without(run, base, name), scope, declares=False)


def popped(run: Interpreter, node: ir.Call, scope: Scope) -> None:
    """Take the field out that a call takes out: ``body.pop("password")``."""
    function = node.function
    if isinstance(function, ir.Attribute) and function.name == "pop" and node.arguments:
        part = ir.Subscript(node.at, function.value, node.arguments[0].value)
        removed(run, part, scope)


def _without(run: Interpreter, base: Abstract, name: str) -> Abstract:
    """Return what one of several objects is without a field; the others keep theirs.

    Which of them it is, nobody knows: who has another name for one of them still sees the field.
    """
    things = []
    for one in base.things:
        if isinstance(one, Structure):
            made = run.structure(one.kind, {**one.fields, name: NOTHING}, one.element)
            made.keys, made.rest, made.owner = one.keys, one.rest, one.owner
            things.append(made)
    if base.atoms:
        made = run.structure("dict", {name: NOTHING})
        made.rest = Abstract(base.atoms, (), base.sources, base.open)
        things.append(made)
    return Abstract(frozenset(), tuple(things), base.sources, base.open)


# ------------------------------------------------------------------------------ of every item


def by_loop(
    run: Interpreter, node: ir.Loop, item: Abstract, ends: list[dict[str, Abstract]], scope: Scope
) -> None:
    """Let a list be without the fields that each round of a loop over it took out of its item.

    ``ends`` are the names where a round may end.
    """
    if not isinstance(node.target, ir.Name) or not isinstance(node.iterable, HOLDERS):
        return
    left = [names.get(node.target.id, NOTHING) for names in ends]
    if left and all(_lacks(one, item) for one in left):
        made = run.built("list", None, join_all(left))
        binding.bind(run, node.iterable, made, scope, declares=False)


def _lacks(value: Abstract, item: Abstract) -> bool:
    """Tell whether a value is an item of a list of which fields were taken out."""
    return bool(value.things and not value.atoms) and all(
        isinstance(one, Structure)
        and one.rest.atoms == item.atoms
        and any(not part for part in one.fields.values())
        for one in value.things
    )


def by_calls(
    run: Interpreter, function: ir.Attribute, receiver: Abstract, given: Abstract, scope: Scope
) -> None:
    """Let a list be without the fields that a function takes out of each: ``xs.forEach(…)``."""
    if function.name not in EACH or not isinstance(function.value, HOLDERS):
        return
    closures = [one for one in given.things if isinstance(one, Closure)]
    if len(closures) != 1 or len(given.things) > 1 or given.atoms:
        return
    names = set(_taken_out(closures[0].definition))
    item = fields.element(run, receiver) if names else NOTHING
    if any(isinstance(atom, Symbol) for atom in item.atoms):
        made = run.built("list", None, less(item, names))
        binding.bind(run, function.value, made, scope, declares=False)


def _taken_out(definition: ir.Lambda) -> Iterator[str]:
    """Yield the fields that a function surely takes out of its first parameter."""
    pattern = definition.parameters[0].pattern if definition.parameters else None
    if not isinstance(pattern, ir.Name):
        return
    for statement in definition.body:
        for operand in _deleted(statement):
            if isinstance(operand.value, ir.Name) and operand.value.id == pattern.id:
                yield operand.name
        if _may_leave(statement) or _sets(statement, pattern.id):
            return


def _deleted(statement: ir.Node) -> Iterator[ir.Attribute]:
    value = statement.value if isinstance(statement, (ir.Expression, ir.Return)) else None
    if isinstance(value, ir.Operation) and value.operator == "delete":
        yield from (each for each in value.operands if isinstance(each, ir.Attribute))


def _may_leave(node: object) -> bool:
    """Tell whether a statement may end the function."""
    if isinstance(node, (ir.Return, ir.Raise)):
        return True
    return not isinstance(node, ir.Lambda) and any(map(_may_leave, ir.parts(node)))


def _sets(statement: ir.Node, name: str) -> bool:
    target = statement.target if isinstance(statement, ir.Assign) else None
    return isinstance(target, ir.Name) and target.id == name
