"""Setting fields: of structures, classes, functions, modules, library objects, symbolic values."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain import arms, keyed
from checkrein.code.domain.abstract import Abstract, Sources
from checkrein.code.domain.members import absent
from checkrein.code.domain.things import (
    Class,
    Closure,
    Library,
    Modelled,
    Named,
    Structure,
    Thing,
)
from checkrein.code.domain.values import (
    NOTHING,
    constant,
    extend,
    join,
    sources_of,
    tainted,
)
from checkrein.code.harm import pollution, unverified
from checkrein.code.libraries import library
from checkrein.code.running import binding, fields
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

FILLING = frozenset(  # methods that put their arguments into the object
    (
        *("update", "extend", "append", "add", "insert", "write", "writelines", "writerow"),
        *("writerows", "attach", "set_content", "set_payload", "add_header", "add_attachment"),
        *("add_alternative", "setContent", "addContent"),
    )
)


def assign(
    run: Interpreter, target: ir.Attribute | ir.Subscript, value: Abstract, scope: Scope
) -> None:
    """Set the attribute or item that a target names."""
    base = run.evaluate(target.value, scope)
    key = (
        constant(target.name)
        if isinstance(target, ir.Attribute)
        else run.evaluate(target.index, scope)
    )
    pollution.assigned(run, target, key, scope)
    alone = len(base.things) == 1 and not base.atoms
    for one in base.things:
        if isinstance(one, Modelled) and (name := fields.key_name(key)) in one.setters and name:
            one.setters[name](value, target.at)
        held = _holder(run, one)
        if held is not None:
            run.state.assigned(run, (held, key), value, target, scope, alone=alone)
            store(run, held, key, value, alone=alone)
        else:
            if isinstance(one, Library):
                unverified.assigned(run, one, key, value, target.at, scope)
            _set_on(run, one, key, value, target.at, scope)
    if isinstance(target, ir.Subscript) and _is_made(base):  # message["Subject"] = …
        _let_hold(run, target.value, base, sources_of(value), scope)
    symbolic = any(isinstance(a, Symbol) and a.owner != "context" for a in base.atoms)
    if symbolic or (base.open and not base.things):
        _assign_symbolic(run, target.value, base, key, value, scope)


def _holder(run: Interpreter, one: Thing) -> Structure | None:
    """Return the structure that keeps what is set on a thing, if it has one."""
    if isinstance(one, Structure):
        return one
    if isinstance(one, Class):
        return one.statics
    return run.properties(one) if isinstance(one, Closure) else None


def _set_on(
    run: Interpreter, one: Thing, key: Abstract, value: Abstract, at: ir.Span, scope: Scope
) -> None:
    """Keep what code sets on a module or a library's object: ``globalThis.x = …``."""
    name = fields.key_name(key)
    if isinstance(one, Library) and one.name in library.ENVIRONMENTS:
        run.surroundings.sets(name, value)
    if name is None:
        return
    if isinstance(one, Named):
        run.state.named(run, one.scope, name, value, at, scope)
        known = one.scope.names.get(name, NOTHING)
        one.scope.names[name] = join(known, value)
        run.epoch += one.scope.names[name] != known  # else what was learnt before still stands
    elif isinstance(one, Library) and one.name not in library.ENVIRONMENTS:
        known = run.registry.attributes.get((one.name, name), NOTHING)
        run.registry.attributes[one.name, name] = join(known, value)
        run.mutated = -1
        run.epoch += run.registry.attributes[one.name, name] != known


def _assign_symbolic(
    run: Interpreter,
    holder: ir.Node,
    base: Abstract,
    key: Abstract,
    value: Abstract,
    scope: Scope,
) -> None:
    """Assign a field of a symbolic value: from here on it is a structure over that symbol."""
    made = run.structure("dict")
    made.rest = Abstract(base.atoms, (), base.sources, base.open)
    store(run, made, key, value, alone=True)
    if isinstance(holder, (ir.Name, ir.Attribute, ir.Subscript)):
        united = Abstract(things=(*base.things, made))
        binding.bind(run, holder, united, scope, declares=False)


def grown(run: Interpreter, function: ir.Attribute, receiver: Abstract, scope: Scope) -> Abstract:
    """Make a structure of a symbolic list or dict that is about to grow."""
    symbols = frozenset(a for a in receiver.atoms if isinstance(a, Symbol) and a.owner != "env")
    if not symbols or not isinstance(function.value, (ir.Name, ir.Attribute, ir.Subscript)):
        return receiver
    known = Abstract(symbols, (), receiver.sources)
    made = run.structure("dict" if function.name in ("update", "setdefault") else "list")
    if made.kind == "dict":
        made.rest = known
    else:
        made.element = fields.element(run, known)
    rest = receiver.atoms - symbols
    value = Abstract(rest, (*receiver.things, made), receiver.sources, receiver.open)
    binding.bind(run, function.value, value, scope, declares=False)
    return value


def filled(
    run: Interpreter, function: ir.Attribute, receiver: Abstract, flowing: Sources, scope: Scope
) -> None:
    """Let what a method puts into a library's object flow on with it: ``hash.update(text)``."""
    if function.name in FILLING and _is_made(receiver):
        _let_hold(run, function.value, receiver, flowing, scope)


def _is_made(value: Abstract) -> bool:
    """Tell whether a value is an object that a library made."""
    return bool(value.things) and all(
        isinstance(one, Library) and one.path.endswith(")") for one in value.things
    )


def _let_hold(
    run: Interpreter, holder: ir.Node, known: Abstract, flowing: Sources, scope: Scope
) -> None:
    if isinstance(holder, (ir.Name, ir.Attribute)) and not flowing <= known.sources:
        binding.bind(run, holder, tainted(known, flowing), scope, declares=False)


def store(run: Interpreter, one: Structure, key: Abstract, value: Abstract, *, alone: bool) -> None:
    """Set a field: replace it if this surely happens to this structure, else join."""
    run.mutated = min(run.mutated, one.serial)
    run.running.change(one)
    run.repeated.changed(one, partial(store, run, one, key, value, alone=alone))
    name = fields.key_name(key)
    if name is None:
        one.keys = join(one.keys, key)
        one.element = join(one.element, value)
        keyed.put(one, key, value, surely=alone and one.birth not in run.branches[:-1])
        return
    known = one.fields.get(name)
    if known is not None:
        run.surroundings.varies(known, value)
    if known is None and one.rest:
        symbols = (atom for atom in one.rest.atoms if isinstance(atom, Symbol))
        known = Abstract(frozenset(extend(symbol, name) for symbol in symbols))
    if not (alone and one.birth not in run.branches[:-1]):
        value = arms.added(run, known or absent(name), value, alone=alone)
    one.fields[name] = value


def spread(run: Interpreter, one: Structure, value: Abstract) -> None:
    """Set the fields that another value has: ``one.update(value)``."""
    run.mutated = min(run.mutated, one.serial)
    run.running.change(one)
    run.repeated.changed(one, partial(spread, run, one, value))
    fields.spread(one, value)
