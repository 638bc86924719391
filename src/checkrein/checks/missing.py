"""Rights that code surely needs and its function's role does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkrein.catalog.managed import managed_policy
from checkrein.checks.exposure import anonymous
from checkrein.checks.portions import whole_key
from checkrein.checks.questions import grouped
from checkrein.checks.roles import role_of
from checkrein.checks.tainted import sites_of
from checkrein.late import regex
from checkrein.model import Access, App, Call, Function, Need, Resource, Text, Value
from checkrein.model.asking import of_app
from checkrein.model.surface import covers
from checkrein.model.values import symbols

LOGGING = "logs:PutLogEvents"
BY_KEY = frozenset({("dynamodb", f"{each}Item") for each in ("Get", "Update", "Delete")})
MANAGED = "ManagedPolicyArns"
KEY = regex(r"Key\.([\w-]+).*")
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


def is_in_vain(app: App, call: Call) -> bool:
    """Tell whether a call surely fails: the role may not make it, or it asks by another key."""
    return _is_denied(app, call) or _is_refused(app, call)


def _is_refused(app: App, call: Call) -> bool:
    """Tell whether a call asks a table for one item without all of its key.

    Of several keys that it may ask by, one of which is the table's, all names are known together.
    """
    function = app.get(Function, call.function)
    if (call.service, call.operation) not in BY_KEY or not function or not call.target:
        return False
    asked = [each.path for each in sites_of(app, function)[call.site].arguments]
    named = {match[1] for path in asked if (match := KEY.fullmatch(path))}
    whole = any(path.startswith("Key") and not KEY.fullmatch(path) for path in asked)
    return call.certain and bool(named) and not whole and not whole_key(app, call.target) <= named


def _is_denied(app: App, call: Call) -> bool:
    """Tell whether a function's role may make others of its calls, and not this.

    A role that may do nothing is given its rights where nobody here can see, and so may one be
    that has a policy which is not here.
    """
    lacking = missing(app).get(call.function, ())
    denied = any(n.resource == call.target and n.action in call.actions for n in lacking)
    if not denied or takes_roles(app, call.function) or _has_unread_policies(app, call.function):
        return False
    needs = grouped(app, Need, "function").get(call.function, [])
    return any(need.granted and need.needed and need.cause == "call" for need in needs)


def unlogged(app: App, function: str) -> tuple[Need, ...]:
    """Return the rights to write its log that a function's role lacks; () where it may write.

    Of a role, or a policy of one, that no template holds nobody knows.
    """
    resource = app.get(Resource, function)
    if resource is None or role_of(app, resource) is None or _has_unread_policies(app, function):
        return ()
    needs = grouped(app, Need, "function").get(function, [])
    asked = [n for n in needs if n.cause == "log" and n.action == LOGGING and n.needed]
    return () if any(need.granted for need in asked) else (*asked,)


def _has_unread_policies(app: App, function: str) -> bool:
    """Tell whether a function's role has managed policies that neither AWS nor the app wrote."""
    holder = app.get(Function, function)
    role = app.get(Resource, holder.identity) if holder and holder.identity else None
    named = role.value(MANAGED) if role is not None else None
    each = named if isinstance(named, list) else [] if named is None else [named]
    return any(not managed_policy(_written(one)) and not _is_here(app, one) for one in each)


def _is_here(app: App, policy: Value) -> bool:
    return any(app.alternatives(Resource, symbol.owner) for symbol in symbols(policy))


def _written(policy: Value) -> str:
    """Return what a template writes of a policy's ARN: AWS's are known without their partition."""
    parts = policy.parts if isinstance(policy, Text) else (policy,)
    return "".join(part for part in parts if isinstance(part, str))


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
