"""A network ACL lets everything in.

## Why

An ACL is the second line behind security groups. One that allows every protocol from everywhere is none.

## Fix

Allow the ports that are used, and those that answers come back to.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  List: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Network}}
  All:  #? All lets every packet in from everywhere
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref List, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  List: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Network}}
  Web:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref List
      RuleNumber: 100
      Protocol: 6
      PortRange: {From: 443, To: 443}
      RuleAction: allow
      CidrBlock: 0.0.0.0/0
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.networks import WORLD
from checkrein.model import App, Finding, Resource

ADMINISTRATION = (22, 3389)


@check(
    resource("AWS::EC2::NetworkAclEntry"),
    fault=1,
    topics=("network",),
    frameworks=("CWE-284", "AWS-FSBP:EC2.21", "PCI-DSS-4.0.1:1.3.1", "NIST-800-53r5:SC-7"),
    peers=(
        *("W66", "W67", "EC2.21", "EC2_NETWORK_ACL_PROTOCOL_RULE", "AWS-0105", "AWS-0102"),
        *("EC2_NETWORK_ACL_PORT_RANGE_RULE", "ec2_networkacl_allow_ingress_any_port"),
        *("ec2_networkacl_allow_ingress_tcp_port_22", "CKV_AWS_229", "CKV_AWS_231", "CKV_AWS_232"),
        "ec2_networkacl_allow_ingress_tcp_port_3389",
    ),
    hygiene=True,
)
def open_network_acl(entry: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if entry.value("RuleAction") != "allow" or entry.value("Egress") is True:
        return
    if not any(entry.value(block) in WORLD for block in ("CidrBlock", "Ipv6CidrBlock")):
        return
    first, last = entry.value("PortRange.From"), entry.value("PortRange.To")
    known = isinstance(first, int) and isinstance(last, int)
    named = [port for port in ADMINISTRATION if known and first <= port <= last]
    if str(entry.value("Protocol")) == "-1" or named:
        what = "every packet" if not named else f"port {named[0]}"
        yield Finding(
            entry.place,
            f"{entry.name} lets {what} in from everywhere",
            cwe="CWE-284",
            endangers=(entry.id,),
        )
