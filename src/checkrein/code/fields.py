"""Fields and names: reading them from any value, binding patterns, assigning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.code import arms, classes, gaps, ir, library, sdk
from checkrein.code.things import (
    Class,
    Client,
    Closure,
    Handle,
    Library,
    Member,
    Named,
    Native,
    Request,
    Structure,
    Thing,
    Wrapped,
)
from checkrein.code.values import (
    EMPTY,
    NOTHING,
    UNKNOWN,
    Abstract,
    Sources,
    cleaned,
    constant,
    derived,
    extend,
    join,
    join_all,
    sources_of,
    tainted,
)
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

ERROR = Symbol("error", "")
SIZES = frozenset(("length", "size"))

# ------------------------------------------------------------------------------ reading


def read(run: Interpreter, value: Abstract, name: str, at: ir.Span, scope: Scope) -> Abstract:
    """Return the field of a value, recording that the code names it."""
    if value.arms:
        return arms.by_arm([value], lambda parts: read(run, parts[0], name, at, scope))
    result = NOTHING
    for atom in value.atoms:
        result = join(result, _of_atom(run, atom, name, at, scope))
    for one in value.things:
        found = of_thing(run, one, name, at, scope)
        if not isinstance(one, Structure):
            found = tainted(found, value.sources)
        result = join(result, found)
    if not result and (value.open or value.sources):
        return derived(value.sources)
    return tainted(result, value.sources) if ERROR in value.atoms else result


def _of_atom(run: Interpreter, atom: Any, name: str, at: ir.Span, scope: Scope) -> Abstract:
    if isinstance(atom, Symbol):
        if atom.owner == "context" and name in run.injected:
            return run.injected[name]
        if name == "length" and scope.source.language != "python":
            return UNKNOWN
        if atom.owner == "env":
            return derived(frozenset((atom,)))
        longer = extend(atom, "[]" if name.lstrip("-").isdigit() else name)
        run.named(longer, at, scope)
        return Abstract(atoms=frozenset((longer,)))
    if isinstance(atom, Text):
        whole = derived(sources_of(Abstract(atoms=frozenset((atom,)))))
        return cleaned(whole, uses.harmless_result(f"pathlib.Path().{name}"))
    # the value of an enumeration: constants have no other
    known = constant(atom) if name == "value" and scope.source.language == "python" else UNKNOWN
    return NOTHING if atom is None else known


def of_thing(run: Interpreter, one: Thing, name: str, at: ir.Span, scope: Scope) -> Abstract:
    """Return the field of one thing."""
    if isinstance(one, Structure):
        return _of_structure(run, one, name, at, scope)
    if isinstance(one, Library):
        return _of_library(run, one, name, at, scope)
    if isinstance(one, (Client, Request, Handle)):
        return sdk.attribute(run, one, name, at, scope)
    return _of_code(run, one, name)


def _of_library(run: Interpreter, one: Library, name: str, at: ir.Span, scope: Scope) -> Abstract:
    if one.name not in library.ENVIRONMENTS:
        return library.member(one, name)
    if name in run.injected:
        return run.injected[name]
    symbol = Symbol("env", name)
    run.named(symbol, at, scope)
    return Abstract(atoms=frozenset((symbol,)))


def _of_code(run: Interpreter, one: Thing, name: str) -> Abstract:
    """Return a name of a module, a class attribute, or a property of a function."""
    if isinstance(one, Named):
        return run.modules.member(run, one, name)
    if isinstance(one, Class):
        return classes.static(one, name)
    if isinstance(one, Wrapped):
        return Abstract(things=(Member(one, name),))
    if isinstance(one, Closure):
        return run.properties(one).fields.get(name, NOTHING)
    return NOTHING if isinstance(one, Native) else UNKNOWN


def _of_structure(
    run: Interpreter, one: Structure, name: str, at: ir.Span, scope: Scope
) -> Abstract:
    found = one.fields.get(name)
    if found is not None:
        return join(found, one.element) if one.kind == "list" else found
    if one.owner is not None:
        own = Abstract(things=(one,))
        found = own if name == "__dict__" else classes.member(run, one, name)
        if found:
            return found
    if one.kind == "list" and not name.lstrip("-").isdigit():
        return UNKNOWN if name in SIZES else NOTHING
    if one.kind == "list" and name.startswith("-"):
        return one.items()
    if one.rest:
        return join(one.element, read(run, one.rest, name, at, scope))
    return one.element or (classes.inherited(one.owner, name) if one.owner else NOTHING)


def item(run: Interpreter, value: Abstract, index: Abstract, at: ir.Span, scope: Scope) -> Abstract:
    """Return ``value[index]``: the named fields where the index is known, else any element."""
    if value.arms or index.arms:
        return arms.by_arm([value, index], lambda both: item(run, both[0], both[1], at, scope))
    result = NOTHING
    unknown = index.open or bool(index.things)
    for atom in index.atoms:
        if isinstance(atom, (Symbol, Text)):
            unknown = True
        else:
            result = join(result, read(run, value, _written(atom), at, scope))
    if not unknown and index:
        return result
    gaps.chosen(run, value, at, scope)
    return join(result, _any(value, index, run))


def _any(value: Abstract, index: Abstract, run: Interpreter) -> Abstract:
    """Return what an unknown key may give."""
    result = NOTHING
    for atom in value.atoms:
        if isinstance(atom, Symbol):
            result = join(result, Abstract(atoms=frozenset((extend(atom, "[]"),))))
    for one in value.things:
        if isinstance(one, Structure):
            items = arms.either(run, (*one.fields.values(), one.element))
            result = join(result, join(items, _any(one.rest, index, run)))
        elif isinstance(one, Library) and one.name in library.ENVIRONMENTS:
            result = join(result, derived(sources_of(index)))
        elif isinstance(one, Library):
            result = join(result, Abstract(things=(one.member("[]"),)))
    if value.open or value.sources:
        result = join(result, derived(value.sources | sources_of(index)))
    return result


def element(run: Interpreter, value: Abstract) -> Abstract:
    """Return what iterating over a value gives: items of lists, keys of dicts."""
    result = NOTHING
    for atom in value.atoms:
        if isinstance(atom, Symbol):
            result = join(result, Abstract(atoms=frozenset((extend(atom, "[]"),))))
        elif isinstance(atom, str):
            result = join(result, UNKNOWN)
    for one in value.things:
        result = join(result, _element_of(run, one))
    return join(result, derived(value.sources)) if value.open or value.sources else result


def _element_of(run: Interpreter, one: Thing) -> Abstract:
    if isinstance(one, Structure):
        found = one.items() if one.kind != "dict" else _keys_of(one)
        return join(found, element(run, one.rest)) if one.rest else found
    if isinstance(one, Handle):
        return sdk.element(run, one)
    return UNKNOWN


def keys(run: Interpreter, value: Abstract) -> Abstract:  # noqa: ARG001 - as element
    """Return the keys of a value."""
    result = NOTHING
    for one in value.things:
        if isinstance(one, Structure):
            result = join(result, _keys_of(one))
            result = join(result, derived(sources_of(one.rest))) if one.rest else result
    rest = sources_of(Abstract(value.atoms, (), value.sources))
    return join(result, derived(rest)) if rest or value.open else result


def _keys_of(one: Structure) -> Abstract:
    names = join_all(constant(name) for name in one.fields)
    found = join(names, one.keys)
    return join(found, UNKNOWN) if one.element and not one.keys else found


def values(value: Abstract) -> Abstract:
    """Return the join of the values of a dict or list."""
    result = NOTHING
    for atom in value.atoms:
        if isinstance(atom, Symbol):
            result = join(result, Abstract(atoms=frozenset((extend(atom, "[]"),))))
    for one in value.things:
        if isinstance(one, Structure):
            result = join(result, join(one.items(), values(one.rest)))
    return join(result, derived(value.sources)) if value.open or value.sources else result


def sliced(value: Abstract) -> Abstract:
    """Return a part of a list (the same items) or of a text (only its origins)."""
    kept = tuple(one for one in value.things if isinstance(one, Structure))
    symbols = frozenset(a for a in value.atoms if isinstance(a, Symbol) and a.owner != "env")
    others = sources_of(Abstract(value.atoms - symbols, (), value.sources))
    is_open = bool(value.atoms - symbols) or value.open
    return Abstract(symbols, kept, others, is_open)


def _written(atom: Any) -> str:
    return str(atom).lower() if isinstance(atom, bool) else str(atom)


def key_name(key: Abstract) -> str | None:
    """Return the one name that a key certainly is."""
    if len(key.atoms) != 1 or key.open or key.things:
        return None
    (atom,) = key.atoms
    return None if isinstance(atom, (Symbol, Text)) else _written(atom)


def spread(made: Structure, value: Abstract) -> Sources:
    """Copy fields into a structure (``{...value}``); return sources that have no field."""
    for one in value.things:
        if isinstance(one, Structure):
            made.fields.update(one.fields)
            made.element = join(made.element, one.element)
            made.keys = join(made.keys, one.keys)
            made.rest = join(made.rest, one.rest)
    symbols = frozenset(atom for atom in value.atoms if isinstance(atom, Symbol))
    if symbols or value.open:
        made.rest = join(made.rest, Abstract(symbols, (), value.sources, value.open))
    return value.sources if not value.things else EMPTY


# ------------------------------------------------------------------------------ binding


def bind(
    run: Interpreter, target: ir.Node, value: Abstract, scope: Scope, *, declares: bool = True
) -> None:
    """Give a pattern's names their parts of a value."""
    if isinstance(target, ir.Name):
        _bind_name(run, target.id, value, scope, declares=declares)
    elif isinstance(target, (ir.Attribute, ir.Subscript)):
        _assign(run, target, value, scope)
    elif isinstance(target, ir.Sequence):
        _bind_items(run, target, value, scope, declares=declares)
    elif isinstance(target, ir.ObjectPattern):
        for key, pattern in target.items:
            part = (
                value if key is None else item(run, value, run.evaluate(key, scope), key.at, scope)
            )
            bind(run, pattern, part, scope, declares=declares)
    elif isinstance(target, ir.Default):
        bind(run, target.pattern, defaulted(run, value, target.value, scope), scope)
    elif isinstance(target, ir.Spread):
        rest = run.built("list", None, element(run, value))
        bind(run, target.value, rest, scope, declares=declares)


