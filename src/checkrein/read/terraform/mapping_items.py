"""What the tables make several items of one with, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from checkrein.model.values import Value

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


EACH: Final[dict[str, Callable[[Item, str], Iterator[Item]]]] = {
    "network_rules": network_rules,
    "events": events,
}
