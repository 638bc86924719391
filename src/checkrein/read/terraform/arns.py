"""What is known of a resource's ARN before it is made: its form.

Source: the authorisation reference's ARN formats, by the first words of the provider's types.
"""

from __future__ import annotations

from checkrein.catalog import arns
from checkrein.catalog.terraform import entry
from checkrein.late import regex
from checkrein.model.values import Open, Symbol, Value
from checkrein.read.terraform.containers import Items
from checkrein.read.terraform.unknowns import concatenated

TYPE = regex(r"(?:^|\.)(aws_\w+)\.[\w-]+(?:\[(?:\d+|\"(?:[^\"\\\\]|\\\\.)*\")\])?\Z")
HOLE = regex(r"(\$\{\w+\})")
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


def parts(arn: Symbol, between: str) -> Items | None:
    """Return what ``split(between, arn)`` gives, None where too little is known of its form."""
    form = _form(arn.owner)
    if form and between in ("/", ":"):
        return Items(_filled(piece, arn.owner) for piece in form.split(between))
    return _by_service(arn) if between == ":" else None


def _form(address: str) -> str:
    """Return the form of a resource's ARN, with ``${Ref}`` for its name; "" if it is not known."""
    written = entry(resource_type(address))
    return next(iter(arns.arn_format(written.type)), "") if written else ""


def _filled(piece: str, address: str) -> Value:
    held = [_hole(part, address) if part.startswith("$") else part for part in HOLE.split(piece)]
    return concatenated([part for part in held if part != ""]) if piece else ""


def _hole(name: str, address: str) -> Value:
    """Return what a hole of an ARN's form is: a pseudo parameter, or the resource's own name."""
    if name != "${Ref}":
        return arns.REFERENCES[name[2:-1]]
    written = entry(resource_type(address))
    is_name = written is None or arns.ref_is(written.type) in ("name", "id")
    return Symbol(address, "id" if is_name or not written else written.name)


def _by_service(arn: Symbol) -> Items:
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