def defaulted(run: Interpreter, value: Abstract, default: ir.Node, scope: Scope) -> Abstract:
    """Return a value that may be absent, or the default in its place."""
    if value and not any(isinstance(a, Symbol) or a is None for a in value.atoms):
        return value
    present = Abstract(value.atoms - {None}, value.things, value.sources, value.open)
    return join(present, run.evaluate(default, scope))


def _bind_items(
    run: Interpreter, target: ir.Sequence, value: Abstract, scope: Scope, *, declares: bool
) -> None:
    for position, pattern in enumerate(target.items):
        if isinstance(pattern, ir.Spread):
            bind(run, pattern, value, scope, declares=declares)
        else:
            part = item(run, value, constant(position), pattern.at, scope)
            bind(run, pattern, part, scope, declares=declares)


def _bind_name(
    run: Interpreter, name: str, value: Abstract, scope: Scope, *, declares: bool
) -> None:
    holder: Scope | None = scope
    if name in scope.outer or (not declares and name not in scope.names):
        holder = scope.parent.holder(name) if scope.parent is not None else scope
        holder = holder or scope.module()
    if holder is scope or holder is None:
        scope.names[name] = value
        return
    known = holder.names.get(name, NOTHING)
    united = join(known, value)
    run.mutated = -1
    if united != known:
        run.epoch += 1
        holder.names[name] = united


