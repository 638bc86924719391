"""Calls: the program's own functions are inlined (``inlining.py``), others modelled by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import frameworks, ir
from checkrein.code.domain import arms
from checkrein.code.domain.abstract import EMPTY, Abstract, Sources
from checkrein.code.domain.members import overlay
from checkrein.code.domain.things import (
    Arguments,
    Class,
    Client,
    Closure,
    Handle,
    Library,
    Member,
    Native,
    Request,
    Structure,
    Thing,
    Wrapped,
)
from checkrein.code.domain.values import (
    NOTHING,
    derived,
    join,
    join_all,
    only_string,
    ordered,
    sources_of,
    strings,
    tainted,
)
from checkrein.code.harm import chosen, facts, outcomes, texts, uncaught, validators
from checkrein.code.libraries import gaps, library, methods, sdk
from checkrein.code.running import (
    assignment,
    blindly,
    classes,
    environment,
    fields,
    inlining,
    protocols,
    removing,
)
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

GROWING = frozenset(("append", "extend", "push", "unshift", "update", "setdefault"))
HOLDING = 2  # functions are looked for no deeper in what a library is given
CALLABLE = (Closure, Native, Wrapped, Member, Class, Library)


def callable_thing(one: Thing) -> bool:
    return isinstance(one, CALLABLE) or protocols.is_callable(one)


def callable_value(value: Abstract) -> bool:
    """Tell whether a value may be called: code, or the context's own way to answer."""
    return any(map(callable_thing, value.things)) or any(map(_answers, value.atoms))


def is_callback(value: Abstract) -> bool:
    """Tell whether an argument is a function to call back, rather than data of a library."""
    own = any(isinstance(one, (Closure, Native, Wrapped, Member)) for one in value.things)
    return own or any(map(_answers, value.atoms))


def _answers(atom: object) -> bool:
    return (
        isinstance(atom, Symbol) and atom.owner == "context" and atom.attribute in methods.CONTEXT
    )


def call(run: Interpreter, node: ir.Call, scope: Scope) -> Abstract:
    """Evaluate a call expression, and learn what it tells of its arguments."""
    before, run.running.ran = run.running.ran, 0
    result = _called(run, node, scope)
    removing.popped(run, node, scope)
    outcomes.after(run, node, scope)
    run.running.ran = before
    return result


def _called(run: Interpreter, node: ir.Call, scope: Scope) -> Abstract:
    function = node.function
    if isinstance(function, ir.Name) and function.id == "super":
        return _parent(run, node, scope)
    if isinstance(function, ir.Attribute) and not is_super(function.value):
        receiver = _receiver(run, function, scope)
        if function.name in GROWING:
            receiver = assignment.grown(run, function, receiver, scope)
        given = arguments(run, node, scope)
        if receiver.things:
            if function.name in assignment.FILLING:
                assignment.filled(run, function, receiver, flowing_in(given), scope)
            run.state.called(run, function, receiver, given, scope)
        if node.new:
            callee = fields.read(run, receiver, function.name, function.at, scope)
            return construct(run, callee, given, scope)
        result = call_method(run, receiver, function.name, given, scope)
        removing.by_calls(run, function, receiver, given.first(), scope)
        result = texts.called(run, node, receiver, result, scope)
        return environment.called(receiver, function.name, given, result)
    if isinstance(function, ir.Subscript) and not isinstance(function.index, ir.Slice):
        return _computed(run, function, node, scope)
    callee = run.evaluate(function, scope)
    given = arguments(run, node, scope)
    result = (construct if node.new else apply)(run, callee, given, scope)
    return environment.truly(function, given, result)


def _receiver(run: Interpreter, function: ir.Attribute, scope: Scope) -> Abstract:
    if function.name != "catch":
        return facts.read(run, function, run.evaluate(function.value, scope), scope)
    with uncaught.Catching(run):
        return run.evaluate(function.value, scope)


def is_super(node: ir.Node) -> bool:
    """Tell whether a receiver is ``super`` or ``super()``."""
    if isinstance(node, ir.Call):
        node = node.function
    return isinstance(node, ir.Name) and node.id == "super"


def _parent(run: Interpreter, node: ir.Call, scope: Scope) -> Abstract:
    """Evaluate ``super(…)``: JavaScript's call of the parent constructor."""
    given = arguments(run, node, scope)
    constructor = classes.of_parent("constructor", scope)
    own = tuple(one for one in constructor.things if isinstance(one, Closure))
    return apply(run, Abstract(things=own), given, scope) if own else NOTHING


