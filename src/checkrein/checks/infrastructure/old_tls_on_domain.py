"""A domain still speaks TLS 1.0.

## Why

TLS 1.0 and 1.1 are retired: what is sent over them can be read or changed by who sits between. PCI DSS has
forbidden them since 2018. The other side chooses the version, so it is enough that one is offered.

A load balancer's listener without `SslPolicy` offers TLS 1.0; what a REST API's domain without
`SecurityPolicy` offers depends on how it was made, so that is for auditors. HTTP APIs' domains have TLS 1.2 only.

## Fix

Set `SecurityPolicy: TLS_1_2` (or one of the TLS 1.3 policies), `SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06`.

## Examples

```yaml bad template.yaml
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      SecurityPolicy: TLS_1_0  #! callers may reach Domain over TLS 1.0
```

```yaml good template.yaml
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      SecurityPolicy: TLS_1_2
```

```yaml bad template.yaml
Resources:
  Domain:  #? Domain does not say which TLS it asks for
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com}
  Listener:  #! callers may reach Listener over TLS 1.0
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/rides/50dc6c495c0c9188
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: "200"}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.late import regex
from checkrein.model import App, Finding, Resource

DOMAIN = "AWS::ApiGateway::DomainName"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
OLD = regex(
    r"TLS_1_0$|ELBSecurityPolicy-(2015-05|2016-08|TLS-1-0-2015-04|TLS-1-1|FS-2018-06|FS-1-1)"
)
OLD_13 = regex(r"ELBSecurityPolicy-TLS13-1-[01]-")
PROPERTY = {DOMAIN: "SecurityPolicy", LISTENER: "SslPolicy"}
NEW = {DOMAIN: "TLS_1_2", LISTENER: "ELBSecurityPolicy-TLS13-1-2-2021-06"}


@check(
    resource(DOMAIN, LISTENER),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=("CWE-326", "CWE-757"),
    peers=(
        "CKV_AWS_103",
        "CKV_AWS_206",
        "AWS-0005",
        "AWS-0112",
        *("API_GW_DOMAIN_DENY_NON_TLS_TRAFFIC",),
    ),
)
def old_tls_on_domain(domain: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if domain.type == LISTENER and domain["Protocol"] not in ("HTTPS", "TLS"):
        return
    path = PROPERTY[domain.type]
    policy = domain[path]
    unsaid = policy is None and domain.type == DOMAIN
    if policy is not None and not (OLD.match(str(policy)) or OLD_13.match(str(policy))):
        return
    message = f"callers may reach {domain.name} over TLS 1.0"
    yield Finding(
        place_of(domain, path),
        f"{domain.name} does not say which TLS it asks for" if unsaid else message,
        cwe="CWE-326",
        endangers=(domain.id,),
        fix=set_fix(domain, [(path, NEW[domain.type])], "ask for TLS 1.2 or newer"),
        hygiene=unsaid,
    )