def _assign(
    run: Interpreter, target: ir.Attribute | ir.Subscript, value: Abstract, scope: Scope
) -> None:
    base = run.evaluate(target.value, scope)
    key = (
        constant(target.name)
        if isinstance(target, ir.Attribute)
        else run.evaluate(target.index, scope)
    )
    alone = len(base.things) == 1 and not base.atoms
    for one in base.things:
        if isinstance(one, Structure):
            store(run, one, key, value, alone=alone)
        elif isinstance(one, Class):
            store(run, one.statics, key, value, alone=alone)
        elif isinstance(one, Closure):
            store(run, run.properties(one), key, value, alone=alone)
        elif isinstance(one, Named):
            name = key_name(key)
            if name is not None:
                one.scope.names[name] = join(one.scope.names.get(name, NOTHING), value)
                run.epoch += 1
    symbolic = any(isinstance(a, Symbol) and a.owner != "context" for a in base.atoms)
    if symbolic or (base.open and not base.things):
        _assign_symbolic(run, target.value, base, key, value, scope)


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
        bind(run, holder, united, scope, declares=False)


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
        made.element = element(run, known)
    rest = receiver.atoms - symbols
    value = Abstract(rest, (*receiver.things, made), receiver.sources, receiver.open)
    bind(run, function.value, value, scope, declares=False)
    return value


def store(run: Interpreter, one: Structure, key: Abstract, value: Abstract, *, alone: bool) -> None:
    """Set a field: replace it if this surely happens to this structure, else join."""
    run.mutated = min(run.mutated, one.serial)
    name = key_name(key)
    if name is None:
        one.keys = join(one.keys, key)
        one.element = join(one.element, value)
        return
    known = one.fields.get(name)
    if not (alone and one.birth not in run.branches[:-1]):
        value = arms.added(run, known or NOTHING, value, alone=alone)
    one.fields[name] = value
