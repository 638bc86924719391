"""What changes on the way through a document: a tree of changes over the tree of values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.model import Change
from checkrein.model import Path as Keys
from checkrein.write.intrinsics import is_intrinsic
from checkrein.write.refusals import CannotEdit

RESOURCES = "Resources"


@dataclass
class Plan:
    """What happens to one value: nothing, ``set`` or ``remove``; else what happens inside it."""

    operation: str = ""
    value: Any = None
    below: dict[str | int, Plan] = field(default_factory=dict)
    added: dict[str, Any] = field(default_factory=dict)  # new keys of a mapping
    appended: list[Any] = field(default_factory=list)  # new items of a list


def planned(value: Any, changes: list[tuple[Keys, Change]]) -> Plan:
    """Plan changes at paths of a document; paths count in the document as it was."""
    root = Plan()
    for path, change in changes:
        _add(root, value, path, change)
    _settle(root, value, ())
    return root


def applied(plan: Plan, value: Any) -> Any:
    """Return the value as it is after the plan."""
    if plan.operation == "set":
        return plan.value
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if _at(plan, k).operation != "remove"}
        return {k: applied(_at(plan, k), v) for k, v in kept.items()} | plan.added
    if isinstance(value, list):
        numbered = [(_at(plan, i), item) for i, item in enumerate(value)]
        kept_items = [applied(p, item) for p, item in numbered if p.operation != "remove"]
        return kept_items + plan.appended
    return value


def _at(plan: Plan, key: str | int) -> Plan:
    return plan.below.get(key) or Plan()


def _add(plan: Plan, value: Any, path: Keys, change: Change) -> None:
    for position, key in enumerate(path):
        if (isinstance(value, dict) and key in value) or (
            isinstance(value, list) and isinstance(key, int) and key < len(value)
        ):
            plan = plan.below.setdefault(key, Plan())
            value = value[key]  # type: ignore[index]
        elif key != 0 or isinstance(value, list) or value is None:
            _create(plan, value, path[position:], change)
            return
        # else: a lone value stands where a list of one may stand
    if change.operation == "remove":
        plan.operation = "remove"
    elif change.operation == "append":
        _append(plan, value, change)
    else:
        _refine(plan, value, change.value)


def _create(plan: Plan, value: Any, rest: Keys, change: Change) -> None:
    """Plan a value below what is there."""
    name = ".".join(map(str, change.path))
    if change.operation == "remove":
        raise CannotEdit(f"{change.resource} has no {name} to remove")
    if is_intrinsic(value) or not (value is None or isinstance(value, dict)):
        raise CannotEdit(f"{name} of {change.resource} cannot stand inside what is written there")
    if not all(isinstance(key, str) for key in rest):
        raise CannotEdit(f"{change.resource} has no list at {name}")
    new = [change.value] if change.operation == "append" else change.value
    for key in reversed(rest[1:]):
        new = {key: new}
    if value is None:
        before = plan.value if plan.operation == "set" else {}
        plan.operation, plan.value = "set", _merged(before, {str(rest[0]): new})
    else:
        plan.added = _merged(plan.added, {str(rest[0]): new})


def _merged(left: Any, right: Any) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        return left | {key: _merged(left.get(key), item) for key, item in right.items()}
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    return right


def _append(plan: Plan, value: Any, change: Change) -> None:
    if isinstance(value, list):
        plan.appended.append(change.value)
    elif value is None:
        plan.operation, plan.value = "set", [change.value]
    elif isinstance(value, dict):
        raise CannotEdit(f"{change.resource} holds no list at {'.'.join(map(str, change.path))}")
    else:
        plan.operation, plan.value = "set", [value, change.value]


def _refine(plan: Plan, old: Any, new: Any) -> None:
    """Plan the least that makes ``old`` to ``new``, so that style and comments stay."""
    if new == old and type(new) is type(old):
        return
    both = [old, new]
    if all(isinstance(each, dict) and each and not is_intrinsic(each) for each in both):
        for key in old:
            if key in new:
                _refine(plan.below.setdefault(key, Plan()), old[key], new[key])
            else:
                plan.below[key] = Plan("remove")
        plan.added |= {key: item for key, item in new.items() if key not in old}
    elif all(isinstance(each, list) and each for each in both) and _refine_list(plan, old, new):
        return
    else:
        plan.operation, plan.value = "set", new


def _refine_list(plan: Plan, old: list[Any], new: list[Any]) -> bool:
    """Plan a list that loses items and gains some at its end; False where it is another one."""
    rest = list(new)
    removed = []
    for index, item in enumerate(old):
        if rest and rest[0] == item and type(rest[0]) is type(item):
            rest.pop(0)
        else:
            removed.append(index)
    if len(removed) == len(old):
        return False
    plan.below |= {index: Plan("remove") for index in removed}
    plan.appended += rest
    return True


def _settle(plan: Plan, value: Any, path: Keys) -> None:
    """Remove what is emptied by removals, but no resource."""
    if plan.operation:
        return
    for key, below in plan.below.items():
        _settle(below, value[key], (*path, key))
    gone = sum(below.operation == "remove" for below in plan.below.values())
    emptied = gone and gone == len(value) and not plan.added and not plan.appended
    kept = not path or (path[0] == RESOURCES and len(path) <= 2)  # noqa: PLR2004 - Resources/Id
    if emptied and not kept:
        plan.operation = "remove"
    elif emptied:
        plan.operation, plan.value = "set", type(value)()
