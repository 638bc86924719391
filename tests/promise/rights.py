"""Mutations of what identities may do: their own policies, roles, boundaries, groups."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.promise.mutants import Application, Found, Mutant, Told, as_list, named, node
from tests.promise.statements import (
    FUNCTION,
    HOLDERS,
    ROLE,
    TYPES,
    Stated,
    granted,
    has_already,
    statements,
    templated,
)

WIDER = {  # actions that somebody adds without much thought, by service
    "dynamodb": ("dynamodb:DeleteItem", "dynamodb:Scan", "dynamodb:PutItem"),
    "s3": ("s3:DeleteObject", "s3:PutObject", "s3:GetObject"),
    "sqs": ("sqs:ReceiveMessage", "sqs:PurgeQueue"),
    "sns": ("sns:Publish", "sns:Subscribe"),
    "secretsmanager": ("secretsmanager:PutSecretValue",),
    "kms": ("kms:ReEncryptFrom", "kms:CreateGrant"),
    "lambda": ("lambda:UpdateFunctionCode",),
    "states": ("states:UpdateStateMachine",),
}
EVERY = {  # one action of a service's wildcard that no policy of an application grants itself
    "dynamodb": "dynamodb:DeleteTable",
    "s3": "s3:PutObjectTagging",
    "sqs": "sqs:DeleteQueue",
    "sns": "sns:DeleteTopic",
    "secretsmanager": "secretsmanager:DeleteSecret",
    "states": "states:DeleteStateMachine",
    "lambda": "lambda:DeleteFunction",
}
# managed policies of AWS, and an action that each gives on what there is of a type
MANAGED = (
    ("AmazonDynamoDBReadOnlyAccess", "AWS::DynamoDB::Table", "dynamodb:Scan"),
    ("AmazonS3FullAccess", "AWS::S3::Bucket", "s3:DeleteObject"),
    ("AmazonSQSFullAccess", "AWS::SQS::Queue", "sqs:ReceiveMessage"),
    ("AdministratorAccess", "AWS::SNS::Topic", "sns:Publish"),
)
READS, WRITES = "DynamoDBReadPolicy", "DynamoDBCrudPolicy"


def wider_action(application: Application) -> Iterator[Mutant]:
    """One more action in a statement: the identity has it on what the statement names."""
    for one in granted(application):
        if one.found.type == FUNCTION and "PolicyDocument" in one.keys:
            continue
        fresh = [a for a in WIDER.get(one.service, ()) if _is_new(application, one, a)]
        for action in fresh[:1]:
            wider = {**one.statement, "Action": [*one.actions, action]}
            told = [_right(one.identity, target, action) for target in one.targets]
            if told:
                yield _stated(application, "a wider action", one, wider, *told)


def every_action(application: Application) -> Iterator[Mutant]:
    """A service's every action where there were some."""
    for one in granted(application):
        action = EVERY.get(one.service)
        if action and one.targets and _is_new(application, one, action):
            wider = {**one.statement, "Action": f"{one.service}:*"}
            told = [_right(one.identity, target, action) for target in one.targets]
            yield _stated(application, "every action of a service", one, wider, *told)


def any_resource(application: Application) -> Iterator[Mutant]:
    """The same actions on everything: on all the others of the type too."""
    for one in granted(application):
        others = _others(application, one)
        if others and one.targets:
            wider = {**one.statement, "Resource": "*"}
            told = [Told("right", one.identity, "*", gains=(action,)) for action in one.actions]
            yield _stated(application, "any resource", one, wider, *told)


def another_resource(application: Application) -> Iterator[Mutant]:
    """The same actions on another resource of the type, and no longer on this one."""
    for one in granted(application):
        others = _others(application, one)
        if not others or len(one.targets) != 1 or "*" in one.actions[0]:
            continue
        name = others[0].rpartition("/")[2]
        moved = {**one.statement, "Resource": _renamed(one.statement["Resource"], name)}
        gained = Told("right", one.identity, others[0] + " ", gains=(one.actions[0],))
        lost = Told("right", one.identity, one.targets[0] + " ", loses=(one.actions[0],))
        told = (gained,) if _twice(application, one) else (gained, lost)
        texts = application.changed(one.found, one.keys, moved)
        yield application.mutant("another resource", one.place, texts, *told)


def wider_keys(application: Application) -> Iterator[Mutant]:
    """All objects of a bucket where there was a prefix."""
    for one in granted(application):
        for resource in as_list(one.statement.get("Resource")):
            text = resource.get("Fn::Sub") if isinstance(resource, dict) else None
            if one.service != "s3" or not isinstance(text, str) or text.endswith("Arn}/*"):
                continue
            whole = {"Fn::Sub": text.partition("}")[0] + "}/*"}
            wider = {**one.statement, "Resource": whole}
            told = Told("right", one.identity, one.targets[0] + " ", gains=(one.actions[0],))
            yield _stated(application, "a wider key prefix", one, wider, told)


