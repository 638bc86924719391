"""Which functions can send to the internet, by their subnets, security groups and NACLs."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.stacks.directory import Directory
from checkrein.errors import InputError
from checkrein.iam.documents import statements
from checkrein.model import Evidence, Resource, Undecided, Value
from checkrein.model.values import symbols

EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
WAYS_OUT = ("NatGatewayId", "NatInstanceId", "InstanceId", "TransitGatewayId",
            "EgressOnlyInternetGatewayId", "NetworkInterfaceId")  # fmt: skip


def egress(
    directory: Directory, function: Resource, anywhere: frozenset[str] = frozenset()
) -> Evidence | None:
    """Return why a function's data can leave, or None where the network forbids it.

    A function outside a VPC always can send. Inside one it needs a security group that lets it
    out, and a subnet with a route through a NAT (an internet gateway alone does not serve
    functions) that no network ACL closes; or an endpoint of a service whose policy lets it reach
    other accounts, if its role may use the service on anything (``anywhere`` names those). What
    the template does not hold counts as open.
    """
    config = function.value("VpcConfig")
    if not isinstance(config, dict) or not config.get("SubnetIds"):
        return Evidence(f"{function.name} runs outside a VPC: it can send anywhere", function.place)
    groups = list(_members(directory, config.get("SecurityGroupIds")))
    subnets = list(_members(directory, config.get("SubnetIds")))
    if groups and not any(_lets_out(directory, group) for group in groups):
        return None
    if subnets and not any(_routed(directory, subnet) for subnet in subnets):
        return _through_endpoint(directory, function, subnets, anywhere)
    known = "let it out" if groups and subnets else "are in no template here: counted as open"
    said = f"{function.name}'s subnets and security groups {known}"
    return Evidence(said, function.where("VpcConfig"))


def _through_endpoint(
    directory: Directory, function: Resource, subnets: list[Resource], anywhere: frozenset[str]
) -> Evidence | None:
    vpcs = {vpc.id for subnet in subnets for vpc in _members(directory, subnet.value("VpcId"))}
    for endpoint in directory.members(directory.deployment(function.id)):
        if endpoint.type != "AWS::EC2::VPCEndpoint":
            continue
        service = str(endpoint.value("ServiceName")).rpartition(".")[2]
        inside = any(vpc.id in vpcs for vpc in _members(directory, endpoint.value("VpcId")))
        if inside and service in anywhere and _is_wide(endpoint.value("PolicyDocument")):
            said = f"{endpoint.name} lets {function.name} reach {service} of any account"
            return Evidence(said, endpoint.place)
    return None


def _is_wide(document: Value) -> bool:
    """Tell whether an endpoint's policy allows any account's resource; without one it does."""
    if document is None:
        return True
    try:
        written = statements(document)
    except (InputError, Undecided):  # what cannot be told counts as open
        return True
    return any(
        statement.effect == "Allow"
        and "*" in statement.resources
        and not _stays_home(statement.conditions)
        for statement in written
    )


def _stays_home(conditions: Value) -> bool:
    """Tell whether a statement's conditions name whose resources may be reached."""
    tests = conditions.values() if isinstance(conditions, dict) else ()
    keys = {str(key).lower() for test in tests if isinstance(test, dict) for key in test}
    return any(key.startswith(("aws:resource", "s3:resourceaccount")) for key in keys)


def _members(directory: Directory, values: Value) -> Iterator[Resource]:
    for symbol in symbols(values):
        if symbol.owner in directory.resources:
            yield directory.resources[symbol.owner]


def _of(directory: Directory, kind: str, property: str, owner: Resource) -> Iterator[Resource]:
    """Yield the resources of a type whose property names ``owner``."""
    for other in directory.members(directory.deployment(owner.id)):
        if other.type == kind and any(s.owner == owner.id for s in symbols(other.value(property))):
            yield other


def _lets_out(directory: Directory, group: Resource) -> bool:
    rules = group.value("SecurityGroupEgress")
    if rules is None:  # the default lets everything out
        return True
    listed = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    added = _of(directory, "AWS::EC2::SecurityGroupEgress", "GroupId", group)
    listed += [resource.properties for resource in added]
    return any(
        not isinstance(cidr, str) or cidr in EVERYWHERE
        for rule in listed
        for cidr in (rule.get("CidrIp"), rule.get("CidrIpv6"))
        if cidr is not None
    )


def _routed(directory: Directory, subnet: Resource) -> bool:
    associated = list(_of(directory, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId", subnet))
    tables = [t for a in associated for t in _members(directory, a.value("RouteTableId"))]
    if not tables:
        return not associated and not _in_own_vpc(directory, subnet)
    out = any(
        route.value(way) is not None
        for table in tables
        for route in _of(directory, "AWS::EC2::Route", "RouteTableId", table)
        for way in WAYS_OUT
        if _everywhere(route)
    )
    return out and not _closed(directory, subnet)


def _in_own_vpc(directory: Directory, subnet: Resource) -> bool:
    """Tell whether the VPC is ours: without an association its main table has no way out."""
    return any(True for _ in _members(directory, subnet.value("VpcId")))


def _everywhere(route: Resource) -> bool:
    names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
    return any(route.value(name) in EVERYWHERE for name in names)


def _closed(directory: Directory, subnet: Resource) -> bool:
    associations = _of(directory, "AWS::EC2::SubnetNetworkAclAssociation", "SubnetId", subnet)
    acls = [acl for a in associations for acl in _members(directory, a.value("NetworkAclId"))]
    return bool(acls) and not any(
        entry.value("Egress") is True and entry.value("RuleAction") == "allow"
        for acl in acls
        for entry in _of(directory, "AWS::EC2::NetworkAclEntry", "NetworkAclId", acl)
    )
