"""EC2 as far as others lie in it: networks, subnets, security groups, endpoints."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import SPECIAL, Open, Value
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    imported_as,
    is_unknown,
    last_name,
    package,
    prop,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced, Unknown

silent("addRoute", "addDefaultInternetRoute")
PUBLIC, PRIVATE, ISOLATED = "Public", "Private", "Isolated"
KINDS = {"PUBLIC": PUBLIC, "PRIVATE_ISOLATED": ISOLATED, "ISOLATED": ISOLATED}


@makes("aws_ec2.Vpc")
def vpc(world: World, made: Construct) -> None:
    given = made.given
    addresses = prop(given, "ipAddresses")
    cidr = argument(addresses, 0) if isinstance(addresses, Called) else prop(given, "cidr")
    if isinstance(addresses, Unknown):
        cidr = addresses
    made.put(
        "AWS::EC2::VPC",
        {
            "CidrBlock": world.value(cidr) or "10.0.0.0/16",
            "EnableDnsHostnames": True,
            "EnableDnsSupport": True,
            "InstanceTenancy": "default",
        },
        "Resource",
    )
    for name in ("subnetConfiguration", "maxAzs", "natGateways"):
        if isinstance(world.value(prop(given, name)), SPECIAL):
            world.note(f"{name} of a Vpc", made.place)
    nat = world.value(prop(given, "natGateways"))
    groups = _groups(world, prop(given, "subnetConfiguration"), nat)
    zones = world.value(prop(given, "maxAzs"))
    count = min(zones, 3) if isinstance(zones, int) and zones else 2
    subnets: dict[str, list[Construct]] = {}
    for name, kind in groups:
        for number in range(1, count + 1):
            subnet = made.child(f"{name}Subnet{number}", kind="aws_ec2.Subnet")
            subnet.put(
                "AWS::EC2::Subnet",
                {
                    "VpcId": made.of(),
                    "CidrBlock": Open("a part of the network's addresses"),
                    "MapPublicIpOnLaunch": kind == PUBLIC,
                },
                "Subnet",
            )
            subnets.setdefault(kind, []).append(subnet)
    made.told["subnets"] = subnets
    made.told["named"] = dict(groups)
    for kind, name in (
        (PUBLIC, "publicSubnets"),
        (PRIVATE, "privateSubnets"),
        (ISOLATED, "isolatedSubnets"),
    ):
        made.attributes[name] = [each.of() for each in subnets.get(kind, ())]
    _routed(made, subnets, nat)


def _groups(world: World, listed: Traced, nat: Value) -> list[tuple[str, str]]:
    """Return the names and kinds of a network's groups of subnets, CDK's own where none is told."""
    if isinstance(listed, list):
        return [(world.text(prop(e, "name")), _kind(world, prop(e, "subnetType"))) for e in listed]
    private = ISOLATED if nat == 0 and isinstance(nat, int) else PRIVATE
    return [(PUBLIC, PUBLIC), (private, private)]


def _kind(world: World, traced: Traced) -> str:
    if isinstance(world.value(traced), Open):
        world.note("the kind of a Vpc's subnets", world.at)
    return KINDS.get(last_name(traced), PRIVATE)


def _routed(made: Construct, subnets: dict[str, list[Construct]], nat: Value) -> None:
    """Make the ways out of subnets: public ones to the internet, private ones by a translator."""
    outer = subnets.get(PUBLIC, [])
    ways: list[Value] = []
    if outer:
        gateway = made.child("IGW", kind="gateway")
        gateway.put("AWS::EC2::InternetGateway", {})
        made.child("VPCGW").put(
            "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": made.of(), "InternetGatewayId": gateway.of()},
        )
        count = nat if isinstance(nat, int) else len(outer) if subnets.get(PRIVATE) else 0
        for number, subnet in enumerate(outer):
            _table(made, subnet, {"GatewayId": gateway.of()})
            if number < count:
                ways.append(_translator(subnet))
    for number, subnet in enumerate(subnets.get(PRIVATE, ())):
        _table(made, subnet, {"NatGatewayId": ways[number % len(ways)]} if ways else {})
    for subnet in subnets.get(ISOLATED, ()):
        _table(made, subnet, {})


def _translator(subnet: Construct) -> Value:
    address = subnet.child("EIP")
    address.put("AWS::EC2::EIP", {"Domain": "vpc"})
    properties = {"AllocationId": address.of("AllocationId"), "SubnetId": subnet.of()}
    return subnet.child("NATGateway").put("AWS::EC2::NatGateway", properties)


def _table(made: Construct, subnet: Construct, way: dict[str, Value]) -> None:
    table = subnet.child("RouteTable", kind="table")
    table.put("AWS::EC2::RouteTable", {"VpcId": made.of()})
    subnet.child("RouteTableAssociation").put(
        "AWS::EC2::SubnetRouteTableAssociation",
        {"RouteTableId": table.of(), "SubnetId": subnet.of()},
    )
    if way:
        everywhere = {"RouteTableId": table.of(), "DestinationCidrBlock": "0.0.0.0/0"}
        subnet.child("DefaultRoute").put("AWS::EC2::Route", {**everywhere, **way})


def chosen(world: World, vpc: Construct | None, selection: Traced) -> Value:
    """Return the ids of the subnets that something lies in."""
    listed = prop(selection, "subnets")
    if isinstance(listed, list):
        return [world.value(each) for each in listed]
    named = (prop(selection, name) for name in ("subnets", "subnetType", "subnetGroupName"))
    if any(isinstance(each, Unknown) for each in named):
        return [Open("a subnet")]
    subnets: dict[str, list[Construct]] | None = vpc.told.get("subnets") if vpc else None
    if vpc is None or subnets is None:
        return [Open("a subnet of an imported network")]
    kind = prop(selection, "subnetType")
    group = world.text(prop(selection, "subnetGroupName"))
    if group:
        wanted = vpc.told["named"].get(group, PRIVATE)
    elif kind is not None:
        wanted = KINDS.get(last_name(kind), PRIVATE)
    else:
        wanted = next((each for each in (PRIVATE, ISOLATED, PUBLIC) if subnets.get(each)), PRIVATE)
    return [each.of() for each in subnets.get(wanted, ())] or [Open("a subnet")]


def in_vpc(world: World, made: Construct, given: Traced) -> Value:
    """Return what a function's place in a network is, and make its security group."""
    vpc = world.construct(prop(given, "vpc"))
    groups = prop(given, "securityGroups")
    listed: Value
    if isinstance(groups, list):
        listed = [group_id(world, each) for each in groups]
        first = world.construct(groups[0]) if groups else None
        if first:
            made.parts["securityGroup"] = first
    elif groups is not None:
        listed = [Open("a security group")]
    else:
        listed = [make_group(world, made.child("SecurityGroup"), vpc).of("GroupId")]
    return {"SubnetIds": chosen(world, vpc, prop(given, "vpcSubnets")), "SecurityGroupIds": listed}


