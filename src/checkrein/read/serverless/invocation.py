"""Function URLs and asynchronous invocation: who may call a function, and where results go."""

from __future__ import annotations

from typing import Any

from checkrein.read.serverless.document import Document, arn, attribute
from checkrein.read.serverless.functions import Deployed, custom_role, is_text
from checkrein.read.serverless.parts import Part, word

HEADERS = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amzn-Trace-Id",
]
URL_CORS = {  # property: setting, default
    "AllowOrigins": ("allowedOrigins", ["*"]),
    "AllowHeaders": ("allowedHeaders", HEADERS),
    "AllowMethods": ("allowedMethods", ["*"]),
    "AllowCredentials": ("allowCredentials", None),
    "ExposeHeaders": ("exposedResponseHeaders", None),
    "MaxAge": ("maxAge", None),
}
SENDING = {
    "function": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "eventBus": "events:PutEvents",
}
SENT_TO = {
    ":function:": "function",
    ":lambda:": "function",
    ":sqs:": "sqs",
    ":sns:": "sns",
    ":event-bus/": "eventBus",
}


def add_url(document: Document, function: Deployed) -> None:
    """Add a function's URL and, where it asks nobody who he is, the permission for everybody."""
    url = function.part["url"]
    if not url:
        return
    id = f"{function.normalised}LambdaFunctionUrl"
    signed = url.is_map and url["authorizer"].value == "aws_iam"
    unknown = url.is_open or (url.is_map and url["authorizer"].is_open)
    document.put(
        id, "AWS::Lambda::Url",
        {
            "AuthType": url["authorizer"] if unknown else "AWS_IAM" if signed else "NONE",
            "TargetFunctionArn": function.target,
            "Cors": _cors(url["cors"]) if url.is_map else None,
            "InvokeMode": url["invokeMode"] if url.is_map else None,
        },
        url, DependsOn=function.alias_id,
    )  # fmt: skip
    if url.is_map:
        document.written_at(id, ("AuthType",), url["authorizer"])
    document.output(id, attribute(id, "FunctionUrl"), "Lambda Function URL")
    if not signed:
        _open_to_all(document, function, url)


def _cors(asked: Part) -> dict[str, Any] | None:
    if not asked:
        return None
    found: dict[str, Any] = {}
    for name, (setting, default) in URL_CORS.items():
        own = asked[setting] if asked.is_map else None
        if own is not None and setting in asked.value:
            found[name] = own
        elif default is not None:
            found[name] = default
    return found


def _open_to_all(document: Document, function: Deployed, url: Part) -> None:
    common = {"FunctionName": function.target, "Principal": "*"}
    called = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
    invoked = {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
    for suffix, how in (("FnUrl", called), ("Fn", invoked)):
        id = f"{function.normalised}LambdaPermission{suffix}"
        properties = {**common, **how}
        document.put(id, "AWS::Lambda::Permission", properties, url, DependsOn=function.alias_id)


def add_results(document: Document, function: Deployed, others: dict[str, Deployed]) -> None:
    """Add where a function's results of asynchronous calls go, and how often it is tried."""
    part = function.part
    destinations = part["destinations"]
    age, retries = part["maximumEventAge"], part["maximumRetryAttempts"]
    if not destinations and not age and retries.is_absent:
        return
    config: dict[str, Any] = {}
    for name, key in (("OnSuccess", "onSuccess"), ("OnFailure", "onFailure")):
        asked = destinations[key]
        if asked:
            config[name] = {"Destination": _destination(asked, others)}
            if not custom_role(document, part):
                _let_send(document, asked, others)
    document.put(
        f"{function.normalised}LambdaEvConf", "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": function.id},
            "DestinationConfig": config,
            "Qualifier": function.alias or "$LATEST",
            "MaximumEventAgeInSeconds": age or None,
            "MaximumRetryAttempts": retries,
        },
        destinations or part, DependsOn=function.alias_id,
    )  # fmt: skip


def _destination(asked: Part, others: dict[str, Deployed]) -> Any:
    if asked.is_map and "arn" in asked.value:
        return asked["arn"]
    return others[asked.word].target if asked.word in others else asked


def _let_send(document: Document, asked: Part, others: dict[str, Deployed]) -> None:
    """Let the shared role send results on; another function is named by its ARN as text."""
    other = others.get(asked.word)
    target: Any = asked["arn"] if asked.is_map and "arn" in asked.value else asked
    kind = asked["type"].word if asked.is_map else ""
    if other:
        alias = f":{other.alias}" if other.alias else ""
        kind, target = "function", arn("lambda", "function:", other.name, alias)
    elif not kind and is_text(asked.value):
        named = word(asked)
        kind = next((each for sign, each in SENT_TO.items() if sign in named), "")
    if kind in SENDING:
        document.allow({"Effect": "Allow", "Action": SENDING[kind], "Resource": target})
    else:
        reason = f"what kind of destination {asked.value} is cannot be told"
        document.lose(reason, "the right to send there is not in the table", asked)