def no_condition(application: Application) -> Iterator[Mutant]:
    """The condition of a statement gone."""
    for one in granted(application):
        if "Condition" in one.statement and one.targets:
            free = {key: value for key, value in one.statement.items() if key != "Condition"}
            told = [_right(one.identity, target, one.actions[0]) for target in one.targets]
            yield _stated(application, "a condition removed", one, free, *told)


def no_denial(application: Application) -> Iterator[Mutant]:
    """A Deny gone, under which an Allow of the same identity stands."""
    for one in granted(application, "Deny"):
        whole = application.changed(one.found, one.keys, None)
        action = "s3:PutObjectAcl" if "s3:PutObjectAcl" in one.actions else one.actions[0]
        limited = "PermissionsBoundary" in one.found.properties
        told = Told("denial", one.identity, loses=(action,))
        yield application.mutant("a Deny removed", one.place, whole, told)
        if not limited:
            right = _right(one.identity, one.targets[0], action)
            yield application.mutant("a Deny removed, right", one.place, whole, right)


def managed_policy(application: Application) -> Iterator[Mutant]:
    """A managed policy of AWS for an identity: what it gives on each resource of a type."""
    for found in application.resources(*HOLDERS):
        listed = "Policies" if found.type == FUNCTION else "ManagedPolicyArns"
        if "PermissionsBoundary" in found.properties or "Role" in found.properties:
            continue
        identity = found.id + ("Role" if found.type == FUNCTION else "")
        for name, type, action in MANAGED:
            if not any(application.resources(type)) or has_already(application, identity, action):
                continue
            before = as_list(found.properties.get(listed))
            arn = f"arn:aws:iam::aws:policy/{name}"
            texts = application.changed(found, ("Properties", listed), [*before, arn])
            if not (_denied(application, identity, action) or templated(application, identity)):
                told = Told("right", identity, "*", gains=(action,))
                yield application.mutant(f"managed policy {name}", found.name, texts, told)


def no_boundary(application: Application) -> Iterator[Mutant]:
    """A role's boundary gone."""
    for found in application.resources(ROLE):
        if "PermissionsBoundary" in found.properties:
            texts = application.changed(found, ("Properties", "PermissionsBoundary"), None)
            told = Told("denial", found.id, "boundary")
            yield application.mutant("a boundary removed", found.name, texts, told)


def new_statement(application: Application) -> Iterator[Mutant]:
    """A statement on another bucket, table or topic of the app for every identity."""
    for found in application.resources(ROLE):
        if "PermissionsBoundary" in found.properties:
            continue
        for type, action, tail in (
            ("AWS::S3::Bucket", "s3:PutObject", "/*"),
            ("AWS::DynamoDB::Table", "dynamodb:UpdateItem", ""),
            ("AWS::SecretsManager::Secret", "secretsmanager:GetSecretValue", ""),
        ):
            for other in application.resources(type):
                if other.file == found.file and not has_already(application, found.id, action):
                    yield _added(application, found, other, action, tail)


def policy_template(application: Application) -> Iterator[Mutant]:
    """SAM's policy template for everything where there was the one for reading."""
    for found in application.resources(FUNCTION):
        for index, policy in enumerate(found.properties.get("Policies", [])):
            if READS in policy:
                keys = ("Properties", "Policies", index)
                texts = application.changed(found, keys, {WRITES: policy[READS]})
                table = node(found.file, named(policy[READS]["TableName"]))
                told = _right(found.id + "Role", table, "dynamodb:DeleteItem")
                yield application.mutant("a wider policy template", found.name, texts, told)


def another_role(application: Application) -> Iterator[Mutant]:
    """A function that runs as another function's role: it acts as somebody else."""
    functions = list(application.resources("AWS::Lambda::Function"))
    for found in functions:
        for other in functions:
            if found.file == other.file and found.name < other.name:
                role = other.properties["Role"]
                texts = application.changed(found, ("Properties", "Role"), role)
                told = Told("gain", found.id, "acts as", gains=(node(found.file, named(role)),))
                yield application.mutant(
                    "another role", f"{found.name} as {other.name}", texts, told
                )


def group_member(application: Application) -> Iterator[Mutant]:
    """A user more in a group has the group's rights."""
    for group in application.resources("AWS::IAM::Group"):
        for one in statements(application, group.type):
            if one.found.name != group.name:
                continue
            user: dict[str, Any] = {"Type": "AWS::IAM::User"}
            user["Properties"] = {"Groups": [{"Ref": group.name}]}
            texts = application.with_resources(group.file, Newcomer=user)
            told = _right(node(group.file, "Newcomer"), one.targets[0], one.actions[0])
            yield application.mutant("a user in a group", group.name, texts, told)