def group_id(world: World, traced: Traced) -> Value:
    construct = world.construct(traced)
    return world.attribute(construct, "securityGroupId") if construct else Open("a security group")


def make_group(world: World, group: Construct, vpc: Construct | None) -> Construct:
    """Make the security group that something has by itself."""
    group.kind = "aws_ec2.SecurityGroup"
    group.put(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": Open("a description"),
            "SecurityGroupEgress": [_out()],
            "VpcId": world.attribute(vpc, "vpcId") if vpc else Open("a network"),
        },
        "Resource",
    )
    return group


def _out() -> dict[str, Value]:
    return {
        "CidrIp": "0.0.0.0/0",
        "Description": "Allow all outbound traffic by default",
        "IpProtocol": "-1",
    }


@makes("aws_ec2.SecurityGroup")
def security_group(world: World, made: Construct) -> None:
    given = made.given
    vpc = world.construct(prop(given, "vpc"))
    egress: list[Value] = [_out()]
    outward = world.value(prop(given, "allowAllOutbound"))
    if is_unknown(outward):
        egress = [outward]
    elif outward is False:
        egress = [{
            "CidrIp": "255.255.255.255/32", "Description": "Disallow all traffic",
            "FromPort": 252, "IpProtocol": "icmp", "ToPort": 86,
        }]  # fmt: skip
    made.put(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": world.value(prop(given, "description"))
            or "/".join((made.stack.name, *made.path)),
            "GroupName": world.value(prop(given, "securityGroupName")),
            "SecurityGroupEgress": egress,
            "VpcId": world.attribute(vpc, "vpcId") if vpc else Open("a network"),
        },
        "Resource",
    )


PORTS = {"ssh": 22, "HTTP": 80, "HTTPS": 443, "SSH": 22, "POSTGRES": 5432, "MYSQL_AURORA": 3306,
         "REDIS": 6379, "RDP": 3389, "NFS": 2049, "MSSQL": 1433}  # fmt: skip


def _ports(world: World, traced: Traced) -> dict[str, Value]:
    name = package(traced).rpartition(".")[2]
    if name in PORTS:
        return {"IpProtocol": "tcp", "FromPort": PORTS[name], "ToPort": PORTS[name]}
    if isinstance(traced, Called):
        first, second = world.value(argument(traced, 0)), world.value(argument(traced, 1))
        protocol = "udp" if traced.name.startswith("udp") else "tcp"
        if traced.name in ("tcp", "udp"):
            return {"IpProtocol": protocol, "FromPort": first, "ToPort": first}
        if traced.name in ("tcpRange", "udpRange"):
            return {"IpProtocol": protocol, "FromPort": first, "ToPort": second}
        if traced.name in ("allTcp", "allUdp"):
            return {"IpProtocol": protocol, "FromPort": 0, "ToPort": 65535}
        if traced.name == "allTraffic":
            return {"IpProtocol": "-1"}
    return {"IpProtocol": "tcp", "FromPort": Open("a port"), "ToPort": Open("a port")}


