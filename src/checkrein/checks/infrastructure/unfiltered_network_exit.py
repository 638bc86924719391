"""A network's way out looks at no names.

## Why

A NAT gateway passes on everything. Security groups know addresses, not names: to let code reach two hosts of a partner and nothing
else takes a firewall or a proxy between the subnets and the gateway.
And what goes to S3 or DynamoDB by way of NAT leaves the network where an endpoint, with a policy, would keep it in.

## Fix

Put an `AWS::NetworkFirewall::Firewall` with a list of domains before the gateway, or a DNS firewall
(`AWS::Route53Resolver::FirewallRuleGroup`); add gateway endpoints for S3 and DynamoDB.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Outside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Nat:  #? Nat passes on everything: no firewall looks at names
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Outside, AllocationId: eipalloc-1}
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Outside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Outside, AllocationId: eipalloc-1}}
  Wall:
    Type: AWS::NetworkFirewall::Firewall
    Properties: {FirewallName: out, FirewallPolicyArn: policy, VpcId: !Ref Network, SubnetMappings: [{SubnetId: !Ref Outside}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners, resources, together
from checkrein.checks.questions import grouped
from checkrein.model import App, Call, Finding, Resource

FILTERS = ("AWS::NetworkFirewall::Firewall", "AWS::Route53Resolver::FirewallRuleGroupAssociation")
ENDPOINT = "AWS::EC2::VPCEndpoint"
GATEWAYS = ("s3", "dynamodb")  # services with endpoints that cost nothing


@check(
    resource("AWS::EC2::NatGateway"),
    fault=1,
    topics=("egress",),
    frameworks=("CWE-284", "PCI-DSS-4.0.1:1.3.2", "NIST-800-53r5:SC-7"),
    peers=("networkfirewall_in_all_vpc", "EC2.10"),
    hygiene=True,
)
def unfiltered_network_exit(gateway: Resource, app: App) -> Iterator[Finding]:
    near = [each for each in resources(app, *FILTERS, ENDPOINT) if together(app, each, gateway)]
    if not any(each.type in FILTERS for each in near):
        yield Finding(
            gateway.place,
            f"{gateway.name} passes on everything: no firewall looks at names",
            cwe="CWE-284",
            endangers=(gateway.id,),
            key=("filter",),
        )
    used = {service for service in GATEWAYS if _asked(app, gateway, service)}
    there = {str(each.value("ServiceName")).rpartition(".")[2] for each in near}
    for service in sorted(used - there):
        yield Finding(
            gateway.place,
            f"what goes to {service} leaves the network by {gateway.name}: it has no endpoint",
            cwe="CWE-284",
            endangers=(gateway.id,),
            key=(service,),
        )


def _asked(app: App, gateway: Resource, service: str) -> bool:
    """Tell whether a function inside the gateway's template's networks asks a service."""
    return any(
        call.service == service
        for function in resources(app, "AWS::Lambda::Function")
        if together(app, function, gateway) and owners(app, function.value("VpcConfig.SubnetIds"))
        for call in grouped(app, Call, "function").get(function.id, [])
    )
