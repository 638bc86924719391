"""Network ACLs: numbered rules, the first that matches decides; answers need rules of their own.

Source: AWS's documentation of network ACLs. A VPC's default ACL lets everything pass; one that
somebody makes lets nothing pass until it has rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.network.packets import (
    EPHEMERAL,
    PORTS,
    Box,
    Kind,
    Packets,
    answered,
    any_address,
    blocks,
    covers,
    everything,
    meet,
    without,
)
from checkrein.derive.network.view import View
from checkrein.model import Resource, Value

NUMBERS = {"tcp": 6, "udp": 17}
ALL_PROTOCOLS = -1
DEFAULT_NUMBER = 100  # of the rule that a default ACL comes with
LAST = 32767


def passing(view: View, subnet: Resource, kind: Kind) -> Packets:
    """Return the packets that may leave a subnet and be answered."""
    back = answered(allowed(view, subnet, kind, egress=False), kind, hope=view.hope)
    return meet(allowed(view, subnet, kind, egress=True), back)


def serving(view: View, subnet: Resource, source: Packets, kind: Kind) -> Packets:
    """Return the packets, by port, that may come into a subnet from addresses and be answered."""
    low, high = kind.addresses
    answers = meet(source, (Box(low, high, *EPHEMERAL),))
    if not covers(allowed(view, subnet, kind, egress=True), answers, hope=view.hope):
        return ()
    entering = allowed(view, subnet, kind, egress=False)
    return any_address(entering, source, kind, hope=view.hope)


def allowed(view: View, subnet: Resource, kind: Kind, *, egress: bool) -> Packets:
    """Return the packets that a subnet's ACL lets pass in one direction."""
    key = ("acl", subnet.id, kind, egress)
    return view.remember(key, lambda: _allowed(view, subnet, kind, egress))


def _allowed(view: View, subnet: Resource, kind: Kind, egress: bool) -> Packets:  # noqa: FBT001
    associations = view.ground.referring(
        "AWS::EC2::SubnetNetworkAclAssociation", "SubnetId", subnet.id
    )
    chosen = view.chosen(associations, "NetworkAclId")
    if chosen is None:
        return everything(kind) if view.hope else ()
    return view.joined(
        _of_acl(view, acl, kind, egress) if acl else _of_default(view, subnet, kind, egress)
        for acl in chosen
    )


def _of_default(view: View, subnet: Resource, kind: Kind, egress: bool) -> Packets:  # noqa: FBT001
    vpcs = view.resources(subnet.value("VpcId"), "AWS::EC2::VPC")
    if not vpcs:
        return everything(kind) if view.hope else ()
    return view.joined(_of_acl(view, f"{v.id}#DefaultNetworkAcl", kind, egress) for v in vpcs)


def _of_acl(view: View, acl: str, kind: Kind, egress: bool) -> Packets:  # noqa: FBT001
    entries = view.ground.referring("AWS::EC2::NetworkAclEntry", "NetworkAclId", acl)
    rules = [rule for entry in entries for rule in _rule(view, entry, kind, egress)]
    if acl.endswith("#DefaultNetworkAcl"):
        rules.append((DEFAULT_NUMBER, True, everything(kind)))
    return decided(rules, kind)


def decided(rules: list[tuple[int, bool, Packets]], kind: Kind) -> Packets:
    """Return what numbered rules let pass: (number, whether it allows, what it is about)."""
    left = everything(kind)
    found: list[Box] = []
    for _, allows, about in sorted(rules, key=lambda rule: rule[0]):
        found += meet(left, about) if allows else ()
        left = without(left, about)
    return tuple(found)


def _rule(
    view: View,
    entry: Resource,
    kind: Kind,
    egress: bool,  # noqa: FBT001
) -> Iterator[tuple[int, bool, Packets]]:
    """Yield an entry as the reading sees it; what is not known opens or closes with the reading."""
    if bool(entry.value("Egress")) is not egress:
        return
    allows = entry.value("RuleAction") == "allow"
    reading = view if allows else view.other
    if not reading.has(entry):
        return
    number = entry.value("RuleNumber")
    if not isinstance(number, int):
        number = 0 if reading.hope else LAST
    yield number, allows, _about(reading, entry, kind)


def _about(view: View, entry: Resource, kind: Kind) -> Packets:
    protocol = entry.value("Protocol")
    if isinstance(protocol, int) and protocol not in {ALL_PROTOCOLS, NUMBERS[kind.protocol]}:
        return ()
    property = "CidrBlock" if kind.version == 4 else "Ipv6CidrBlock"  # noqa: PLR2004 - IPv4
    value = entry.value(property)
    if value is None:
        return ()
    literal = view.literal(value)
    ports = PORTS if protocol == ALL_PROTOCOLS else _ports(entry.value("PortRange"))
    if literal is None or ports is None or not isinstance(protocol, int):
        return everything(kind) if view.hope else ()
    return blocks([literal], kind, ports)


def _ports(value: Value) -> tuple[int, int] | None:
    if value is None:
        return PORTS
    ends = [value.get(end) for end in ("From", "To")] if isinstance(value, dict) else []
    first, last = ends or (None, None)
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None
