"""Reading a trace: every construct is made, every method is called, in the program's order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from checkrein.read.cdk.unsynthesized.library import (
    everything,  # noqa: F401 - enters classes
    registry,
    values,
)
from checkrein.read.cdk.unsynthesized.library.l1 import make_l1
from checkrein.read.cdk.unsynthesized.library.things import Construct, Stack
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Trace

TOP = frozenset({"App", "Stage"})
PLAIN = frozenset({"Construct", "NestedStack"})


def read(
    trace: Trace, folder: str, flags: Mapping[str, Any] | None = None, root: File | None = None
) -> World:
    """Return all that a program makes.

    ``folder`` is its app's, relative to the scanned one, ``flags`` what its ``cdk.json`` says in
    its context, ``root`` the scanned folder.
    """
    world = World(folder, flags, root)
    for each in trace.done:
        if isinstance(each, New):
            _make(world, each)
        else:
            _call(world, each)
    for finish in registry.LAST:
        finish(world)
    return world


def _make(world: World, new: New) -> None:
    if new.kind in TOP:
        return
    if new.kind == "Stack":
        _make_stack(world, new)
        return
    if new.scope is None:
        return
    scope = _scope(world, new)
    if scope is None:
        world.note(new.kind, new.place)
        return
    given = new.arguments[0] if new.arguments else None
    condition = scope.condition
    if not new.sure and not condition:
        condition = world.unsure(scope.stack, new.place)
    path = (*scope.path, world.text(new.id))
    made = Construct(new.kind, path, scope.stack, new.place, given, condition)
    made.told["arguments"] = new.arguments
    world.constructs[id(new)] = made
    world.at, world.condition = new.place, condition
    _fill(world, made)
    world.condition = ""


def _fill(world: World, made: Construct) -> None:
    making = registry.CLASSES.get(made.kind)
    name = made.kind.rpartition(".")[2]
    if making:
        making(world, made)
        if not made.key and made.kind.startswith("aws_") and "needs" not in made.told:
            world.note(f"{made.kind} of something that is not known", made.place)
    elif name.startswith("Cfn") and name[3:4].isupper():
        make_l1(world, made)
    elif made.kind not in PLAIN and made.kind not in registry.SILENT:
        world.note(made.kind, made.place)


def _scope(world: World, new: New) -> Construct | None:
    return world.construct(new.scope)


def _make_stack(world: World, new: New) -> None:
    given = new.arguments[0] if new.arguments else None
    said = values.prop(given, "stackName")
    stages = []
    scope = new.scope
    while isinstance(scope, New) and scope.kind != "App":
        stages.append(world.text(scope.id))
        scope = scope.scope
    name = "-".join([*reversed(stages), world.text(new.id) or "Stack"])
    known = isinstance(world.value(new.id), str)
    while name in world.stacks and not known:  # only running tells their names
        name = _next(name)
    title = world.value(said) if said is not None else world.value(new.id)
    env = {key: _literal(world, given, key) for key in ("account", "region")}
    stack = Stack(name, title, new.place, env["account"], env["region"])
    if name not in world.stacks:  # one of several that exclude each other stands for all
        world.stacks[name] = stack
    condition = "" if new.sure else world.unsure(stack, new.place)
    world.constructs[id(new)] = Construct("Stack", (), stack, new.place, given, condition)


def _next(name: str) -> str:
    start, _, number = name.rpartition("~")
    return f"{start}~{int(number) + 1}" if start and number.isdigit() else f"{name}~2"


def _literal(world: World, given: object, key: str) -> str | None:
    found = world.value(values.prop(given, "env", key))
    return found if isinstance(found, str) else None


def _call(world: World, called: Called) -> None:
    if values.package(called.of) and not called.name.startswith(("from", "add")):
        return
    world.result(called)
