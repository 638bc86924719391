"""Functions and classes as values: decorators, instances, methods, inheritance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.stored import model
from checkrein.code.domain.things import (
    Arguments,
    Class,
    Closure,
    Library,
    Named,
    Structure,
    native,
)
from checkrein.code.domain.values import NOTHING, constant, join, join_all, only_string
from checkrein.code.harm import schemas
from checkrein.code.running import decorators, inlining, models, records
from checkrein.model import Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

NAMES = frozenset(("__name__", "name"))
CHOICES = 12  # methods that a computed name may be
CONSTRUCTORS = frozenset(("__init__", "constructor"))


def define(run: Interpreter, node: ir.ClassExpression, scope: Scope) -> Abstract:
    bases = tuple(run.evaluate(base, scope) for base in node.bases)
    made = Class(node, scope, bases)
    run.registry.classes.append(made)
    if node.name:
        scope.names.setdefault(node.name, Abstract(things=(made,)))
    for name, definition, kind in node.methods:
        if kind in ("static", "class"):
            bound = kind == "class"
            receiver = Abstract(things=(made,)) if bound else None
            closure = Closure(definition, scope, receiver, made if bound else None)
            made.statics.fields[name] = Abstract(things=(closure,))
    for key, value in node.fields:
        found = key.id if isinstance(key, ir.Name) else only_string(run.evaluate(key, scope))
        if found and value is not None:
            made.statics.fields[found] = run.evaluate(value, scope)
    _announce(run, made)
    return decorators.of_class(run, node, made, scope)


def _announce(run: Interpreter, made: Class) -> None:
    """Tell a new class to its ancestor, and its attributes the names that they have."""
    receiver = Abstract(things=(made,))
    for known in made.lineage()[1:]:
        for name, definition, _ in known.definition.methods:
            if name == "__init_subclass__":
                closure = Closure(definition, known.scope, receiver, known)
                inlining.apply_closure(run, closure, Arguments(definition.at, []))
    for name, value in tuple(made.statics.fields.items()):
        _special(run, value, "__set_name__", [receiver, constant(name)])


def _special(run: Interpreter, value: Abstract, name: str, given: list[Abstract]) -> Abstract:
    """Call a special method of the instances that a value may be, if they have it."""
    owned = [one for one in value.things if isinstance(one, Structure) and one.owner]
    methods = [member(run, one, name) for one in owned if one.owner and one.owner.has(name)]
    return join_all(
        inlining.apply_closure(run, known, Arguments(known.definition.at, given))
        for method in methods
        for known in method.things
        if isinstance(known, Closure)
    )


def subclasses(run: Interpreter, cls: Class) -> Abstract:
    """Return ``Class.__subclasses__``."""
    known = tuple(one for one in run.registry.classes if one is not cls and cls in one.lineage())
    found = Abstract(things=known)
    return native("subclasses", lambda _: run.built("list", None, found))


def chosen(receiver: Abstract, name: Abstract) -> Abstract:
    """Return the program's own functions that a name, which is not known, may choose."""
    pattern = "|".join(map(_pattern, name.atoms)) if name.atoms and not name.open else ".*"
    found: list[Closure] = []
    for one in receiver.things:
        if isinstance(one, Named):
            values = [v for k, v in one.scope.names.items() if re.fullmatch(pattern, k)]
            found += [t for v in values for t in v.things if isinstance(t, Closure)]
        owner = one.owner if isinstance(one, Structure) else None
        for known in owner.lineage() if owner else ():
            found += [
                Closure(definition, known.scope, Abstract(things=(one,)), known)
                for method, definition, kind in known.definition.methods
                if not kind and not method.startswith("__") and re.fullmatch(pattern, method)
                if method not in CONSTRUCTORS
            ]
    return Abstract(things=tuple(found[:CHOICES]))


def _pattern(atom: object) -> str:
    parts = atom.parts if isinstance(atom, Text) else (atom,)
    return "".join(re.escape(part) if isinstance(part, str) else ".*" for part in parts)


