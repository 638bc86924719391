"""Make a question that shows a disagreement small: drop whatever it does not need."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import asdict, replace

from checkrein.iam.requests import Policies, Request

Shows = Callable[[Request, Policies], bool]

EMPTY = Policies()


def minimised(request: Request, policies: Policies, shows: Shows) -> tuple[Request, Policies]:
    """Return a smallest question, by single removals, that ``shows`` still holds for."""
    changed = True
    while changed:
        changed = False
        for smaller in _smaller(request, policies):
            if _safely(shows, smaller):
                (request, policies), changed = smaller, True
                break
    return request, policies


def _safely(shows: Shows, question: tuple[Request, Policies]) -> bool:
    try:
        return shows(*question)
    except Exception:  # noqa: BLE001 - what a smaller question breaks is another fault
        return False


def _smaller(request: Request, policies: Policies) -> Iterator[tuple[Request, Policies]]:
    for kind, value in asdict(policies).items():
        if value != getattr(EMPTY, kind):
            yield request, replace(policies, **{kind: getattr(EMPTY, kind)})
    for key in request.context:
        rest = {name: value for name, value in request.context.items() if name != key}
        yield replace(request, context=rest), policies
    for kind, value in asdict(policies).items():
        for smaller in _values(json.loads(value) if isinstance(value, str) else value):
            yield request, replace(policies, **{kind: smaller})


def _values(value: Any) -> Iterator[Any]:
    """Yield a value with one thing less inside, lists and mappings at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("Condition", "Version") or _can_lose_any(value):
                yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: smaller} for smaller in _values(inner))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            before, after = value[:index], value[index + 1 :]
            if before or after:
                yield type(value)([*before, *after])
            yield from (type(value)([*before, each, *after]) for each in _values(inner))


STRUCTURE = {"Statement", "Effect", "Action", "NotAction", "Resource", "NotResource"}


def _can_lose_any(value: dict[str, Any]) -> bool:
    """Tell a Condition, one of its operators, or a Principal, of more than one entry."""
    return len(value) > 1 and not STRUCTURE & value.keys()
