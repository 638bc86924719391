"""What roles are granted against what their functions do; shared by the checks of privilege."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from checkrein.catalog.rights import rights
from checkrein.checks.policy_templates import named_template, of_sam, policy_at, smaller
from checkrein.checks.questions import grouped
from checkrein.checks.sideways import sideways
from checkrein.checks.unseen import unseen
from checkrein.iam.patterns import matcher, matches
from checkrein.model import (
    Access,
    App,
    Call,
    Change,
    Entry,
    Evidence,
    Fix,
    Function,
    Grant,
    Need,
    Path,
    Place,
    Resource,
    Symbol,
    Value,
)
from checkrein.model.asking import of_app, settled_each
from checkrein.model.facts import as_path
from checkrein.model.values import Text, alternatives, symbols

CONNECTOR = "AWS::Serverless::Connector"
POLLED = {"queue": ("read", "delete"), "stream": ("read",)}  # what triggers do with the role
CODE = frozenset({"call", "forwarded"})  # causes of needs that are not the platform's

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


OPEN = "\0"  # stands for what is open in an ARN


class Permit(Struct, frozen=True):
    """What a role is allowed at one place: a statement, or a named policy of several."""

    identity: str
    place: Place
    grants: tuple[Grant, ...]

    @property
    def id(self) -> str:
        return self.grants[0].id

    @property
    def actions(self) -> tuple[str, ...]:
        """All actions, as written."""
        return tuple(dict.fromkeys(action for grant in self.grants for action in grant.actions))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the place says, in one sentence."""
        return self.grants[0].evidence


def first_grants(app: App) -> list[Grant]:
    """Select one statement for each place that allows functions something, as subjects.

    What the role of a framework's own function may do is for nobody here to change.
    """
    added = {each.id for each in app.every(Resource) if each.added}
    chosen = (own for identity, own in _permits(app).items() if identity not in added)
    return [permit.grants[0] for permits in chosen for permit in permits]


def permits(app: App, identity: str) -> list[Permit]:
    """Return what an identity is allowed, place by place."""
    return _permits(app).get(identity, [])


def permit_of(app: App, grant: Grant) -> Permit:
    """Return the permit whose first statement is given."""
    return next(p for p in permits(app, grant.identity) if grant in p.grants)


def permit_with(app: App, identity: str, first: str) -> Permit:
    """Return the permit of an identity by its first statement's id: a place may have several."""
    return next(p for p in permits(app, identity) if p.id == first)


@of_app
def _permits(app: App) -> dict[str, list[Permit]]:
    roles = grouped(app, Function, "identity")
    found: dict[str, dict[tuple[Place, str, Path], list[Grant]]] = {}
    for grant in app.every(Grant):
        if grant.effect == "Allow" and not grant.holder and grant.identity in roles:
            several = of_sam(app, grant) and is_named(app, grant)  # statements, by one name
            path = policy_at(grant) if several else ()
            at = (grant.place, grant.resource, path or grant.path)  # a program makes several there
            found.setdefault(grant.identity, {}).setdefault(at, []).append(grant)
    return {
        identity: [Permit(identity, at[0], tuple(grants)) for at, grants in by_place.items()]
        for identity, by_place in found.items()
    }


def holders(app: App, identity: str) -> list[str]:
    """Return the functions that act as an identity."""
    return [function.id for function in grouped(app, Function, "identity").get(identity, [])]


def unused(app: App, permit: Permit) -> tuple[str, ...]:
    """Return the actions, as written, that surely no code of any function of the role uses."""
    return _unused_of(app, permit.identity, permit.id)


@of_app
def _unused_of(app: App, identity: str, id: str) -> tuple[str, ...]:
    permit = next(each for each in permits(app, identity) if each.id == id)
    ids = {grant.id for grant in permit.grants}
    found = {
        need.action
        for id in holders(app, permit.identity)
        for need in grouped(app, Need, "function").get(id, [])
        if not need.needed and ids & {*need.grants}
    }
    return tuple(
        action
        for action in permit.actions
        if action in found
        and not sideways(app, permit.identity, action)
        and not unseen(app, permit.identity, (action,))
    )


def doubt(app: App, permit: Permit) -> str:
    """Say why nobody can tell whether some actions are used that no code calls, "" if all can."""
    called = called_actions(app, permit.identity)
    idle = [
        action
        for grant in permit.grants
        for action in (() if grant.not_actions else grant.actions)
        if not given((action,), called) and not sideways(app, permit.identity, action)
    ]
    return unseen(app, permit.identity, idle) if idle else ""


