"""Least privilege: what each function's calls need, against what its role is granted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from checkrein.catalog.operations import actions
from checkrein.iam.patterns import matches
from checkrein.model import Call, Entry, Grant, Need

POLLING = {  # rights that event sources use in the function's name, by kind of source
    "queue": (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
    ),
    "stream": (
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:DescribeStream",
        "dynamodb:ListStreams",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:ListShards",
        "kinesis:ListStreams",
        "kinesis:SubscribeToShard",
    ),
}
PLATFORM = (  # what the platform does with the role: logs, traces, network interfaces
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:Describe*",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSampling*",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcs",
    "cloudwatch:PutMetricData",
    "lambda:InvokeFunction@self",
)
# Rights that code uses without a call of its own: encryption behind other services' calls.
SILENT = ("kms:Decrypt", "kms:GenerateDataKey*", "kms:Encrypt", "kms:ReEncrypt*", "kms:DescribeKey")


def needs(
    calls: Iterable[Call],
    entries: Iterable[Entry],
    grants: Iterable[Grant],
    roles: Mapping[str, str],
    read: frozenset[str],
) -> Iterator[Need]:
    """Yield what functions need, and what their roles are granted that nothing needs.

    ``roles``: function -> identity; ``read``: functions whose code was read in full. A grant
    counts as unused only if the code of *every* function with that role was read, and no call
    with that action addresses a resource that it covers; an open target may be any.
    """
    by_role: defaultdict[str, set[str]] = defaultdict(set)
    for function, role in roles.items():
        by_role[role].add(function)
    used: defaultdict[str, set[str]] = defaultdict(set)
    for call in calls:
        for action in actions(call.service, call.operation):
            used[call.function].add(action)
            yield _needed(call, action)
    for entry in entries:
        used[entry.function].update(POLLING.get(entry.kind, ()))
    for grant in grants:
        functions = by_role.get(grant.identity, set())
        if functions and functions <= read and grant.effect == "Allow" and not grant.not_actions:
            yield from _unused(grant, functions, used)


def _needed(call: Call, action: str) -> Need:
    return Need(
        id=f"{call.function}:{action}:{call.target or '?'}",
        function=call.function,
        action=action,
        resource=call.target or "*",
        needed=True,
        granted=True,
        certain=call.certain,
        evidence=call.evidence,
    )


def _unused(grant: Grant, functions: Iterable[str], used: Mapping[str, set[str]]) -> Iterator[Need]:
    for pattern in grant.actions:
        if any(_touches(pattern, action) for action in (*PLATFORM, *SILENT)):
            continue
        for function in sorted(functions):
            if not any(
                matches(pattern, action, fold=True)
                for other in functions
                for action in used.get(other, ())
            ):
                yield Need(
                    id=f"{function}:{pattern}:unused:{grant.id}",
                    function=function,
                    action=pattern,
                    resource=grant.holder or ", ".join(map(str, grant.resources)),
                    needed=False,
                    granted=True,
                    grants=(grant.id,),
                    evidence=grant.evidence,
                )


def _touches(pattern: str, other: str) -> bool:
    return matches(pattern, other, fold=True) or matches(other, pattern, fold=True)
