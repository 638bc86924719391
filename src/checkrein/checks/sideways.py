"""Rights that code uses without an SDK call of that name: nobody may call them unused.

Source: the service authorization reference and the developer guides of the services, as of 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checkrein.catalog.actions import dependent_actions, documented
from checkrein.catalog.operations import prefixes
from checkrein.checks.context import configuring
from checkrein.checks.questions import grouped
from checkrein.iam.patterns import matches
from checkrein.late import regex
from checkrein.model import App, Call, CallSite, Entry, Function, Resource, Summary
from checkrein.model.asking import of_app, settled_at
from checkrein.model.values import symbols
from checkrein.model.workloads import LAMBDA

PLATFORM = (  # what the service does in the function's name: networks, logs, traces, pollers
    *("ec2:*NetworkInterface*", "ec2:Describe*", "logs:Create*", "logs:Put*", "logs:Describe*"),
    "logs:TagResource",  # of groups that it makes; the Serverless Framework gives it to every role
    *("xray:*", "kms:*", "sqs:*Batch", "kinesis:Describe*", "mq:Describe*", "kafka:Describe*"),
    *("kafka:Get*", "kafka-cluster:*", "lambda:*Durable*", "elasticfilesystem:*", "sts:*"),
)
SHELL = "ssmmessages:*"  # commands that people run inside a container
TRACES = ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*")
ENCRYPTION = ("kms:Decrypt", "kms:GenerateDataKey*", "kms:Encrypt", "kms:ReEncrypt*")
PROTOCOLS = (  # signed or authenticated over another protocol than the service's API
    *("rds-db:*", "dsql:DbConnect*", "neptune-db:*", "elasticache:Connect", "memorydb:Connect"),
    *("appsync:GraphQL", "execute-api:*", "es:ESHttp*", "aoss:*", "qldb:*", "cassandra:*"),
    *("iot:Connect", "iot:Publish", "iot:Subscribe", "iot:Receive", "lambda:InvokeFunctionUrl"),
    *("iam:PassRole", "cloudwatch:PutMetricData", "s3express:CreateSession", "bedrock-runtime:*"),
)
SECRETS = ("secretsmanager:GetSecretValue", "ssm:GetParameter*", "appconfig:*", "appconfigdata:*")
DELIVERY = ("sqs:SendMessage", "sns:Publish", "events:PutEvents", "lambda:InvokeFunction")
EVERYTHING = "*"
SDK = ("boto3", "botocore", "aws-sdk", "@aws-sdk/", "aws_lambda_powertools", "aws-lambda")
STORAGE = ("s3:*",)
CATALOGUE = ("glue:*", "lakeformation:GetDataAccess")
LOGIN = ("secretsmanager:GetSecretValue", "redshift:GetClusterCredentials*")
BORROWERS = {  # services that work with the caller's own rights, and on what
    **dict.fromkeys(("rekognition", "textract", "transcribe", "polly"), STORAGE),
    "athena": (*STORAGE, *CATALOGUE, "lambda:InvokeFunction"),
    "sns": ("sms-voice:*",),
    "rds-data": LOGIN,
    "redshift-data": (*LOGIN, "redshift-serverless:GetCredentials"),
    **dict.fromkeys(("cloudformation", "cloudcontrol", "servicecatalog"), (EVERYTHING,)),
}
ALONG = {  # operations that need another right to answer well, or with some parameters
    ("s3", "GetObject"): ("s3:ListBucket",),  # a missing key is 403 without it
    ("s3", "HeadObject"): ("s3:ListBucket",),
    ("s3", "GetObjectAttributes"): ("s3:ListBucket",),
    ("s3", "CopyObject"): (
        *("s3:ListBucket", "s3:GetObjectTagging", "s3:PutObjectTagging"),
        *("s3:AbortMultipartUpload", "s3:GetObjectVersionTagging"),
    ),
    ("s3", "PutObject"): ("s3:AbortMultipartUpload",),  # helpers send what is big in parts
    ("s3", "CreateMultipartUpload"): ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
}
LOCAL = regex(r"localhost|127\.0\.0\.1")  # the extension for parameters and secrets
TAGS = regex(
    r"(?i)tag(s|ging|set|list|specifications?)?([.\[{]|$)"
)  # members that tag what is made
FILES = ("s3files:*", "s3:GetObject*")  # what a mounted file system reads by itself
DOCUMENTS = ("rds:DescribeDBClusters", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnet*")
TOPICS = ("kafka:List*", "glue:GetRegistry", "glue:GetSchemaVersion")
POLLERS = {  # what event source mappings do besides reading, by the type of the source
    "AWS::DocDB::DBCluster": DOCUMENTS,
    "AWS::MSK::Cluster": TOPICS,
    "": (*DOCUMENTS, *TOPICS),
}
READING = (  # what they read with, whichever the source
    *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    *("sqs:ChangeMessageVisibility", "dynamodb:*Stream*", "dynamodb:GetRecords"),
    *("dynamodb:GetShardIterator", "kinesis:Describe*", "kinesis:List*", "kinesis:GetRecords"),
    *("kinesis:GetShardIterator", "kinesis:SubscribeToShard"),
)
POLLED = frozenset({"queue", "stream"})
RECORD = regex(r"Records\[\w*\]\.(dynamodb|kinesis|receiptHandle|messageId|eventSourceARN)")


@of_app
def sideways(app: App, identity: str, action: str) -> bool:
    """Tell whether an action, as written, may be in use without a call of its name."""
    return _touched(_patterns(app, identity), action)


def sideways_as_a_whole(app: App, identity: str, action: str) -> bool:
    """Tell whether a whole pattern of actions may be in use without a call of such a name."""
    return any(matches(pattern, action, fold=True) for pattern in _patterns(app, identity))


def borrows_everything(app: App, identity: str) -> bool:
    """Tell whether a service that code calls works with whatever rights the caller has."""
    return EVERYTHING in _patterns(app, identity)


def unspoken(app: App, identity: str, action: str, *, named: bool) -> str:
    """Say how one action may be in use without a call of its name, "" if by nothing known.

    ``named`` tells that somebody granted it by its service's name, and not with all services.

    Asks about what is left where needs say which rights the platform uses for networks, event
    sources and destinations.
    """
    services = _services(app, identity)
    if action.partition(":")[0] not in services and EVERYTHING not in services:
        return ""
    if named and _touched(TRACES, action):
        return "code may send traces with it"
    if named and _touched(ENCRYPTION, action):
        return "services may use it in the function's name, to encrypt"
    if action == "iam:PassRole":
        return ""  # whoever passes a role calls an operation that needs it
    if _touched(PROTOCOLS, action):
        return "it may be in use over another protocol" if _speaks(app, identity) else ""
    counted = {*PLATFORM, *DELIVERY, *PROTOCOLS, *READING}
    counted |= {"s3:ListBucket", "s3:AbortMultipartUpload"}  # asked of what a call names
    counted |= set() if named else {*DOCUMENTS, *TOPICS}
    other = tuple(pattern for pattern in _patterns(app, identity) if pattern not in counted)
    return "it may be in use without a call of its name" if _touched(other, action) else ""


@of_app
def _services(app: App, identity: str) -> frozenset[str]:
    """Return the services of all actions that may be in use without a call of their name."""
    patterns = (*TRACES, *ENCRYPTION, *_patterns(app, identity))
    return frozenset(pattern.partition(":")[0] for pattern in patterns)


@settled_at
def _speaks(app: App, identity: str) -> bool:
    """Tell whether code of an identity may speak anything but the services' own API."""
    functions = grouped(app, Function, "identity").get(identity, [])
    summaries = [s for f in functions for s in grouped(app, Summary, "function").get(f.id, [])]
    packages = {package for summary in summaries for package in summary.packages}
    asked = any(site.kind == "http" for summary in summaries for site in summary.calls)
    return asked or any(not package.startswith(SDK) for package in packages)