@of_app
def called_actions(app: App, identity: str) -> tuple[str, ...]:
    """Return the IAM actions that an identity's functions call, or the platform for them."""
    found = {*coded_actions(app, identity)}
    for function in holders(app, identity):
        found.update(need.action for need in platform_needs(app, function))
        for entry in grouped(app, Entry, "function").get(function, []):
            found.update(POLLING if entry.kind in POLLED else ())
    return tuple(sorted(found))


@of_app
def coded_actions(app: App, identity: str) -> tuple[str, ...]:
    """Return the IAM actions that the code of an identity's functions calls."""
    calls = grouped(app, Call, "function")
    functions = holders(app, identity)
    return tuple(
        sorted({a for id in functions for call in calls.get(id, []) for a in call.actions})
    )


@lru_cache(maxsize=4096)
def given(patterns: tuple[str, ...], actions: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some actions that some patterns match."""
    fits = [matcher(pattern.lower()) for pattern in patterns]
    return tuple(a for a in actions if any(fit(a.lower()) for fit in fits))


def written(permit: Permit, actions: Iterable[str]) -> list[str]:
    """Return the patterns of a place, as written, that give some actions."""
    wanted = tuple(sorted(actions))
    return [pattern for pattern in permit.actions if given((pattern,), wanted)]


def still_needed(app: App, permit: Permit) -> list[str]:
    """Return the actions, as written, that code uses or may use."""
    idle = {*unused(app, permit)}
    return [action for action in permit.actions if action not in idle]


def is_smallest(app: App, permit: Permit) -> bool:
    """Tell whether a place asks for what AWS put together, and nothing smaller would do.

    That is a policy template without a smaller one, or a connector: it reads, writes or both.
    """
    template, needed = named_template(app, permit.grants), still_needed(app, permit)
    if needed and _holder(app, permit.grants[0], CONNECTOR):
        return True
    return bool(template and needed and not smaller(template, permit.grants[0], needed))


def narrowed(app: App, permit: Permit, actions: Iterable[str]) -> Fix | None:
    """Return the fix that takes needless actions out of a statement, None if it needs thought.

    A statement or policy of which nothing is needed goes as a whole; one of SAM's policy templates
    gives way to a smaller one.
    """
    needed = still_needed(app, permit)
    template = named_template(app, permit.grants)
    if template and needed:
        return smaller(template, permit.grants[0], needed)
    grant, taken = permit.grants[0], {*written(permit, actions)} & {*unused(app, permit)}
    kept = _plain(app, grant, taken)
    statement = len(permit.grants) == 1 and _listed(app, grant) is not None
    if taken and kept and statement:
        change = Change(grant.resource, (*grant.path, "Action"), "set", kept)
        return Fix("grant only what the code uses", changes=(change,))
    if not taken or taken != {*permit.actions}:
        return None
    if statement:
        whole = Change(grant.resource, grant.path, "remove")
        return Fix("take the statement away: nothing uses it", changes=(whole,))
    if policy := policy_at(grant):
        whole = Change(grant.resource, policy, "remove")
        return Fix("take the policy away: nothing uses it", changes=(whole,))
    return None


def _plain(app: App, grant: Grant, taken: set[str]) -> list[str]:
    """Return what is left of a statement's actions, [] where that would give again what is taken.

    A pattern that does so goes too, where what is called of it is listed beside it.
    """
    left = [action for action in grant.actions if action not in taken]
    plain = [action for action in left if not given((action,), (*taken,))]
    called = called_actions(app, grant.identity)
    return plain if given((*left,), called) == given((*plain,), called) else []


def is_used(app: App, access: Access) -> bool:
    """Tell whether code, or a trigger, uses a right, or may use it: what it addresses is open."""
    used = used_rights(app, access.identity) or set()
    called = bool({(access.right, access.target), (access.right, "")} & used)
    return called or all(sideways(app, access.identity, action) for action in access.actions)


def _holder(app: App, grant: Grant, source_type: str) -> Resource | None:
    """Return the resource that holds a statement, if it was made from a type of SAM's."""
    holder = app.get(Resource, _place_in(grant)[0])
    return holder if holder and holder.source_type == source_type else None


def _place_in(grant: Grant) -> tuple[str, str]:
    """Return the resource that holds a statement, and the path in it: a grant's id ends so."""
    holder, _, path = grant.id.removeprefix(f"{grant.identity}<").rpartition(":")
    return holder, path


def place_of(app: App, grant: Grant, action: str = "") -> Place:
    """Return where an action stands in its statement, or the statement where it cannot be told."""
    found = _listed(app, grant)
    if found is None or action not in grant.actions:
        return grant.place
    source, path = found
    return source.where((*path, grant.actions.index(action)))


def is_named(app: App, grant: Grant) -> bool:
    """Tell whether a place only names a policy that AWS wrote."""
    return _listed(app, grant) is None


def _listed(app: App, grant: Grant) -> tuple[Resource, Path] | None:
    """Return where the user wrote a statement's actions; None where a policy is only named."""
    holder, path = _place_in(grant)
    source, keys = app.get(Resource, holder), (*as_path(path), "Action")
    return (source, keys) if source and keys in source.places else None


def place_of_access(app: App, access: Access) -> Place:
    """Return where the statement stands, down to the action, that gives a right."""
    for grant in grouped(app, Grant, "identity").get(access.identity, []):
        allowed = [p for p in grant.actions if given((p,), access.actions)]
        near = grant.holder == access.target or covers(app, grant, access.target)
        if grant.effect == "Allow" and allowed and near:
            return place_of(app, grant, allowed[0])
    return access.place


@settled_each
def used_rights(app: App) -> dict[str, set[tuple[str, str]]]:
    """Return, for each identity, its used (right, resource); "" where code leaves it open."""
    identities = {function.id: function.identity for function in app.every(Function)}
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for call in app.every(Call):
        for action in call.actions:
            for right in rights(action):
                open_to_any = call.addresses and call.target is None
                target = "" if open_to_any else call.target or ""
                found[identities.get(call.function, "")].add((right, target))
    for entry in app.every(Entry):
        for right in POLLED.get(entry.kind, ()):
            found[identities.get(entry.function, "")].add((right, entry.source))
    for function, identity in identities.items():
        for need in platform_needs(app, function):
            found[identity].update((right, need.resource) for right in rights(need.action))
    return found


def platform_needs(app: App, function: str) -> list[Need]:
    """Return what Lambda itself does with a function's role: logs, triggers, destinations."""
    needs = grouped(app, Need, "function").get(function, [])
    return [need for need in needs if need.needed and need.cause not in CODE]


def is_all(grant: Grant) -> bool:
    """Tell whether a statement is about all resources, of one kind at least."""
    options = [option for value in grant.resources for option in alternatives(value)]
    return grant.not_resources or any(_literal(option) == "*" for option in options)


def covers(app: App, grant: Grant, target: str) -> bool:
    """Tell whether a statement's resources name the target, or everything."""
    options = [option for value in grant.resources for option in alternatives(value)]
    return grant.not_resources or any(_names(app, option, target) for option in options)


def _names(app: App, resource: Value, target: str) -> bool:
    pattern = _literal(resource)
    if pattern is not None:
        names = _physical_names(app, target)
        return any(matches(pattern, name) for name in names) or ("*" in pattern and not names)
    if called := _called_so(app, resource, target):
        return target in called
    owners = {symbol.owner for symbol in symbols(resource)}
    if target in owners or any(app.get(Resource, owner) for owner in owners):
        return target in owners  # a table's indexes end with a star, and are that table's only
    texts = [p for p in resource.parts if isinstance(p, str)] if isinstance(resource, Text) else []
    return any(text.endswith("*") or _last(text) in _physical_names(app, target) for text in texts)


def _literal(resource: Value) -> str | None:
    """Return the name in an ARN, None where more is open than partition, region and account."""
    parts = resource.parts if isinstance(resource, Text) else (resource,)
    if any(symbol.owner != "@aws" for symbol in symbols(resource)):
        return None
    found = _name_in("".join(part if isinstance(part, str) else OPEN for part in parts))
    return None if OPEN in found else found


def _called_so(app: App, resource: Value, target: str) -> list[str]:
    """Return the resources of a target's type that have their name from what stands in an ARN."""
    one = app.get(Resource, target)
    parts = resource.parts if isinstance(resource, Text) else ()
    whole = [
        part
        for before, part, after in zip(("", *parts), parts, (*parts[1:], "/"), strict=False)
        if isinstance(part, Symbol)
        if isinstance(before, str) and before.endswith((":", "/"))
        if isinstance(after, str) and after.startswith((":", "/"))
    ]
    return [
        other.id
        for other in (grouped(app, Resource, "type").get(one.type, []) if one and whole else ())
        if any(value in whole for name, value in other.properties.items() if name.endswith("Name"))
    ]


def _name_in(arn: str) -> str:
    """Return the part of an ARN that names its resource; what lies in it is left away."""
    if ":::" in arn:
        return arn.partition(":::")[2].partition("/")[0]
    return _last(re.sub(r"/(index|stream)/\*$|(?<=:log-group:)(.*):\*$", r"\2", arn))


def _last(arn: str) -> str:
    return re.split(r"[:/]", arn.rstrip("/"))[-1]


def _physical_names(app: App, target: str) -> set[str]:
    resource = app.get(Resource, target)
    properties = resource.properties if resource else {}
    return {v for name, v in properties.items() if name.endswith("Name") and isinstance(v, str)}
