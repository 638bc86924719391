"""Anyone may read or change valuable data through a route that no code stands behind.

## Why

An API that asks a table or a bucket itself does what the request says, with the rights of the API's own role. No
code looks at who calls: without an authorizer, whoever finds the route reads what others stored, or changes it.

## Fix

Put an authorizer on the method, or let IAM decide. Let the mapping template fill in whose item it is from the
authorizer's context, and let the answer's template give back only what a caller is to see.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  Asker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: ask
          PolicyDocument:
            Statement: [{Effect: Allow, Action: [dynamodb:Scan, dynamodb:DeleteItem], Resource: !GetAtt Customers.Arn}]
  List:  #! anyone may read and delete what Customers holds (e-mail address) through DELETE / and GET /
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Credentials: !GetAtt Asker.Arn
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/Scan"
        RequestTemplates: {application/json: '{"TableName": "customers"}'}
  Forget:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: DELETE
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Credentials: !GetAtt Asker.Arn
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/DeleteItem"
        RequestTemplates: {application/json: '{"TableName": "customers", "Key": {"email": {"S": "$input.params(''e'')"}}}'}
```

Callers sign their requests, or bring a key; the answer gives nothing of the store; the role may not do it:

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  Asker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: ask
          PolicyDocument:
            Statement: [{Effect: Allow, Action: dynamodb:Scan, Resource: !GetAtt Customers.Arn}]
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: &scan
        Type: AWS
        IntegrationHttpMethod: POST
        Credentials: !GetAtt Asker.Arn
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/Scan"
        RequestTemplates: {application/json: '{"TableName": "customers"}'}
  Keyed:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      ApiKeyRequired: true
      Integration: *scan
  Count:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: PATCH
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Credentials: !GetAtt Asker.Arn
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/Scan"
        RequestTemplates: {application/json: '{"TableName": "customers"}'}
        IntegrationResponses: [{StatusCode: 200, ResponseTemplates: {application/json: '{"ok": true}'}}]
  Forget:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: DELETE
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Credentials: !GetAtt Asker.Arn
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/DeleteItem"
        RequestTemplates: {application/json: '{"TableName": "customers", "Key": {"email": {"S": "$input.params(''e'')"}}}'}
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.catalog.services import kind
from checkrein.checks import check, resource
from checkrein.checks.adding import ADDING
from checkrein.checks.doors import HTTP, REST, is_closed
from checkrein.checks.exposure import anonymous
from checkrein.checks.powers import classes_of
from checkrein.checks.questions import carried, flows_to, grouped, listed, short, titles, treasures
from checkrein.checks.webhooks import JOINING, OPEN_BY_NATURE
from checkrein.checks.worth import valuable, value
from checkrein.model import App, Finding, Integration, Resource, Row

VERBS = {"read": "read", "write": "change", "delete": "delete"}
KEPT = frozenset({"store", "secret", "parameter"})  # queues and topics are asked by their readers
GRAVE = 5  # what is worth less is a fault of the second degree when it is public


@check(
    resource(REST, HTTP),
    fault=3,
    topics=("authentication",),
    frameworks=("CWE-306", "CWE-862", "OWASP-2025:A01", "OWASP-2021:A01", "OWASP-API-2023:API5"),
)
def store_open_through_route(api: Resource, app: App) -> Iterator[Finding]:
    found: defaultdict[str, list[Integration]] = defaultdict(list)
    for each in grouped(app, Integration, "api").get(api.id, []):
        if _is_open(each) and (_read(app, each) or _changed(each)) and _is_valuable(app, each):
            found[each.resource].append(each)
    for store, ways in sorted(found.items() if not is_closed(api) else ()):
        yield _told(app, store, ways)


def _told(app: App, store: str, ways: list[Integration]) -> Finding:
    done = {right for each in ways for right in _changed(each)}
    read = sorted({data for each in ways for data in _read(app, each)})
    classes = tuple(valuable(app, read)) or classes_of(app, [store])
    said = [VERBS["read"]] * bool(read) + [VERBS[right] for right in VERBS if right in done]
    routes = listed(sorted({each.route for each in ways}))
    return Finding(
        min(ways, key=lambda each: (each.place.path, each.place.line)).place,
        f"anyone may {listed(said)} what {short(store)} holds ({titles(classes)}) through {routes}",
        steps=tuple(dict.fromkeys(step for each in ways for step in each.evidence)),
        cwe="CWE-306",
        endangers=(store,),
        key=(store, *sorted({*done, *(("read",) if read else ())})),
        confidence="likely",  # what all may see, and a public form, may be meant
        data=classes,
        fault=_fault(app, ways, classes, read=bool(read)),
    )


def _fault(app: App, ways: list[Integration], classes: tuple[str, ...], *, read: bool) -> int:
    if read:
        return 3 if value(app, classes[0]) >= GRAVE else 2
    return 1 if all(each.operation.startswith(ADDING) for each in ways) else 2


def _is_open(each: Integration) -> bool:
    """Tell whether a route asks nobody who they are, and is not there for who has no token yet."""
    meant = OPEN_BY_NATURE.search(each.route) or JOINING.search(each.route)
    asked = anonymous(each.identity) and not each.keyed
    return asked and not meant and each.kind == "http" and not each.route.startswith("OPTIONS")


def _is_valuable(app: App, each: Integration) -> bool:
    row = app.get(Row, each.resource)
    return row is not None and kind(row.type) in KEPT and bool(treasures(app, row))


def _changed(each: Integration) -> set[str]:
    """Return what callers do to a store beside reading it, by what they fill in."""
    return {*each.rights} & {"write", "delete"} if each.filled else set()


def _read(app: App, each: Integration) -> list[str]:
    """Return the valuable classes of a store that an answer brings."""
    if "read" not in each.rights:
        return []
    way = f"{each.api}#{each.route}"
    back = [f for f in flows_to(app, each.api) if f.via == way and f.source.node == each.resource]
    brought = {element.data for flow in back for element in carried(app, flow)}
    row = app.get(Row, each.resource)
    held = set(treasures(app, row)) if row else set()
    return sorted(held if each.named else held & brought)
