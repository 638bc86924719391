"""Rights that code surely needs and its function's role does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped
from checkrein.model import Access, App, Call, Function, Need, Resource
from checkrein.model.asking import of_app
from checkrein.model.surface import covers

# who has these may have them from the key's or the role's own policy, which names the caller
BY_THE_OTHER_SIDE = frozenset({"kms", "sts"})


@of_app
def missing(app: App) -> Mapping[str, tuple[Need, ...]]:
    """Return, by function, what its code asks of the app's resources and may not do there."""
    found: dict[str, list[Need]] = {}
    for need in app.every(Need):
        lacks = need.needed and not need.granted and need.certain and need.cause == "call"
        if lacks and app.get(Resource, need.resource) and not _is_allowed_otherwise(app, need):
            found.setdefault(need.function, []).append(need)
    return {function: (*needs,) for function, needs in found.items()}


def is_denied(app: App, call: Call) -> bool:
    """Tell whether a call fails: its function's role may do others that it makes, and not this.

    A role that may do nothing is given its rights where nobody here can see.
    """
    lacking = missing(app).get(call.function, ())
    denied = any(n.resource == call.target and n.action in call.actions for n in lacking)
    if not denied or takes_roles(app, call.function):
        return False
    needs = grouped(app, Need, "function").get(call.function, [])
    return any(need.granted and need.needed and need.cause == "call" for need in needs)


def takes_roles(app: App, function: str) -> bool:
    """Tell whether a function's code takes other roles: it may ask with their rights then."""
    return any(call.service == "sts" for call in grouped(app, Call, "function").get(function, []))


def still_needed(app: App, identity: str, target: str, actions: tuple[str, ...]) -> bool:
    """Tell whether code of an identity's functions needs and lacks one of a right's actions."""
    asked = {
        need.action
        for function in grouped(app, Function, "identity").get(identity, [])
        for need in missing(app).get(function.id, ())
        if need.resource == target
    }
    return any(covers(wide, action) for wide in actions for action in asked)


def _is_allowed_otherwise(app: App, need: Need) -> bool:
    """Tell whether the resource's side may allow it: its own policy, for anyone or by name."""
    if need.action.partition(":")[0] in BY_THE_OTHER_SIDE:
        return True
    return any(need.action in access.actions for access in _open(app, need.resource))


def _open(app: App, target: str) -> Iterator[Access]:
    over = grouped(app, Access, "target").get(target, [])
    return (access for access in over if anonymous(access.identity))
