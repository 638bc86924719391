"""Classes without a constructor of their own: data classes, named tuples, models, enumerations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Closure, Library, Structure
from checkrein.code.domain.values import (
    NOTHING,
    constant,
    derived,
    join,
    join_all,
    only_string,
    sources_of,
)
from checkrein.code.running import classes, fields, inlining

if TYPE_CHECKING:
    from checkrein.code.running.interpreter import Interpreter

TUPLES = frozenset(("typing.NamedTuple", "object"))
MODELS = frozenset(
    ("pydantic.BaseModel", "aws_lambda_powertools.utilities.parser.BaseModel", "abc.ABC")
)
ENUMERATIONS = frozenset(("enum.Enum", "enum.IntEnum", "enum.StrEnum"))
SETTINGS = frozenset(("Config", "model_config"))  # of a model, which may then take anything
OF_VARIABLES = frozenset(  # models whose fields the environment gives, by their names
    ("pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings")
)
PREFIX = "env_prefix"
MAPPINGS = frozenset(("dict", "collections.UserDict", "collections.OrderedDict", "Map"))
LISTS = frozenset(("list", "collections.UserList", "collections.deque", "Array", "Set", "set"))
DEPTH = 3  # of structures in a default
PREPARED = ("__post_init__", "__attrs_post_init__", "model_post_init")


def fill(run: Interpreter, made: Structure, cls: Class, arguments: Arguments) -> None:
    """Give a class without a constructor (a data class, a model) its fields.

    Where nothing says that it takes them in order, positional arguments may be any field.
    """
    declared = _declared(made, cls)
    bases = {base.name for base in cls.foreign()}
    if bases & (MAPPINGS | LISTS) and not declared:
        _contain(run, made, bases, arguments)
        return
    if bases & ENUMERATIONS:
        made.fields["value"] = arguments.first()
        made.rest = arguments.first() if bases - ENUMERATIONS else NOTHING
        return
    _declare(run, made, cls, arguments, declared, bases)
    for name in PREPARED:
        for one in classes.member(run, made, name).things if cls.has(name) else ():
            if isinstance(one, Closure):
                inlining.apply_closure(run, one, Arguments(arguments.at, []))


def own_defaults(run: Interpreter, made: Structure, cls: Class) -> None:
    """Give an instance of a pydantic model its own copy of what its class has as a default."""
    if not any(base.name in MODELS for base in cls.foreign()):
        return
    for name, default in _declared(made, cls).items():
        if any(isinstance(one, Structure) for one in default.things):
            made.fields[name] = _copied(run, default, DEPTH)


def _copied(run: Interpreter, value: Abstract, depth: int) -> Abstract:
    """Return a value with structures of its own."""
    things = tuple(
        _twin(run, one, depth) if type(one) is Structure and depth else one for one in value.things
    )
    return Abstract(value.atoms, things, value.sources, value.open)


def _twin(run: Interpreter, one: Structure, depth: int) -> Structure:
    twin = run.structure(one.kind, element=_copied(run, one.element, depth - 1))
    twin.fields = {name: _copied(run, value, depth - 1) for name, value in one.fields.items()}
    twin.owner, twin.keys, twin.rest = one.owner, one.keys, one.rest
    return twin


def _declare(
    run: Interpreter,
    made: Structure,
    cls: Class,
    arguments: Arguments,
    declared: dict[str, Abstract],
    bases: set[str],
) -> None:
    """Set the fields that a class declares."""
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
        variable = bool(bases & OF_VARIABLES)
        last = _variable(run, name, default, arguments, cls) if variable else default
        given[name] = join_all((found, last, somewhere)) if found or somewhere else last
    made.fields.update({name: value for name, value in given.items() if value})
    if not declared or not bases <= TUPLES | MODELS or _is_set_up(cls):
        made.rest = join(made.rest, arguments.rest)  # it may take what it does not declare
    made.rest = join(made.rest, somewhere)


def _variable(
    run: Interpreter, name: str, default: Abstract, given: Arguments, cls: Class
) -> Abstract:
    """Return a variable of the environment, or what stands in for it where it is not set."""
    from checkrein.code.libraries import methods  # noqa: PLC0415 - they need this module

    environment = Abstract(things=(Library("os", "environ"),))
    asked = Arguments(given.at, [constant(f"{_prefix(cls)}{name}".upper()), default])
    return methods.call(run, environment, "get", asked, cls.scope)


def _prefix(cls: Class) -> str:
    """Return what the names of variables begin with: ``model_config = {"env_prefix": "SHOP_"}``."""
    for known in cls.lineage():
        for one in (t for name in SETTINGS for t in known.statics.fields.get(name, NOTHING).things):
            inside = one.statics if isinstance(one, Class) else one
            found = inside.fields.get(PREFIX) if isinstance(inside, Structure) else None
            if found is not None:
                return only_string(found) or ""
    return ""


def _contain(run: Interpreter, made: Structure, bases: set[str], arguments: Arguments) -> None:
    """Fill an instance of a class that is a dict or a list."""
    if bases & LISTS:
        made.kind = "list"
        made.element = fields.element(run, arguments.first())
        return
    sources = fields.spread(made, arguments.first())
    made.fields.update(arguments.named)
    made.rest = join_all((made.rest, arguments.rest, derived(sources) if sources else NOTHING))


def at_position(one: Structure, name: str) -> Abstract:
    """Return the field of an instance that stands at a position, in the order of its class."""
    if one.owner is None or not name.isdigit() or not one.owner.definition.fields:
        return NOTHING
    names = list(_declared(one, one.owner))
    return one.fields.get(names[int(name)], NOTHING) if int(name) < len(names) else NOTHING


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
