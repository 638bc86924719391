"""A role for each function that asks for one: by a plugin, or by the framework since version 4.

Source: serverless-iam-roles-per-function (Apache-2.0, its documented behaviour) and the
framework's documentation of ``functions.*.iam.role``.
"""

from __future__ import annotations

from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.document import FRAMEWORK, Document, arn, attribute, joined
from checkrein.read.serverless.functions import FUNCTION, Deployed, is_existing
from checkrein.read.serverless.iam import NETWORK_POLICY, trusting
from checkrein.read.serverless.naming import ROLE
from checkrein.read.serverless.parts import Part, word

PLUGIN = "serverless-iam-roles-per-function"
WRITING = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"]
FROM_QUEUES = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
FROM_STREAMS = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"]
LONGEST = 64
SHARED = attribute(ROLE)


def add_function_roles(document: Document, functions: list[Deployed], *, plugin: bool) -> None:
    """Give functions with statements of their own a role of their own."""
    options = document.root.at("custom", PLUGIN)
    for function in functions:
        own = (
            function.part["role"] if function.part["role"].is_map else function.part["iam"]["role"]
        )
        if plugin and "iamRoleStatements" in function.part.value and not function.part["role"]:
            inherits = function.part["iamRoleStatementsInherit"]
            if inherits or (options["defaultInherit"] and inherits.value is not False):
                common = _common(document)
            else:
                common = []
            declared = function.part["iamRoleStatements"]
            _add(document, function, declared, [*common, *declared])
        elif own.is_map and not is_existing(own):
            keep = own["inheritStatements"] or function.part.at("iam", "inheritStatements")
            statements = [*(_common(document) if keep else []), *own["statements"]]
            _add(document, function, own, statements)
        elif function.part["iamRoleStatements"] and not plugin:
            reason = f"{function.key} has iamRoleStatements, which no plugin of the service reads"
            effect = "they are not applied"
            document.lose(reason, effect, function.part["iamRoleStatements"])
    roles = [document.resources.get(each.id, {}).get("Properties", {}) for each in functions]
    if plugin and ROLE in document.resources and all(r.get("Role") != SHARED for r in roles):
        document.made.added[ROLE] = f"the {FRAMEWORK} adds it by itself, though no function has it"


def _common(document: Document) -> list[Part]:
    role = document.provider.at("iam", "role", "statements")
    return list(role if document.provider["iam"] else document.provider["iamRoleStatements"])


def _add(document: Document, function: Deployed, declared: Part, statements: list[Part]) -> None:
    id = f"{function.normalised}{ROLE}"
    group = arn("logs", "log-group:/aws/lambda/", function.name, ":*:*")
    writing = {"Effect": "Allow", "Action": WRITING, "Resource": [group]}
    provider, part = document.provider, function.part
    networked = part["vpc"] or provider["vpc"]
    asked = part.at("iam", "role", "managedPolicies")
    policy = {
        "Version": "2012-10-17",
        "Statement": [writing, *_polling(function), *_failing(function), *statements],
    }
    boundary = part["iamPermissionsBoundary"] or part.at("iam", "role", "permissionsBoundary")
    document.put(
        id, "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": trusting(list(document.trusted)),
            "Policies": [{"PolicyName": _policy(document), "PolicyDocument": policy}],
            "Path": provider.at("iam", "role", "path") or "/",
            "RoleName": _role_name(document, function),
            "PermissionsBoundary": boundary or _boundary(document),
            "ManagedPolicyArns": [*asked, *([NETWORK_POLICY] if networked else [])],
        },
        declared if not declared.is_absent else part, title=f"{function.key} role",
        called=f"{function.key}{ROLE}",
    )  # fmt: skip
    _take(document, function.id, id)


def _policy(document: Document) -> Any:
    return text([document.name, "-", document.stage, "-lambda"])


def _boundary(document: Document) -> Any:
    role = document.provider.at("iam", "role")
    return (
        document.root.at("custom", PLUGIN, "iamGlobalPermissionsBoundary")
        or role.first("permissionsBoundary", "permissionBoundary")
        or document.provider["rolePermissionsBoundary"]
        or None
    )


def _role_name(document: Document, function: Deployed) -> Any:
    asked = function.part["iamRoleStatementsName"] or function.part.at("iam", "role", "name")
    if asked:
        return asked
    start = [document.name, "-", document.stage, "-", function.key, "-"]
    region = document.provider["region"].value or "us-east-1"
    length = len(word(text([*start, region, "-lambdaRole"])))
    end = "" if length > LONGEST else "-lambdaRole"
    return joined(*start, {"Ref": "AWS::Region"}, end)


def _polling(function: Deployed) -> list[dict[str, Any]]:
    """Return the rights to read what the function's events come from."""
    queues: list[Part] = []
    streams: dict[str, list[Part]] = {}
    for event in function.part["events"]:
        source = event["stream"]
        if source:
            where = source["arn"] if source.is_map else source
            kind = source["type"].word if source.is_map else ""
            kind = kind or [*word(where.value).split(":"), "", "", ""][2]
            streams.setdefault(kind, []).append(where)
        elif event["sqs"]:
            queues.append(event["sqs"]["arn"] if event["sqs"].is_map else event["sqs"])
    found = [
        {"Effect": "Allow", "Action": [f"{kind}:{name}" for name in FROM_STREAMS], "Resource": at}
        for kind, at in streams.items()
    ]
    reading = {"Effect": "Allow", "Action": FROM_QUEUES, "Resource": queues}
    return [*found, *([reading] if queues else [])]


def _failing(function: Deployed) -> list[dict[str, Any]]:
    target = function.part["onError"]
    publishing = {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": target}
    return [publishing] if target else []


def _take(document: Document, function: str, role: str) -> None:
    """Let a function take a role instead of the shared one."""
    resource = document.resources.get(function)
    if resource and resource["Type"] == FUNCTION:
        resource["Properties"]["Role"] = attribute(role)
        waits = [each for each in resource.get("DependsOn", []) if each != ROLE]
        resource["DependsOn"] = [role, *waits]
