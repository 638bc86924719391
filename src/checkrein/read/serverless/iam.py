"""The role that functions share, and what the framework puts into it by itself."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Text, Value, text
from checkrein.read.serverless.document import Document, arn, joined
from checkrein.read.serverless.functions import Deployed, is_existing, tags
from checkrein.read.serverless.naming import ROLE
from checkrein.read.serverless.parts import Part

WRITING = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"]
NETWORK_POLICY = joined(
    "arn:",
    {"Ref": "AWS::Partition"},
    ":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
)
STATEMENTS = ("Policies", 0, "PolicyDocument", "Statement")


def trusting(services: list[str]) -> dict[str, Any]:
    """Return a policy that lets services take a role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": services},
        "Action": ["sts:AssumeRole"],
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def begin_role(document: Document, functions: list[Deployed]) -> None:
    """Decide whether functions share a role, and give it logs and what the team asks for."""
    provider = document.provider
    role = provider.at("iam", "role")
    elsewhere = is_existing(role) or "role" in (provider.value or {})
    own = all("role" in function.part.value for function in functions)
    document.has_role = bool(functions) and not elsewhere and not own
    document.allow(*_logs(document, functions))
    document.allow(*(role["statements"] or provider["iamRoleStatements"]))


def _logs(document: Document, functions: list[Deployed]) -> list[dict[str, Any]]:
    """Return the rights to write logs: of names that begin as the service's own, and others."""
    prefix = text([document.name, "-", document.stage])
    usual, silent, create, write = False, [], [], []
    for function in functions:
        if _begins(function.name, prefix):
            if function.part["disableLogs"]:
                silent.append(_log_group(function.name, ":*"))
            else:
                usual = True
        elif not function.part["disableLogs"]:
            create.append(_log_group(function.name, ":*"))
            write.append(_log_group(function.name, ":*:*"))
    if usual:
        create.append(_log_group(prefix, "*:*"))
        write.append(_log_group(prefix, "*:*:*"))
    found: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": WRITING, "Resource": create},
        {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": write},
    ]
    if usual and silent:
        found.append({"Effect": "Deny", "Action": "logs:PutLogEvents", "Resource": silent})
    return found if create else []


def _begins(name: Value, prefix: Value) -> bool:
    both = [v.parts if isinstance(v, Text) else (v,) for v in (name, prefix)]
    if isinstance(prefix, str) and isinstance(both[0][0], str):
        return both[0][0].startswith(prefix)
    *start, last = both[1]
    there = list(both[0])
    if there[: len(start)] != start or len(there) <= len(start):
        return False
    found = there[len(start)]
    return found == last or (isinstance(last, str) and str(found).startswith(last))


def _log_group(name: Value, rest: str) -> dict[str, Any]:
    return arn("logs", "log-group:/aws/lambda/", name, rest)


def end_role(document: Document, functions: list[Deployed]) -> None:
    """Add the shared role with all that was put into it."""
    if not document.has_role:
        return
    provider = document.provider
    role = provider.at("iam", "role")
    document.put(
        ROLE, "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": trusting(document.trusted),
            "Policies": [
                {
                    "PolicyName": text([document.name, "-", document.stage, "-lambda"]),
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": list(document.statements),
                    },
                }
            ],
            "Path": role["path"] or "/",
            "RoleName": role["name"] or _role_name(document, "lambdaRole"),
            "Tags": tags(role["tags"]) or None,
            "PermissionsBoundary": _boundary(document),
            "ManagedPolicyArns": _managed(document, functions) or None,
        },
        _declared(document), title="lambda role",
    )  # fmt: skip


def _declared(document: Document) -> Part:
    """Return the part that a person would change to change the role."""
    provider = document.provider
    found = (provider.at("iam", "role"), provider["iam"], provider["iamRoleStatements"])
    return next(filter(None, found), provider)


def _role_name(document: Document, suffix: str) -> Any:
    return joined(document.name, "-", document.stage, "-", {"Ref": "AWS::Region"}, f"-{suffix}")


def _boundary(document: Document) -> Any:
    role = document.provider.at("iam", "role")
    return (
        role.first("permissionsBoundary", "permissionBoundary")
        or document.provider["rolePermissionsBoundary"]
        or None
    )


def _managed(document: Document, functions: list[Deployed]) -> list[Any]:
    provider = document.provider
    asked = provider.at("iam", "role", "managedPolicies") or provider["iamManagedPolicies"]
    networked = provider["vpc"] or any("vpc" in each.part.value for each in functions)
    return [*asked, *([NETWORK_POLICY] if networked else [])]
