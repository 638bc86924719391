"""What should be private sits in a subnet with a route to an internet gateway.

## Why

A database in a public subnet is one setting away from the internet. A function there gets no public address: it cannot reach
the internet at all, and its calls to hosts or to services without an endpoint time out.

## Fix

Put it into subnets whose default route is a NAT gateway, or that have none.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Outside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Joined: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Routes, SubnetId: !Ref Outside}}
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
      VpcConfig:
        SubnetIds: [!Ref Outside]  #? Rides sits in Outside, which has a route to an internet gateway
        SecurityGroupIds: [sg-1]
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
      VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [sg-1]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, kept, owners
from checkrein.checks.networks import FUNCTION, WORLD
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Path, Resource

SUBNETS: dict[str, Path] = {
    FUNCTION: ("VpcConfig", "SubnetIds"),
    "AWS::RDS::DBInstance": ("DBSubnetGroupName",),
    "AWS::RDS::DBCluster": ("DBSubnetGroupName",),
    "AWS::DocDB::DBCluster": ("DBSubnetGroupName",),
    "AWS::Neptune::DBCluster": ("DBSubnetGroupName",),
    "AWS::Redshift::Cluster": ("ClusterSubnetGroupName",),
    "AWS::ElastiCache::CacheCluster": ("CacheSubnetGroupName",),
    "AWS::ElastiCache::ReplicationGroup": ("CacheSubnetGroupName",),
    "AWS::MemoryDB::Cluster": ("SubnetGroupName",),
    "AWS::OpenSearchService::Domain": ("VPCOptions", "SubnetIds"),
}
TABLE = "AWS::EC2::SubnetRouteTableAssociation"


@check(
    resource(*SUBNETS),
    fault=1,
    topics=("network",),
    frameworks=("CWE-668", "PCI-DSS-4.0.1:1.4.4", "NIST-800-53r5:SC-7"),
    peers=(
        *("EC2_NO_UNRESTRICTED_ROUTE_TO_IGW", "NO_UNRESTRICTED_ROUTE_TO_IGW"),
        *("elasticache_cluster_uses_public_subnet", "neptune_cluster_uses_public_subnet"),
        "vpc_subnet_separate_private_public",
    ),
)
def private_thing_in_public_subnet(member: Resource, app: App) -> Iterator[Finding]:
    path = SUBNETS[member.type]
    named = owners(app, member.value(path))
    for id in sorted(named):
        group = app.get(Resource, id)
        if group and group.type.endswith("SubnetGroup"):
            named |= owners(app, group.value("SubnetIds"))
    public = [
        subnet for id in sorted(named) if (subnet := app.get(Resource, id)) and _is_public(app, id)
    ]
    if not public:
        return
    data = kept(app, member.id) if member.type != FUNCTION else []
    yield Finding(
        member.where(path),
        f"{member.name}{f' ({titles(data)})' if data else ''} sits in {public[0].name},"
        " which has a route to an internet gateway",
        cwe="CWE-668",
        endangers=(member.id,),
        data=tuple(data),
        hygiene=not data,
    )


def _is_public(app: App, subnet: str) -> bool:
    """Tell whether a subnet's own table leads to an internet gateway."""
    for joined in configuring(app, subnet, TABLE, "SubnetId"):
        for table in owners(app, joined.value("RouteTableId")):
            for route in configuring(app, table, "AWS::EC2::Route", "RouteTableId"):
                gateways = (app.get(Resource, id) for id in owners(app, route.value("GatewayId")))
                outward = route.value("DestinationCidrBlock") in WORLD
                if outward and any(g and g.type == "AWS::EC2::InternetGateway" for g in gateways):
                    return True
    return False
