"""A function's network is in one availability zone only.

## Why

When that zone fails the function has no address left to start from, and stops with it. Two subnets in
different zones cost nothing.

## Fix

Name subnets of two zones or more in `VpcConfig.SubnetIds`.

## Examples

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      VpcConfig:
        SubnetIds: [!Ref Inner]  #? Rides stops when one availability zone fails
        SecurityGroupIds: [sg-1]
      Code: {ZipFile: "def handler(event, context): pass"}
  Inner:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      VpcConfig:
        SubnetIds: [!Ref Inner, !Ref Other]
        SecurityGroupIds: [sg-1]
      Code: {ZipFile: "def handler(event, context): pass"}
  Inner:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}
  Other:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: vpc-1, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1b}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners
from checkrein.model import App, Finding, Resource

SUBNETS = "VpcConfig.SubnetIds"


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("availability",),
    frameworks=("CWE-1188", "AWS-FSBP:Lambda.5"),
    peers=("Lambda.5", "awslambda_function_vpc_multi_az"),
    hygiene=True,
)
def function_in_one_zone(function: Resource, app: App) -> Iterator[Finding]:
    subnets = function.value(SUBNETS)
    if not isinstance(subnets, list) or not subnets or any("List<" in str(s) for s in subnets):
        return  # nobody here can see how many a parameter brings
    zones = {_zone(app, subnet) for subnet in subnets}
    if len(subnets) == 1 or (len(zones) == 1 and None not in zones):
        yield Finding(
            function.where(SUBNETS),
            f"{function.name} stops when one availability zone fails",
            cwe="CWE-1188",
            endangers=(function.id,),
        )


def _zone(app: App, subnet: object) -> str | None:
    """Return a subnet's zone, None where only deploying tells."""
    for owner in owners(app, subnet):
        found = app.get(Resource, owner)
        if found is not None:
            zone = found.value("AvailabilityZone")
            return zone if isinstance(zone, str) else None
    return None
