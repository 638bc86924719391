"""What the tables make several items of one with, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from checkrein.model.values import Open, Symbol, Value

Item = dict[str, Value]
SIDES: Final = (
    "CidrIp", "CidrIpv6", "SourcePrefixListId", "DestinationPrefixListId",
    "SourceSecurityGroupId", "DestinationSecurityGroupId",
)  # fmt: skip


def network_rules(item: Item, at: str) -> Iterator[Item]:
    """Yield a rule of a security group for each of the ranges and groups that it names.

    The table has put lists under the names of the properties that hold one, those of what comes in.
    """
    own = {key: value for key, value in item.items() if key not in SIDES}
    for name in SIDES:
        value = item.get(name)
        meant = name.replace("Source", "Destination") if at.endswith("Egress") else name
        for each in value if isinstance(value, list) else [] if value is None else [value]:
            yield {**own, meant: each}


def events(item: Item, at: str) -> Iterator[Item]:  # noqa: ARG001
    """Yield what a bucket tells somebody for each of the events that it tells of."""
    found = item.get("Event")
    for event in found if isinstance(found, list) else [found]:
        yield {**item, "Event": event}


def grants(item: Item, at: str) -> Iterator[Item]:  # noqa: ARG001
    """Yield the policy that permits what a grant permits on a key."""
    told = item.get("PolicyDocument")
    operations, key = (
        (told.get("Action"), told.get("Resource")) if isinstance(told, dict) else ("", "")
    )
    if isinstance(key, Symbol) and not key.owner.startswith("@"):
        key = Symbol(key.owner, "Arn")
    elif isinstance(key, str) and not key.startswith("arn:"):
        key = f"arn:aws:kms:*:*:key/{key}"
    permits = (
        [f"kms:{each}" if isinstance(each, str) else each for each in operations]
        if isinstance(operations, list)
        else Open("what a grant permits")
    )
    statement = {"Effect": "Allow", "Action": permits, "Resource": key}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    yield {"PolicyName": item.get("PolicyName") or "grant", "PolicyDocument": document}


EACH: Final[dict[str, Callable[[Item, str], Iterator[Item]]]] = {
    "network_rules": network_rules,
    "events": events,
    "grants": grants,
}
