"""What arrives through streams and filters: which images of an item, and no field less."""

import json
from collections.abc import Callable

import pytest

from checkrein.model import App, Flow

Scan = Callable[[dict[str, str]], App]

TEXT = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      StreamSpecification: {{StreamViewType: {view}}}
  Queue: {{Type: AWS::SQS::Queue}}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {{ZipFile: "def handler(event, context): return 1"}}
  Polls:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Work
      EventSourceArn: !GetAtt Table.StreamArn
      FilterCriteria: {criteria}
  Pipe:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: r
      Source: !GetAtt Table.StreamArn
      Target: !GetAtt Queue.Arn
      SourceParameters: {{FilterCriteria: {criteria}}}
"""
BOTH = "NEW_AND_OLD_IMAGES"
NEW, OLD, KEY = (" NewImage",), (" OldImage",), ("id Keys.id",)


def only(*patterns: object) -> str:
    return json.dumps({"Filters": [{"Pattern": json.dumps(each)} for each in patterns]})


@pytest.mark.parametrize(
    ("view", "criteria", "arriving"),
    [
        (BOTH, "!Ref AWS::NoValue", NEW + OLD + KEY),
        ("KEYS_ONLY", "!Ref AWS::NoValue", KEY),
        ("NEW_IMAGE", "!Ref AWS::NoValue", NEW + KEY),
        (BOTH, only({"eventName": ["REMOVE"]}), OLD + KEY),
        (BOTH, only({"eventName": ["INSERT"]}), NEW + KEY),
        (BOTH, only({"eventName": ["INSERT"]}, {"eventName": ["REMOVE"]}), NEW + OLD + KEY),
        (BOTH, only({"eventName": ["INSERT"]}, {"eventID": ["1"]}), NEW + OLD + KEY),
        (BOTH, only({"eventName": [{"anything-but": ["INSERT"]}]}), NEW + OLD + KEY),
        (BOTH, only({"dynamodb": {"NewImage": {"kind": {"S": ["x"]}}}}), NEW + OLD + KEY),
    ],
)
def test_which_images_arrive(
    derived: Scan, view: str, criteria: str, arriving: tuple[str, ...]
) -> None:
    app = derived({"app.yaml": TEXT.format(view=view, criteria=criteria)})
    found = [f for f in app.every(Flow) if f.source.node == "app/Table"]
    told = {
        target: {f"{f.source.path} {f.target.path.rpartition('dynamodb.')[2]}" for f in found if f.target.node == target}
        for target in ("app/Work", "app/Queue")
    }  # fmt: skip
    assert told == {key: set(arriving) for key in told}
