"""Every website may use an API from its visitors' browsers.

## Why

With any origin allowed a page of a stranger may call the API and read the answer. That is harmless where the
page must know a token first; with credentials allowed, the visitor's browser adds cookies by itself, and the
stranger's page acts and reads as the visitor. HTTP APIs take `https://*` together with credentials.

Without credentials it is for auditors: it matters only where who may call is decided by the network.

## Fix

Name the origins of your own pages.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: rides
      ProtocolType: HTTP
      CorsConfiguration:
        AllowCredentials: true
        AllowOrigins: ["https://*"]  #! every website may call Api as its visitors, and read the answers
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: rides
      ProtocolType: HTTP
      CorsConfiguration: {AllowCredentials: true, AllowOrigins: ["https://rides.example.com"]}
```

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !Ref Rides
      AuthType: AWS_IAM
      Cors:
        AllowOrigins: ["*"]  #? every website may call Url
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.doors import HTTP, behind
from checkrein.model import App, Finding, Resource

URL = "AWS::Lambda::Url"
CORS = {URL: "Cors", HTTP: "CorsConfiguration"}
ANY = frozenset({"*", "https://*", "http://*"})


@check(
    resource(URL, HTTP),
    fault=2,
    topics=("configuration",),
    frameworks=("CWE-942",),
    peers=("CKV2_AWS_75", "awslambda_function_url_cors_policy"),
)
def any_origin_allowed(api: Resource, app: App) -> Iterator[Finding]:
    path = CORS[api.type]
    origins = api.value(f"{path}.AllowOrigins")
    if not isinstance(origins, list) or not any(o in ANY for o in origins if isinstance(o, str)):
        return
    credentials = api[f"{path}.AllowCredentials"] is True
    as_them = " as its visitors, and read the answers" if credentials else ""
    yield Finding(
        api.where(f"{path}.AllowOrigins"),
        f"every website may call {api.name}{as_them}",
        cwe="CWE-942",
        endangers=(api.id,),
        data=behind(app, api.id),
        hygiene=not credentials,
    )
