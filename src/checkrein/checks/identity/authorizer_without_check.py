"""An authorizer lets in whoever asks, without a look at what they show.

## Why

API Gateway asks the authorizer and believes it. One that allows every request, often left over from the first
days of a project, makes the routes behind it public while they look protected.

## Fix

Verify the token of the request: its signature with the issuer's key, its audience and its time. Where the
tokens are Cognito's or another issuer's JWTs, let API Gateway do it with its own authorizer.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  Door:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
              return {"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}  #! Door lets everybody in: it reads nothing that callers send
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: TOKEN
      IdentitySource: method.request.header.Authorization
      AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Door.Arn}/invocations"
```

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: shop, ProtocolType: HTTP}
  Door:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          exports.handler = async (event) => {
            console.log(JSON.stringify(event));
            return { isAuthorized: true };  //! Door lets everybody in: it reads nothing that callers send
          };
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: door
      AuthorizerType: REQUEST
      AuthorizerPayloadFormatVersion: "2.0"
      EnableSimpleResponses: true
      AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Door.Arn}/invocations"
```

One that looks at the token, or that asks another service, may well refuse:

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: shop, ProtocolType: HTTP}
  Door:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          const { verify } = require("jsonwebtoken");
          exports.handler = async (event) => {
            verify(event.headers.authorization, process.env.KEY, { algorithms: ["RS256"] });
            return { isAuthorized: true };
          };
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: door
      AuthorizerType: REQUEST
      AuthorizerPayloadFormatVersion: "2.0"
      EnableSimpleResponses: true
      AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Door.Arn}/invocations"
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  Door:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              statement = {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": event["methodArn"]}
              return {"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: TOKEN
      IdentitySource: method.request.header.Authorization
      AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Door.Arn}/invocations"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import grouped, short
from checkrein.model import App, CallSite, Entry, Finding, Function, Summary
from checkrein.model.values import alternatives

GATEWAYS_OWN = ("methodArn", "routeArn", "type", "version", "routeKey", "requestContext")
ALLOWING = {"isAuthorized": True}
EFFECT = "Effect"
ASKING = frozenset({"sdk", "http"})


@check(every(Function), fault=3, topics=("authentication",), frameworks=("CWE-287", "CWE-306"))
def authorizer_without_check(function: Function, app: App) -> Iterator[Finding]:
    entries = grouped(app, Entry, "function").get(function.id, [])
    doors = [entry for entry in entries if entry.kind == "authorizer"]
    for summary in grouped(app, Summary, "function").get(function.id, []) if doors else ():
        allowing = [site for site in summary.calls if _allows(site)]
        if allowing and not _looks(summary):
            guarded = [
                entry.function for entry in app.every(Entry) if entry.identity == function.id
            ]
            yield Finding(
                allowing[0].place,
                f"{short(function.id)} lets everybody in: it reads nothing that callers send",
                steps=(*doors[0].evidence, *allowing[0].steps),
                cwe="CWE-287",
                endangers=tuple(dict.fromkeys((*guarded, function.id))),
                key=(function.id,),
                by=(function.id,),
            )


def _looks(summary: Summary) -> bool:
    """Tell whether code looks at the request, asks another service, or was not read to its end."""
    reads = [read.source for read in summary.reads if read.source.owner == "event"]
    sent = [read for read in reads if read.attribute.partition(".")[0] not in GATEWAYS_OWN]
    return (
        bool(summary.partial or summary.gaps)
        or any(read.attribute for read in sent)
        or any(site.kind in ASKING for site in summary.calls)
    )


def _allows(site: CallSite) -> bool:
    """Tell whether an answer lets the caller in, whatever they sent."""
    return site.kind == "response" and any(
        (argument.path.endswith(EFFECT) and alternatives(argument.value) == ["Allow"])
        or (argument.path in ALLOWING and alternatives(argument.value) == [ALLOWING[argument.path]])
        for argument in site.arguments
    )
