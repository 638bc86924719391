"""Which packets a subnet's route table sends to the internet, and by which route.

Sources: AWS's documentation of route tables (the longest prefix decides), NAT gateways (a public
one needs a subnet that routes to an internet gateway), egress-only gateways, peering (no way to
the other side's gateways) and of functions in a VPC (no public IPv4 address: an internet gateway
alone serves them IPv6 only).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checkrein.derive.network.acls import passing, serving
from checkrein.derive.network.packets import (
    Kind,
    Packets,
    blocks,
    everything,
    meet,
    without,
)
from checkrein.derive.network.view import View
from checkrein.model import Evidence, Resource, Value

ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation"
PRIVATE = (  # what no route leads to on the internet
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
)  # fmt: skip
TRANSLATED = "64:ff9b::/96"  # IPv4 addresses, as NAT gateways take them from IPv6 callers
PUBLIC_V6 = ("2000::/3", TRANSLATED)
DESTINATIONS = {4: "DestinationCidrBlock", 6: "DestinationIpv6CidrBlock"}
# what lies behind these is in no template
ELSEWHERE = ("TransitGatewayId", "InstanceId", "NetworkInterfaceId", "CoreNetworkArn",
             "LocalGatewayId", "CarrierGatewayId", "VpcEndpointId")  # fmt: skip
SHARED = ("VpcPeeringConnectionId", "TransitGatewayId", "CoreNetworkArn")


class Route(NamedTuple):
    """Packets that reach the internet, and why."""

    packets: Packets
    steps: tuple[Evidence, ...]


def public(kind: Kind) -> Packets:
    """Return the packets to addresses on the internet."""
    if kind.version == 4:  # noqa: PLR2004 - IPv4
        return without(everything(kind), blocks(PRIVATE, kind))
    return blocks(PUBLIC_V6, kind)


def addresses(view: View, subnet: Resource, kind: Kind) -> Packets:
    """Return the packets to or from a subnet's addresses; any address where they are not known."""
    literal = view.literal(subnet.value("CidrBlock" if kind.version == 4 else "Ipv6CidrBlock"))  # noqa: PLR2004 - IPv4
    return (blocks([literal], kind) if literal else ()) or everything(kind)


def tables(view: View, subnet: Resource) -> list[str] | None:
    """Return the route tables a subnet may use, "" for its VPC's main one; None if not known."""
    associations = view.ground.referring(ASSOCIATION, "SubnetId", subnet.id)
    return view.chosen(associations, "RouteTableId")


def to_internet(
    view: View, subnet: Resource, kind: Kind, *, public_address: bool = False
) -> list[Route]:
    """Return the routes on which packets of an interface in a subnet come to the internet.

    ``public_address``: the interface has one, so that an internet gateway serves it. Functions
    have none.
    """
    key = ("out", subnet.id, kind, public_address)
    return view.remember(key, lambda: _to_internet(view, subnet, kind, addressed=public_address))


def _to_internet(view: View, subnet: Resource, kind: Kind, *, addressed: bool) -> list[Route]:
    chosen = tables(view, subnet)
    own_vpc = view.resources(subnet.value("VpcId"), "AWS::EC2::VPC")
    if chosen is None or ("" in chosen and not own_vpc):
        said = f"{subnet.name}'s route table is in no template here: counted as open"
        return [Route(public(kind), (Evidence(said, subnet.place),))] if view.hope else []
    if not view.hope and len(chosen) > 1:
        return []
    given = (subnet, kind, addressed)
    return [route for table in chosen if table for route in _of_table(view, table, *given)]


def _of_table(
    view: View,
    table: str,
    subnet: Resource,
    kind: Kind,
    addressed: bool,  # noqa: FBT001
) -> Iterator[Route]:
    left = without(public(kind), _local(view, subnet, kind))
    for size, destination, route in sorted(
        _routes(view, table, kind), key=lambda found: (-found[0], found[2].id)
    ):
        taken = meet(left, destination)
        carried = _carried(view, route, subnet, kind, addressed) if view.has(route) else None
        if taken and carried is not None:
            where = "" if view.certain(route) else ", where its conditions hold"
            said = f"{route.name} sends {_said(route, kind)} to {carried.steps[0].text}{where}"
            steps = (Evidence(said, route.place), *carried.steps[1:])
            yield Route(meet(taken, carried.packets), steps)
        if size >= 0 and view.other.has(route):
            left = without(left, destination)


def _local(view: View, subnet: Resource, kind: Kind) -> Packets:
    """Return the packets to the VPC's own addresses, which may be some of the internet's."""
    written = (vpc.value("CidrBlock") for vpc in view.resources(subnet.value("VpcId")))
    return blocks(filter(None, map(view.literal, written)), kind)


def _routes(view: View, table: str, kind: Kind) -> Iterator[tuple[int, Packets, Resource]]:
    """Yield a table's routes: prefix length (-1: addresses not known), packets, route."""
    for route in view.ground.referring("AWS::EC2::Route", "RouteTableId", table):
        value = route.value(DESTINATIONS[kind.version])
        listed = route.value("DestinationPrefixListId")
        literal = view.literal(value) if value is not None else None
        if literal is not None:
            length = literal.rpartition("/")[2]
            yield int(length) if length.isdigit() else 0, blocks([literal], kind), route
        elif (value is not None or listed is not None) and view.hope:
            yield -1, everything(kind), route


