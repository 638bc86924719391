"""A load balancer takes requests over plain HTTP.

## Why

What comes over HTTP is read and changed by whoever sits between: passwords, sessions, the answers. A listener on
port 80 that only redirects to HTTPS is right.

## Fix

Redirect (`Type: redirect` with `Protocol: HTTPS`), and serve on a listener with a certificate.

## Examples

```yaml bad template.yaml
Resources:
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internet-facing, Subnets: [subnet-1, subnet-2]}
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Rides.Arn}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      Port: 80
      Protocol: HTTP  #! Front takes requests for Targets over plain HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
```

```yaml good template.yaml
Resources:
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internet-facing, Subnets: [subnet-1, subnet-2]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, Port: "443", StatusCode: HTTP_301}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners, starts
from checkrein.checks.doors import reached
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Entry, Finding, Resource
from checkrein.model.values import symbols

BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


@check(
    resource("AWS::ElasticLoadBalancingV2::Listener"),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=("CWE-319", "AWS-FSBP:ELB.1"),
    peers=("CKV_AWS_2", "ELB.1", "W56", "AWS-0054", "elbv2_ssl_listeners"),
)
def plain_http_listener(listener: Resource, app: App) -> Iterator[Finding]:
    actions = listener.value("DefaultActions")
    kinds = (
        [a.get("Type") for a in actions if isinstance(a, dict)] if isinstance(actions, list) else []
    )
    if listener["Protocol"] != "HTTP" or "forward" not in kinds:
        return
    fronts = [
        app.get(Resource, id) for id in sorted(owners(app, listener.value("LoadBalancerArn")))
    ]
    balancers = [front for front in fronts if front is not None and front.type == BALANCER]
    public = any(front.value("Scheme") in (None, "internet-facing") for front in balancers)
    groups = sorted({s.owner for s in symbols(actions) if app.get(Resource, s.owner)})
    entries = [e for group in groups for e in grouped(app, Entry, "source").get(group, [])]
    yield Finding(
        listener.where("Protocol"),
        f"{listed([f.name for f in balancers] or [listener.name])} takes requests for"
        f" {listed(list(map(short, groups)) or ['its targets'])} over plain HTTP",
        cwe="CWE-319",
        endangers=tuple(groups),
        data=reached(app, entries),
        by=tuple(sorted({e.function for e in entries if starts(app, e.function)})),
        hygiene=not public,
    )