def _computed(run: Interpreter, function: ir.Subscript, node: ir.Call, scope: Scope) -> Abstract:
    """Evaluate ``receiver[name](…)``, for each name it may be."""
    receiver = run.evaluate(function.value, scope)
    index = run.evaluate(function.index, scope)
    given = arguments(run, node, scope)
    names = strings(index)
    exact = only_string(index) is not None
    result = NOTHING
    for name in names:
        result = join(result, call_method(run, receiver, name, given, scope, certain=exact))
    if not exact:
        found = chosen.by_request(receiver, index)
        found = found or fields.item(run, receiver, index, node.at, scope)
        found = join(found, classes.chosen(receiver, index))
        result = join(result, apply(run, found, given, scope))
    return result


def arguments(run: Interpreter, node: ir.Call, scope: Scope) -> Arguments:
    """Evaluate a call's arguments."""
    given = Arguments(node.at, [])
    for argument in node.arguments:
        value = run.evaluate(argument.value, scope)
        if argument.name == "*":
            _spread_items(run, value, given)
        elif argument.name == "**":
            _spread_names(value, given)
        elif argument.name:
            given.named[argument.name] = value
        else:
            given.positional.append(value)
    return given


def _spread_items(run: Interpreter, value: Abstract, given: Arguments) -> None:
    lists = [t for t in value.things if isinstance(t, Structure) and not t.element]
    if len(lists) == 1 and not value.atoms:
        given.positional += lists[0].fields.values()
    else:
        given.positional += [fields.element(run, value)] * 2


def _spread_names(value: Abstract, given: Arguments) -> None:
    structures = [one for one in value.things if isinstance(one, Structure)]
    overlay(given.named, structures, perhaps=bool(value.atoms) or value.open)
    for one in structures:
        given.rest = join(given.rest, join(one.rest, one.element))
    symbols = frozenset(atom for atom in value.atoms if isinstance(atom, Symbol))
    if symbols or value.open:
        given.rest = join(given.rest, Abstract(symbols, (), value.sources, value.open))


# ------------------------------------------------------------------------------ methods


def call_method(
    run: Interpreter,
    receiver: Abstract,
    name: str,
    given: Arguments,
    scope: Scope,
    *,
    certain: bool = True,
) -> Abstract:
    """Call ``receiver.name(…)`` on everything the receiver may be."""
    result = join_all(
        found
        for atom in ordered(receiver.atoms)
        if isinstance(atom, Symbol) and (found := frameworks.event_method(atom, name, given))
    )
    if result:
        return result
    gaps.of_unknown(run, receiver, name, given.at, scope)
    plain, own = list[Thing](), list[Abstract]()
    for one in receiver.things:
        if isinstance(one, (Client, Handle, Request)):
            result = join(result, sdk.call(run, one, name, given, scope, certain=certain))
        elif isinstance(one, Library) and methods.is_known(one, name, given):
            plain.append(one)
        elif isinstance(one, Library):
            member = run.registry.attributes.get((one.name, name)) or library.member(one, name)
            result = join(result, apply(run, tainted(member, receiver.sources), given, scope))
        else:
            found = _own_method(run, one, name, given, scope)
            if found is None:
                plain.append(one)
            else:
                own.append(found)
    result = join(result, arms.either(run, own))
    rest = Abstract(receiver.atoms, tuple(plain), receiver.sources, receiver.open)
    if receiver.atoms or plain or (not receiver.things):
        result = join(result, methods.call(run, rest, name, given, scope))
    return result