def _peer(world: World, traced: Traced) -> dict[str, Value]:
    if isinstance(traced, Called):
        name = {"anyIpv4": "CidrIp", "ipv4": "CidrIp", "anyIpv6": "CidrIpv6", "ipv6": "CidrIpv6",
                "prefixList": "SourcePrefixListId"}.get(traced.name)  # fmt: skip
        if name:
            any_address = {"anyIpv4": "0.0.0.0/0", "anyIpv6": "::/0"}.get(traced.name)
            return {name: any_address or world.value(argument(traced, 0))}
        if traced.name == "securityGroupId":
            return {"SourceSecurityGroupId": world.value(argument(traced, 0))}
    construct = world.construct(traced)
    if construct:
        group = construct.parts.get("securityGroup", construct)
        return {"SourceSecurityGroupId": world.attribute(group, "securityGroupId")}
    return {"CidrIp": Open("who is let in")}


@method("addIngressRule")
def add_ingress(world: World, made: Construct, called: Called) -> None:
    _let_in(world, made, argument(called, 0), argument(called, 1), argument(called, 2))


def _let_in(world: World, made: Construct, peer: Traced, port: Traced, said: Traced) -> None:
    resource = made.resource
    rule = {**_peer(world, peer), **_ports(world, port)}
    description = world.value(said)
    if description is not None:
        rule["Description"] = description
    if (
        resource
        and resource.type == "AWS::EC2::SecurityGroup"
        and "SourceSecurityGroupId" not in rule
    ):
        resource.properties.setdefault("SecurityGroupIngress", []).append(rule)
        return
    id = f"from {len(made.stack.resources)}"
    made.child(id, place=world.at).put(
        "AWS::EC2::SecurityGroupIngress",
        {**rule, "GroupId": world.attribute(made, "securityGroupId")},
    )


@method("addEgressRule")
def add_egress(world: World, made: Construct, called: Called) -> None:
    rule = {**_peer(world, argument(called, 0)), **_ports(world, argument(called, 1))}
    if "SourceSecurityGroupId" in rule:
        rule["DestinationSecurityGroupId"] = rule.pop("SourceSecurityGroupId")
    listed = made.properties.get("SecurityGroupEgress")
    if isinstance(listed, list):
        known = [each for each in listed if isinstance(each, dict)]
        if known and known[0].get("CidrIp") == "255.255.255.255/32":
            listed.clear()
        if not any(each.get("IpProtocol") == "-1" for each in known):
            listed.append(rule)


DEFAULT = {"aws_rds": 5432}


@method("allowFrom", "allowDefaultPortFrom", "allowFromAnyIpv4", "allowDefaultPortFromAnyIpv4")
def allow_from(world: World, made: Construct, called: Called) -> None:
    group = made.parts.get("securityGroup", made)
    any_ip = called.name.endswith("AnyIpv4")
    port: Any = argument(called, 0 if any_ip else 1)
    if called.name.startswith("allowDefault"):
        port = made.told.get("port")
    peer: Traced = argument(called, 0)
    if any_ip:
        rule = {"CidrIp": "0.0.0.0/0", **_ports(world, port)}
        group.properties.setdefault("SecurityGroupIngress", []).append(rule)
        return
    _let_in(world, group, peer, port, None)


@method("allowTo", "allowToDefaultPort")
def allow_to(world: World, made: Construct, called: Called) -> None:
    target = world.construct(argument(called, 0))
    if target:
        group = target.parts.get("securityGroup", target)
        port = argument(called, 1) if called.name == "allowTo" else target.told.get("port")
        _let_in(world, group, made, port, None)


silent("allowToAnyIpv4", "allowInternally", "allowAllOutbound")


@method("selectSubnets")
def select(world: World, made: Construct, called: Called) -> Value:
    found = chosen(world, made, argument(called, 0))
    return {"subnetIds": found, "subnets": found}


@method("aws_ec2.Vpc.fromLookup", "aws_ec2.Vpc.fromVpcAttributes")
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    said = world.value(prop(told, "vpcId"))
    made.attributes["vpcId"] = Open("an imported network") if said is None else said
    made.attributes["vpcCidrBlock"] = Open("an imported network's addresses")
    for name in ("publicSubnets", "privateSubnets", "isolatedSubnets"):
        made.attributes[name] = Open("an imported network's subnets")
    return made


@method("aws_ec2.SecurityGroup.fromSecurityGroupId", "aws_ec2.SecurityGroup.fromLookupById")
def imported_group(world: World, made: Construct, called: Called) -> Construct:
    made.attributes["securityGroupId"] = world.value(imported_as(called))
    return made


@method("aws_ec2.Subnet.fromSubnetId", "aws_ec2.Subnet.fromSubnetAttributes")
def imported_subnet(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    made.attributes["subnetId"] = world.value(
        prop(told, "subnetId") if isinstance(told, (dict, New)) else told
    )
    return made
