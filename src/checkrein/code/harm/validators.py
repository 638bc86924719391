"""Validators that stand in front of a handler or a route: they tell what of the request is what.

celebrate's, middy's, and the schemas of cerberus and marshmallow; of express-validator it knows
which are chains. That code looks at what cerberus' validation says is taken for granted.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code.domain import shapes
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import Scope
from checkrein.code.domain.things import Arguments, Class, Library, Structure, Thing
from checkrein.code.domain.values import constants, only_string, symbolic
from checkrein.code.harm import declared, express_validator, facts, schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.domain.shapes import Shape
    from checkrein.code.running.interpreter import Interpreter

CELEBRATE, MIDDY = "celebrate", "@middy/validator"
PLACES = {  # of a request, and where the event has them
    "body": "body",
    "param": "pathParameters",
    "params": "pathParameters",
    "query": "queryStringParameters",
    "headers": "headers",
    "header": "headers",
}
FIELDS = frozenset(("", "fields"))
LOADING = frozenset(("load", "loads"))
SEGMENT = "celebrate.Segments."
NUMBERS = frozenset((
    "Int", "Integer", "Float", "Decimal", "Number", "Bool", "Boolean", "UUID", "Date", "DateTime",
    "NaiveDateTime", "AwareDateTime", "Time", "TimeDelta", "IP", "IPv4", "IPv6", "Constant", "Enum",
))  # fmt: skip
CHOICES = frozenset(("OneOf", "Equal", "ContainsOnly"))


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its module tells."""
    return one.module in ("cerberus", express_validator.MODULE) or one.module.startswith(
        "marshmallow"
    )


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:  # noqa: ARG001
    """Return what a function of such a library gives, None if it is of no such one."""
    if one.module == "cerberus" and one.path.startswith("Validator()."):
        rules = given.first(1, "schema") or (one.arguments[0] if one.arguments else Abstract())
        schemas.learn(run, given.first(), of_cerberus(rules))
        return given.first() if one.path.endswith("validated") else None
    if one.module.startswith("marshmallow") and one.path.rpartition(".")[0] in FIELDS:
        made = Library(one.module, f"{one.path}()", tuple(given.positional[:1]))
        made.shape = _of_field(one.path, given)
        return Abstract(things=(made,))
    if one.module == express_validator.MODULE:
        return express_validator.call(run, one, given)
    return None


def loaded(
    run: Interpreter, one: Thing, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Return what a program's own schema lets through, None if it is something else.

    ``Schema().load(data)`` of marshmallow, ``Model.model_validate(data)`` of pydantic.
    """
    if isinstance(one, Class) and name in schemas.VALIDATING:
        return schemas.validated(run, one, given.first(), given, scope) or None
    if name not in LOADING or not isinstance(one, Structure) or one.owner is None:
        return None
    shape = of_marshmallow(one.owner)
    if shape is None:
        return None
    schemas.learn(run, given.first(), shape)
    if not isinstance(shape, dict) or declared.UNKNOWN in one.fields:  # as it was made
        return given.first()
    return declared.loaded(run, one.owner, shape, given, scope)


def in_front(values: Iterable[Abstract]) -> tuple[Library, ...]:
    """Return the validators among the functions of a route, in lists too."""
    found: list[Library] = []
    for value in values:
        for one in value.things:
            if isinstance(one, Library) and _is_in_front(one):
                found.append(one)
            elif isinstance(one, Structure) and one.kind == "list":
                found += in_front((*one.fields.values(), one.element))
    return tuple(found)


def _is_in_front(one: Library) -> bool:
    known = one.module in (express_validator.MODULE, CELEBRATE)
    return known or express_validator.stands_unread(one)


@contextmanager
def validated(run: Interpreter, every: Iterable[Library], scope: Scope) -> Iterator[None]:
    """While it lasts, the event is what validators let through."""
    listed = list(every)
    with facts.Framed(run, Scope(scope.source, scope)):
        for one in listed:
            for place, shape in _says(one).items():
                event = symbolic("event", place) if place else symbolic("event")
                schemas.learn(run, event, shape)
        with express_validator.found(run, listed):
            yield


def _says(one: Library) -> dict[str, Shape]:
    """Return the shapes of the parts of the event that a validator speaks of."""
    if one.module not in (CELEBRATE, MIDDY):
        return {}
    options = [t for value in one.arguments[:1] for t in value.things if isinstance(t, Structure)]
    fields = {name: part for each in options for name, part in each.fields.items()}
    if one.module == CELEBRATE:
        named = {name.strip("[]").removeprefix(SEGMENT).lower(): p for name, p in fields.items()}
        return {
            PLACES[n]: shapes.opened(shapes.of_value(p)) for n, p in named.items() if n in PLACES
        }
    schema = fields.get("eventSchema", fields.get("inputSchema", Abstract()))
    inner = [t.arguments[0] for t in schema.things if isinstance(t, Library) and t.arguments]
    return {"": shapes.of_json(inner[0] if inner else schema)}


# ------------------------------------------------------------------------------ Python's schemas


def of_cerberus(value: Abstract) -> Shape:
    """Return the shape that cerberus' rules say: ``{"age": {"type": "integer"}}``."""
    for one in value.things:
        if isinstance(one, Structure) and one.kind != "list":
            return {name: _of_rules(rules) for name, rules in one.fields.items()}
    return shapes.ANYTHING


def _of_rules(value: Abstract) -> Shape:
    rules = next((t.fields for t in value.things if isinstance(t, Structure)), {})
    if "allowed" in rules:
        return uses.bits("all")
    if "regex" in rules:
        return shapes.of_pattern(only_string(rules["regex"]))
    kinds = {str(word) for word in constants(rules.get("type", Abstract()))}
    if "schema" in rules:
        inner = rules["schema"]
        return {shapes.ITEMS: _of_rules(inner)} if "list" in kinds else of_cerberus(inner)
    found: Shape = shapes.ANYTHING
    for word in kinds:
        found = shapes.both(found, shapes.of_word(word))
    return found


def of_marshmallow(cls: Class) -> Shape | None:
    """Return the shape that a class of marshmallow's fields says, None if it is none."""
    if not any(base.module.startswith("marshmallow") for base in cls.foreign()):
        return None
    found: dict[str, Shape] = {}
    for known in reversed(cls.lineage()):
        for name, value in known.statics.fields.items():
            found[name] = shapes.of_value(value)
    return found


def _of_field(path: str, given: Arguments) -> Shape:
    """Return what a field of marshmallow lets through: ``fields.Str(validate=OneOf(…))``."""
    kind = path.rpartition(".")[2]
    if kind in NUMBERS:
        return uses.bits("all")
    chosen = [t for t in given.named.get("validate", Abstract()).things if isinstance(t, Library)]
    if any(t.path.removesuffix("()").rpartition(".")[2] in CHOICES for t in chosen):
        return uses.bits("all")
    return uses.bits(shapes.TEXT) if kind in ("Str", "String") else shapes.ANYTHING
