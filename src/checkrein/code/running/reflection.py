"""Objects and modules reached by name: properties, prototypes, scopes, imports, checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Getter, Library, Named, Structure
from checkrein.code.domain.values import UNKNOWN, join, join_all, strings, symbolic
from checkrein.code.running import assignment, composing, fields
from checkrein.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]


def _created(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Object.create(prototype)``."""
    made = run.structure("instance")
    sources = fields.spread(made, given.first())
    return Abstract(things=(made,), sources=sources)


def _inherits(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``util.inherits(Own, Base)``: Own's instances have Base's methods too."""
    base = fields.read(run, given.first(1), "prototype", given.at, scope)
    own = fields.read(run, given.first(), "prototype", given.at, scope)
    for target in own.things:
        for one in base.things:
            if isinstance(target, Structure) and isinstance(one, Structure):
                target.fields = {**one.fields, **target.fields}
    return UNKNOWN


def _reflected(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Reflect.get(object, name)``, lodash's ``get(object, path, default)``."""
    found = composing.at_path(run, given.first(), given.first(1), given, scope)
    return join(found, given.first(2))


def _picked(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``pick(object, ["a", "b"])``."""
    made = run.structure("dict")
    for value in given.positional[1:]:
        for name in strings(join(value, fields.element(run, value))):
            made.fields[name] = fields.read(run, given.first(), name, given.at, scope)
    return Abstract(things=(made,)) if made.fields else given.first()


def _names(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``locals()``."""
    return run.built("dict", {k: v for k, v in scope.names.items() if k.isidentifier()})


def _globals(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return Abstract(things=(Named(scope.module()),))


def _checked(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``schema.validate(value)`` of joi gives ``{value, error}``, of yup the value."""
    made = run.structure("dict", {"value": given.first(), "error": symbolic("error")})
    made.rest = given.first()
    return Abstract(things=(made,))


def _parsed_safely(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``schema.safeParse(value)`` of zod."""
    made = run.structure("dict", {"data": given.first(), "error": symbolic("error")})
    made.fields["success"] = UNKNOWN
    return Abstract(things=(made,))


def _second(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first(1)


def _path_added(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``sys.path.append(folder)``, ``sys.path.insert(0, folder)``: what is known at its end."""
    for atom in given.positional[-1].atoms if given.positional else ():
        last = atom.parts[-1] if isinstance(atom, Text) else atom
        if isinstance(last, str):
            run.modules.search.add(last, scope.source.real)
    return UNKNOWN


def _imported(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``__import__(name)``."""
    return join_all(run.modules.module(run, name, scope) for name in strings(given.first()))


def _create_require(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return Abstract(things=(Library("", "require"),))


def _define_property(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Object.defineProperty(object, name, {value or get})``; getters are called late."""
    descriptor = given.first(2)
    value = fields.read(run, descriptor, "value", given.at, scope)
    getters = fields.read(run, descriptor, "get", given.at, scope).things
    own = tuple(Getter(one) for one in getters if isinstance(one, Closure))
    made = join(value, Abstract(things=own)) if own else value
    for one in given.first().things:
        if isinstance(one, Structure) and made:
            assignment.store(run, one, given.first(1), made, alone=False)
    return given.first()


def _first(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first()


FUNCTIONS: dict[str, Function] = {
    "Object.create": _created,
    "Object.defineProperty": _define_property,
    "Proxy": _first,
    "util.inherits": _inherits,
    "inherits": _inherits,
    **dict.fromkeys(("Reflect.get", "lodash.get", "lodash/get"), _reflected),
    "lodash.pick": _picked,
    "lodash/pick": _picked,
    "locals": _names,
    "globals": _globals,
    "sys.path.append": _path_added,
    "sys.path.insert": _path_added,
    "__import__": _imported,
    "module.createRequire": _create_require,
    **{
        f"class-transformer.{name}": _second
        for name in ("plainToInstance", "plainToClass", "plainToClassFromExist")
    },
}
CHECKED: dict[str, Function] = dict.fromkeys(
    ("validate", "validateAsync", "validateSync"), _checked
)
SAFELY: dict[str, Function] = dict.fromkeys(("safeParse", "safeParseAsync"), _parsed_safely)
MEMBERS: dict[str, dict[str, Function]] = {  # by module and the last name, however it was made
    "joi": CHECKED,
    "@hapi/joi": CHECKED,
    "yup": CHECKED,
    "zod": SAFELY,
}
