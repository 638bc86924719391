"""A network keeps no record of who talked to whom.

## Why

Flow logs show which hosts were reached and which packets were refused: without them nobody can tell afterwards where data
went.

## Fix

Add an `AWS::EC2::FlowLog` for the VPC.

## Examples

```yaml bad template.yaml
Resources:
  Network:  #? Network keeps no flow log
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
```

```yaml good template.yaml
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Flows:
    Type: AWS::EC2::FlowLog
    Properties: {ResourceId: !Ref Network, ResourceType: VPC, TrafficType: ALL, LogGroupName: flows}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::EC2::VPC"),
    fault=1,
    topics=("logging",),
    frameworks=("CWE-778", "OWASP-2021:A09", "AWS-FSBP:EC2.6", "NIST-800-53r5:AU-2"),
    peers=("EC2.6", "W60", "AwsSolutions-VPC7", "CKV2_AWS_11", "vpc_flow_logs_enabled", "AWS-0178"),
    hygiene=True,
)
def network_without_flow_logs(network: Resource, app: App) -> Iterator[Finding]:
    if not configuring(app, network.id, "AWS::EC2::FlowLog", "ResourceId"):
        yield Finding(
            network.place,
            f"{network.name} keeps no flow log",
            cwe="CWE-778",
            endangers=(network.id,),
        )