def pass_role(application: Application) -> Iterator[Mutant]:
    """The rights that lead to every other right: to pass roles and make functions."""
    for found in application.resources(ROLE):
        if "PermissionsBoundary" in found.properties:
            continue
        service = found.properties["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
        if service.get("Service") != "lambda.amazonaws.com":
            continue
        actions = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        texts = _with_statement(application, found, statement)
        told = (
            Told("right", found.id, gains=("iam:PassRole",)),
            Told("gain", found.id, "takeover"),
        )
        yield application.mutant("passing roles to new functions", found.name, texts, *told)


def code_of_others(application: Application) -> Iterator[Mutant]:
    """The right to replace the code of every function."""
    for found in application.resources(ROLE):
        if "PermissionsBoundary" not in found.properties and any(
            application.resources("AWS::Lambda::Function")
        ):
            statement = {"Effect": "Allow", "Action": "lambda:UpdateFunctionCode", "Resource": "*"}
            texts = _with_statement(application, found, statement)
            told = [
                Told("gain", found.id, "takeover", gains=(other.id,))
                for other in application.resources("AWS::Lambda::Function")
                if other.file == found.file and named(other.properties["Role"]) != found.name
            ]
            if told:
                yield application.mutant("replacing code", found.name, texts, *told)


KINDS = (
    wider_action,
    every_action,
    any_resource,
    another_resource,
    wider_keys,
    no_condition,
    no_denial,
    managed_policy,
    no_boundary,
    new_statement,
    policy_template,
    another_role,
    group_member,
    pass_role,
    code_of_others,
)


def _right(identity: str, target: str, action: str) -> Told:
    return Told("right", identity, target + " ", gains=(action,))


def _stated(
    application: Application, kind: str, one: Stated, statement: dict[str, Any], *told: Told
) -> Mutant:
    texts = application.changed(one.found, one.keys, statement)
    return application.mutant(kind, one.place, texts, *told)._replace(wider=True)


def _is_new(application: Application, one: Stated, action: str) -> bool:
    """Tell whether nothing gives an identity an action yet, and nothing would keep it away."""
    bounded = "PermissionsBoundary" in one.found.properties
    held = has_already(application, one.identity, action)
    return not (bounded or held or templated(application, one.identity))


def _others(application: Application, one: Stated) -> list[str]:
    """Return the resources of the type that an identity has nothing on yet."""
    if "PermissionsBoundary" in one.found.properties or one.service == "events":
        return []
    known = {
        target
        for stated in granted(application)
        if stated.identity == one.identity and stated.service == one.service
        for target in stated.targets
    }
    found = application.resources(*TYPES.get(one.service, ("",)))
    return [f.id for f in found if f.file == one.found.file and f.id not in known]


def _twice(application: Application, one: Stated) -> bool:
    """Tell whether something else gives the identity the same on the same."""
    return (
        templated(application, one.identity)
        or sum(
            other.identity == one.identity and set(other.targets) & set(one.targets) != set()
            for other in granted(application)
        )
        > 1
    )


def _renamed(resource: Any, name: str) -> Any:
    if "Fn::Sub" in resource:
        text = resource["Fn::Sub"]
        return {"Fn::Sub": text.replace(text[2:].split(".")[0], name)}
    if "Fn::GetAtt" in resource:
        return {"Fn::GetAtt": [name, *resource["Fn::GetAtt"][1:]]}
    return {"Ref": name}


def _denied(application: Application, identity: str, action: str) -> bool:
    return any(
        one.identity == identity and any(fnmatchcase(action, a) for a in one.actions)
        for one in granted(application, "Deny")
    )


def _with_statement(
    application: Application, found: Found, statement: dict[str, Any]
) -> dict[str, str]:
    policies = found.properties.get("Policies", [])
    policy = {"PolicyName": "more", "PolicyDocument": {"Statement": [statement]}}
    return application.changed(found, ("Properties", "Policies"), [*policies, policy])


def _added(application: Application, found: Found, other: Found, action: str, tail: str) -> Mutant:
    arn: dict[str, Any] = {"Fn::Sub": "${" + other.name + ".Arn}" + tail}
    if other.type == "AWS::SecretsManager::Secret":
        arn = {"Ref": other.name}
    statement = {"Effect": "Allow", "Action": action, "Resource": arn}
    texts = _with_statement(application, found, statement)
    told = _right(found.id, other.id, action)
    place = f"{found.name} on {other.name}"
    return application.mutant("a new statement", place, texts, told)._replace(wider=True)
