"""Routes ask nobody who they are, where others do or could.

## Why

An API where one route has no authorizer and all others have one, or that asks nobody although the application
has a user pool, was seldom meant so: an authorizer was forgotten, or not yet joined. What the function behind
the route does with a stranger's request is then everybody's to find out.

Sign-in, registration, webhooks and health checks have to be open. An API of an application that knows no users
at all is for auditors.

## Fix

Put the authorizer on the route (`DefaultAuthorizer` in SAM puts it on all), and let those that must be open say
so (`Authorizer: NONE`).

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          Users:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example.com", audience: [rides]}
  Rides:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events:
        Book: {Type: HttpApi, Properties: {Path: /rides, Method: post, ApiId: !Ref Api, Auth: {Authorizer: Users}}}
        Show: {Type: HttpApi, Properties: {Path: "/rides/{id}", Method: get, ApiId: !Ref Api}}  #! GET /rides/{id} asks nobody who calls Api, though POST /rides asks it
        Login: {Type: HttpApi, Properties: {Path: /login, Method: post, ApiId: !Ref Api}}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Users
        Authorizers:
          Users:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example.com", audience: [rides]}
  Rides:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events:
        Book: {Type: HttpApi, Properties: {Path: /rides, Method: post, ApiId: !Ref Api}}
        Login: {Type: HttpApi, Properties: {Path: /login, Method: post, ApiId: !Ref Api, Auth: {Authorizer: NONE}}}
```

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders, AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}}
  Api:  #? no route of Api asks who calls (POST /riders and POST /users)
    Type: AWS::Serverless::HttpApi
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, os
        def handler(event, context):
            asked = json.loads(event["body"])
            pool = boto3.client("cognito-idp")
            pool.sign_up(ClientId=os.environ["CLIENT"], Username=asked["email"], Password=asked["password"])
      Events:
        Post: {Type: HttpApi, Properties: {Path: /riders, Method: post, ApiId: !Ref Api}}
  Old:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: java25
      Handler: rides.Join::handleRequest
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Path: /users, Method: post, ApiId: !Ref Api}}
```

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Api:  #! no route of Api asks who calls (POST /rides), though Pool knows the users
    Type: AWS::Serverless::HttpApi
  Rides:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events:
        Book: {Type: HttpApi, Properties: {Path: /rides, Method: post, ApiId: !Ref Api}}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.api_keys import asks_key
from checkrein.checks.context import resources
from checkrein.checks.doors import HTTP, REST, named, open_routes, reached, routes_of
from checkrein.checks.webhooks import credential_reads, is_for_strangers
from checkrein.late import regex
from checkrein.model import App, Entry, Finding, Resource

POOL = "AWS::Cognito::UserPool"
MEANT = regex(
    r"log-?(in|out)|sign-?(in|up|out)|regist|auth|token|callback|hook|health|ping|status|confirm"
    r"|verif|forgot|reset|public|contact|config|jwks|well-known|docs|swagger|openapi|favicon|static"
    r"|catalog|products?\b|landing|^POST .*/(?:users|accounts)/?$",
    re.IGNORECASE,
)
HALF = 2
REFUSING = "claims"  # what the code asks for stands on no such route: it refuses everybody


@check(
    resource(REST, HTTP),
    fault=1,
    topics=("authentication",),
    frameworks=("CWE-306", "AWS-FSBP:APIGateway.8"),
    peers=(
        *("CKV_AWS_59", "W59", "APIGateway.8", "AwsSolutions-APIG4", "AwsSolutions-COG4"),
        *("apigateway_restapi_public_with_authorizer", "apigateway_restapi_authorizers_enabled"),
        "apigatewayv2_api_authorizers_enabled",
        *("API_GW_METHOD_AUTHORIZATION_TYPE_RULE",),
    ),
)
def unauthenticated_route(api: Resource, app: App) -> Iterator[Finding]:
    strange = [e for e in open_routes(app, api.id) if _decides(e)]
    asking = [e for e in routes_of(app, api.id) if _decides(e) and e not in strange]
    found = [e for e in strange if not asks_key(app, api, e) and e.proof in ("", REFUSING)]
    odd = [e for e in found if not _is_meant(app, e)]
    pool = _pool(app, api)
    if not found or (asking and not odd):
        return
    if asking:
        forgotten = len(odd) * HALF <= len(asking) + len(odd)
        message = f"{_asks(odd)} nobody who calls {api.name}, though {_asks(asking)} it"
    else:
        forgotten = bool(odd) and pool is not None
        message = f"no route of {api.name} asks who calls ({named(found)})"
        if forgotten and pool is not None:
            message += f", though {pool.name} knows the users"
    told = odd if asking else found
    refusing = [entry for entry in told if entry.proof == REFUSING]
    if refusing:
        message += f"; the code behind {named(refusing)} refuses everybody without an authorizer"
    yield Finding(
        told[0].place if asking else api.place,
        message,
        tuple(evidence for entry in told for evidence in entry.evidence),
        cwe="CWE-306",
        endangers=tuple(sorted({entry.function for entry in told})),
        data=reached(app, told),
        key=tuple(sorted({entry.route for entry in told})),
        confidence="likely",
        hygiene=not forgotten and not refusing,
    )


def _asks(routes: list[Entry]) -> str:
    verb = "asks" if len({entry.route for entry in routes}) == 1 else "ask"
    return f"{named(routes)} {verb}"


def _decides(entry: Entry) -> bool:
    """Tell whether a route decides who gets in: of a WebSocket API only the first does."""
    return entry.kind != "websocket" or entry.route == "$connect"


def _is_meant(app: App, entry: Entry) -> bool:
    """Tell whether a route is open by its nature, or its code looks at a header itself."""
    return (
        bool(MEANT.search(entry.route))
        or bool(credential_reads(app, entry.function))
        or is_for_strangers(app, entry)
    )


def _pool(app: App, api: Resource) -> Resource | None:
    """Return a user pool of the API's own stack."""
    return next((pool for pool in resources(app, POOL) if pool.stack == api.stack), None)
