"""Fields and items: reading them from any value, and spreading them into others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain import arms, keyed
from checkrein.code.domain.abstract import EMPTY, Abstract, Sources
from checkrein.code.domain.members import TELLING, absent
from checkrein.code.domain.things import (
    Class,
    Client,
    Closure,
    Handle,
    Library,
    Member,
    Modelled,
    Named,
    Native,
    Request,
    Structure,
    Thing,
    Wrapped,
)
from checkrein.code.domain.values import (
    ERROR,
    NOTHING,
    UNKNOWN,
    clean,
    cleaned,
    cleaned_symbols,
    constant,
    derived,
    extend,
    join,
    join_all,
    ordered,
    sources_of,
    tainted,
)
from checkrein.code.libraries import gaps, library, sdk, stores
from checkrein.code.running import classes, environment, missing, protocols, records
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

GLOBALS = "__globals__"  # of a function: the names of the module that defines it
SIZES = frozenset(("length", "size"))
ANNOTATED = "Annotated"  # a type with what else is said of it, which frameworks read
COUNTS = frozenset((  # numbers that a driver tells of a statement, whatever stood in that
    "insertId", "affectedRows", "changedRows", "rowsAffected", "rowCount", "lastInsertRowid",
))  # fmt: skip
FORMS = frozenset(("hex", "urn"))  # of a UUID, each as hard to guess

# ------------------------------------------------------------------------------ reading


def read(run: Interpreter, value: Abstract, name: str, at: ir.Span, scope: Scope) -> Abstract:
    """Return the field of a value, recording that the code names it."""
    if value.arms:
        return arms.by_arm([value], lambda parts: read(run, parts[0], name, at, scope))
    result = NOTHING
    for atom in ordered(value.atoms):
        result = join(result, _of_atom(run, atom, name, at, scope))
    if name in COUNTS and not any(isinstance(one, Structure) for one in value.things):
        return join(result, UNKNOWN) if result or value else NOTHING
    for one in value.things:
        found = of_thing(run, one, name, at, scope)
        if not isinstance(one, Structure):
            found = tainted(found, value.sources)
        result = join(result, found)
    if not result and (value.open or value.sources):
        return derived(value.sources)
    return tainted(result, value.sources) if _is_caught(value) else result


def _is_caught(value: Abstract) -> bool:
    return any(isinstance(atom, Symbol) and atom.owner == ERROR for atom in value.atoms)


def _of_atom(run: Interpreter, atom: Any, name: str, at: ir.Span, scope: Scope) -> Abstract:
    if isinstance(atom, Symbol):
        if atom.owner == "context" and name in run.injected:
            return run.injected[name]
        if name == "length" and scope.source.language != "python":
            return UNKNOWN
        if atom.owner == "env":
            return derived(frozenset((atom,)))
        element = name.lstrip("-").isdigit() and not stores.is_row(run, atom, scope)
        longer = extend(atom, "[]" if element else name)
        if name in COUNTS and run.recorder.is_of_store(atom):
            longer = clean(longer, uses.bits("all"))
        if atom.owner != ERROR:
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
    if one.is_random and name in FORMS:
        return Abstract(things=(one,), open=True)
    return _of_code(run, one, name)


def _of_library(run: Interpreter, one: Library, name: str, at: ir.Span, scope: Scope) -> Abstract:
    if one.name not in library.ENVIRONMENTS:
        found = run.registry.attributes.get((one.name, name)) if run.registry.attributes else None
        return library.member(one, name) if found is None else found
    if name in run.injected:
        return run.injected[name]
    symbol = Symbol("env", name)
    run.named(symbol, at, scope)
    return environment.read(Abstract(atoms=frozenset((symbol,))), name)


def _of_code(run: Interpreter, one: Thing, name: str) -> Abstract:
    """Return a name of a module, a class attribute, or a property of a function."""
    if isinstance(one, Named):
        return run.modules.member(run, one, name)
    if isinstance(one, Class):
        return classes.static(run, one, name)
    if isinstance(one, Wrapped):
        return Abstract(things=(Member(one, name),))
    if isinstance(one, Closure):
        if name == GLOBALS:
            return Abstract(things=(Named(one.scope.module()),))
        own = constant(one.definition.name) if name in classes.NAMES else NOTHING
        return run.properties(one).fields.get(name, own)
    return NOTHING if isinstance(one, Native) else UNKNOWN


def _of_structure(
    run: Interpreter, one: Structure, name: str, at: ir.Span, scope: Scope
) -> Abstract:
    found = one.fields.get(name)
    if found is not None:
        found = protocols.got(run, found) if found.things else found
        return join(found, one.element) if one.kind == "list" else found
    if isinstance(one, Modelled) and name in one.methods:
        return one.methods[name]
    if one.owner is not None and (found := _of_instance(run, one, name, at)):
        return found
    if one.kind == "list" and not name.lstrip("-").isdigit():
        return UNKNOWN if name in SIZES else NOTHING
    if one.kind == "list" and name.startswith("-"):
        return one.items()
    return _of_rest(run, one, name, at, scope)


def _of_rest(run: Interpreter, one: Structure, name: str, at: ir.Span, scope: Scope) -> Abstract:
    """Return what a name may be that a structure does not hold by itself."""
    if one.rest:
        return join(one.element, read(run, one.rest, name, at, scope))
    if one.element.things:
        return protocols.got(run, one.element)
    return one.element or (classes.inherited(one.owner, name) if one.owner else NOTHING)


def _of_instance(run: Interpreter, one: Structure, name: str, at: ir.Span) -> Abstract:
    """Return what an instance's class says that a name is."""
    if name == "__dict__":
        return Abstract(things=(one,))
    found = classes.member(run, one, name) or records.at_position(one, name)
    return found or protocols.looked_up(run, one, constant(name), at)


