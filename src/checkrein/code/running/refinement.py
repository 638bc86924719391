"""What a test tells about names: a value that was compared with constants is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Closure, Thing
from checkrein.code.running import fields
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

EQUAL = {"==": True, "===": True, "is": True, "!=": False, "!==": False, "is-not": False}
INSIDE = {"in": True, "not-in": False}
MEMBERSHIP = frozenset(("includes", "has"))
FALSY = (None, "", 0, False)
NONE = frozenset((None,))


def settled(test: ir.Node, scope: Scope) -> bool | None:
    """Return what a test says of a flag that this call was given, None where that is not known.

    Only of the running function's own parameters: what others are may change between invocations.
    """
    if isinstance(test, ir.Not):
        inner = settled(test.value, scope)
        return None if inner is None else not inner
    if isinstance(test, ir.Operation) and test.operator in ("and", "or"):
        ending = test.operator == "or"
        found = [settled(operand, scope) for operand in test.operands]
        return ending if ending in found else None if None in found else not ending
    return _chosen(test, scope) if isinstance(test, ir.Compare) else _given(test, scope)


def _given(test: ir.Node, scope: Scope) -> bool | None:
    """Return whether what this call was given is true."""
    if not isinstance(test, ir.Name) or not _is_parameter(test.id, scope):
        return None
    value = scope.names.get(test.id)
    if value is None or value.open or value.sources or not (value.atoms or value.things):
        return None
    if value.things:
        return True if not value.atoms and all(map(_is_function, value.things)) else None
    said = {None if isinstance(a, (Symbol, Text)) else bool(a) for a in value.atoms}
    return said.pop() if len(said) == 1 else None


def _chosen(test: ir.Compare, scope: Scope) -> bool | None:
    """Return what a comparison says of a text that this call was given: ``kind === "orders"``."""
    positive = {**EQUAL, **INSIDE}.get(test.operator)
    several = test.operator in INSIDE
    if (
        positive is None
        or not isinstance(test.left, ir.Name)
        or not _is_parameter(test.left.id, scope)
    ):
        return None
    asked = test.right.items if several and isinstance(test.right, ir.Sequence) else (test.right,)
    texts = {one.value for one in asked if isinstance(one, ir.Constant)}
    value = scope.names.get(test.left.id)
    if len(texts) != len(asked) or not all(type(text) is str for text in texts):
        return None
    if several and not isinstance(test.right, ir.Sequence):
        return None
    if value is None or value.open or value.sources or value.things or not value.atoms:
        return None
    said = {atom in texts if type(atom) is str else None for atom in value.atoms}
    found = said.pop() if len(said) == 1 else None
    return None if found is None else found is positive


def _is_parameter(name: str, scope: Scope) -> bool:
    """Tell whether a name is a parameter of the function that runs, which nothing else sets."""
    if scope.definition is None:
        return False
    return any(_names(one.pattern, name) for one in scope.definition.parameters)


def _names(pattern: ir.Node, name: str) -> bool:
    """Tell whether a parameter is called so, or takes it out of an object that it is given."""
    pattern = pattern.pattern if isinstance(pattern, ir.Default) else pattern
    if isinstance(pattern, ir.ObjectPattern):
        return any(key is not None and _names(inner, name) for key, inner in pattern.items)
    return isinstance(pattern, ir.Name) and pattern.id == name


def _is_function(thing: Thing) -> bool:
    return type(thing) is Closure


def refined(
    run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool, alone: bool
) -> dict[str, Abstract]:
    """Return the names that a test tells more about, where it holds or where it does not.

    What is nothing there is told only of what runs ``alone`` so.
    """
    if isinstance(test, ir.Not):
        return refined(run, test.value, scope, holds=not holds, alone=alone)
    if isinstance(test, ir.Operation) and test.operator == ("and" if holds else "or"):
        found: dict[str, Abstract] = {}
        for operand in test.operands:
            found.update(refined(run, operand, scope, holds=holds, alone=alone))
        return found
    if isinstance(test, ir.Compare):
        return _compared(run, test, scope, holds=holds)
    if isinstance(test, ir.Call) and holds:
        return _member(run, test, scope)
    if isinstance(test, ir.Name):
        return _truthy(test, scope) if holds else _falsy(test, scope) if alone else {}
    return {}


def _truthy(test: ir.Name, scope: Scope) -> dict[str, Abstract]:
    value = scope.names.get(test.id)
    if value is None or not any(atom in FALSY for atom in _plain(value)):
        return {}
    kept = frozenset(a for a in value.atoms if isinstance(a, (Symbol, Text)) or a not in FALSY)
    return {test.id: Abstract(kept, value.things, value.sources, value.open)}


def _falsy(test: ir.Name, scope: Scope) -> dict[str, Abstract]:
    """Return the name as what is left of it where it is nothing: no content is."""
    value = scope.names.get(test.id)
    has_content = value is not None and (
        value.sources or any(isinstance(atom, (Symbol, Text)) for atom in value.atoms)
    )
    if value is None or not has_content:
        return {}
    return {test.id: Abstract(frozenset(a for a in _plain(value) if a in FALSY) or NONE)}


def _plain(value: Abstract) -> list[object]:
    return [atom for atom in value.atoms if not isinstance(atom, (Symbol, Text))]


def _compared(
    run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool
) -> dict[str, Abstract]:
    if EQUAL.get(test.operator) is holds:
        for name, other in ((test.left, test.right), (test.right, test.left)):
            if isinstance(name, ir.Name) and not isinstance(other, ir.Name):
                return _only(name, run.evaluate(other, scope), scope)
    if INSIDE.get(test.operator) is holds and isinstance(test.left, ir.Name):
        return _only(test.left, fields.element(run, run.evaluate(test.right, scope)), scope)
    if EQUAL.get(test.operator) is (not holds) and isinstance(test.left, ir.Name):
        return _without(test.left, run.evaluate(test.right, scope), scope)
    return {}


def _member(run: Interpreter, test: ir.Call, scope: Scope) -> dict[str, Abstract]:
    """``[…].includes(name)``."""
    function = test.function
    if not isinstance(function, ir.Attribute) or function.name not in MEMBERSHIP:
        return {}
    first = test.arguments[0].value if test.arguments else None
    if not isinstance(first, ir.Name):
        return {}
    return _only(first, fields.element(run, run.evaluate(function.value, scope)), scope)


def _only(name: ir.Name, allowed: Abstract, scope: Scope) -> dict[str, Abstract]:
    """Return the name as one of some constants, if that is all there is to choose from."""
    value = scope.names.get(name.id)
    plain = frozenset(_plain(allowed))
    if value is None or value.things or not plain or plain != allowed.atoms:
        return {}
    if allowed.open or allowed.things or allowed.sources:
        return {}
    if not (value.open or value.sources) and not _has_symbols(value):
        return {name.id: Abstract(known)} if (known := value.atoms & plain) else {}
    return {name.id: Abstract(plain)}


def _has_symbols(value: Abstract) -> bool:
    return any(isinstance(atom, (Symbol, Text)) for atom in value.atoms)


def _without(name: ir.Name, excluded: Abstract, scope: Scope) -> dict[str, Abstract]:
    """Return the name without a constant that it is not."""
    value = scope.names.get(name.id)
    if value is None or len(excluded.atoms) != 1 or not excluded.atoms & value.atoms:
        return {}
    if isinstance(next(iter(excluded.atoms)), (Symbol, Text)) or value.atoms == excluded.atoms:
        return {}
    return {
        name.id: Abstract(value.atoms - excluded.atoms, value.things, value.sources, value.open)
    }


def asks_for_main(test: ir.Node) -> bool:
    """Tell whether a test asks if the file is run as a program: it is not, where it is imported."""
    if not isinstance(test, ir.Compare) or EQUAL.get(test.operator) is not True:
        return False
    python = isinstance(test.left, ir.Name) and test.left.id == "__name__"
    javascript = isinstance(test.left, ir.Attribute) and test.left.name == "main"
    return python or (javascript and isinstance(test.right, ir.Name) and test.right.id == "module")
