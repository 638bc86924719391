"""Settings of what a published module makes, by the inputs that its stand-in takes for them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NoReturn

from checkrein.catalog.terraform_arguments import Route, routes
from checkrein.catalog.terraform_modules import STAND_INS, stand_in
from checkrein.model import Change, Resource
from checkrein.model.values import Symbol
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Attr, Block, Body, Literal, Name
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.inverse import settings
from checkrein.write.terraform.references import address
from checkrein.write.terraform.rendering import rendered
from checkrein.write.terraform.settled import Settled

PINNED = "?ref="


class Inputs:
    """Puts settings into the blocks that call published modules."""

    def __init__(self, settled: Settled) -> None:
        self._settled = settled

    def put(self, change: Change, resource: Resource, call: Block) -> None:
        """Give a module an input; raise CannotEdit, which says what to give where it can be said.

        A version that is pinned may be older than the input: that is left to its owner.
        """
        place = f"{call.source.path}, line {call.place.line}"
        made = f'the module "{call.labels[0]}" makes it'
        given = _inputs(change, resource, call)
        if not given:
            raise CannotEdit(f"{made}: change {place}")
        lacking = {name: told for name, told in given.items() if not _says(call, name)}
        if lacking and _is_pinned(call):
            said = " and ".join(f"{name} = {told}" for name, told in lacking.items())
            raise CannotEdit(f"{made}: give it {said}, if its version takes that ({place})")
        for name, told in given.items():
            self._settled.say(call, name, told)


def _says(call: Block, name: str) -> bool:
    return name in call.body.attributes


def _is_pinned(call: Block) -> bool:
    return _says(call, "version") or PINNED in _source(call)


def _source(call: Block) -> str:
    node = call.body.value("source")
    return str(node.value) if isinstance(node, Literal) else ""


def _inputs(change: Change, resource: Resource, call: Block) -> dict[str, str]:
    """Return which inputs have to say what; none where that is not plain."""
    own, folder = address(resource), stand_in(_source(call))
    if own is None or not folder or own.module.split(".")[-2].partition("[")[0] != call.labels[0]:
        return {}
    type, _, name = own.own.partition(".")
    found: dict[str, str] = {}
    try:
        wanted = list(settings(routes(type, resource.type), change.path, change.value))
    except CannotEdit:
        return {}
    for setting in wanted:
        ways = (
            (variable, rendered(value, _refuse))
            for route, value in setting.ways
            if (variable := _variable(folder, route, name if route.type == type else ""))
        )
        way = next(ways, None)
        if way is None:
            return {}
        found[way[0]] = way[1]
    return found


def _variable(folder: str, route: Route, name: str) -> str:
    """Return the input that an argument of a stand-in's resource is, "" if it is not just one."""
    made = [
        block
        for block in _blocks(folder)
        if block.type == "resource"
        and block.labels[0] == route.type
        and name in ("", block.labels[1])
    ]
    bodies = [made[0].body] if len(made) == 1 else []
    for step in route.steps:
        bodies = [inner for body in bodies for inner in _inner(body, step.block)]
    said = bodies[0].value(route.argument) if len(bodies) == 1 else None
    if isinstance(said, Attr) and isinstance(said.target, Name) and said.target.name == "var":
        return said.name
    return ""


def _inner(body: Body, name: str) -> Iterator[Body]:
    for block in body.blocks:
        if block.type == name:
            yield block.body
        elif block.type == "dynamic" and block.labels[:1] == (name,):
            yield from (content.body for content in block.body.of_type("content"))


@cache
def _blocks(folder: str) -> tuple[Block, ...]:
    found = sorted((STAND_INS / folder).glob("*.tf"))
    return tuple(
        block for file in found for block in parse_hcl(file.read_bytes(), file.name).blocks
    )


def _refuse(symbol: Symbol) -> NoReturn:
    raise CannotEdit(f"a module is not told {symbol} here")
