"""What a validation gives back that drops, or refuses, the fields that its schema does not name.

``schema.parse(body)`` of zod has the declared fields and no others, so storing it sets no role
that the schema does not name. What such a validation was asked about stays as it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain import shapes
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Library, Structure
from checkrein.code.domain.values import NOTHING, cleaned
from checkrein.code.running import calls, fields

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.shapes import Shape
    from checkrein.code.running.interpreter import Interpreter

STRIPPING = "stripUnknown"
LETTING = "allowUnknown"
REFUSING = "noUnknown"
UNKNOWN = "unknown"  # marshmallow's word for what becomes of other fields
EXTRA = frozenset(("model_config", "Config", "Meta"))  # may say that other fields are kept
KNOWN = ("pydantic", "aws_lambda_powertools", "marshmallow", "typing", "abc")  # packages of bases
MARKS = frozenset((shapes.ONLY, shapes.OTHERS))


def result(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract:
    """Return what a builder's ``parse`` or ``validate`` lets through of a value."""
    value, options = given.first(), _names(given.first(1))
    shape = one.shape
    if not isinstance(shape, dict) or options is None:
        return value
    if "joi" in one.module.lower():
        drops = shapes.OTHERS in shape and LETTING not in options
    else:
        words = {step.rpartition(".")[2] for step in one.path.split("().")}
        drops = shapes.ONLY in shape
        drops = drops and (one.module != "yup" or STRIPPING in options or REFUSING in words)
    return only(run, value, shape, given, scope) if drops else value


def only(
    run: Interpreter, value: Abstract, shape: Shape, given: Arguments, scope: Scope
) -> Abstract:
    """Return an object of the fields of a value that a shape names."""
    if isinstance(shape, int):
        return cleaned(value, shape)
    if shapes.ITEMS in shape or MARKS.isdisjoint(shape):
        return value
    found = {}
    for name in shape.keys() - MARKS:
        part = fields.read(run, value, name, given.at, scope)
        found[name] = only(run, part, shape[name], given, scope)
    return run.built("dict", dict(sorted(found.items())))


def instance(
    run: Interpreter, cls: Class, value: Abstract, shape: Shape, given: Arguments, scope: Scope
) -> Abstract:
    """Return the model that is made of a value, nothing where it may keep what it does not name."""
    if not isinstance(shape, dict) or _may_keep(cls):
        return NOTHING
    named = {name: fields.read(run, value, name, given.at, scope) for name in sorted(shape)}
    return calls.apply(run, Abstract(things=(cls,)), Arguments(given.at, [], named), scope)


def loaded(
    run: Interpreter, cls: Class, shape: dict[str, Shape], given: Arguments, scope: Scope
) -> Abstract:
    """Return what a schema of marshmallow loads."""
    if (_may_keep(cls) and not _excludes(cls)) or UNKNOWN in given.named:
        return given.first()
    named = {name: part for name, part in shape.items() if name not in EXTRA}
    return only(run, given.first(), {**named, shapes.ONLY: shapes.ANYTHING}, given, scope)


def _may_keep(cls: Class) -> bool:
    """Tell whether a class may keep other fields: it says so, or what it derives from may."""
    said = any(not EXTRA.isdisjoint(known.statics.fields) for known in cls.lineage())
    return said or not all(base.module.startswith(KNOWN) for base in cls.foreign())


def _excludes(cls: Class) -> bool:
    """Tell whether a schema's ``Meta`` says that other fields are left out, or refused."""
    every = [known.statics.fields.get("Meta", NOTHING) for known in cls.lineage()]
    metas = [one for value in every for one in value.things]
    said = [one.statics.fields.get(UNKNOWN, NOTHING) for one in metas if isinstance(one, Class)]
    names = [one.name for value in said for one in value.things if isinstance(one, Library)]
    return len(said) == len(metas) == len(names) and not any(n.endswith("INCLUDE") for n in names)


def _names(options: Abstract) -> frozenset[str] | None:
    """Return the names of options that are given, None where they are not known."""
    if not options:
        return frozenset()
    one = options.things[0] if len(options.things) == 1 else None
    if options.atoms or options.open or not isinstance(one, Structure) or one.rest or one.keys:
        return None
    return frozenset(one.fields)