def _said(route: Resource, kind: Kind) -> str:
    value = route.value(DESTINATIONS[kind.version])
    return value if isinstance(value, str) else "addresses that are not known here"


def _carried(
    view: View,
    route: Resource,
    subnet: Resource,
    kind: Kind,
    addressed: bool,  # noqa: FBT001
) -> Route | None:
    """Return what a route's target passes on to the internet; its first step names the target."""
    value = route.value("NatGatewayId")
    if value is not None:
        return _by_nat(view, value, subnet, kind)
    if route.value("EgressOnlyInternetGatewayId") is not None:
        return Route(everything(kind), (Evidence("an egress-only internet gateway"),))
    if route.value("GatewayId") is not None:
        return _by_gateway(view, route.value("GatewayId"), kind, addressed=addressed)
    for target in ELSEWHERE:
        if route.value(target) is not None and view.hope:
            said = f"a {target.removesuffix('Id').removesuffix('Arn')}, counted as a way out"
            return Route(everything(kind), (Evidence(said),))
    return None


def _by_gateway(view: View, value: Value, kind: Kind, *, addressed: bool) -> Route | None:
    """Take packets to an internet gateway (of public addresses), or to one not known here."""
    gateways = view.resources(value)
    internet = any(gateway.type == "AWS::EC2::InternetGateway" for gateway in gateways)
    if internet or (isinstance(value, str) and value.startswith("igw-")):
        served = addressed or kind.version == 6  # noqa: PLR2004 - IPv6
        return Route(everything(kind), (Evidence("an internet gateway"),)) if served else None
    said = "a gateway that is in no template here, counted as a way out"
    return Route(everything(kind), (Evidence(said),)) if view.hope and value != "local" else None


def _by_nat(view: View, value: Value, subnet: Resource, kind: Kind) -> Route | None:
    gateways = view.resources(value, "AWS::EC2::NatGateway")
    if not gateways:
        said = "a NAT gateway that is in no template here, counted as a way out"
        return Route(everything(kind), (Evidence(said),)) if view.hope else None
    sent = Kind(4, kind.protocol)  # it takes IPv6 only to send IPv4
    packets = view.joined(_through(view, option, subnet, sent) for option in view.options(value))
    if kind.version == 6:  # noqa: PLR2004 - IPv6
        packets = blocks([TRANSLATED], kind) if packets else ()
    first = gateways[0]
    return Route(packets, (Evidence(f"NAT gateway {first.name}"), *_standing(view, first)))


def _through(view: View, value: Value, subnet: Resource, kind: Kind) -> Packets:
    """Return what one alternative for a NAT gateway passes on."""
    gateways = [g for g in view.resources(value, "AWS::EC2::NatGateway") if view.has(g)]
    return view.joined(_translated(view, gateway, subnet, kind) for gateway in gateways)


def _translated(view: View, nat: Resource, source: Resource, kind: Kind) -> Packets:
    """Return what a NAT gateway passes on: its own subnet must let it, both ways."""
    if nat.value("ConnectivityType") == "private":
        return ()
    if nat.value("SubnetId") is None:  # a regional one has a route table of its own
        return everything(kind)
    subnets = view.resources(nat.value("SubnetId"), "AWS::EC2::Subnet")
    if not subnets:
        return everything(kind) if view.hope else ()
    from_source = addresses(view, source, kind)
    return view.joined(
        meet(
            meet(_public_side(view, each, kind), passing(view, each, kind)),
            serving(view, each, from_source, kind),
        )
        for each in subnets
    )


def _public_side(view: View, subnet: Resource, kind: Kind) -> Packets:
    """Return the packets that a subnet routes to an internet gateway."""
    chosen = tables(view, subnet)
    if chosen is None or "" in chosen:
        known = chosen is not None and view.resources(subnet.value("VpcId"), "AWS::EC2::VPC")
        return everything(kind) if view.hope and not known else ()
    return view.joined(
        tuple(
            box
            for _, destination, route in _routes(view, table, kind)
            if view.has(route) and _outward(view, route.value("GatewayId"))
            for box in destination
        )
        for table in chosen
    )


def _outward(view: View, value: Value) -> bool:
    if value is None:
        return False
    gateways = view.resources(value)
    if gateways:
        return any(gateway.type == "AWS::EC2::InternetGateway" for gateway in gateways)
    return view.hope or (isinstance(value, str) and value.startswith("igw-"))


def _standing(view: View, nat: Resource) -> Iterator[Evidence]:
    for subnet in view.resources(nat.value("SubnetId"), "AWS::EC2::Subnet"):
        yield Evidence(f"{nat.name} stands in {subnet.name}", nat.place)


def shares(view: View, subnet: Resource) -> bool:
    """Tell whether a subnet has a route to another network: peering, a transit gateway."""
    chosen = tables(view, subnet)
    if chosen is None:
        return view.hope
    return view.hope and any(
        route.value(target) is not None
        for table in chosen
        if table
        for route in view.referring("AWS::EC2::Route", "RouteTableId", table)
        for target in SHARED
    )
