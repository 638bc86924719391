"""Requests to AWS as records tell them: which operation, about which resources.

Sources: the formats of ``catalog.operations`` (what a request's members name), and how CloudTrail,
X-Ray and OpenTelemetry spell services and members, by their documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from checkrein.catalog.operations import addressed
from checkrein.observe.sightings import Named

VERSION = re.compile(r"20\d{6}(?:v\d+)?$")  # UpdateFunctionCode20150331v2
SERVICE = re.compile(r"[a-z][a-z0-9.-]{1,60}")
OPERATION = re.compile(r"[A-Za-z][A-Za-z0-9]{1,100}")
SPELT = {  # as records spell a service, without spaces and hyphens -> botocore's name
    "states": "stepfunctions", "sfn": "stepfunctions", "email": "ses", "sesv2": "sesv2",
    "monitoring": "cloudwatch", "eventbridge": "events", "cloudwatchevents": "events",
    "cognitoidp": "cognito-idp", "cognitoidentityserviceprovider": "cognito-idp",
    "cognitoidentityprovider": "cognito-idp", "cognitoidentity": "cognito-identity",
    "cloudwatchlogs": "logs", "simplequeueservice": "sqs", "simplenotificationservice": "sns",
    "elasticloadbalancing": "elbv2", "rdsdata": "rds-data", "systemsmanager": "ssm",
    "dynamodbstreams": "dynamodbstreams", "amazondynamodb": "dynamodb", "amazonsqs": "sqs",
    "amazonsns": "sns", "amazons3": "s3", "awslambda": "lambda", "amazonkinesis": "kinesis",
    "bedrockruntime": "bedrock-runtime",
}  # fmt: skip
OWN_MEMBERS = {  # members that records name in their own way -> the type of what they name
    "bucketName": "AWS::S3::Bucket",
    "tableName": "AWS::DynamoDB::Table",
    "functionName": "AWS::Lambda::Function",
    "topicArn": "AWS::SNS::Topic",
    "queueUrl": "AWS::SQS::Queue",
    "secretId": "AWS::SecretsManager::Secret",
    "resourceArn": "",
    "table_name": "AWS::DynamoDB::Table",
    "bucket_name": "AWS::S3::Bucket",
    "bucket": "AWS::S3::Bucket",
    "queue_url": "AWS::SQS::Queue",
    "queue_name": "AWS::SQS::Queue",
    "topic_arn": "AWS::SNS::Topic",
    "function_name": "AWS::Lambda::Function",
    "stream_name": "AWS::Kinesis::Stream",
    "state_machine_arn": "AWS::StepFunctions::StateMachine",
    "secret_id": "AWS::SecretsManager::Secret",
}


def service_named(spelt: str) -> str:
    """Return botocore's name of a service as records spell it: ``SFN`` is ``stepfunctions``.

    "" for what is no name of a service: records hold whatever somebody sent.
    """
    bare = spelt.lower().removeprefix("amazon ").removeprefix("aws ")
    known = SPELT.get(bare.replace(" ", "").replace("-", ""))
    name = known or bare.replace(" ", "")
    return name if SERVICE.fullmatch(name) else ""


def operation_named(spelt: str) -> str:
    """Return an operation without the version of the API; ``put_item`` is ``PutItem``.

    "" for what is no name of an operation.
    """
    bare = VERSION.sub("", spelt)
    name = "".join(part[:1].upper() + part[1:] for part in bare.split("_"))
    return name if OPERATION.fullmatch(name) else ""


def named_in(service: str, operation: str, request: Mapping[str, Any]) -> list[Named]:
    """Return what a request names, by the members that name resources and in their order."""
    found: dict[Named, None] = {}
    for path, type in _members(service, operation):
        found |= dict.fromkeys(_named(value, type) for value in _at(request, path))
    for member, type in OWN_MEMBERS.items():
        listed = request.get(member)
        texts = listed if isinstance(listed, list) else [listed]
        found |= {_named(text, type): None for text in texts if isinstance(text, str) and text}
    return list(found)


def _named(text: str, type: str) -> Named:
    return Named(text, "" if text.startswith("arn:") else type)


@cache
def _members(service: str, operation: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((each.path, each.types[0]) for each in addressed(service, operation))
    except KeyError:
        return ()


def _at(value: Any, path: str) -> Iterator[str]:
    """Yield the texts at a path such as ``Entries[].EventBusName``, or ``entries[].…``."""
    head, _, rest = path.partition(".")
    bare = head.rstrip("[]{}")
    if not isinstance(value, Mapping):
        return
    found = value.get(bare, value.get(bare[:1].lower() + bare[1:]))
    if head.endswith("{}"):
        yield from (str(key) for key in (found if isinstance(found, Mapping) else ()))
        return
    for each in found if head.endswith("[]") and isinstance(found, list) else [found]:
        if rest:
            yield from _at(each, rest)
        elif isinstance(each, str) and each:
            yield each
