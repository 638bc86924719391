"""Services that a container makes: an instance of a class, with what its constructor asks for.

``container.resolve(Rides)`` and a controller's ``constructor(private rides: Rides)`` name classes
of the program as types; nothing in the program calls their constructors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Library, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, join_all
from checkrein.code.running import classes

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.running.interpreter import Interpreter

RESOLVERS = frozenset(("resolve", "get", "getInstance", "make", "create", "build", "inject"))
SERVICES = frozenset(("@nestjs/jwt.JwtService", "@nestjs/core.Reflector"))  # of packages
NAMED = re.compile(r"[A-Za-z_]\w*")


def resolved(run: Interpreter, method: str, given: Arguments) -> Abstract:
    """Return instances of the classes that a container is asked for."""
    if method not in RESOLVERS:
        return NOTHING
    wanted = [one for one in given.first().things if isinstance(one, Class)]
    return join_all(instance(run, one) for one in wanted)


def instance(run: Interpreter, cls: Class) -> Abstract:
    """Return the one instance of a class that containers hand out."""
    for known, made in run.registry.services:
        if known is cls:
            return made
    before = run.structure("instance")
    before.owner = cls
    run.registry.services.append(
        (cls, Abstract(things=(before,)))
    )  # for services that need each other
    position = len(run.registry.services) - 1
    made = classes.instantiate(run, cls, _wanted(run, cls))
    for one in made.things:
        if isinstance(one, Structure):
            before.fields.update(one.fields)
    run.registry.services[position] = (cls, made)
    return made


def _wanted(run: Interpreter, cls: Class) -> Arguments:
    """Return what a constructor's parameters say by their types that they want."""
    for known in cls.lineage():
        for name, definition, _ in known.definition.methods:
            if name in classes.CONSTRUCTORS:
                own = definition.parameters
                if known.scope.source.language == "python":
                    own = own[1:]
                return Arguments(definition.at, [_typed(run, known, one) for one in own])
    return Arguments(cls.definition.at, [])


def _typed(run: Interpreter, cls: Class, parameter: ir.Parameter) -> Abstract:
    """Return an instance of the class that a parameter's type names, if it is the program's."""
    for name in NAMED.findall(parameter.annotation):
        for one in (cls.scope.find(name) or NOTHING).things:
            if isinstance(one, Class):
                return instance(run, one)
            if isinstance(one, Library) and one.name in SERVICES:
                return Abstract(things=(Library(one.module, f"{one.path}()"),))
    return UNKNOWN
