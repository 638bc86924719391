"""Attributes and items of values in Terraform's expressions."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Open, Symbol, Text, Value
from checkrein.read.terraform.containers import Told, Unsure
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.operators import equal
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import (
    MOST,
    Failed,
    ModuleReference,
    Reference,
    bounded,
    lifted,
    shown,
)


def taken(target: Value, name: str, scope: Scope) -> Value:
    """Return ``target.name``; raise Failed where there is none."""
    return lifted(lambda one: _taken(one, name, scope), target)


def _taken(target: Value, name: str, scope: Scope) -> Value:
    if isinstance(target, dict):
        if name in target:
            return target[name]
        return _beyond(target, name)
    if isinstance(target, Reference):
        return scope.module.attribute(target, name)
    if isinstance(target, ModuleReference):
        return scope.module.output(target, name)
    if isinstance(target, list) and _is_for_all(target):
        return _taken(target[0], name, scope)
    return _beneath(target, name)


def _is_for_all(target: list[Any]) -> bool:
    """Tell whether the first stands for all: before Terraform 0.12 one needed no index."""
    if isinstance(target, Unsure):
        return bool(target)
    return len(target) == 1 and isinstance(target[0], Reference)


def _beneath(target: Value, name: str) -> Value:
    """Return a part of something whose parts nobody wrote down."""
    if isinstance(target, Open):
        return target
    if isinstance(target, Symbol) and not target.owner.startswith("@"):
        return Symbol(target.owner, f"{target.attribute}.{name}")
    if isinstance(target, Symbol):
        return Open(f"{shown(target)}.{name} is only known when Terraform runs")
    if isinstance(target, Json):
        raise Failed(f"a text has no {name}")
    raise Failed(f"{shown(target)[:40]} has no {name}")


def indexed(target: Value, key: Value, scope: Scope) -> Value:
    """Return ``target[key]``; raise Failed where there is none."""
    return lifted(lambda one, at: _indexed(one, scope.module.settled(at), scope), target, key)


def _indexed(target: Value, key: Value, scope: Scope) -> Value:
    if isinstance(target, Unsure) and target:
        return target[0]
    if isinstance(key, (Symbol, Text, Open)):
        return looked_up(target, key, scope)
    if isinstance(target, dict):
        return _item(target, _key(key))
    if isinstance(target, list):
        return _at(target, key)
    return _beneath(target, str(key))


def looked_up(target: Value, key: Value, scope: Scope) -> Value:
    """Return what stands under a key that is not known: of an object, each value if the key is."""
    if isinstance(key, Open):
        return key
    if not isinstance(target, dict) or not target or len(target) > MOST:
        return Open(f"which item {shown(key)} means")
    options: list[Any] = []
    for name, value in sorted(target.items()):
        decided = equal(key, name, scope)
        if decided is True:
            return value
        options += [
            (when, value) for when, holds in getattr(decided, "options", ()) if holds is True
        ]
    if not options:
        raise Failed(f"an object has no {shown(key)}")
    return bounded(options)


def _key(key: Value) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, (str, int, float)):
        return str(key)
    raise Failed("an item without a name")


def _item(target: dict[str, Any], key: str) -> Value:
    return target[key] if key in target else _beyond(target, key)


def _beyond(target: dict[str, Any], name: str) -> Value:
    if isinstance(target, Told):
        return target.beyond(name)
    raise Failed(f"an object has no {name}")


def _at(target: list[Any], key: Value) -> Value:
    try:
        position = int(key)
    except (TypeError, ValueError):
        raise Failed(f"a list has no item {shown(key)[:40]}") from None
    if isinstance(key, bool) or not 0 <= position < len(target):
        raise Failed(f"a list of {len(target)} has no item {position}")
    return target[position]
