"""A request goes unchecked into a store of valuable data.

## Why

API Gateway can refuse a body that does not fit a model before any code runs. Without one, whatever a
caller sends reaches the function, and what the function keeps of it reaches the store.

## Fix

Give the method a request model and a validator, or check the body in the function. The fix writes a model
of the fields that the code reads: required are those without which it fails; types are stated where the
database asks for them.

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
  Join:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              body = json.loads(event["body"])
              table.put_item(Item={"email": body["email"]})
  Post:  #! no request model for POST /, whose body goes into Customers
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Join.Arn}/invocations"
```

With SAM the API holds the model, and the function's event names it:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      CodeUri: .
      Events:
        List:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /customers, Method: GET}
        Post:  #! no request model for POST /customers, whose body goes into Customers
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /customers, Method: POST}
```

```javascript bad app.js
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = async (event) => {
  const { email, address } = JSON.parse(event.body);
  const item = { email: { S: email }, street: { S: address.street } };
  return new DynamoDBClient({}).send(new PutItemCommand({ TableName: "customers", Item: item }));
};
```

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
  Join:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              body = json.loads(event["body"])
              table.put_item(Item={"email": body["email"]})
  Customer:
    Type: AWS::ApiGateway::Model
    Properties: {RestApiId: !Ref Api, ContentType: application/json, Schema: {type: object}}
  Strict:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      RequestModels: {application/json: !Ref Customer}
      RequestValidatorId: !Ref Strict
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Join.Arn}/invocations"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.powers import classes_of
from checkrein.checks.questions import (
    flows_from,
    grouped,
    is_kept,
    listed,
    short,
    treasures,
)
from checkrein.checks.request_models import remedy
from checkrein.checks.tainted import faults
from checkrein.model import App, Entry, Finding, Function, Resource, Row

READING = ("GET", "HEAD", "OPTIONS")
WITHOUT_BODY = "DELETE"
BODY = "body"


def _rest_entries(app: App) -> list[Entry]:
    """Select the routes of REST APIs: only these can check a body."""
    apis = {api.id for api in grouped(app, Resource, "type").get("AWS::ApiGateway::RestApi", [])}
    return [e for e in app.every(Entry) if e.kind == "http" and e.route and e.source in apis]


@check(
    _rest_entries,
    fault=1,
    topics=("input-validation",),
    frameworks=("CWE-20",),
    peers=("AwsSolutions-APIG2",),
)
def unvalidated_request(entry: Entry, app: App) -> Iterator[Finding]:
    if entry.validated or entry.route.startswith(READING):
        return
    stores = {
        flow.target.node: flow
        for flow in flows_from(app, entry.function)
        if flow.source.path.startswith("event.body") and is_kept(app, flow.target.node)
    }
    kept = sorted(id for id in stores if (row := app.get(Row, id)) and treasures(app, row))
    if kept:
        yield Finding(
            entry.place,
            f"no request model for {entry.route}, whose body goes into {listed(map(short, kept))}",
            steps=stores[kept[0]].steps,
            cwe="CWE-20",
            endangers=tuple(kept),
            key=(entry.route, *kept),
            data=classes_of(app, kept),
            by=(entry.function,),
            fix=remedy(app, entry),
            confidence="likely",  # the code may check the body itself
        )
    else:
        yield from _stated(app, entry)


def _stated(app: App, entry: Entry) -> Iterator[Finding]:
    """Yield what is to say where a body goes unharmed into a statement of SQL."""
    function = app.get(Function, entry.function)
    if function is None or entry.route.startswith(WITHOUT_BODY):
        return
    for fault in faults(function, app, "sql"):
        if any(taint.source.attribute.startswith(BODY) for taint in fault.taints):
            yield Finding(
                entry.place,
                f"no request model for {entry.route}, whose body goes into a statement of SQL",
                steps=fault.taints[0].steps,
                cwe="CWE-20",
                endangers=(function.id,),
                key=(entry.route, "sql"),
                by=(function.id,),
                fix=remedy(app, entry),
                confidence="likely",  # as above
            )
            return
