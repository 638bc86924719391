"""IAM: roles, users, groups, policies, and rights that are added to them."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    add_to_policy,
    allow,
    assumed_by,
    document,
    granted,
    policy_document,
    role_of,
    statement,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    imported_as,
    items,
    joined,
    managed_arn,
    prop,
    seconds,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced

BASIC = "service-role/AWSLambdaBasicExecutionRole"


def make_role(
    world: World, made: Construct, service: str, managed: tuple[str, ...] = ()
) -> Construct:
    """Make the role that a construct has by itself."""
    made.told["identity"] = True
    trust = {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"Service": service},
    }
    arns = [managed_arn(name) for name in managed]
    properties: dict[str, Value] = {"AssumeRolePolicyDocument": document([trust])}
    made.put("AWS::IAM::Role", {**properties, "ManagedPolicyArns": arns or None}, "Resource")
    made.kind = "aws_iam.Role"
    return made


@makes("aws_iam.Role")
def role(world: World, made: Construct) -> None:
    made.told["identity"] = True
    properties: dict[str, Value] = {
        "AssumeRolePolicyDocument": assumed_by(world, world.props(made, "assumedBy")),
        "Description": world.given(made, "description"),
        "RoleName": world.given(made, "roleName"),
        "Path": world.given(made, "path"),
        "MaxSessionDuration": seconds(world, world.props(made, "maxSessionDuration")),
        "PermissionsBoundary": _boundary(world, made),
        "ManagedPolicyArns": managed(world, world.props(made, "managedPolicies")),
        "Policies": _inline(world, world.props(made, "inlinePolicies")),
    }
    made.put("AWS::IAM::Role", properties, "Resource")


def _boundary(world: World, made: Construct) -> Value:
    found = world.props(made, "permissionsBoundary")
    return None if found is None else _managed(world, found)


def managed(world: World, listed: Traced) -> Value:
    if listed is None:
        return None
    if not isinstance(listed, list):
        return world.value(listed)
    return [_managed(world, each) for each in listed] or None


def _managed(world: World, traced: Traced) -> Value:
    construct = world.construct(traced)
    if construct:
        return world.attribute(construct, "managedPolicyArn")
    return world.value(traced)


def _inline(world: World, given: Traced) -> Value:
    if given is None:
        return None
    if not isinstance(given, dict):
        return world.value(given)
    return [
        {"PolicyName": name, "PolicyDocument": policy_document(world, each)}
        for name, each in given.items()
    ]


@method("aws_iam.ManagedPolicy.fromAwsManagedPolicyName")
def aws_managed(world: World, made: Construct, called: Called) -> Value:
    return managed_arn(world.value(argument(called, 0)))


@method("aws_iam.ManagedPolicy.fromManagedPolicyName")
def own_managed(world: World, made: Construct, called: Called) -> Value:
    return arn("iam", joined("policy/", world.value(imported_as(called))), region="")


@method("aws_iam.ManagedPolicy.fromManagedPolicyArn")
def managed_by_arn(world: World, made: Construct, called: Called) -> Value:
    return world.value(imported_as(called))


@makes("aws_iam.User", "aws_iam.Group")
def user(world: World, made: Construct) -> None:
    made.told["identity"] = True
    which = made.kind.rpartition(".")[2]
    properties = {
        f"{which}Name": world.given(made, f"{which.lower()}Name"),
        "ManagedPolicyArns": managed(world, world.props(made, "managedPolicies")),
    }
    made.put(f"AWS::IAM::{which}", properties, "Resource")


@makes("aws_iam.Policy", "aws_iam.ManagedPolicy")
def policy(world: World, made: Construct) -> None:
    listed = world.props(made, "statements")
    statements: list[Value] = []
    if isinstance(listed, list):
        statements = [statement(world, each) for each in listed]
    elif listed is not None:
        statements = [Open("statements that are not plain")]
    whole = world.props(made, "document")
    if whole is not None:
        found = policy_document(world, whole)
        statements += found.get("Statement", []) if isinstance(found, dict) else [found]
    is_managed = made.kind.endswith("ManagedPolicy")
    name = world.given(made, "managedPolicyName" if is_managed else "policyName")
    properties = {
        "PolicyDocument": document(statements),
        "ManagedPolicyName" if is_managed else "PolicyName": name,
    }
    for key in ("Roles", "Users", "Groups"):
        for each in items(world, world.props(made, key.lower()), f"{key.lower()} of a policy"):
            properties.setdefault(key, []).append(world.value(each))
    made.put(f"AWS::IAM::{'Managed' * is_managed}Policy", properties, "Resource")
    if name is None and not is_managed:
        made.properties["PolicyName"] = made.key.rpartition("|")[2]


@method("attachToRole", "attachToUser", "attachToGroup")
def attach(world: World, made: Construct, called: Called) -> None:
    key = f"{called.name.removeprefix('attachTo')}s"
    target = world.construct(argument(called, 0))
    role = role_of(target) if target else None
    named = role.of() if role and role.key else Open("a role that is not known")
    made.properties.setdefault(key, []).append(named)


@method("attachInlinePolicy")
def attach_inline(world: World, made: Construct, called: Called) -> None:
    policy, role = world.construct(argument(called, 0)), role_of(made)
    if policy and role and role.key:
        policy.properties.setdefault("Roles", []).append(role.of())


@method("addStatements", of=("aws_iam.Policy", "aws_iam.ManagedPolicy"))
def add_statements(world: World, made: Construct, called: Called) -> None:
    found = made.properties.get("PolicyDocument")
    if isinstance(found, dict):
        found["Statement"] += [statement(world, each) for each in called.arguments]


@method("addToRolePolicy", "addToPolicy", "addToPrincipalPolicy", "addToExecutionRolePolicy",
        "addToTaskRolePolicy")  # fmt: skip
def add_right(world: World, made: Construct, called: Called) -> None:
    identity = role_of(made)
    if called.name == "addToExecutionRolePolicy":
        identity = made.parts.get("executionRole")
    if identity:
        add_to_policy(world, identity, statement(world, argument(called, 0)))


@method("addManagedPolicy")
def add_managed(world: World, made: Construct, called: Called) -> None:
    identity = role_of(made)
    if identity and identity.resource:
        listed = identity.properties.setdefault("ManagedPolicyArns", [])
        if isinstance(listed, list):
            listed.append(_managed(world, argument(called, 0)))


@method("grant", "grantAssumeRole", "grantPassRole", of=("aws_iam.Role",))
def grant_role(world: World, made: Construct, called: Called) -> None:
    actions = [world.text(each) for each in called.arguments[1:]]
    actions = {"grantPassRole": ["iam:PassRole"], "grantAssumeRole": ["sts:AssumeRole"]}.get(
        called.name, actions
    )
    allow(world, argument(called, 0), granted(actions, [world.attribute(made, "roleArn")]))


@method("aws_iam.Role.fromRoleArn", "aws_iam.Role.fromRoleName", "aws_iam.Role.fromLookup")
def imported_role(world: World, made: Construct, called: Called) -> Construct:
    told = world.value(imported_as(called))
    made.path = (world.text(argument(called, 1)),)
    made.kind = "aws_iam.Role"
    if called.name == "fromRoleArn":
        made.attributes["roleArn"] = told
        name = told.rpartition("/")[2] if isinstance(told, str) else Open("an imported role's name")
        made.attributes["roleName"] = name
        mutable = prop(argument(called, 3), "mutable")
        made.told["identity"] = mutable is not False
    else:
        made.attributes["roleName"] = told
        made.attributes["roleArn"] = arn("iam", joined("role/", told), region="")
        made.told["identity"] = True
    return made


@makes("aws_iam.OpenIdConnectProvider", "aws_iam.OidcProviderNative")
def oidc(world: World, made: Construct) -> None:
    properties = {
        "Url": world.given(made, "url"),
        "ClientIDList": world.given(made, "clientIds"),
        "ThumbprintList": world.given(made, "thumbprints"),
    }
    native = made.kind.endswith("Native")
    type = "AWS::IAM::OIDCProvider" if native else "Custom::AWSCDKOpenIdConnectProvider"
    renamed = properties if not native else {
        "Url": properties["Url"],
        "ClientIdList": properties["ClientIDList"],
        "ThumbprintList": properties["ThumbprintList"],
    }  # fmt: skip
    made.put(type, renamed, "Resource" if native else "Default")


@method("aws_iam.Grant.addToPrincipal", "aws_iam.Grant.addToPrincipalOrResource")
def grant_directly(world: World, made: Construct, called: Called) -> None:
    given = argument(called, 0)
    actions, resources = (world.value(prop(given, name)) for name in ("actions", "resourceArns"))
    if isinstance(actions, list) and isinstance(resources, list):
        allow(world, prop(given, "grantee"), granted(actions, resources))
