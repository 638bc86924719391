"""What is known of a resource's ARN before it is made: its form.

Source: the authorisation reference's ARN formats, by the first words of the provider's types.
"""

from __future__ import annotations

import re

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.terraform.containers import Items

TYPE = re.compile(r"(?:^|\.)(aws_\w+)\.[\w-]+(?:\[(?:\d+|\"(?:[^\"\\\\]|\\\\.)*\")\])?\Z")
SAME = frozenset(
    {
        *("sqs", "sns", "lambda", "dynamodb", "kinesis", "firehose", "iam", "s3", "kms", "ecs"),
        *("ecr", "rds", "glue", "athena", "batch", "secretsmanager", "ssm", "pipes", "mq"),
        *("scheduler", "redshift", "appsync"),
    }
)
SERVICES = {  # first words of a type, the longest first
    "cloudwatch_event": "events",
    "cloudwatch_log": "logs",
    "kinesis_firehose": "firehose",
    "cognito": "cognito-idp",
    "sfn": "states",
    "msk": "kafka",
}


def is_arn(value: Value) -> bool:
    """Tell whether a symbol is the ARN of a resource of AWS."""
    if not isinstance(value, Symbol) or value.owner.startswith("@"):
        return False
    return value.attribute == "arn" and resource_type(value.owner).startswith("aws_")


def resource_type(address: str) -> str:
    """Return the type in an address of a resource or data source of AWS, "" for another's."""
    found = TYPE.findall(address)
    return found[-1] if found else ""


def parts(arn: Symbol) -> Items:
    """Return what ``split(":", arn)`` gives."""
    last = Open(f"the last part of {arn.owner}'s ARN")
    account = [Symbol("@aws", "Region"), Symbol("@aws", "AccountId")]
    return Items(["arn", Symbol("@aws", "Partition"), _service(arn), *account, last])


def _service(arn: Symbol) -> Value:
    words = resource_type(arn.owner).removeprefix("aws_")
    for start, service in SERVICES.items():
        if words.startswith(start):
            return service
    first = words.partition("_")[0]
    return first if first in SAME else Open(f"the service in {arn.owner}'s ARN")
