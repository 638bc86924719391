"""A block's arguments and nested blocks as values, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.model import Place
from checkrein.model.values import Choice, Open, Value
from checkrein.notation.hcl_nodes import Attr, Attribute, Block, Body, Expression, Template, literal
from checkrein.read.terraform.configuration import STAND_IN
from checkrein.read.terraform.containers import Items, Object, joined
from checkrein.read.terraform.evaluation import evaluate, evaluated, turns
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import Failed, lifted

META = ("count", "for_each", "provider", "depends_on")  # of a resource; source is none
UNEVALUATED = ("ignore_changes", "replace_triggered_by", "when", "on_failure")  # arguments
UNREAD = ("precondition", "postcondition", "connection")  # blocks
TURN = 50  # steps that a block takes which a dynamic one makes


def block_values(body: Body, scope: Scope, *, skip: tuple[str, ...] = ()) -> Object:
    """Return a body's arguments, nested blocks as lists of objects, dynamic ones unrolled.

    What Terraform would refuse is open, and says why.
    """
    found = Object()
    for name, attribute in body.attributes.items():
        if name not in skip and name not in UNEVALUATED:
            found[name] = evaluated(attribute.value, scope)
            found.places[name] = attribute_place(attribute, scope)
    for name, group in _grouped(body):
        if name not in UNREAD:
            parts = [_unrolled(block, scope) for block in group]
            found[name] = lifted(_together, *parts)
            found.places[name] = block_place(group[0], scope)
    return found


def _grouped(body: Body) -> Iterator[tuple[str, list[Block]]]:
    groups: dict[str, list[Block]] = {}
    for block in body.blocks:
        is_dynamic = block.type == "dynamic" and block.labels
        groups.setdefault(block.labels[0] if is_dynamic else block.type, []).append(block)
    yield from groups.items()


def _together(*parts: Value) -> Value:
    lists = [part if isinstance(part, list) else Items([part]) for part in parts]
    return joined(lists)


def _unrolled(block: Block, scope: Scope) -> Value:
    if block.type == "dynamic" and block.labels:
        return _dynamic(block, scope)
    made = block_values(block.body, scope)
    if block.type == "provisioner" and block.labels:
        made["type"] = block.labels[0]
    return Items([made], [block_place(block, scope)])


def _dynamic(block: Block, scope: Scope) -> Value:
    over = evaluated(block.body.value("for_each"), scope)
    return lifted(lambda one: _turned(block, one, scope), over)


def _turned(block: Block, collection: Value, scope: Scope) -> Value:
    content = next(iter(block.body.of_type("content")), None)
    if content is None or collection is None:
        return Items()
    try:
        pairs = turns(collection)
    except Failed as error:
        return Items([Open(str(error))])
    if isinstance(pairs, Open):
        return Items([pairs], [block_place(block, scope)])
    name = _iterator(block)
    items = []
    places = []
    for i, (key, value) in enumerate(pairs):
        scope.module.work.step(TURN)
        inner = scope.within({name: Object({"key": key, "value": value})}, f"[{i}]")
        items.append(block_values(content.body, inner))
        there = written_whole(value) if is_stand_in(content.source.path) else None
        places.append(there or block_place(content, inner))
    return Items(items, places)


def _iterator(block: Block) -> str:
    given = block.body.value("iterator")
    named = getattr(given, "name", None) or literal(given)
    return str(named) if named else block.labels[0]


# ------------------------------------------------------------------------------ places


def is_stand_in(path: str) -> bool:
    return path.startswith(STAND_IN)


def attribute_place(attribute: Attribute, scope: Scope) -> Place:
    """Return where an argument is written; a plain value that a module is given, where it is."""
    place = attribute.place
    if not is_stand_in(place.path):
        return _passed_place(attribute.value, scope) or place
    return _given_place(attribute.value, scope) or scope.module.call_place or place


def block_place(block: Block, scope: Scope) -> Place:
    place = block.place
    if not is_stand_in(place.path):
        return place
    over = block.body.value("for_each")
    given = _given_place(over, scope) if over is not None else None
    return given or scope.module.call_place or place


def instance_place(block: Block, each: Value, scope: Scope) -> Place:
    """Return an instance's place; a published module's stand where the user wrote their entry."""
    entry = each.get("value") if isinstance(each, Object) else None
    there = written_whole(entry) if is_stand_in(block.place.path) else None
    return there or block_place(block, scope)


def written_whole(value: Any) -> Place | None:
    """Return where an object is written by the user."""
    whole = getattr(value, "whole", None)
    return whole if whole and not is_stand_in(whole.path) else None


def _given_place(node: Expression, scope: Scope) -> Place | None:
    """Return where the user wrote the first thing that an expression of a stand-in is made of."""
    for inner in _steps(node):
        place = scope.module.given_place(inner.name) if _is_variable(inner) else None
        place = place or _item_place(inner, scope)
        if place and not is_stand_in(place.path):
            return place
    return None


def _passed_place(node: Expression, scope: Scope) -> Place | None:
    """Return where a plain value is written that a module or an instance is given, no more."""
    if isinstance(node, Template) and len(node.parts) == 1:
        return _passed_place(node.parts[0], scope) if isinstance(node.parts[0], Attr) else None
    if not isinstance(node, Attr):
        return None
    is_variable = _is_variable(node)
    place = scope.module.given_place(node.name) if is_variable else _item_place(node, scope)
    if place is None or is_stand_in(place.path):
        return None
    return place if isinstance(evaluated(node, scope), (str, int, float)) else None


def _is_variable(node: Attr) -> bool:
    return getattr(node.target, "name", "") == "var" and not isinstance(node.target, Attr)


def _item_place(node: Attr, scope: Scope) -> Place | None:
    try:
        target = evaluate(node.target, scope) if not _is_namespace(node.target, scope) else None
    except Failed:
        return None
    if isinstance(target, Choice):
        target = next((o for _, o in target.options if isinstance(o, Object)), None)
    if isinstance(target, Object):
        return target.places.get(node.name) or written_whole(target)
    return None


def _is_namespace(node: Expression, scope: Scope) -> bool:
    return not isinstance(node, Attr) and getattr(node, "name", "") not in scope.names


def _steps(node: Any) -> Iterator[Attr]:
    """Yield the attributes that an expression takes, the outermost first."""
    if isinstance(node, Attr):
        yield node
    if isinstance(node, Struct):
        for name in node.__struct_fields__:
            yield from _steps(getattr(node, name))
    elif isinstance(node, tuple):
        for part in node:
            yield from _steps(part)


def depends_on(body: Body, prefix: str) -> list[str]:
    """Return the addresses that ``depends_on`` names."""
    node = body.value("depends_on")
    found = []
    for item in getattr(node, "items", ()):
        if isinstance(item, Expression):
            name = prefix + shown_path(item).removeprefix("resource.")
            found.append(name)
    return found


def shown_path(node: Expression) -> str:
    name = getattr(node, "name", "")
    target = getattr(node, "target", None)
    return f"{shown_path(target)}.{name}" if isinstance(node, Attr) and target else str(name)