def static(run: Interpreter, cls: Class, name: str) -> Abstract:
    """Return what ``Class.name`` is: a class attribute, or the unbound method."""
    if name == "__subclasses__":
        return subclasses(run, cls)
    if name == "as_view":  # of Flask's views, which stand for their methods
        itself = Abstract(things=(cls,))
        return native(name, lambda _: itself)
    for known in cls.lineage():
        found = known.statics.fields.get(name)
        if found is not None:
            return found
        for method, definition, _ in known.definition.methods:
            if method == name:
                return Abstract(things=(Closure(definition, known.scope, None, known),))
    named = constant(cls.definition.name) if name in NAMES else NOTHING
    return inherited(cls, name) or named


def member(run: Interpreter, instance: Structure, name: str) -> Abstract:
    """Return what the instance's class says ``instance.name`` is, nothing if it does not."""
    cls = instance.owner
    assert cls is not None
    receiver = Abstract(things=(instance,))
    for known in cls.lineage():
        for method, definition, kind in known.definition.methods:
            if method != name or kind == "set":
                continue
            closure = Closure(definition, known.scope, receiver, known)
            if kind in ("static", "class"):
                return known.statics.fields[name]
            if kind == "get" or _is_property(definition):
                return inlining.apply_closure(run, closure, Arguments(definition.at, []))
            if name in known.decorated:
                return decorators.bound(run, known.decorated[name], receiver, known)
            return Abstract(things=(closure,))
        found = known.statics.fields.get(name)
        if found is not None:
            return _described(run, found, receiver)
    return NOTHING


def _described(run: Interpreter, found: Abstract, receiver: Abstract) -> Abstract:
    """Return a class attribute of an instance, which a descriptor's ``__get__`` makes."""
    return _special(run, found, "__get__", [receiver, NOTHING]) or found if found.things else found


def _is_property(definition: ir.Lambda) -> bool:
    return any(
        isinstance(d, ir.Name) and d.id in ("property", "cached_property")
        for d in definition.decorators
    )


def inherited(cls: Class, name: str) -> Abstract:
    """Return a member of a base class that is a library's."""
    result = NOTHING
    for base in cls.foreign():
        of = (*base.arguments, *model(base, cls.definition.name))
        made = Library(base.module, f"{base.path}()", of)
        result = join(result, Abstract(things=(made.member(name),)))
    return result


def modelled(cls: Class, name: str) -> Abstract:
    """Return a member of a library's base class whose effect is known."""
    found = inherited(cls, name)
    return found if any(models.function(one) for one in found.things) else NOTHING


def instantiate(run: Interpreter, cls: Class, arguments: Arguments) -> Abstract:
    """Make an instance and run its constructor."""
    made = run.structure("instance")
    made.owner = cls
    receiver = Abstract(things=(made,))
    for known in reversed(cls.lineage()):
        own = () if known.scope.source.language == "python" else known.definition.fields
        for key, value in own:  # each instance has a list of its own; a constant is the same
            if isinstance(key, ir.Name) and not isinstance(value, (ir.Constant, type(None))):
                made.fields[key.id] = _field(run, value, known, receiver)
    records.own_defaults(run, made, cls)
    for known in cls.lineage():
        for name, definition, _ in known.definition.methods:
            if name in CONSTRUCTORS:
                closure = Closure(definition, known.scope, receiver, known)
                inlining.apply_closure(run, closure, arguments)
                return receiver
    records.fill(run, made, cls, arguments)
    schemas.modelled(run, cls, made)
    return receiver


def _field(run: Interpreter, value: ir.Node, cls: Class, receiver: Abstract) -> Abstract:
    """Evaluate an instance field anew, where ``this`` is the instance."""
    scope = run.scope(cls.scope)
    scope.names["this"] = receiver
    return run.evaluate(value, scope)


def of_parent(name: str, scope: Scope) -> Abstract:
    """Return ``super.name`` for the method that is running."""
    owner, receiver = _current(scope)
    if owner is None:
        return NOTHING
    for known in owner.lineage()[1:]:
        for method, definition, _ in known.definition.methods:
            if method == name or (name in CONSTRUCTORS and method in CONSTRUCTORS):
                return Abstract(things=(Closure(definition, known.scope, receiver, known),))
    return inherited(owner, name)


def _current(scope: Scope) -> tuple[Class | None, Abstract]:
    here: Scope | None = scope
    while here is not None:
        if here.owner is not None:
            return here.owner, here.receiver
        here = here.parent
    return None, NOTHING
