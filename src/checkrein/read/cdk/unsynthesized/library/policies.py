"""Statements, principals, and the policies that rights are written into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import argument, joined, prop
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Choice, New, Traced

VERSION = "2012-10-17"
NO_VALUE = {"Ref": "AWS::NoValue"}
LISTS = {
    "actions": "Action",
    "notActions": "NotAction",
    "principals": "Principal",
    "notPrincipals": "NotPrincipal",
    "resources": "Resource",
    "notResources": "NotResource",
}
ANYBODY = {"AnyPrincipal": {"AWS": "*"}, "Anyone": {"AWS": "*"}, "StarPrincipal": "*"}
FEDERATED = (
    "FederatedPrincipal",
    "WebIdentityPrincipal",
    "SamlPrincipal",
    "OpenIdConnectPrincipal",
)


def document(statements: list[Value]) -> dict[str, Value]:
    return {"Statement": statements, "Version": VERSION}


def one_or_all(items: Value) -> Value:
    """Return the only item of a list, as CDK writes it."""
    return items[0] if isinstance(items, list) and len(items) == 1 else items


def statement(world: World, traced: Traced) -> Value:
    """Return what a PolicyStatement writes."""
    if isinstance(traced, Called) and traced.name == "fromJson":
        return world.value(argument(traced, 0))
    if not isinstance(traced, New):
        return Open("a statement that is not plain")
    given = traced.arguments[0] if traced.arguments else None
    found: dict[str, Value] = {}
    for name, to in LISTS.items():
        if name.endswith("rincipals"):
            listed = prop(given, name)
            if listed is not None:
                found[to] = principals(world, listed, found)
        else:
            _put(found, to, world.value(prop(given, name)))
    found["Effect"] = world.value(prop(given, "effect")) or "Allow"
    conditions = world.value(prop(given, "conditions"))
    if conditions:
        found["Condition"] = _merged(found.get("Condition"), conditions)
    _put(found, "Sid", world.value(prop(given, "sid")))
    for called in world.calls.get(id(traced), ()):
        _change(world, found, called)
    return found


def _put(found: dict[str, Value], to: str, value: Value) -> None:
    if value not in (None, []):
        found[to] = one_or_all(value)


def _change(world: World, found: dict[str, Value], called: Called) -> None:
    """Do what a method of a statement does."""
    lists = {
        "addActions": "Action", "addResources": "Resource", "addNotActions": "NotAction",
        "addNotResources": "NotResource",
    }  # fmt: skip
    first = argument(called, 0)
    if called.name in lists:
        key = lists[called.name]
        before = found.get(key, [])
        more = [world.value(each) for each in called.arguments]
        found[key] = one_or_all([*(before if isinstance(before, list) else [before]), *more])
    elif called.name == "addAllResources":
        found["Resource"] = "*"
    elif called.name in ("addCondition", "addConditions"):
        second = argument(called, 1)
        new = {str(first): second} if called.name == "addCondition" else first
        found["Condition"] = _merged(found.get("Condition"), world.value(new))
    elif called.name in ("addPrincipals", "addArnPrincipal", "addAwsAccountPrincipal"):
        found["Principal"] = principals(world, called.arguments, found)
    elif called.name == "addServicePrincipal":
        found["Principal"] = {"Service": world.value(first)}
    elif called.name == "addAnyPrincipal":
        found["Principal"] = {"AWS": "*"}
    elif called.name == "addAccountRootPrincipal":
        found["Principal"] = {"AWS": root()}


def _merged(before: Value, more: Value) -> Value:
    if not isinstance(before, dict) or not isinstance(more, dict):
        return more
    found = dict(before)
    for key, each in more.items():
        both = isinstance(each, dict) and isinstance(found.get(key), dict)
        found[key] = {**found[key], **each} if both else each
    return found


def root(account: Value = None) -> Value:
    return joined(
        "arn:",
        Symbol("@aws", "Partition"),
        ":iam::",
        Symbol("@aws", "AccountId") if account is None else account,
        ":root",
    )


def principals(world: World, listed: Traced, into: dict[str, Value]) -> Value:
    """Return what principals write; their conditions go into the statement."""
    if not isinstance(listed, list):
        return world.value(listed)
    found: dict[str, Value] = {}
    for each in listed:
        one = principal(world, each, into)
        if one == "*" or not isinstance(one, dict):
            return one
        for key, value in one.items():
            known = found.get(key)
            items = [*(known if isinstance(known, list) else [known])] if known else []
            found[key] = one_or_all([*items, *(value if isinstance(value, list) else [value])])
    return found


def principal(world: World, traced: Traced, into: dict[str, Value]) -> Value:
    """Return what one principal writes."""
    construct = world.construct(traced)
    if construct:
        role = role_of(construct)
        arn = world.attribute(role, "roleArn") if role else Open("a principal")
        return {"AWS": arn}
    if not isinstance(traced, New):
        if isinstance(traced, Called) and traced.name == "withConditions":
            found = principal(world, traced.of, into)
            into["Condition"] = _merged(into.get("Condition"), world.value(argument(traced, 0)))
            return found
        return Open("a principal that is not plain")
    name = traced.kind.rpartition(".")[2]
    first, second = argument(traced, 0), argument(traced, 1)
    return _of_class(world, name, (first, second, argument(traced, 2)), into)


def _of_class(
    world: World, name: str, given: tuple[Traced, Traced, Traced], into: dict[str, Value]
) -> Value:
    first, second, _ = given
    if name in ANYBODY:
        return ANYBODY[name]
    if name == "CompositePrincipal":
        return principals(world, [each for each in given if each is not None], into)
    if name in FEDERATED:
        found, conditions = {"Federated": _federated(world, first)}, second
    elif name == "PrincipalWithConditions":
        found, conditions = principal(world, first, into), second
    elif name in SINGLE:
        key, made = SINGLE[name]
        found = {key: made(world, first)}
        conditions = prop(second, "conditions") if name == "ServicePrincipal" else None
    else:
        return Open(f"a {name}")
    if conditions is not None:
        into["Condition"] = _merged(into.get("Condition"), world.value(conditions))
    return found


def _said(world: World, traced: Traced) -> Value:
    return world.value(traced)


def _root(world: World, traced: Traced) -> Value:
    return root(world.value(traced))


SINGLE: dict[str, tuple[str, Callable[[World, Traced], Value]]] = {
    "ServicePrincipal": ("Service", _said),
    "AccountRootPrincipal": ("AWS", _root),
    "AccountPrincipal": ("AWS", _root),
    "ArnPrincipal": ("AWS", _said),
    "CanonicalUserPrincipal": ("CanonicalUser", _said),
}


def _federated(world: World, traced: Traced) -> Value:
    construct = world.construct(traced)
    return construct.of() if construct and construct.key else world.value(traced)


def assumed_by(world: World, traced: Traced) -> dict[str, Value]:
    """Return the document that lets principals take a role."""
    if isinstance(traced, New) and traced.kind.endswith("CompositePrincipal"):
        each = [_assumption(world, one) for one in traced.arguments]
        return document(each)
    return document([_assumption(world, traced)])


def _assumption(world: World, traced: Traced) -> dict[str, Value]:
    found: dict[str, Value] = {"Action": assume_action(traced), "Effect": "Allow"}
    found["Principal"] = principal(world, traced, found)
    if isinstance(traced, New) and isinstance(argument(traced, 2), str):
        found["Action"] = argument(traced, 2)
    return found


def assume_action(traced: Traced) -> str:
    while isinstance(traced, Called):
        traced = traced.of
    kind = traced.kind.rpartition(".")[2] if isinstance(traced, New) else ""
    if kind in ("WebIdentityPrincipal", "OpenIdConnectPrincipal"):
        return "sts:AssumeRoleWithWebIdentity"
    return "sts:AssumeRoleWithSAML" if kind == "SamlPrincipal" else "sts:AssumeRole"


def policy_document(world: World, traced: Traced) -> Value:
    """Return what a PolicyDocument writes."""
    if isinstance(traced, Called) and traced.name == "fromJson":
        return world.value(argument(traced, 0))
    if isinstance(traced, New):
        given = traced.arguments[0] if traced.arguments else None
        listed = prop(given, "statements")
        found = [statement(world, each) for each in listed] if isinstance(listed, list) else []
        if listed is not None and not isinstance(listed, list):
            found = [Open("statements that are not plain")]
        for called in world.calls.get(id(traced), ()):
            if called.name == "addStatements":
                found += [statement(world, each) for each in called.arguments]
        return document(found)
    return world.value(traced)


# ------------------------------------------------------------------------------ grants


def role_of(construct: Construct) -> Construct | None:
    """Return the role, user or group that a construct acts as."""
    if construct.told.get("identity"):
        return construct
    inner = construct.parts.get("role") or construct.parts.get("executionRole")
    inner = inner or construct.parts.get("taskRole")
    return role_of(inner) if inner and inner is not construct else None


def allow(world: World, grantee: Traced, stated: Value) -> bool:
    """Give a grantee a right; tell whether it has a role that can be given any."""
    if isinstance(grantee, Choice):
        perhaps = under_condition(world, stated)
        found = [allow(world, each, perhaps) for each in grantee.among]
        return any(found)
    construct = world.construct(grantee)
    identity = role_of(construct) if construct else None
    if identity is None:
        return False
    add_to_policy(world, identity, stated)
    return True


def under_condition(world: World, stated: Value) -> Value:
    """Return a statement that stands where nobody knows whether it does."""
    stack = next(iter(world.stacks.values()))
    return {"Fn::If": [world.unsure(stack, world.at), stated, NO_VALUE]}


def add_to_policy(world: World, identity: Construct, stated: Value) -> None:
    """Write a statement into the default policy of a role, user or group."""
    policy = identity.parts.get("defaultPolicy")
    if world.condition and world.condition != identity.condition:
        identity.stack.conditions.setdefault(world.condition, _undecided(world.condition))
        stated = {"Fn::If": [world.condition, stated, NO_VALUE]}
    if policy is None:
        ids = ("Policy",) if not identity.key else ("DefaultPolicy",)
        policy = identity.child(*ids, kind="aws_iam.Policy")
        policy.place = world.at if not identity.key else identity.place
        who = {"aws_iam.User": "Users", "aws_iam.Group": "Groups"}.get(identity.kind, "Roles")
        named = identity.of() if identity.key else identity.attributes.get("roleName")
        policy.put(
            "AWS::IAM::Policy",
            {"PolicyDocument": document([]), "PolicyName": policy.path[-1], who: [named]},
            "Resource",
        )
        identity.parts["defaultPolicy"] = policy
        policy.properties["PolicyName"] = policy.key.rpartition("|")[2]
    listed: list[Any] = policy.properties["PolicyDocument"]["Statement"]
    if stated not in listed:
        listed.append(stated)


def _undecided(name: str) -> Value:
    return {"Fn::Equals": [Open(f"a condition at {name}"), True]}


def granted(actions: list[str], resources: list[Value]) -> dict[str, Value]:
    return {"Action": one_or_all(actions), "Effect": "Allow", "Resource": one_or_all(resources)}


def is_service(world: World, grantee: Traced) -> bool:
    del world
    return isinstance(grantee, New) and grantee.kind.startswith("aws_iam.")


def literal(value: Value) -> str:
    return value if isinstance(value, str) else ""


def resource_statement(world: World, grantee: Traced, actions: list[str], at: list[Value]) -> Value:
    """Return the statement of a resource's own policy that lets a principal do something."""
    found: dict[str, Value] = {"Action": one_or_all(actions), "Effect": "Allow"}
    found["Principal"] = principal(world, grantee, found)
    found["Resource"] = one_or_all(at)
    return found
