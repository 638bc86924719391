"""A subnet gives everything in it a public address.

## Why

With `MapPublicIpOnLaunch` a host is on the internet because of where it was started, not because somebody asked for it.

## Fix

Set `MapPublicIpOnLaunch: false`, and ask for an address where one is needed.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Outside:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Network
      CidrBlock: 10.0.2.0/24
      MapPublicIpOnLaunch: true  #? whatever starts in Outside gets a public address
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Outside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.model import App, Finding, Resource

PROPERTY = "MapPublicIpOnLaunch"


@check(
    resource("AWS::EC2::Subnet"),
    fault=1,
    topics=("network",),
    frameworks=("CWE-668", "AWS-FSBP:EC2.15", "NIST-800-53r5:SC-7"),
    peers=(
        *("EC2.15", "W33", "CKV_AWS_130", "SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED", "AWS-0164"),
        "vpc_subnet_no_public_ip_by_default",
    ),
    hygiene=True,
)
def subnet_with_public_addresses(subnet: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if subnet[PROPERTY]:
        yield Finding(
            place_of(subnet, PROPERTY),
            f"whatever starts in {subnet.name} gets a public address",
            cwe="CWE-668",
            endangers=(subnet.id,),
            fix=set_fix(subnet, [(PROPERTY, False)], "give no public addresses unasked"),
        )
