"""A function in a network may send what it holds to any address, though its code talks to services of AWS only.

## Why

Who put a function into a network meant to say where its packets go. A security group lets everything out unless it is told
otherwise: code that was taken over, or a package with a hidden purpose, sends the data it can read to whoever wants it.

## Fix

Let the group out to the endpoints, prefix lists and groups that the code talks to; give a rule of its own, since a group
without one lets everything out.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Outside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Joined: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Network, InternetGatewayId: !Ref Gateway}}
  OuterRoutes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  OuterWay:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref OuterRoutes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  OuterSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref OuterRoutes, SubnetId: !Ref Outside}
  Address: {Type: AWS::EC2::EIP}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Outside, AllocationId: !GetAtt Address.AllocationId}}
  InnerRoutes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  InnerWay:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref InnerRoutes, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  InnerSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref InnerRoutes, SubnetId: !Ref Inside}
  Functions:  #! Functions lets Bill send payment card number to any address, though its code asks only dynamodb
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: functions, VpcId: !Ref Network}
  Bill:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [!Ref Functions]}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              card = {"S": event["card_number"]}
              boto3.client("dynamodb").put_item(TableName="bills", Item={"card": card})
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Functions:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: functions
      VpcId: !Ref Network
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-02cd2c6b}]
  Bill:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [!Ref Functions]}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              card = {"S": event["card_number"]}
              boto3.client("dynamodb").put_item(TableName="bills", Item={"card": card})
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept, owners, resources
from checkrein.checks.networks import (
    SECURITY_GROUP,
    WORLD,
    members,
    outgoing,
)
from checkrein.checks.questions import grouped, listed, short, titles
from checkrein.checks.ways_out import may_leave
from checkrein.checks.worth import valuable
from checkrein.model import App, Call, Finding, Resource, Summary
from checkrein.model.workloads import TASK, runs_code

HTTPS = (443, 443)
SERVICE = "AWS::ECS::Service"


@check(
    resource(SECURITY_GROUP),
    fault=1,
    topics=("egress",),
    frameworks=(
        *("CWE-284", "OWASP-2025:A02", "OWASP-2021:A05", "PCI-DSS-4.0.1:1.3.2"),
        *("NIST-800-53r5:SC-7", "NIST-800-53r5:AC-4"),
    ),
    peers=(
        *("W5", "W29", "W40", "F1000", "CKV_AWS_382", "AWS-0104"),
        *("EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE", "SECURITY_GROUP_MISSING_EGRESS_RULE"),
        *("SECURITY_GROUP_EGRESS_ALL_PROTOCOLS_RULE",),
        "SECURITY_GROUP_EGRESS_PORT_RANGE_RULE",
    ),
)
def egress_beyond_use(group: Resource, app: App) -> Iterator[Finding]:
    rules = list(outgoing(app, group))
    wide = [rule for rule in rules if rule.block in WORLD and rule.ports not in (None, HTTPS)]
    functions = [f for member in members(app, group) for f in _running(app, member)]
    if not functions or (rules and not wide):
        return
    place = wide[0].place if wide else group.place
    quiet = {f.id: asked for f in functions if may_leave(app, f) and (asked := _asked(app, f.id))}
    data = valuable(app, {data for id in quiet for data in kept(app, id)})
    if data:
        services = sorted({service for asked in quiet.values() for service in asked})
        said = f"lets {listed(map(short, quiet))} send {titles(data)} to any address"
        told = f"{said}, though its code asks only {listed(services)}"
    yield Finding(
        place,
        f"{group.name} {told if data else 'lets everything out'}",
        steps=next((may_leave(app, f) for f in functions if f.id in quiet), ()) if data else (),
        cwe="CWE-284",
        endangers=tuple(quiet) or tuple(function.id for function in functions),
        key=("egress",),
        data=tuple(data),
        by=tuple(quiet),
        hygiene=not data,
    )


def _running(app: App, member: Resource) -> list[Resource]:
    """Return what runs code in a member of a group: itself, or the tasks of a service."""
    if member.type == SERVICE:
        named = owners(app, member.value("TaskDefinition"))
        return [task for task in resources(app, TASK) if task.id in named]
    return [member] if runs_code(member.type) else []


def _asked(app: App, function: str) -> set[str]:
    """Return the services that code asks; none where it talks to hosts, or was not read whole."""
    summaries = grouped(app, Summary, "function").get(function, [])
    if not summaries or any(s.partial or s.gaps for s in summaries):
        return set()
    if any(site.kind == "http" for summary in summaries for site in summary.calls):
        return set()
    return {call.service for call in grouped(app, Call, "function").get(function, [])}
