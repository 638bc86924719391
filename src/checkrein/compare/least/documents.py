"""The least policy document: actions by the resources that they are needed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from checkrein.compare.least.pairs import is_about
from checkrein.iam import matches
from checkrein.model import Value

VERSION = "2012-10-17"


class Wish(Struct, frozen=True):
    """One action on one resource that a policy is to allow; ``arns`` is ``value`` encoded."""

    action: str
    value: Value
    arns: tuple[str, ...]
    conditions: Mapping[str, Any] = {}


class Group(Struct):
    """A statement in the making: actions that share their resources (by encoded ARN)."""

    actions: list[str]
    resources: dict[tuple[str, ...], Value]
    conditions: Mapping[str, Any]


def grouped(wishes: Iterable[Wish]) -> list[Group]:
    """Return statements that allow exactly some wishes.

    Two actions share one if their resources are the same, or if both are of one service and
    neither gains anything on the other's resources.
    """
    groups: list[Group] = []
    for action, conditions, resources in _by_action(wishes):
        for group in groups:
            if group.conditions == conditions and _agree(group, action, resources):
                group.actions.append(action)
                group.resources |= resources
                break
        else:
            groups.append(Group([action], dict(resources), conditions))
    return groups


def _by_action(
    wishes: Iterable[Wish],
) -> list[tuple[str, Mapping[str, Any], dict[tuple[str, ...], Value]]]:
    found: dict[tuple[str, str], tuple[Mapping[str, Any], dict[tuple[str, ...], Value]]] = {}
    for wish in wishes:
        known = found.setdefault((wish.action, repr(wish.conditions)), (wish.conditions, {}))
        known[1].setdefault(wish.arns, wish.value)
    return [
        (action, conditions, _without_covered(resources))
        for (action, _), (conditions, resources) in found.items()
    ]


def _without_covered(resources: dict[tuple[str, ...], Value]) -> dict[tuple[str, ...], Value]:
    """Return resources without those that lie inside another one."""
    return {
        arns: value
        for arns, value in resources.items()
        if not any(
            other != arns and all(any(matches(o, arn) for o in other) for arn in arns)
            for other in resources
        )
    }


def _agree(group: Group, action: str, resources: dict[tuple[str, ...], Value]) -> bool:
    if group.resources.keys() == resources.keys():
        return True
    service = action.partition(":")[0]
    if any(known.partition(":")[0] != service for known in group.actions):
        return False
    more = [arns for arns in group.resources if arns not in resources]
    new = [arns for arns in resources if arns not in group.resources]
    gained = any(is_about(action, arn) for arns in more for arn in arns)
    given = any(is_about(known, arn) for known in group.actions for arns in new for arn in arns)
    return not gained and not given


def statement(group: Group) -> dict[str, Any]:
    """Return a group as a statement whose resources are values of the model, sorted."""
    values = [group.resources[arns] for arns in sorted(group.resources)]
    made: dict[str, Any] = {
        "Effect": "Allow",
        "Action": group.actions[0] if len(group.actions) == 1 else sorted(group.actions),
        "Resource": values[0] if len(values) == 1 else values,
    }
    if group.conditions:
        made["Condition"] = dict(group.conditions)
    return made


def document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": VERSION, "Statement": statements}
