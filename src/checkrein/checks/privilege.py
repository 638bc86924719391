"""What roles are granted against what their functions do; shared by the checks of privilege."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from checkrein.catalog.operations import actions
from checkrein.catalog.rights import rights
from checkrein.checks.questions import grouped, listed, short, titles, treasures
from checkrein.checks.worth import valuable
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
    Place,
    Resource,
    Row,
    Summary,
    Value,
)
from checkrein.model.facts import as_path
from checkrein.model.values import Text, alternatives, symbols

VERBS = {  # the rights that count as power, and how a sentence says them
    "read": "read",
    "write": "change",
    "delete": "delete",
    "permission": "give others rights over",
    "configure": "remove or reconfigure what holds",
}
POLLED = {"queue": ("read", "delete"), "stream": ("read",)}  # what triggers do with the role
POLLING = frozenset(  # what AWS's own policies for triggers hold, on every resource
    {
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
        *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
        *("kinesis:SubscribeToShard", "dynamodb:DescribeStream", "dynamodb:GetRecords"),
        *("dynamodb:GetShardIterator", "dynamodb:ListStreams"),
        *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
    }
)


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
    if set(grant.actions) <= POLLING:
        return
    for access in grouped(app, Access, "identity").get(grant.identity, []):
        row = app.get(Row, access.target)
        if access.right not in VERBS or not access.certain or not row or not treasures(app, row):
            continue
        if is_used(app, access):
            continue
        given = [a for a in access.actions if any(matches(p, a, fold=True) for p in grant.actions)]
        if given and _covers(grant, access.target):
            yield Power(access.right, access.target, tuple(given))


def written(grant: Grant, actions: Iterable[str]) -> list[str]:
    """Return the actions as a statement writes them, wildcards and all, that give some actions."""
    return [p for p in grant.actions if any(matches(p, action, fold=True) for action in actions)]


def narrowed(app: App, grant: Grant, actions: Iterable[str]) -> Fix | None:
    """Return the fix that takes needless actions out of a statement, None if it needs thought."""
    taken = {*written(grant, actions)} & {*unused(app, grant)}
    kept = [action for action in grant.actions if action not in taken]
    if not taken or not kept or not grant.path or grant.path[0] == "ManagedPolicyArns":
        return None
    change = Change(grant.resource, (*grant.path, "Action"), "set", kept)
    return Fix("grant only what the code uses", changes=(change,))


def powerful(app: App, powers: list[Power]) -> str:
    """Say powers for a sentence: ``delete e-mail address in Customers (dynamodb:DeleteItem)``."""
    rights = {power.right for power in powers}
    verbs = listed((verb for right, verb in VERBS.items() if right in rights), len(VERBS))
    rows = [row for power in powers if (row := app.get(Row, power.target))]
    classes = valuable(app, {data for row in rows for data in treasures(app, row)})
    actions = sorted({action for power in powers for action in power.actions})
    return (
        f"{verbs} {titles(classes)} in {listed(short(row.id) for row in rows)} ({listed(actions)})"
    )


def is_used(app: App, access: Access) -> bool:
    """Tell whether code, or a trigger, uses a right, or leaves open what it addresses."""
    used = _used(app).get(access.identity, set())
    return bool({(access.right, access.target), (access.right, "")} & used)


def place_of(app: App, grant: Grant, action: str = "") -> Place:
    """Return where an action stands in its statement, or the statement where it cannot be told.

    The id of a grant ends with the resource that holds it and the path of its statement.
    """
    holder, _, path = grant.id.removeprefix(f"{grant.identity}<").rpartition(":")
    source = app.get(Resource, holder)
    if source is None or action not in grant.actions:
        return grant.place
    keys = (*as_path(path), "Action", grant.actions.index(action))
    place = source.where(keys)
    return place if place.path else grant.place


def place_of_access(app: App, access: Access) -> Place:
    """Return where the statement stands, down to the action, that gives a right."""
    for grant in grouped(app, Grant, "identity").get(access.identity, []):
        given = written(grant, access.actions) if grant.effect == "Allow" else []
        if given and (grant.holder == access.target or _covers(grant, access.target)):
            return place_of(app, grant, given[0])
    return access.place


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
