"""What roles are granted that no code of their functions needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from checkrein.catalog.wrappers import EVERY, wrapped_services
from checkrein.iam.patterns import WILD, matcher
from checkrein.model import Call, Entry, Grant, Need, Summary

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
_USED = frozenset(action.lower() for action in (*PLATFORM, *SILENT))


CALLED_VIA = ("aws:calledvia", "aws:viaawsservice")  # a service calls another for the code


def unused(
    calls: Iterable[Call],
    needed: Iterable[Need],
    entries: Iterable[Entry],
    grants: Iterable[Grant],
    roles: Mapping[str, str],
    read: Mapping[str, Summary],
) -> Iterator[Need]:
    """Yield what functions' roles are granted that nothing needs.

    ``roles``: function -> identity; ``read``: the functions whose code was read in full. A grant
    counts as unused only if the code of *every* function with that role was read, none of it
    calls an operation that needs the action, on whatever resource, and none imports a package
    that may call the service itself.
    """
    by_role: defaultdict[str, set[str]] = defaultdict(set)
    for function, role in roles.items():
        by_role[role].add(function)
    used: defaultdict[str, set[str]] = defaultdict(set)
    for call in calls:
        used[call.function].update(action.lower() for action in call.actions)
    for need in needed:
        used[need.function].add(need.action.lower())
    for entry in entries:
        used[entry.function].update(action.lower() for action in POLLING.get(entry.kind, ()))
    wrapped: dict[str, frozenset[str]] = {}  # by the role: it has many statements
    for grant in grants:
        functions = by_role.get(grant.identity, set())
        if functions and functions <= read.keys() and _is_plain(grant):
            if grant.identity not in wrapped:
                wrapped[grant.identity] = _wrapped(read[function] for function in functions)
            yield from _unused(grant, functions, used, wrapped[grant.identity])


def _is_plain(grant: Grant) -> bool:
    """Tell whether a statement allows what it names to the code itself, not to a service for it."""
    keys = {key.lower() for tests in grant.conditions.values() for key in _keys(tests)}
    handed = any(key.startswith(CALLED_VIA) for key in keys)
    return grant.effect == "Allow" and not grant.not_actions and not handed


def _keys(tests: object) -> Iterable[str]:
    return tests if isinstance(tests, dict) else ()


def _wrapped(summaries: Iterable[Summary]) -> frozenset[str]:
    packages = {package for summary in summaries for package in summary.packages}
    return frozenset(service for package in packages for service in wrapped_services(package))


def _unused(
    grant: Grant,
    functions: Iterable[str],
    used: Mapping[str, set[str]],
    wrapped: frozenset[str],
) -> Iterator[Need]:
    called = set[str]().union(*(used.get(function, ()) for function in functions))
    for pattern in grant.actions:
        if wrapped & {EVERY, pattern.partition(":")[0].lower()}:
            continue
        written = pattern.lower()
        if written in called or _is_silent(pattern) or any(map(matcher(written), called)):
            continue
        for function in sorted(functions):
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


@lru_cache(maxsize=4096)
def _is_silent(pattern: str) -> bool:
    """Tell whether the platform, or code without a call of its own, may use a pattern's actions."""
    pattern = pattern.lower()
    if pattern in _USED or any(matcher(other)(pattern) for other in _USED if WILD.search(other)):
        return True
    return WILD.search(pattern) is not None and any(map(matcher(pattern), _USED))
