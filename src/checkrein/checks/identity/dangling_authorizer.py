"""An authorizer is attached to nothing.

## Why

Who reads the template believes that callers are checked. No route asks the authorizer, so nobody
is: a defence that exists only in the reader's mind. Where other routes ask another authorizer for the
same people, it is a leftover, and a small fault.

## Fix

Name the authorizer on the routes it is meant for (`AuthorizerId` on a method or route, `security` in
an OpenAPI body, `DefaultAuthorizer` in SAM), or remove it.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Check:  #! no route asks Check, and 1 route of Api is open to anyone
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: check
      Type: COGNITO_USER_POOLS
      RestApiId: !Ref Api
      ProviderARNs: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Rides.Arn}/invocations"
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Check:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: check
      Type: COGNITO_USER_POOLS
      RestApiId: !Ref Api
      ProviderARNs: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Check
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Rides.Arn}/invocations"
```

Code that verifies tokens itself leaves less to do for an authorizer:

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Check:  #! no route asks Check, and 1 route of Api is open to anyone, but for what the code asks itself
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: check
      Type: COGNITO_USER_POOLS
      RestApiId: !Ref Api
      ProviderARNs: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import jwt, os
          def handler(event, context):
              return jwt.decode(event["headers"]["authorization"], os.environ["KEY"], algorithms=["RS256"])
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Rides.Arn}/invocations"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.exposure import anonymous
from checkrein.checks.powers import classes_of
from checkrein.checks.questions import grouped, listed, short
from checkrein.checks.signatures import checks_signature
from checkrein.model import App, Entry, Finding, Place, Resource, Summary
from checkrein.model.asking import of_app
from checkrein.model.values import alternatives, symbols

AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
ROUTES = ("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route")
LETS_IN = ("ProviderARNs", "JwtConfiguration.Issuer", "AuthorizerUri")  # who that is
OF_API = ("RestApiId", "ApiId")
SECTIONS = (("securityDefinitions",), ("components", "securitySchemes"))


@check(
    resource(*AUTHORIZERS, *APIS),
    fault=3,
    topics=("authentication",),
    frameworks=("CWE-306", "OWASP-2025:A01", "OWASP-2021:A01"),
)
def dangling_authorizer(subject: Resource, app: App) -> Iterator[Finding]:
    if subject.type in APIS:
        for name, place in _unnamed_schemes(subject):
            yield from _finding(app, subject.id, name, place)
    elif subject.id not in _asked(app) and not _is_of_a_choice(app, subject):
        api = subject.value("RestApiId") or subject.value("ApiId")
        owners = [symbol.owner for symbol in symbols(api)]
        asked = _has_a_twin(app, subject)
        owner = owners[0] if owners else ""
        yield from _finding(app, owner, subject.name, subject.place, asked=asked)


def _has_a_twin(app: App, authorizer: Resource) -> bool:
    """Tell whether routes of the API ask another authorizer that lets in the same people."""
    told = [authorizer.value(path) for path in LETS_IN]
    api = [authorizer.value(path) for path in OF_API]
    twins = (twin for id in _asked(app) if id != authorizer.id and (twin := app.get(Resource, id)))
    return any(told) and any(
        [twin.value(path) for path in (*LETS_IN, *OF_API)] == [*told, *api] for twin in twins
    )


def _finding(
    app: App, api: str, name: str, place: Place, *, asked: bool = False
) -> Iterator[Finding]:
    entries = [e for e in grouped(app, Entry, "source").get(api, []) if e.kind != "authorizer"]
    routes = [e for e in entries if anonymous(e.identity) and not e.route.startswith("OPTIONS")]
    if not routes:
        return  # nothing is open that it could have guarded
    functions = sorted({entry.function for entry in routes})
    number = "1 route" if len(routes) == 1 else f"{len(routes)} routes"
    verb = "is" if len(routes) == 1 else "are"
    asking = all(entry.proof not in ("", "key") for entry in routes) or all(
        _verifies(app, id) for id in functions
    )
    known = any(_is_read(app, id) for id in functions)
    yield Finding(
        place,
        f"no route asks {name}, and {number} of {short(api)} {verb} open to anyone"
        f"{', but for what the code asks itself' if asking else ''}"
        f"{', where others ask another for the same people' if asked else ''}",
        tuple(evidence for entry in routes for evidence in entry.evidence),
        cwe="CWE-306",
        endangers=tuple(sorted({api, *functions})),
        data=classes_of(app, functions),
        by=tuple(functions),
        fault=1 if asking or asked else 3 if known else 2,
        confidence="certain" if known else "likely",
        key=(name, listed(sorted(entry.route for entry in routes), len(routes))),
    )


def _is_read(app: App, function: str) -> bool:
    """Tell whether a function's code was read, so that what it does not ask is known."""
    summaries = grouped(app, Summary, "function").get(function, [])
    return any(each.files or not each.partial for each in summaries)


def _verifies(app: App, function: str) -> bool:
    """Tell whether a function's code checks callers' tokens itself."""
    return checks_signature(
        tuple(
            site
            for each in grouped(app, Summary, "function").get(function, [])
            for site in each.calls
        )
    )


@of_app
def _asked(app: App) -> frozenset[str]:
    """Return the authorizers that routes ask."""
    return frozenset(
        symbol.owner
        for type in ROUTES
        for route in grouped(app, Resource, "type").get(type, [])
        for symbol in symbols(route.value("AuthorizerId"))
    )


def _is_of_a_choice(app: App, authorizer: Resource) -> bool:
    """Tell whether several applications share a list of authorizers and ask different ones of it.

    Copies of one application ask the same of theirs.
    """
    alike = grouped(app, Resource, "type").get(authorizer.type, [])
    sharing = {_stack(each) for each in alike if each.place == authorizer.place}
    asked: dict[str, set[str]] = {stack: set() for stack in sharing}
    for each in alike:
        if each.id in _asked(app) and each.place.path == authorizer.place.path:
            asked.get(_stack(each), set()).add(each.name)
    return len(set(map(frozenset, asked.values()))) > 1


def _stack(resource: Resource) -> str:
    return resource.id.rpartition("/")[0]


def _unnamed_schemes(api: Resource) -> Iterator[tuple[str, Place]]:
    """Yield the authorizers in an OpenAPI body that no operation's ``security`` names."""
    for body in alternatives(api.value("Body")):
        if not isinstance(body, dict):
            continue
        named = set(_named(body))
        for section in SECTIONS:
            schemes: Any = body
            for key in section:
                schemes = schemes.get(key) if isinstance(schemes, dict) else None
            for name, scheme in schemes.items() if isinstance(schemes, dict) else ():
                guards = isinstance(scheme, dict) and "x-amazon-apigateway-authorizer" in scheme
                if guards and name not in named:
                    yield name, api.where(("Body", *section, name))


def _named(body: dict[str, Any]) -> Iterator[str]:
    operations = [
        operation
        for item in _items(body.get("paths"))
        for operation in _items(item)
        if isinstance(operation, dict)
    ]
    for holder in (body, *operations):
        required = holder.get("security")
        for requirement in required if isinstance(required, list) else []:
            yield from requirement if isinstance(requirement, dict) else ()


def _items(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []
