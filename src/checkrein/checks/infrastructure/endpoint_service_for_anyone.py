"""A service offered by PrivateLink takes connections from any account.

## Why

An endpoint service is a door into a private network that no route or security group of it shows. Where the principal `*`
may connect and nobody accepts by hand, every AWS account has that door; what stands behind the load balancer thinks
its callers are inside.

## Fix

Name the accounts in `AllowedPrincipals`, and set `AcceptanceRequired: true`.

## Examples

```yaml bad template.yaml
Resources:
  Offer:
    Type: AWS::EC2::VPCEndpointService
    Properties:
      NetworkLoadBalancerArns: [!Ref Balancer]
      AcceptanceRequired: false
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal}}
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties:
      ServiceId: !Ref Offer
      AllowedPrincipals: ["*"]  #! any AWS account may connect to what is behind Offer, and nobody has to accept
```

```yaml bad template.yaml
Resources:
  Offer:
    Type: AWS::EC2::VPCEndpointService
    Properties:
      NetworkLoadBalancerArns: [!Ref Balancer]
      AcceptanceRequired: false  #? nobody has to accept a connection to Offer
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal}}
```

```yaml good template.yaml
Resources:
  Offer:
    Type: AWS::EC2::VPCEndpointService
    Properties: {NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal}}
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: {ServiceId: !Ref Offer, AllowedPrincipals: ["arn:aws:iam::111122223333:root"]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, place_of, set_fix
from checkrein.model import App, Finding, Resource
from checkrein.model.values import items_of

ACCEPTANCE = "AcceptanceRequired"
PERMISSIONS = "AWS::EC2::VPCEndpointServicePermissions"
PRINCIPALS = "AllowedPrincipals"


@check(
    resource("AWS::EC2::VPCEndpointService"),
    fault=2,
    topics=("network",),
    frameworks=(
        *("CWE-284", "OWASP-2025:A01", "OWASP-2021:A01", "PCI-DSS-4.0.1:1.4.1"),
        "NIST-800-53r5:SC-7",
    ),
    peers=("CKV_AWS_123", "vpc_endpoint_services_allowed_principals_trust_boundaries"),
)
def endpoint_service_for_anyone(service: Resource, app: App) -> Iterator[Finding]:
    unasked = service.value(ACCEPTANCE) is False
    wide = [
        each
        for each in configuring(app, service.id, PERMISSIONS, "ServiceId")
        if "*" in items_of(each.value(PRINCIPALS), PRINCIPALS)
    ]
    for permissions in wide:
        accept = ", and nobody has to accept" if unasked else ""
        yield Finding(
            permissions.where(PRINCIPALS),
            f"any AWS account may connect to what is behind {service.name}{accept}",
            cwe="CWE-284",
            endangers=(service.id,),
            key=(permissions.id,),
            by=("@anyone",) if unasked else (),
            hygiene=not unasked,
        )
    if unasked and not wide:
        yield Finding(
            place_of(service, ACCEPTANCE),
            f"nobody has to accept a connection to {service.name}",
            cwe="CWE-284",
            endangers=(service.id,),
            fix=set_fix(service, [(ACCEPTANCE, True)], "accept connections by hand"),
            hygiene=True,
        )
