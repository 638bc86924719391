"""Times the analysis (all that follows after reading) of applications as they grow.

    make bench-growth               generated ones, of 100 to 1,000 functions
    python benchmarks/growth.py F   the application in a folder

Each function has a role, a table and a queue of its own, reads the table of its neighbour and is
run by its neighbour's queue; five may update any function's code, as careless roles do (what they
reach is the number of pairs, which grows with them, not with the application).
Prints seconds for each size, and how much one function costs: what grows linearly stays level.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from pathlib import Path

from checkrein import code
from checkrein.derive import derive
from checkrein.model import App, Function, Resource, Stack
from checkrein.pipeline import reading
from checkrein.read.cloudformation import read_root
from checkrein.read.functions import read_functions
from checkrein.read.nesting import Templates

SIZES = (100, 200, 400, 1000)
CARELESS = 5
MODULE = """\
import boto3, json, os
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    for record in event["Records"]:
        order = json.loads(record["body"])
        table.put_item(Item={"id": order["id"], "email": order["email"], "total": order["total"]})
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=record["body"])
"""
ONE = """
  Table{n}:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
  Queue{n}: {{Type: AWS::SQS::Queue}}
  Role{n}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{Service: lambda.amazonaws.com}}
            Action: sts:AssumeRole
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ["dynamodb:PutItem", "dynamodb:GetItem"]
                Resource: [!GetAtt Table{n}.Arn, !GetAtt Table{next}.Arn]
              - {{Effect: Allow, Action: "sqs:*", Resource: !GetAtt Queue{n}.Arn}}
{more}
  Function{n}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      Role: !GetAtt Role{n}.Arn
      Code: src
      Environment: {{Variables: {{TABLE: !Ref Table{n}, QUEUE: !Ref Queue{n}}}}}
  Mapping{n}:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{FunctionName: !Ref Function{n}, EventSourceArn: !GetAtt Queue{next}.Arn}}
"""
MORE = '              - {Effect: Allow, Action: "lambda:Update*", Resource: "*"}'


def main() -> int:
    """Time every size three times, and print the best."""
    gc.set_threshold(10_000_000, 50, 100)  # as the program does
    if sys.argv[1:]:
        os.environ["CHECKREIN_CACHE"] = "off"
        app = App(reading.read([Path(sys.argv[1])], lambda _: None).facts)
        print(f"{min(_seconds(app) for _ in range(7)) * 1000:.0f} ms")
        return 0
    for size in SIZES:
        app = _read(size)
        best = min(_seconds(app) for _ in range(3))
        print(f"{size:5} functions {best:6.2f} s {best / size * 1000:6.2f} ms each")
    return 0


def _seconds(app: App) -> float:
    fresh = App(list(app))
    began = time.perf_counter()
    derive(fresh)
    return time.perf_counter() - began


def _read(size: int) -> App:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "src").mkdir()
        (root / "src" / "app.py").write_text(MODULE, encoding="utf-8")
        parts = [
            ONE.format(n=n, next=(n + 1) % size, more=MORE if n < CARELESS else "")
            for n in range(size)
        ]
        (root / "app.yaml").write_text("Resources:" + "".join(parts), encoding="utf-8")
        facts = list(read_root(Templates.among(root, ["app.yaml"]), "app.yaml"))
        resources = [fact for fact in facts if isinstance(fact, Resource)]
        stacks = [fact for fact in facts if isinstance(fact, Stack)]
        facts += read_functions(root, resources, stacks)
        functions = [fact for fact in facts if isinstance(fact, Function)]
        return App([*facts, *(code.analyse(root, function) for function in functions)])


if __name__ == "__main__":
    sys.exit(main())