@lru_cache(maxsize=16384)
def _touched(patterns: tuple[str, ...], action: str) -> bool:
    service = action.partition(":")[0]
    near = (service, EVERYTHING) if "*" not in service else ()
    return any(
        matches(pattern, action, fold=True) or matches(action, pattern, fold=True)
        for pattern in patterns
        if not near or pattern.partition(":")[0] in near
    )


@settled_at
def _patterns(app: App, identity: str) -> tuple[str, ...]:
    functions = [function.id for function in grouped(app, Function, "identity").get(identity, [])]
    called = {p for id in functions for p in _by_calls(app, id)}
    own = {p for id in functions for p in (*_by_triggers(app, id), *_by_settings(app, id))}
    return (*PLATFORM, *PROTOCOLS, *sorted(called | own))


def _by_calls(app: App, function: str) -> Iterator[str]:
    """Yield what a function's calls let services, helpers and the extension beside it do."""
    for call in grouped(app, Call, "function").get(function, []):
        yield from BORROWERS.get(call.service, ())
        yield from ALONG.get((call.service, call.operation), ())
        named = (f"{prefix}:{call.operation}" for prefix in prefixes(call.service))
        yield from (
            one for one in named if not documented(one)
        )  # meant, though no action is so named
        for action in call.actions:
            yield from dependent_actions(action)
    for summary in grouped(app, Summary, "function").get(function, []):
        for site in summary.calls:
            if site.kind == "sdk" and any(TAGS.match(a.path) for a in site.arguments):
                yield from _tagging(site.service)
            if site.kind == "http" and _is_local(site):
                yield from SECRETS


