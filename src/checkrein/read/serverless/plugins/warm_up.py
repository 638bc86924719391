"""The function that keeps others warm (serverless-plugin-warmup): one for each warmer."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Open, text
from checkrein.read.serverless.document import Document, arn, attribute
from checkrein.read.serverless.functions import FUNCTION, Deployed
from checkrein.read.serverless.iam import trusting
from checkrein.read.serverless.naming import capital
from checkrein.read.serverless.parts import Part

EVERY = "rate(5 minutes)"
WHY = "to keep functions warm, as serverless-plugin-warmup does"


def add_warm_up(document: Document, functions: list[Deployed]) -> None:
    """Add each warmer with its schedule and, where the functions share none, its role."""
    asked = document.root.at("custom", "warmup")
    warmers = dict(asked.items()) if asked.is_map and _is_named(asked) else {"default": asked}
    for name, part in warmers.items():
        if part.is_map and part["enabled"].value is False:
            continue
        at = part or document.root["plugins"]
        options = part if part.is_map else Part({}, at.path)
        _add(document, name, options, functions)


def _is_named(asked: Part) -> bool:
    """Tell whether several warmers are described, as the plugin has it since version 5."""
    return all(part.is_map for _, part in asked.items())


def _add(document: Document, name: str, options: Part, functions: list[Deployed]) -> None:
    id = f"WarmUpPlugin{capital(name)}LambdaFunction"
    named = text([document.name, "-", document.stage, "-warmup-plugin-", name])
    document.put(
        id, FUNCTION,
        {
            "FunctionName": options["name"] or named,
            "Handler": f".warmup/{name}/index.warmUp",
            "Runtime": Open("the plugin's own choice"),
            "Code": {"S3Key": "warmup.zip"},
            "Role": options["role"] or _own_role(document, name, options, functions),
        },
        options, added=WHY,
    )  # fmt: skip
    events = list(options["events"])
    rate = events[0]["schedule"] if events else EVERY
    rule = f"WarmUpPlugin{capital(name)}EventsRuleSchedule1"
    target = {"Arn": attribute(id), "Id": f"warmUpPlugin{capital(name)}Schedule"}
    properties = {"ScheduleExpression": rate, "State": "ENABLED", "Targets": [target]}
    document.put(rule, "AWS::Events::Rule", properties, options, added=WHY)


def _own_role(
    document: Document, name: str, options: Part, functions: list[Deployed]
) -> dict[str, Any]:
    id = f"WarmUpPlugin{capital(name)}Role"
    targets = [arn("lambda", "function:", function.name) for function in functions]
    allowed = {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": targets}
    policy = {"Version": "2012-10-17", "Statement": [allowed]}
    properties = {
        "AssumeRolePolicyDocument": trusting(["lambda.amazonaws.com"]),
        "Policies": [{"PolicyName": "invoke", "PolicyDocument": policy}],
    }
    return attribute(document.put(id, "AWS::IAM::Role", properties, options, added=WHY))
