"""Applications as large as a test asks: orders that go through functions, tables and queues."""

from __future__ import annotations

from pathlib import Path

PER_STACK = 20  # functions
FIELDS = ("email", "phone", "address", "cardNumber", "birthDate", "iban", "total", "orderId")
MODULE = """\
import json, os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    for record in event.get("Records", []):
        order = json.loads(record["body"])
        table.put_item(Item={{"id": order["orderId"], "{one}": order["{one}"], "{two}": order["{two}"]}})
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(order))
{logs}"""
LOGS = '        print("stored", order)\n'
HEAD = """\
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
"""
TABLE = """\
  Table{n}:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
"""
ONE = """\
  Queue{n}: {{Type: AWS::SQS::Queue}}
  Role{n}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: "sts:AssumeRole"}}]
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: [{actions}], Resource: !GetAtt Table{table}.Arn}}
              - {{Effect: Allow, Action: ["sqs:*"], Resource: [!GetAtt Queue{n}.Arn, !GetAtt Queue{before}.Arn]}}
  Handler{n}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app{kind}.handler
      Code: code
      Role: !GetAtt Role{n}.Arn
      Environment: {{Variables: {{TABLE: !Ref Table{table}, QUEUE: !Ref Queue{n}}}}}
  Source{n}:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{FunctionName: !Ref Handler{n}, EventSourceArn: !GetAtt Queue{before}.Arn}}
"""
ROUTE = """\
  Integration{n}:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Handler{n}.Arn, PayloadFormatVersion: "2.0"}}
  Route{n}:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Api, RouteKey: "POST /orders/{n}", Target: !Sub "integrations/${{Integration{n}}}"}}
"""
ACTIONS = ("dynamodb:PutItem", '"dynamodb:PutItem", "dynamodb:GetItem"', '"dynamodb:*"')


def write_shop(folder: Path, functions: int) -> Path:
    """Write an application of so many functions, each with a log, a queue and a third of a table."""
    for stack in range(-(-functions // PER_STACK)):
        size = min(PER_STACK, functions - stack * PER_STACK)
        place = folder / f"team{stack:02}"
        (place / "code").mkdir(parents=True)
        for kind in range(len(FIELDS)):
            text = MODULE.format(
                one=FIELDS[kind], two=FIELDS[(kind + stack) % 7], logs=LOGS if kind % 3 == 0 else ""
            )
            (place / "code" / f"app{kind}.py").write_text(text)
        (place / "template.yaml").write_text(HEAD + "".join(_one(n, size) for n in range(size)))
    return folder


def _one(n: int, size: int) -> str:
    told = ONE.format(
        n=n, before=(n - 1) % size, kind=n % len(FIELDS), table=n // 3 * 3, actions=ACTIONS[n % 3]
    )
    return (
        told + (TABLE.format(n=n) if n % 3 == 0 else "") + (ROUTE.format(n=n) if n % 4 == 0 else "")
    )
