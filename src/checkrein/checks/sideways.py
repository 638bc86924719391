"""Rights that code uses without an SDK call of that name: nobody may call them unused.

Source: the service authorization reference and the developer guides of the services, as of 2026-11.
"""

from __future__ import annotations

import re
from functools import lru_cache

from checkrein.checks.questions import grouped
from checkrein.iam.patterns import matches
from checkrein.model import App, Call, Entry, Function, Resource, Summary
from checkrein.model.values import symbols

PLATFORM = (  # what the service does in the function's name: networks, logs, traces, pollers
    *("ec2:*NetworkInterface*", "ec2:Describe*", "logs:Create*", "logs:Put*", "logs:Describe*"),
    *("xray:*", "kms:*", "sqs:*Batch", "kinesis:Describe*", "mq:Describe*", "kafka:Describe*"),
    *("kafka:Get*", "kafka-cluster:*", "lambda:*Durable*", "elasticfilesystem:*", "sts:*"),
)
PROTOCOLS = (  # signed or authenticated over another protocol than the service's API
    *("rds-db:*", "dsql:DbConnect*", "neptune-db:*", "elasticache:Connect", "memorydb:Connect"),
    *("appsync:GraphQL", "execute-api:*", "es:ESHttp*", "aoss:*", "qldb:*", "cassandra:*"),
    *("iot:Connect", "iot:Publish", "iot:Subscribe", "iot:Receive", "lambda:InvokeFunctionUrl"),
    *("iam:PassRole", "cloudwatch:PutMetricData", "s3express:CreateSession", "bedrock-runtime:*"),
)
SECRETS = ("secretsmanager:GetSecretValue", "ssm:GetParameter*", "appconfig:*", "appconfigdata:*")
DELIVERY = ("sqs:SendMessage", "sns:Publish", "events:PutEvents", "lambda:InvokeFunction")
EVERYTHING = "*"
STORAGE = ("s3:*",)
BORROWERS = {  # services that work with the caller's own rights, and on what
    **dict.fromkeys(("rekognition", "textract", "transcribe", "polly", "athena"), STORAGE),
    **dict.fromkeys(("cloudformation", "cloudcontrol", "servicecatalog"), (EVERYTHING,)),
}
ALONG = {  # operations that need another right to answer well, or with some parameters
    ("s3", "GetObject"): ("s3:ListBucket",),  # a missing key is 403 without it
    ("s3", "HeadObject"): ("s3:ListBucket",),
    ("s3", "CopyObject"): ("s3:ListBucket", "s3:GetObjectTagging", "s3:PutObjectTagging"),
    ("s3", "CreateMultipartUpload"): ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
}
LOCAL = re.compile(r"localhost|127\.0\.0\.1")  # the extension for parameters and secrets


def sideways(app: App, identity: str, action: str) -> bool:
    """Tell whether an action, as written, may be in use without a call of its name."""
    return _touched(_patterns(app, identity), action)


def borrows_everything(app: App, identity: str) -> bool:
    """Tell whether a service that code calls works with whatever rights the caller has."""
    return EVERYTHING in _patterns(app, identity)


@lru_cache(maxsize=16384)
def _touched(patterns: tuple[str, ...], action: str) -> bool:
    return any(
        matches(pattern, action, fold=True) or matches(action, pattern, fold=True)
        for pattern in patterns
    )


@lru_cache(maxsize=4096)
def _patterns(app: App, identity: str) -> tuple[str, ...]:
    functions = [function.id for function in grouped(app, Function, "identity").get(identity, [])]
    calls = [call for id in functions for call in grouped(app, Call, "function").get(id, [])]
    entries = [entry for id in functions for entry in grouped(app, Entry, "function").get(id, [])]
    borrowed = {pattern for call in calls for pattern in BORROWERS.get(call.service, ())}
    polled = any(entry.kind in {"queue", "stream"} for entry in entries)  # brokers ask for secrets
    hidden = polled or _by_extension(app, functions)
    asked = {pattern for call in calls for pattern in ALONG.get((call.service, call.operation), ())}
    secrets = SECRETS if hidden else ()
    delivered = DELIVERY if any(_delivers(app, id) for id in functions) else ()
    return (*PLATFORM, *PROTOCOLS, *sorted(borrowed | asked), *secrets, *delivered)


def _delivers(app: App, function: str) -> bool:
    """Tell whether the service hands a function's failures or results on, with its role."""
    by_type = grouped(app, Resource, "type")
    own = [r for r in by_type.get("AWS::Lambda::Function", []) if r.id == function]
    if any(resource.value("DeadLetterConfig") for resource in own):
        return True
    return any(
        symbol.owner == function
        for type in ("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping")
        for resource in by_type.get(type, [])
        if resource.value("DestinationConfig")
        for symbol in symbols(resource.value("FunctionName"))
    )


def _by_extension(app: App, functions: list[str]) -> bool:
    """Tell whether a function asks an extension beside it, which then calls AWS."""
    summaries = [s for id in functions for s in grouped(app, Summary, "function").get(id, [])]
    urls = [
        str(argument.value)
        for summary in summaries
        for site in summary.calls
        if site.kind == "http"
        for argument in site.arguments
        if argument.path == "url"
    ]
    return any(LOCAL.search(url) for url in urls)
