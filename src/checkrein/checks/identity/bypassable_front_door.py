"""The guard before an API can be walked around.

## Why

Every API has an address of its own (`….execute-api….amazonaws.com`) beside its domain. Mutual TLS at the domain,
or a web ACL at a CloudFront distribution in front, guards only those who come that way: at the API's own
address nobody asks for a certificate, and nothing is filtered.

## Fix

Set `DisableExecuteApiEndpoint: true` behind a domain with mutual TLS; behind CloudFront ask for a secret
header that only the distribution sends, or put the web ACL before the API itself.

## Examples

```yaml bad template.yaml
Resources:
  Api:  #! who has no certificate may call Api at its own address: only Domain asks for one
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: rides, ProtocolType: HTTP}
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties:
      DomainName: api.example.com
      MutualTlsAuthentication: {TruststoreUri: "s3://trust/store.pem"}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {ApiId: !Ref Api, DomainName: !Ref Domain, Stage: prod}
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: rides, ProtocolType: HTTP, DisableExecuteApiEndpoint: true}
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties:
      DomainName: api.example.com
      MutualTlsAuthentication: {TruststoreUri: "s3://trust/store.pem"}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {ApiId: !Ref Api, DomainName: !Ref Domain, Stage: prod}
```

```yaml bad template.yaml
Resources:
  Api:  #! strangers may call Api at its own address, past the web ACL of Front
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: rides, ProtocolType: HTTP, Target: !GetAtt Rides.Arn}
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: arn:aws:wafv2:us-east-1:111122223333:global/webacl/filter/1234
        Origins:
          - Id: api
            DomainName: !Sub "${Api}.execute-api.eu-west-1.amazonaws.com"
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: https-only}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, owners, resources, set_fix
from checkrein.checks.doors import HTTP, REST, behind, open_routes, routes_of
from checkrein.model import App, Finding, Resource
from checkrein.model.values import symbols

CLOSED = "DisableExecuteApiEndpoint"
MAPPINGS = (  # what joins an API to a domain: type, its API, its domain
    ("AWS::ApiGatewayV2::ApiMapping", "ApiId"),
    ("AWS::ApiGateway::BasePathMapping", "RestApiId"),
)
FRONT = "AWS::CloudFront::Distribution"


@check(
    resource(REST, HTTP),
    fault=3,
    topics=("authentication", "network"),
    frameworks=("CWE-288", "CWE-306"),
)
def bypassable_front_door(api: Resource, app: App) -> Iterator[Finding]:
    if api.value(CLOSED) is True or "PRIVATE" in str(api.value("EndpointConfiguration")):
        return
    fix = set_fix(api, [(CLOSED, True)], "close the API's own address")
    strangers = open_routes(app, api.id) or not routes_of(app, api.id)
    for domain in _asking(app, api):
        yield Finding(
            api.place,
            f"who has no certificate may call {api.name} at its own address: only {domain.name}"
            " asks for one",
            cwe="CWE-288",
            endangers=(api.id,),
            data=behind(app, api.id),
            by=("@anyone",) if strangers else (),
            fix=fix,
            key=(domain.id,),
            fault=3 if strangers else 1,  # where an authorizer asks too
        )
    for front in _filtering(app, api):
        if strangers:
            yield Finding(
                api.place,
                f"strangers may call {api.name} at its own address, past the web ACL of"
                f" {front.name}",
                cwe="CWE-288",
                endangers=(api.id,),
                data=behind(app, api.id),
                key=(front.id,),
                fault=1,
            )


def _asking(app: App, api: Resource) -> list[Resource]:
    """Return the domains of an API that ask for a certificate."""
    mappings = [m for type, path in MAPPINGS for m in configuring(app, api.id, type, path)]
    ids = sorted({id for mapping in mappings for id in owners(app, mapping.value("DomainName"))})
    found = [domain for id in ids if (domain := app.get(Resource, id))]
    return [domain for domain in found if domain.value("MutualTlsAuthentication") is not None]


def _filtering(app: App, api: Resource) -> Iterator[Resource]:
    """Yield the distributions with a web ACL that lead to an API without a header of their own."""
    for front in resources(app, FRONT):
        origins = front.value("DistributionConfig.Origins")
        for origin in origins if isinstance(origins, list) else []:
            leads = api.id in {symbol.owner for symbol in symbols(origin)}
            secret = isinstance(origin, dict) and origin.get("OriginCustomHeaders") is not None
            if leads and not secret and front.value("DistributionConfig.WebACLId") is not None:
                yield front
                break
