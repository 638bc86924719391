"""Resources that a fix adds: a name that is free, and the condition of what they stand beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, count
from typing import Any

from msgspec.structs import replace

from checkrein.model import Change
from checkrein.model.values import Symbol, Text
from checkrein.write.intrinsics import written
from checkrein.write.refusals import CannotEdit

ADD = "add"
UNNAMED = re.compile(r"[^A-Za-z0-9]")


def settled(changes: tuple[Change, ...], stack: str, document: Any) -> tuple[Change, ...]:
    """Return one fix's changes with each resource that it adds to a stack's template settled.

    One that is there already, just so, is not added again. Where another has its name it gets the
    next free one, and what refers to it follows; where all that it refers to is made under one
    condition, it is too. Raises CannotEdit where it would need several.
    """
    for change in changes:
        if change.operation == ADD and change.resource.rpartition("/")[0] == stack:
            changes = _settled(changes, change, document)
    return changes


def _settled(changes: tuple[Change, ...], added: Change, document: Any) -> tuple[Change, ...]:
    stack, _, wanted = added.resource.rpartition("/")
    name = UNNAMED.sub("", wanted)
    sections = document if isinstance(document, dict) else {}
    declared = sections.get("Resources")
    if not isinstance(declared, dict):
        raise CannotEdit(f"the template of {stack} declares no resources")
    value = _conditional(added.value, declared, wanted)
    if declared.get(name) == written(value, stack):
        return tuple(change for change in changes if change is not added)
    taken = {*declared, *(sections.get("Parameters") or ())}
    free = next(
        each for each in chain([name], (f"{name}{i}" for i in count(2))) if each not in taken
    )
    new = f"{stack}/{free}"
    settled = replace(added, resource=new, value=value)
    return tuple(
        settled if change is added else _renamed(change, added.resource, new) for change in changes
    )


def _renamed(change: Change, old: str, new: str) -> Change:
    if old == new:
        return change
    at = new if change.resource == old else change.resource
    return replace(change, resource=at, value=_followed(change.value, old, new))


def _followed(value: Any, old: str, new: str) -> Any:
    """Return a value whose symbols name the new resource."""
    if isinstance(value, Symbol):
        return replace(value, owner=new) if value.owner == old else value
    if isinstance(value, Text):
        return replace(value, parts=tuple(_followed(part, old, new) for part in value.parts))
    if isinstance(value, dict):
        return {key: _followed(item, old, new) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_followed(item, old, new) for item in value]
    return value


def _conditional(value: Any, declared: dict[str, Any], name: str) -> Any:
    """Return a resource with the condition of those it refers to."""
    owners = {symbol.owner for symbol in _symbols(value)}
    beside = [declared.get(owner.rpartition("/")[2]) for owner in sorted(owners)]
    found = {
        str(one["Condition"]) for one in beside if isinstance(one, dict) and "Condition" in one
    }
    if "Condition" in value or not found:
        return value
    if len(found) > 1:
        listed = " and ".join(sorted(found))
        raise CannotEdit(f"{name} would need all of the conditions {listed} at once")
    return {"Type": value["Type"], "Condition": found.pop(), **value}


def _symbols(value: Any) -> Iterator[Symbol]:
    if isinstance(value, Symbol):
        yield value
    elif isinstance(value, Text):
        yield from (part for part in value.parts if isinstance(part, Symbol))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _symbols(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _symbols(item)
