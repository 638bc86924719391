"""A network ACL denies what it has allowed before.

## Why

Entries are read by their number, and the first that fits decides. A deny behind an entry that allows the same packets never
applies: the list shows a block that is not there.

## Fix

Give the deny a smaller number than the entry that allows.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  List: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Network}}
  All:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref List, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}
  Attacker:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref List
      RuleNumber: 200  #! Attacker never applies: All allows the same before
      Protocol: -1
      RuleAction: deny
      CidrBlock: 203.0.113.0/24
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  List: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Network}}
  All:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref List, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}
  Attacker:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      {NetworkAclId: !Ref List, RuleNumber: 50, Protocol: -1, RuleAction: deny, CidrBlock: 203.0.113.0/24}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from checkrein.checks import check, resource
from checkrein.checks.context import resources
from checkrein.model import App, Finding, Resource

ENTRY = "AWS::EC2::NetworkAclEntry"
ANY = "-1"
BLOCKS = ("CidrBlock", "Ipv6CidrBlock")


@check(
    resource(ENTRY),
    fault=1,
    topics=("network",),
    frameworks=("CWE-693", "OWASP-2025:A02", "OWASP-2021:A05", "NIST-800-53r5:SC-7"),
    peers=("W71", "EC2_NETWORK_ACL_ENTRY_INEFFECTIVE_DENY_RULE"),
)
def deny_that_never_applies(entry: Resource, app: App) -> Iterator[Finding]:
    if entry.value("RuleAction") != "deny":
        return
    for other in resources(app, ENTRY):
        if _same_list(entry, other) and _before(other, entry) and _covers(other, entry):
            yield Finding(
                entry.where("RuleNumber"),
                f"{entry.name} never applies: {other.name} allows the same before",
                cwe="CWE-693",
                endangers=(entry.id,),
                key=(other.id,),
            )
            return


def _same_list(one: Resource, other: Resource) -> bool:
    names = ("NetworkAclId", "Egress")
    return all((one.value(n) or False) == (other.value(n) or False) for n in names)


def _before(one: Resource, other: Resource) -> bool:
    first, second = one.value("RuleNumber"), other.value("RuleNumber")
    ordered = isinstance(first, int) and isinstance(second, int) and first < second
    return ordered and one.value("RuleAction") == "allow"


def _covers(wide: Resource, narrow: Resource) -> bool:
    """Tell whether one entry is about all that the other is about."""
    protocol = str(wide.value("Protocol"))
    ports = wide.value("PortRange")
    if protocol != ANY and (protocol != str(narrow.value("Protocol"))):
        return False
    if protocol != ANY and ports is not None and ports != narrow.value("PortRange"):
        return False
    return any(_contains(wide.value(name), narrow.value(name)) for name in BLOCKS)


def _contains(wide: object, narrow: object) -> bool:
    outer, inner = _network(wide), _network(narrow)
    if isinstance(outer, IPv4Network) and isinstance(inner, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, IPv6Network) and isinstance(inner, IPv6Network):
        return inner.subnet_of(outer)
    return False


def _network(block: object) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(block, strict=False) if isinstance(block, str) else None
    except ValueError:
        return None