def _tagging(service: str) -> Iterator[str]:
    """Yield what a service may ask of those who tag what they make."""
    for prefix in prefixes(service):
        yield from (f"{prefix}:Tag*", f"{prefix}:AddTags*", f"{prefix}:CreateTags")


def _is_local(site: CallSite) -> bool:
    """Tell whether a request goes to an extension beside the function, which then calls AWS."""
    return any(a.path == "url" and LOCAL.search(str(a.value)) for a in site.arguments)


def _by_triggers(app: App, function: str) -> Iterator[str]:
    """Yield what event source mappings do with the role: those here, or one made elsewhere."""
    entries = grouped(app, Entry, "function").get(function, [])
    polled = [entry for entry in entries if entry.kind in POLLED]
    if polled:
        yield from SECRETS  # brokers ask for secrets
    elif _is_lambda(app, function) and (not entries or _takes_records(app, function)):
        yield from (*READING, *POLLERS[""])
    for entry in polled:
        source = app.get(Resource, entry.source)
        yield from POLLERS.get(source.type if source else "", ())


def _is_lambda(app: App, function: str) -> bool:
    """Tell whether event source mappings may poll with a function's role: containers poll."""
    resource = app.get(Resource, function)
    return resource is None or resource.type == LAMBDA


def _takes_records(app: App, function: str) -> bool:
    """Tell whether code reads its event as records that only an event source mapping brings."""
    summaries = grouped(app, Summary, "function").get(function, [])
    return any(RECORD.match(read.source.attribute) for s in summaries for read in s.reads)


def _by_settings(app: App, function: str) -> Iterator[str]:
    """Yield what the service does with the role because the function's settings say so."""
    resource = app.get(Resource, function)
    if resource and resource.value("FileSystemConfigs"):
        yield from FILES
    if resource and _delivers(app, resource):
        yield from DELIVERY
    services = configuring(app, function, "AWS::ECS::Service", "TaskDefinition")
    if any(service.value("EnableExecuteCommand") in (True, "true") for service in services):
        yield SHELL


def _delivers(app: App, function: Resource) -> bool:
    """Tell whether the service hands a function's failures or results on, with its role."""
    return bool(function.value("DeadLetterConfig")) or function.id in _handed_on(app)


@of_app
def _handed_on(app: App) -> frozenset[str]:
    """Return the functions for whose failures or results something names a destination."""
    by_type = grouped(app, Resource, "type")
    return frozenset(
        symbol.owner
        for type in ("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping")
        for resource in by_type.get(type, [])
        if resource.value("DestinationConfig")
        for symbol in symbols(resource.value("FunctionName"))
    )
