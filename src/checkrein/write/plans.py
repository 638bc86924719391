"""What changes on the way through a document: a tree of changes over the tree of values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.model import Change
from checkrein.model import Path as Keys
from checkrein.write.intrinsics import is_intrinsic
from checkrein.write.refusals import CannotEdit

RESOURCES = "Resources"
APPEND = "append"


@dataclass
class Plan:
    """What happens to one value: nothing, ``set`` or ``remove``; else what happens inside it."""

    operation: str = ""
    value: Any = None
    below: dict[str | int, Plan] = field(default_factory=dict)
    added: dict[str, Any] = field(default_factory=dict)  # new keys of a mapping
    appended: list[Any] = field(default_factory=list)  # new items of a list


class Items(list[Any]):
    """A new list that further changes may append to."""


class First(list[Any]):
    """A new list of one, into which further changes may go."""


def planned(value: Any, changes: list[tuple[Keys, Change]]) -> Plan:
    """Plan changes at paths of a document; paths count in the document as it was.

    Equal changes count once. Raise CannotEdit where two of them contradict each other.
    """
    root = Plan()
    done: list[tuple[Keys, str, Any]] = []
    for path, change in changes:
        asked = (path, change.operation, change.value)
        if asked not in done:
            done.append(asked)
            _add(root, value, path, change)
    _settle(root, value, ())
    return root


def applied(plan: Plan, value: Any) -> Any:
    """Return the value as it is after the plan."""
    if plan.operation == "set":
        return plan.value
    if not (plan.below or plan.added or plan.appended):
        return value
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
        if plan.operation and not (value is None and plan.operation == "set"):
            raise _contradiction(change)
        if (isinstance(value, dict) and key in value) or (
            isinstance(value, list) and isinstance(key, int) and key < len(value)
        ):
            plan = plan.below.setdefault(key, Plan())
            value = value[key]  # type: ignore[index]
        elif key != 0 or isinstance(value, list) or value is None:
            _create(plan, value, path[position:], change)
            return
        # else: a lone value stands where a list of one may stand
    if change.operation == APPEND:
        _append(plan, value, change)
    elif plan != Plan():
        raise _contradiction(change)
    elif change.operation == "remove":
        plan.operation = "remove"
    else:
        _refine(plan, value, change.value)


def _create(plan: Plan, value: Any, rest: Keys, change: Change) -> None:
    """Plan a value below what is there."""
    name = ".".join(map(str, change.path))
    if change.operation == "remove":
        raise CannotEdit(f"{change.resource} has no {name} to remove")
    if is_intrinsic(value) or not (value is None or isinstance(value, dict)):
        raise CannotEdit(f"{name} of {change.resource} cannot stand inside what is written there")
    if not isinstance(rest[0], str) or any(isinstance(key, int) and key for key in rest):
        raise CannotEdit(f"{change.resource} has no list at {name}")
    new = Items([change.value]) if change.operation == APPEND else change.value
    for key in reversed(rest[1:]):
        new = {key: new} if isinstance(key, str) else First([new])
    if value is None:
        before = plan.value if plan.operation == "set" else {}
        plan.operation, plan.value = "set", _merged(before, {rest[0]: new}, change)
    else:
        plan.added = _merged(plan.added, {rest[0]: new}, change)


def _merged(left: Any, right: Any, change: Change) -> Any:
    """Unite what two changes make at one place."""
    if isinstance(left, dict) and isinstance(right, dict):
        more = {k: _merged(left[k], v, change) if k in left else v for k, v in right.items()}
        return left | more
    if isinstance(left, First) and isinstance(right, First):
        return First([_merged(left[0], right[0], change)])
    if isinstance(left, Items) and isinstance(right, Items):
        return Items([*left, *right])
    if left == right:
        return left
    raise _contradiction(change)


def _contradiction(change: Change) -> CannotEdit:
    name = ".".join(map(str, change.path)) or "it"
    return CannotEdit(f"another change of {change.resource} says something else about {name}")


def _append(plan: Plan, value: Any, change: Change) -> None:
    if isinstance(plan.value, Items):
        plan.value.append(change.value)
    elif plan.operation:
        raise _contradiction(change)
    elif isinstance(value, list):
        plan.appended.append(change.value)
    elif isinstance(value, dict):
        raise CannotEdit(f"{change.resource} holds no list at {'.'.join(map(str, change.path))}")
    else:
        first = [] if value is None else [value]
        plan.operation, plan.value = "set", Items([*first, change.value])


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
