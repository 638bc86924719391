"""Functions and classes as values: decorators, instances, methods, inheritance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import calls, fields, frameworks, inlining, ir
from checkrein.code.things import Arguments, Class, Closure, Library, Native, Structure
from checkrein.code.values import (
    NOTHING,
    Abstract,
    derived,
    join,
    join_all,
    only_string,
    sources_of,
)

if TYPE_CHECKING:
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

MANAGERS = frozenset(("contextlib.contextmanager", "contextlib.asynccontextmanager"))
TUPLES = frozenset(("typing.NamedTuple", "object"))
MODELS = frozenset(
    ("pydantic.BaseModel", "aws_lambda_powertools.utilities.parser.BaseModel", "abc.ABC")
)
ENUMERATIONS = frozenset(("enum.Enum", "enum.IntEnum", "enum.StrEnum"))
SETTINGS = frozenset(("Config", "model_config"))  # of a model, which may then take anything
CONSTRUCTORS = frozenset(("__init__", "constructor"))


def function(run: Interpreter, node: ir.Lambda, scope: Scope) -> Abstract:
    """Return a function as a value, after its decorators."""
    made = Abstract(things=(Closure(node, scope),))
    for decorator in reversed(node.decorators):
        made = _decorated(run, run.evaluate(decorator, scope), made, decorator, scope)
    return made


def _decorated(
    run: Interpreter, decorator: Abstract, made: Abstract, node: ir.Node, scope: Scope
) -> Abstract:
    """Call a decorator of the program; a library's leaves the function as it is."""
    if frameworks.route(run, decorator, made, node, scope):
        return made
    names = {one.name for one in decorator.things if isinstance(one, Library)}
    if names & MANAGERS:
        return _managed(run, made, scope)
    own = tuple(one for one in decorator.things if isinstance(one, (Closure, Class)))
    if not own:
        return made
    arguments = Arguments(node.at, [made])
    result = calls.apply(run, Abstract(things=own), arguments, scope)
    return result if any(calls.callable_thing(one) for one in result.things) else made


def _managed(run: Interpreter, made: Abstract, scope: Scope) -> Abstract:
    """Return a context manager: entering it gives what the generator yields."""

    def enter(given: Arguments) -> Abstract:
        return fields.element(run, calls.apply(run, made, given, scope))

    return Abstract(things=(Native("manager", enter),))


def define(run: Interpreter, node: ir.ClassExpression, scope: Scope) -> Abstract:
    bases = tuple(run.evaluate(base, scope) for base in node.bases)
    made = Class(node, scope, bases)
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
    return Abstract(things=(made,))


def static(cls: Class, name: str) -> Abstract:
    """Return what ``Class.name`` is: a class attribute, or the unbound method."""
    for known in cls.lineage():
        found = known.statics.fields.get(name)
        if found is not None:
            return found
        for method, definition, _ in known.definition.methods:
            if method == name:
                return Abstract(things=(Closure(definition, known.scope, None, known),))
    return inherited(cls, name)


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
            return Abstract(things=(closure,))
        found = known.statics.fields.get(name)
        if found is not None:
            return found
    return NOTHING


def _is_property(definition: ir.Lambda) -> bool:
    return any(
        isinstance(d, ir.Name) and d.id in ("property", "cached_property")
        for d in definition.decorators
    )


def inherited(cls: Class, name: str) -> Abstract:
    """Return a member of a base class that is a library's."""
    result = NOTHING
    for base in cls.foreign():
        made = Library(base.module, f"{base.path}()", base.arguments)
        result = join(result, Abstract(things=(made.member(name),)))
    return result


def instantiate(run: Interpreter, cls: Class, arguments: Arguments) -> Abstract:
    """Make an instance and run its constructor."""
    made = run.structure("instance")
    made.owner = cls
    receiver = Abstract(things=(made,))
    for known in reversed(cls.lineage()):
        for key, value in known.definition.fields:
            if isinstance(key, ir.Name) and isinstance(value, (ir.Lambda, ir.Call)):
                made.fields[key.id] = _field(run, value, known, receiver)
    for known in cls.lineage():
        for name, definition, _ in known.definition.methods:
            if name in CONSTRUCTORS:
                closure = Closure(definition, known.scope, receiver, known)
                inlining.apply_closure(run, closure, arguments)
                return receiver
    _filled(run, made, cls, arguments)
    return receiver


def _field(run: Interpreter, value: ir.Node, cls: Class, receiver: Abstract) -> Abstract:
    """Evaluate an instance field anew, where ``this`` is the instance."""
    scope = run.scope(cls.scope)
    scope.names["this"] = receiver
    return run.evaluate(value, scope)


def _filled(run: Interpreter, made: Structure, cls: Class, arguments: Arguments) -> None:
    """Give a class without a constructor (a data class, a model) its fields.

    Where nothing says that it takes them in order, positional arguments may be any field.
    """
    declared = _declared(made, cls)
    bases = {base.name for base in cls.foreign()}
    if bases & ENUMERATIONS:
        made.fields["value"] = arguments.first()
        made.rest = arguments.first() if bases - ENUMERATIONS else NOTHING
        return
    ordered = bool(cls.definition.decorators) or bool(bases & TUPLES)
    others = arguments.positional[len(declared) if ordered else 0 :]
    somewhere = join_all(derived(sources_of(value)) for value in others)
    given = dict(zip(declared, arguments.positional, strict=False)) if ordered else {}
    given.update(arguments.named)
    for name, default in declared.items():
        if name in given:
            continue
        found = NOTHING
        if arguments.rest:
            found = fields.read(run, arguments.rest, name, arguments.at, cls.scope)
        given[name] = join_all((found, default, somewhere))
    made.fields.update({name: value for name, value in given.items() if value})
    if not declared or not bases <= TUPLES | MODELS or _is_set_up(cls):
        made.rest = join(made.rest, arguments.rest)  # it may take what it does not declare
    made.rest = join(made.rest, somewhere)


def _declared(made: Structure, cls: Class) -> dict[str, Abstract]:
    """Return the fields that a class and its ancestors declare, in order, with their defaults."""
    found: dict[str, Abstract] = {}
    for known in reversed(cls.lineage()):
        for key, _ in known.definition.fields:
            if isinstance(key, ir.Name) and key.id not in SETTINGS:
                default = known.statics.fields.get(key.id, NOTHING)
                found[key.id] = made.fields.get(key.id, default)
    return found


def _is_set_up(cls: Class) -> bool:
    return any(name in known.statics.fields for known in cls.lineage() for name in SETTINGS)


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