def item(run: Interpreter, value: Abstract, index: Abstract, at: ir.Span, scope: Scope) -> Abstract:
    """Return ``value[index]``: the named fields where the index is known, else any element."""
    if value.arms or index.arms:
        return arms.by_arm([value, index], lambda both: item(run, both[0], both[1], at, scope))
    result = NOTHING
    unknown = index.open or bool(index.things)
    for atom in ordered(index.atoms):  # a value holds so many things, the first ones
        if isinstance(atom, (Symbol, Text)):
            unknown = True
        else:
            result = join(result, read(run, value, _written(atom), at, scope))
    if not unknown and index:
        return result
    gaps.chosen(run, value, at, scope)
    drawn = run.recorder.drawn(sources_of(index))  # a letter picked by a number
    found = tainted(join(result, _any(value, index, run)), drawn)
    return cleaned_symbols(found, run.state.symbols(keyed=True)) if run.state.again else found


def _any(value: Abstract, index: Abstract, run: Interpreter) -> Abstract:
    """Return what an unknown key may give."""
    result = NOTHING
    for atom in value.atoms:
        if isinstance(atom, Symbol):
            result = join(result, Abstract(atoms=frozenset((extend(atom, "[]"),))))
    for one in value.things:
        if isinstance(one, Structure):
            result = join(result, _any_held(run, one, index))
        elif isinstance(one, Library) and one.name in library.ENVIRONMENTS:
            result = join(result, derived(sources_of(index)))
        elif isinstance(one, Library):
            result = join(result, Abstract(things=(_of_type(one, index),)))
    if value.open or value.sources:
        result = join(result, derived(value.sources | sources_of(index)))
    return result


def _any_held(run: Interpreter, one: Structure, index: Abstract) -> Abstract:
    held = keyed.held(one, index)
    if held is not None:
        return held
    items = arms.either(run, (*one.fields.values(), one.element))
    found = join(items, _any(one.rest, index, run))
    return join(found, protocols.looked_up(run, one, index, protocols.NO_PLACE))


def _of_type(one: Library, index: Abstract) -> Library:
    """Return an item of something of a library; a type keeps what is said of it."""
    item = one.member("[]")
    if one.path == ANNOTATED:
        item.arguments = (index,)
    return item


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
        own = protocols.element(run, one) if one.kind != "list" else None
        if own is not None:
            return own
        if one.kind == "map":
            return run.built("list", {"0": _keys_of(one), "1": join(one.items(), one.rest)})
        found = one.items() if one.kind != "dict" else _keys_of(one)
        return join(found, element(run, one.rest)) if one.rest else found
    if isinstance(one, Handle):
        return sdk.element(run, one)
    return (stores.element(one) if isinstance(one, Library) else NOTHING) or UNKNOWN


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


def from_position(run: Interpreter, value: Abstract, start: Abstract) -> Abstract:
    """Return a list from a position on, as far as the position is known; of a text its origins."""
    rest = sliced(value)
    first = next(iter(start.atoms), None) if len(start.atoms) == 1 and not start.open else None
    things: list[Thing] = []
    for one in rest.things:
        if one.kind != "list" or not one.fields:
            things.append(one)
            continue
        made = run.structure("list", None, one.element)
        if isinstance(first, int) and first >= 0:
            kept = [v for k, v in one.fields.items() if k.isdigit() and int(k) >= first]
            made.fields = {str(i): v for i, v in enumerate(kept)}
        else:
            made.element = one.items()
        things.append(made)
    return Abstract(rest.atoms, tuple(things), rest.sources, rest.open)


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
        return _named_by_library(key)
    (atom,) = key.atoms
    return None if isinstance(atom, (Symbol, Text)) else _written(atom)


def _named_by_library(key: Abstract) -> str | None:
    """Return the name of a key like ``[Symbol.iterator]``."""
    if len(key.things) != 1 or key.atoms or not isinstance(key.things[0], Library):
        return None
    return f"[{key.things[0].name}]"


def spread(made: Structure, value: Abstract, *, perhaps: bool = False) -> Sources:
    """Copy fields into a structure (``{...value}``); return sources that have no field.

    ``perhaps`` nothing is copied: ``{...(test && value)}``.
    """
    held = dict(made.fields)
    structures = [one for one in value.things if isinstance(one, Structure)]
    for one in structures:
        missing.overriding(made, (name for name in held if name not in one.fields), one.rest)
        made.fields.update(one.fields)
        made.element, made.keys = join(made.element, one.element), join(made.keys, one.keys)
        made.rest = join(made.rest, one.rest)
        keyed.spread(made, one, surely=len(structures) == 1 and not perhaps)
    for name in {n: None for one in structures for n in one.fields} if len(structures) > 1 else ():
        before = held.get(name) or absent(name)
        made.fields[name] = arms.by_arm([value], partial(_held, name, before))
    perhaps = perhaps or bool(value.atoms) or value.open
    for name in TELLING.intersection(made.fields) if perhaps else ():
        made.fields[name] = join(made.fields[name], held.get(name) or absent(name))
    symbols = frozenset(atom for atom in value.atoms if isinstance(atom, Symbol))
    if symbols or value.open:
        missing.overriding(made, held, Abstract(symbols))
        made.rest = join(made.rest, Abstract(symbols, (), value.sources, value.open))
    return value.sources if not value.things else EMPTY


def _held(name: str, before: Abstract, parts: list[Abstract]) -> Abstract:
    """Return what a field is after one of some structures was spread over what it was."""
    (value,) = parts
    every = (one for one in value.things if isinstance(one, Structure))
    return join_all(one.fields.get(name, before) for one in every)
