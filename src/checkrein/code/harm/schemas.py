"""Validation by a schema: what it lets through is as harmless as the schema says.

That code looks at what the validation says (``if (error) return``) is taken for granted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain import shapes
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Library, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, constant, extend, join, symbolic
from checkrein.code.harm import declared, facts, model_types
from checkrein.code.running import calls
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.shapes import Shape
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

BUILDERS = frozenset(("zod", "joi", "@hapi/joi", "yup", "superstruct"))
CHECKING = frozenset((
    "parse", "parseAsync", "safeParse", "safeParseAsync", "validate", "validateAsync",
    "validateSync", "cast",
))  # fmt: skip
ASSERTING = frozenset(("attempt", "assert", "create", "mask"))
LETTING = frozenset(("allowUnknown", "stripUnknown"))
SAFE = frozenset(("safeParse", "safeParseAsync"))
COMPILED = {  # how the name of a validator that was made of a JSON Schema ends
    "fastjsonschema": ".compile()", "jsonschema": "Validator().validate",
}  # fmt: skip
NEVER = "\0"
REFINED = "<refined>"
CALLED = {  # functions that are given value and schema: their names and positions
    "jsonschema.validate": (("instance", 0), ("schema", 1)),
    "fastjsonschema.validate": (("data", 1), ("definition", 0)),
    "jsonschema.jsonschema.validate": (("instance", 0), ("schema", 1)),
    "aws_lambda_powertools.utilities.validation.validate": (("event", 0), ("schema", 1)),
}
PARSING = frozenset((
    "aws_lambda_powertools.utilities.parser.parse",
    "aws_lambda_powertools.utilities.parser.parser.parse",
))  # fmt: skip
VALIDATING = frozenset(("model_validate", "parse_obj", "model_validate_json", "parse_raw"))
ALL = 3  # arguments, of which the last is an envelope
ENVELOPE = "envelope"


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    if one.module in BUILDERS or one.module in COMPILED or one.module == "ajv":
        return True
    return one.name in CALLED or one.name in PARSING or one.name.startswith("celebrate.Joi.")


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return what a function of a library for schemas gives, None if it is of no such one."""
    if one.module in BUILDERS or one.name.startswith("celebrate.Joi."):
        return _builder(run, one, given, scope)
    if one.module == "ajv":
        return _ajv(run, one, given)
    if one.name in CALLED and ENVELOPE not in given.named:
        value, schema = (given.first(place, name) for name, place in CALLED[one.name])
        learn(run, value, shapes.of_json(schema))
        return value
    if one.name in PARSING and ENVELOPE not in given.named and len(given.positional) < ALL:
        return _parsed(run, given, scope)
    if one.arguments and one.name.endswith(COMPILED.get(one.module, NEVER)):
        learn(run, given.first(), shapes.of_json(one.arguments[0]))
        return given.first()
    return None


def _refined(run: Interpreter, given: Arguments, scope: Scope) -> int:
    """Return what a value is harmless for that a function of the program's own lets through."""
    run.running.taken()
    calls.apply(run, given.first(), Arguments(given.at, [symbolic("event", REFINED)]), scope)
    told = run.running.taken()
    return told.whole.yes.get(Symbol("event", REFINED), 0) if told is not None else 0


