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

What one condition turns on in both places is never half on.

```yaml good template.yaml
Parameters: {Asking: {Type: String}}
Conditions: {Asks: !Equals [!Ref Asking, "true"]}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: rides
      DisableExecuteApiEndpoint: !If [Asks, true, !Ref AWS::NoValue]
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      MutualTlsAuthentication:
        TruststoreUri: !If [Asks, "s3://trust/store.pem", !Ref AWS::NoValue]
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {RestApiId: !Ref Api, DomainName: !Ref Domain, Stage: prod}
```

SAM writes it into the API's definition.

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      DisableExecuteApiEndpoint: true
      Domain:
        DomainName: api.example.com
        CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/rides
        MutualTlsAuthentication: {TruststoreUri: "s3://trust/store.pem"}
  Rides:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events: {Any: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /rides, Method: GET}}}
```

```yaml bad template.yaml
Parameters: {Asking: {Type: String}}
Conditions: {Asks: !Equals [!Ref Asking, "true"], Closed: !Equals [!Ref Asking, "closed"]}
Resources:
  Api:  #! who has no certificate may call Api at its own address: only Domain asks for one
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: rides
      DisableExecuteApiEndpoint: !If [Closed, true, !Ref AWS::NoValue]
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      MutualTlsAuthentication:
        TruststoreUri: !If [Asks, "s3://trust/store.pem", !Ref AWS::NoValue]
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {RestApiId: !Ref Api, DomainName: !Ref Domain, Stage: prod}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog import endpoints
from checkrein.checks import check, resource
from checkrein.checks.context import configuring, owners, set_fix
from checkrein.checks.doors import HTTP, REST, behind, open_routes, routes_of
from checkrein.model import App, Finding, Resource, When
from checkrein.model.values import at_path, contradictory, options_of

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
    if not _open(api) or "PRIVATE" in str(api.value("EndpointConfiguration")):
        return
    fix = set_fix(api, [(endpoints.PROPERTY, True)], "close the API's own address")
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
    return [domain for domain in found if _together(_open(api), _asked(domain))]


def _open(api: Resource) -> list[When]:
    """Return the conditions under which an API's own address answers."""
    return [
        (*api.when, *when)
        for when, closed in options_of(endpoints.closed(api))
        if closed not in (True, "true")
    ]


def _asked(domain: Resource) -> list[When]:
    """Return the conditions under which a domain asks for a certificate."""
    return [
        (*domain.when, *when, *further)
        for when, asked in options_of(domain.value("MutualTlsAuthentication"))
        if asked is not None
        for further, store in options_of(at_path(asked, ("TruststoreUri",)))
        if store is not None
    ]


def _together(some: list[When], others: list[When]) -> bool:
    """Tell whether some of both may hold at once."""
    return any(not contradictory((*one, *other)) for one in some for other in others)
