"""What roles are granted against what their functions do; shared by the checks of privilege."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from checkrein.catalog.operations import actions
from checkrein.catalog.rights import rights
from checkrein.checks.questions import grouped, treasures
from checkrein.iam.patterns import matches
from checkrein.model import (
    Access,
    App,
    Call,
    Change,
    Entry,
    Fix,
    Function,
    Grant,
    Need,
    Row,
    Summary,
    Value,
)
from checkrein.model.values import Text, alternatives, symbols

POWERS = ("read", "write", "delete", "configure", "permission")
POLLED = {"queue": ("read", "delete"), "stream": ("read",)}  # what triggers do with the role


class Power(Struct, frozen=True):
    """A right over a resource that a statement gives and that no function of the role uses."""

    right: str
    target: str
    actions: tuple[str, ...]


def role_grants(app: App) -> list[Grant]:
    """Return the statements of roles that allow functions something."""
    return [
        grant
        for grant in app.every(Grant)
        if grant.effect == "Allow" and not grant.holder and holders(app, grant)
    ]


def holders(app: App, grant: Grant) -> list[str]:
    """Return the functions that act as the identity of a statement."""
    return [function.id for function in grouped(app, Function, "identity").get(grant.identity, [])]


def unused(app: App, grant: Grant) -> list[str]:
    """Return the actions, as written, that no code of any function of the role uses."""
    found = {
        need.action
        for id in holders(app, grant)
        for need in grouped(app, Need, "function").get(id, [])
        if not need.needed and grant.id in need.grants
    }
    return [action for action in grant.actions if action in found]


def unused_powers(app: App, grant: Grant) -> Iterator[Power]:
    """Yield the rights over valuable data that a statement surely gives and no code uses."""
    if grant.not_actions or grant.conditions or not _read_in_full(app, grant.identity):
        return
    used = _used(app).get(grant.identity, set())
    for access in grouped(app, Access, "identity").get(grant.identity, []):
        row = app.get(Row, access.target)
        if access.right not in POWERS or not access.certain or not row or not treasures(app, row):
            continue
        if {(access.right, access.target), (access.right, "")} & used:
            continue
        given = [a for a in access.actions if any(matches(p, a, fold=True) for p in grant.actions)]
        if given and _covers(grant, access.target):
            yield Power(access.right, access.target, tuple(given))


def narrowed(grant: Grant, taken: list[str]) -> Fix | None:
    """Return the fix that leaves a statement only its other actions, None if none is left."""
    kept = [action for action in grant.actions if action not in taken]
    if not kept or not grant.path or grant.path[0] == "ManagedPolicyArns":
        return None
    change = Change(grant.resource, (*grant.path, "Action"), "set", kept)
    return Fix("grant only what the code uses", changes=(change,))


def _read_in_full(app: App, identity: str) -> bool:
    """Tell whether the code of every function with this identity was read to its end."""
    functions = grouped(app, Function, "identity").get(identity, [])
    summaries = grouped(app, Summary, "function")
    return all(
        function.id in summaries and not any(s.partial for s in summaries[function.id])
        for function in functions
    )


@lru_cache(maxsize=2)
def _used(app: App) -> dict[str, set[tuple[str, str]]]:
    """Return, for each identity, its used (right, resource); "" where code leaves it open."""
    identities = {function.id: function.identity for function in app.every(Function)}
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for call in app.every(Call):
        for action in actions(call.service, call.operation):
            for right in rights(action):
                open_to_any = call.addresses and call.target is None
                target = "" if open_to_any else call.target or ""
                found[identities.get(call.function, "")].add((right, target))
    for entry in app.every(Entry):
        for right in POLLED.get(entry.kind, ()):
            found[identities.get(entry.function, "")].add((right, entry.source))
    return found


def _covers(grant: Grant, target: str) -> bool:
    """Tell whether a statement's resources name the target, or everything."""
    return any(
        _names(option, target) for value in grant.resources for option in alternatives(value)
    )


def _names(resource: Value, target: str) -> bool:
    if isinstance(resource, str):
        return "*" in resource
    if any(symbol.owner == target for symbol in symbols(resource)):
        return True
    return isinstance(resource, Text) and any(
        isinstance(part, str) and part.endswith("*") for part in resource.parts
    )
