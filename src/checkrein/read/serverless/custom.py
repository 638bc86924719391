"""The framework's own functions that set up what CloudFormation cannot, with their role."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from typing import Any

from checkrein.model.values import Open, Value, text
from checkrein.read.serverless.document import Document, arn, attribute
from checkrein.read.serverless.functions import code_of_framework
from checkrein.read.serverless.iam import WRITING, trusting
from checkrein.read.serverless.naming import normalised
from checkrein.read.serverless.parts import Part

ROLE = "IamRoleCustomResourcesLambdaExecution"
LONGEST = 64  # of a function's name
HANDLERS = {  # the function's name and its handler, by what it sets up
    "bucket": ("custom-resource-existing-s3", "s3/handler.handler"),
    "pool": ("custom-resource-existing-cup", "cognito-user-pool/handler.handler"),
    "bus": ("custom-resource-event-bridge", "event-bridge/handler.handler"),
    "account": ("custom-resource-apigw-cw-role", "api-gateway-cloud-watch-role/handler.handler"),
}
WHY = {
    "bucket": "to set notifications of buckets that exist already",
    "pool": "to set triggers of user pools that exist already",
    "bus": "to make rules of event buses",
    "account": "to let API Gateway write logs in this account",
}


def handler_id(kind: str) -> str:
    """Return the logical id of the function that sets something up."""
    return f"{normalised(HANDLERS[kind][0])}LambdaFunction"


def add_handler(
    document: Document, kind: str, statements: list[Mapping[str, Any]], at: Part
) -> None:
    """Add the function that sets something up, and the rights that it needs for that."""
    name, handler = HANDLERS[kind]
    role = document.provider.at("iam", "deploymentRole") or document.provider["cfnRole"]
    if not role:
        _add_role(document, statements, kind, at)
    logged = document.provider.at("logs", "frameworkLambda")
    full = _short(text([document.name, "-", document.stage, "-", name]))
    asked = document.provider["runtime"]
    runtime = asked if asked.word.startswith("nodejs") else Open("the framework's own choice")
    group = f"{normalised(name)}LogGroup"
    document.put(
        handler_id(kind), "AWS::Lambda::Function",
        {
            "Code": code_of_framework(document, "custom-resources.zip"),
            "FunctionName": full,
            "Handler": handler,
            "MemorySize": 1024,
            "Runtime": runtime,
            "Timeout": 180,
            "Role": role or attribute(ROLE),
        },
        at, added=WHY[kind], called=name,
        DependsOn=[*([] if role else [ROLE]), *([group] if logged else [])],
    )  # fmt: skip
    if logged:
        days = document.provider["logRetentionInDays"]
        properties = {"LogGroupName": text(["/aws/lambda/", full]), "RetentionInDays": days}
        document.put(group, "AWS::Logs::LogGroup", properties, at, added=WHY[kind])


def _short(name: Value) -> Value:
    if not isinstance(name, str) or len(name) <= LONGEST:
        return name
    return name[:32] + md5(name.encode(), usedforsecurity=False).hexdigest()


def _add_role(document: Document, statements: list[Mapping[str, Any]], kind: str, at: Part) -> None:
    if ROLE not in document.resources:
        name = text([document.stage, "-", document.name, "-custom-resources-lambda"])
        policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": _logs(document)}
        document.put(
            ROLE, "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": trusting(["lambda.amazonaws.com"]),
                "Policies": [{"PolicyName": name, "PolicyDocument": policy}],
            },
            at, added=WHY[kind],
        )  # fmt: skip
    for statement in statements:
        document.append(ROLE, ("Policies", 0, "PolicyDocument", "Statement"), statement)


def _logs(document: Document) -> list[dict[str, Any]]:
    if not document.provider.at("logs", "frameworkLambda"):
        return []
    group = ("log-group:/aws/lambda/", document.name, "-", document.stage)
    create, write = arn("logs", *group, "*:*"), arn("logs", *group, "*:*:*")
    return [
        {"Effect": "Allow", "Action": WRITING, "Resource": [create]},
        {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": [write]},
    ]