def _builder(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    word = one.path.rpartition(".")[2]
    if one.path == "validate" and "joi" in one.module:  # of older versions: with the schema
        learn(run, given.first(), _under(given.first(2), shapes.of_value(given.first(1))))
        return _checked(run, one, word, given.first())
    if word in CHECKING and one.shape is not None:
        value = given.first()
        learn(run, value, _under(given.first(1), one.shape))
        return _checked(run, one, word, declared.result(run, one, given, scope))
    if one.name.rpartition(".")[2] in ASSERTING:  # joi.attempt(value, schema)
        learn(run, given.first(), _under(given.first(2), shapes.of_value(given.first(1))))
        return given.first()
    made = Library(one.module, f"{one.path}()", tuple(given.positional[:2]))
    made.shape = shapes.built(one.shape, word, given.positional)
    if one.module in shapes.CLOSED:
        made.shape = shapes.closed(one.shape, made.shape, one.path, given.positional)
    else:
        made.shape = shapes.kept(one.shape, made.shape, word, given.positional)
    if word == "refine" and isinstance(made.shape, int):
        made.shape |= _refined(run, given, scope)
    return Abstract(things=(made,))


def _under(options: Abstract, shape: Shape) -> Shape:
    """Return a shape under options that may let fields through that it does not name."""
    fields = [f for one in options.things if isinstance(one, Structure) for f in one.fields]
    listed = len(options.things) == 1 and not options.atoms and not options.open
    refuses = not options or (listed and LETTING.isdisjoint(fields))
    return shape if refuses else shapes.opened(shape)


def _checked(run: Interpreter, one: Library, word: str, value: Abstract) -> Abstract:
    """Return what a validation gives: the value, or an object that holds it."""
    problem = join(constant(None), UNKNOWN)
    if word in SAFE:
        return run.built("dict", {"success": UNKNOWN, "data": value, "error": problem})
    if word == "validate" and "joi" in one.module:
        return run.built("dict", {"value": value, "error": problem})
    return value


def _ajv(run: Interpreter, one: Library, given: Arguments) -> Abstract | None:
    if one.path.endswith("compile()") and one.arguments:
        learn(run, given.first(), shapes.of_json(one.arguments[0]))
        return UNKNOWN
    if one.path.endswith("().validate") and len(given.positional) > 1:
        learn(run, given.first(1), shapes.of_json(given.first()))
        return UNKNOWN
    return None


def modelled(run: Interpreter, cls: Class, made: Structure) -> None:
    """Learn what a model's types say of the values that an instance was made with."""
    if cls.definition.types and _is_model(cls):
        shape = model_types.of_class(run, cls)
        for name, part in shape.items() if isinstance(shape, dict) else ():
            learn(run, made.fields.get(name, NOTHING), part)


def validated(
    run: Interpreter, cls: Class, value: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """Return the model that ``Model.model_validate(value)`` makes, nothing if it is not known."""
    if not _is_model(cls):
        return NOTHING
    shape = model_types.of_class(run, cls)
    learn(run, value, shape)
    return declared.instance(run, cls, value, shape, given, scope)


def _is_model(cls: Class) -> bool:
    return any(base.name.endswith("BaseModel") for base in cls.foreign())


def _parsed(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``parse(event, Model)`` of Powertools."""
    value, models = given.first(0, "event"), given.first(1, "model").things
    every = [validated(run, c, value, given, scope) for c in models if isinstance(c, Class)]
    return every[0] if len(every) == len(models) == 1 and every[0] else value


def learn(run: Interpreter, value: Abstract, shape: Shape) -> None:
    """Learn that a value has a shape, for as long as the branch lasts."""
    found: Facts = {}
    gather(value, shape, found)
    facts.learn(run, found)


def gather(value: Abstract, shape: Shape, found: Facts) -> None:
    """Add what a shape says of a value: of symbols, and of the fields of what code put together.

    Of one of several objects nobody knows whether it is the one that has the shape.
    """
    for atom in value.atoms:
        if isinstance(atom, Symbol) and atom.owner == "event":
            _spread(atom, shape, found)
    made = value.things[0] if len(value.things) == 1 and not value.atoms else None
    if isinstance(made, Structure) and made.kind != "list" and isinstance(shape, dict):
        for name, part in shape.items():
            gather(made.fields.get(name, NOTHING), part, found)


def _spread(symbol: Symbol, shape: Shape, found: Facts) -> None:
    if isinstance(shape, dict):
        for name, part in shape.items():
            key = shapes.ITEMS if name == shapes.OTHERS else name
            _spread(extend(symbol, key), part, found)
    elif shape:
        found[symbol] = found.get(symbol, 0) | shape
