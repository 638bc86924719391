"""Mutual TLS before an API can be walked around.

## Why

Every API has an address of its own (`….execute-api….amazonaws.com`) beside its domain. Mutual TLS at the domain
guards only those who come that way: at the API's own address nobody asks for a certificate.

## Fix

Set `DisableExecuteApiEndpoint: true` on the API.

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
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, owners, set_fix
from checkrein.checks.doors import HTTP, REST, behind, open_routes, routes_of
from checkrein.model import App, Finding, Resource

CLOSED = "DisableExecuteApiEndpoint"
MAPPINGS = (  # what joins an API to a domain: type, its API, its domain
    ("AWS::ApiGatewayV2::ApiMapping", "ApiId"),
    ("AWS::ApiGateway::BasePathMapping", "RestApiId"),
)


@check(
    resource(REST, HTTP),
    fault=3,
    topics=("authentication", "network"),
    frameworks=("CWE-288", "CWE-306"),
)
def certificate_not_asked_everywhere(api: Resource, app: App) -> Iterator[Finding]:
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


def _asking(app: App, api: Resource) -> list[Resource]:
    """Return the domains of an API that ask for a certificate."""
    mappings = [m for type, path in MAPPINGS for m in configuring(app, api.id, type, path)]
    ids = sorted({id for mapping in mappings for id in owners(app, mapping.value("DomainName"))})
    found = [domain for id in ids if (domain := app.get(Resource, id))]
    return [domain for domain in found if domain.value("MutualTlsAuthentication") is not None]