def _own_method(
    run: Interpreter, one: Thing, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Call a method that the program itself defines; None if there is no such method."""
    if (loaded := validators.loaded(run, one, name, given, scope)) is not None:
        return loaded
    if isinstance(one, Structure) and one.owner and name in methods.KNOWN:
        found = one.fields.get(name, NOTHING) or classes.member(run, one, name)
        found = found or classes.modelled(one.owner, name)
    else:
        found = fields.of_thing(run, one, name, given.at, scope)
    callables = tuple(t for t in found.things if callable_thing(t))
    if not callables or isinstance(one, Wrapped):
        return None
    receiver = Abstract(things=(one,))
    result = NOTHING
    if name == "start" and isinstance(one, Structure) and one.owner:  # of a thread
        callables += classes.member(run, one, "run").things
    for inner in callables:
        if isinstance(inner, Closure) and inner.receiver is None and isinstance(one, Structure):
            result = join(result, inlining.apply_closure(run, inner, given, receiver))
        else:
            flowing = sources_of(receiver) if isinstance(inner, Library) else EMPTY
            result = join(result, apply(run, Abstract(EMPTY, (inner,), flowing), given, scope))
    return result


# ------------------------------------------------------------------------------ functions


def apply(run: Interpreter, callee: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call everything a value may be; what is not a known function passes its arguments on."""
    every = [_apply_thing(run, one, callee, given, scope) for one in callee.things]
    result = arms.either(run, every)
    for atom in filter(_answers, callee.atoms):
        run.respond(given.first(methods.CONTEXT[atom.attribute]), given.at, scope)
    if callee.atoms or callee.open or not callee.things:
        result = join(result, unknown(run, given, sources_of(callee), scope))
    return result


def _apply_thing(
    run: Interpreter, one: Thing, callee: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    if isinstance(one, Closure):
        return inlining.apply_chosen(run, one, given)
    if isinstance(one, Class):
        return classes.instantiate(run, one, given)
    if isinstance(one, Library):
        return library.call(run, one, given, callee.sources, scope)
    if isinstance(one, Member):
        return _apply_member(run, one, callee, given, scope)
    return _apply_other(run, one, callee, given, scope)


def _apply_member(
    run: Interpreter, one: Member, callee: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """Call a method that was taken from its object; one of several is not certain."""
    names = {(t.of, t.name) for t in callee.things if isinstance(t, Member)}
    receiver = Abstract(things=(one.of,))
    return call_method(run, receiver, one.name, given, scope, certain=len(names) == 1)


def _apply_other(
    run: Interpreter, one: Thing, callee: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    if isinstance(one, Native):
        return one.perform(given)
    if isinstance(one, Wrapped):
        return join_all(_apply_wrapped(run, inner, given, scope) for inner in one.functions)
    found = protocols.called(run, one, given)
    return found if found is not None else unknown(run, given, sources_of(callee), scope)


def _apply_wrapped(run: Interpreter, inner: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call a function that a library holds, and the function that it may make in turn."""
    result = apply(run, inner, given, scope)
    made = tuple(one for one in result.things if isinstance(one, Closure))
    if not made:
        return result
    others = tuple(one for one in result.things if not isinstance(one, Closure))
    rest = Abstract(result.atoms, others, result.sources, result.open)
    return join(rest, apply(run, Abstract(things=made), given, scope))


def construct(run: Interpreter, callee: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Evaluate ``new callee(…)``."""
    result = NOTHING
    for one in callee.things:
        if isinstance(one, Closure):
            made = run.structure("instance")
            prototype = run.properties(one).fields.get("prototype")
            for base in prototype.things if prototype else ():
                if isinstance(base, Structure):
                    made.fields.update(base.fields)
            receiver = Abstract(things=(made,))
            inlining.apply_closure(run, one, given, receiver)
            result = join(result, receiver)
        elif isinstance(one, Library):
            result = join(result, library.call(run, one, given, EMPTY, scope))
        else:
            result = join(result, _apply_thing(run, one, callee, given, scope))
    return result or derived(flowing_in(given))


def unknown(run: Interpreter, given: Arguments, sources: Sources, scope: Scope) -> Abstract:
    """Call something unknown: what goes in comes out, and functions it is given are called."""
    functions = tuple(found for value in given.every() for found in functions_in(value))
    flowing = sources | flowing_in(given)
    if functions:
        result = give(run, functions, flowing, scope, given.at)
        return join(Abstract(things=(Wrapped(functions),), sources=flowing, open=True), result)
    return derived(flowing)


def functions_in(value: Abstract, depth: int = 0) -> list[Abstract]:
    """Return the functions that a value is, or holds in a list or an options object."""
    own = tuple(one for one in value.things if is_function(one))
    found = [Abstract(things=own)] if own else []
    for one in value.things:
        if isinstance(one, Structure) and one.owner is None and depth < HOLDING:
            for part in (*one.fields.values(), one.element):
                found += functions_in(part, depth + 1)
    return found


def is_function(one: Thing) -> bool:
    return isinstance(one, (Closure, Native, Wrapped))


def give(
    run: Interpreter, functions: tuple[Abstract, ...], sources: Sources, scope: Scope, at: ir.Span
) -> Abstract:
    """Let an unknown library call functions, now or, while modules load, when all else is done.

    Return what those give that take nothing: ``retry(() => …)`` hands it on.
    """
    result = NOTHING
    for function in functions:
        if run.loading:
            run.waiting.append((function, sources, scope, at))
        elif blindly.takes(function):
            call_blindly(run, function, sources, scope, at)
        else:
            result = join(result, call_blindly(run, function, sources, scope, at))
    return result


def call_blindly(
    run: Interpreter, function: Abstract, sources: Sources, scope: Scope, at: ir.Span
) -> Abstract:
    """Call a function with arguments of which only the sources are known, or the names."""
    asking = blindly.Asking(run, function, sources)
    if (known := asking.answered(run)) is not None:
        return known
    asking.begin(run)
    result = apply(run, function, Arguments(at, blindly.handed(run, function, sources)), scope)
    asking.end(run, result)
    return result


def flowing_in(given: Arguments) -> Sources:
    return EMPTY.union(*(sources_of(value) for value in given.every()))
