"""A statement as the user wrote it, with only what is needed left in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from checkrein.compare.least.documents import Group, Wish, grouped
from checkrein.compare.least.scene import Scene
from checkrein.iam import matches
from checkrein.model import Grant, Value


class Cell(Struct):
    """What all roles with a statement need of one action on one of its resources.

    ``said`` are the ARNs that it can be narrowed to, as (value, encoded); empty where the
    resource stays as it is written.
    """

    number: int
    action: str
    said: list[tuple[Value, str]]


def narrowed(raw: dict[str, Any], scene: Scene, grant: Grant, cells: list[Cell]) -> list[Any]:
    """Return the statements that take the place of one as written; none if nothing is needed."""
    resources = as_list(raw.get("Resource"))
    as_written = {arns: resources[n] for n, arns in _encoded(scene, grant, resources)}
    wishes: list[Wish] = []
    for cell in cells:
        if cell.said:
            wishes += [Wish(cell.action, value, (arn,)) for value, arn in cell.said]
        else:
            arns = scene.encode(grant.resources[cell.number])
            wishes.append(Wish(cell.action, as_written[arns], arns))
    groups = grouped(wishes)
    order = list(as_written)
    return [_statement(raw, grant, group, order, number) for number, group in enumerate(groups)]


def _encoded(
    scene: Scene, grant: Grant, resources: list[Any]
) -> Iterable[tuple[int, tuple[str, ...]]]:
    for number, _ in enumerate(resources):
        yield number, scene.encode(grant.resources[number])


def _statement(
    raw: dict[str, Any], grant: Grant, group: Group, order: list[tuple[str, ...]], number: int
) -> dict[str, Any]:
    actions = _as_written(grant, group.actions)
    listed = sorted(group.resources, key=lambda arns: _position(order, arns))
    values = [group.resources[arns] for arns in listed]
    made: dict[str, Any] = {}
    for key, value in raw.items():
        if key in {"Action", "NotAction"}:
            made["Action"] = _like(raw.get("Action"), actions)
        elif key == "Resource":
            made[key] = _like(value, values)
        elif key == "Sid" and number:
            made[key] = f"{value}{number + 1}"
        else:
            made[key] = value
    return made


def _position(order: list[tuple[str, ...]], arns: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Order what is written as it is written, and what is new by what it stands for."""
    if arns in order:
        return order.index(arns), arns
    wide = [at for at, other in enumerate(order) if any(matches(o, a) for o in other for a in arns)]
    return (wide[0] if wide else len(order)), arns


def _as_written(grant: Grant, actions: list[str]) -> list[str]:
    """Return actions in the order and spelling of a statement."""
    if grant.not_actions:
        return sorted(actions)
    found: dict[str, None] = {}
    for pattern in grant.actions:
        given = [action for action in actions if matches(pattern, action, fold=True)]
        exact = [action for action in given if action.lower() == pattern.lower()]
        found.update(dict.fromkeys([pattern] if exact or pattern in actions else sorted(given)))
    return list(found)


def _like(old: Any, values: list[Any]) -> Any:
    """Return values as a list, or alone where they are alone and stood so."""
    return values[0] if len(values) == 1 and not isinstance(old, list) else values


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as its only item."""
    return value if isinstance(value, list) else [] if value is None else [value]


def is_editable(raw: Any, grant: Grant) -> bool:
    """Tell whether a statement is written so that its parts can be told apart."""
    return (
        isinstance(raw, dict)
        and raw.get("Effect") == "Allow"
        and not grant.not_resources
        and "Resource" in raw
        and len(as_list(raw["Resource"])) == len(grant.resources)
        and not any(isinstance(one, list) for one in as_list(raw["Resource"]))
    )
