"""Which resource a name means: as templates write it, as AWS makes it, and where several fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import App, Observation, Unread
from checkrein.observe import Given, observed
from checkrein.observe.names import Names
from checkrein.observe.sightings import Named

BUCKET, FUNCTION, TABLE = "AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::DynamoDB::Table"


@pytest.mark.parametrize(
    ("name", "type", "id"),
    [
        ("arn:aws:dynamodb:eu-west-1:1:table/shop-Orders-1ABCDEFGHIJKL/index/by-day", "", "Orders"),
        ("arn:aws:dynamodb:eu-west-1:1:table/shop-Orders-1ABCDEFGHIJKL/stream/2026", "", "Orders"),
        ("arn:aws:s3:::uploads-live-of-shop", "", "Uploads"),
        ("uploads-live-of-shop", BUCKET, "Uploads"),
        ("uploads-live-of-shoppers", BUCKET, ""),
        ("shop-site-1abcdefghijkl", BUCKET, "Site"),
        ("shop-Site-1ABCDEFGHIJKL", TABLE, ""),
        ("shop-SaveOrderOfC-ABCDEFGHIJKL", FUNCTION, "SaveOrderOfCustomer"),
        ("shop-Save-ABCDEFGHIJKL", FUNCTION, ""),
        ("shop-mail-live", FUNCTION, "Mail"),
        ("shop-Mail-ABCDEFGHIJKL", FUNCTION, ""),
        ("arn:aws:lambda:eu-west-1:1:function:shop-mail-live:live", "", "Mail"),
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", "AWS::SQS::Queue", "Jobs"),
        ("arn:aws:secretsmanager:eu-west-1:1:secret:shop/keys-a1B2c3", "", "Keys"),
        ("arn:aws:iam::1:role/shop-SaveOrderOfCustomerRole-1ABCDEFGHIJKL", "", "SaveOrderOfCustomerRole"),
        ("arn:aws:iam::1:role/path/shop-MailRole-1ABCDEFGHIJKL", "", "MailRole"),
        ("shop.at-home.org", "AWS::CloudFront::Distribution", "Edge"),
        ("/aws/lambda/shop-mail-live", "log group", "Mail@logs"),
        ("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/shop-mail-live:*", "", "Mail@logs"),
        ("template/Orders", "", "Orders"),
        ("Orders", "", "Orders"),
        ("records/aws/lambda/shop-mail-live.log", "path", "Mail@logs"),
        ("records/Orders/2026/01.json", "path", "Orders"),
        ("records/2026/01.json", "path", ""),
    ],
)  # fmt: skip
def test_names(shop: App, name: str, type: str, id: str) -> None:
    found = Names(shop).find([Named(name, type)])

    assert found == ({f"template/{id}"} if id else frozenset())


FUNCTION_OF = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: NAME
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): return {}"}
"""


def scanned(folder: Path) -> dict[str, Observation]:
    app = observed(pipeline.learn([folder / "app"]).app, [Given(folder / "trace.json")])
    return {each.node: each for each in app.every(Observation)}


def traced(folder: Path, *names: str) -> None:
    """Write the template once for each function's name, and a trace of the first."""
    for name in names:
        (folder / "app" / name).mkdir(parents=True)
        (folder / "app" / name / "t.yaml").write_text(FUNCTION_OF.replace("NAME", name))
    asked = {"operation": "PutItem", "table_name": "orders"}
    call = {"id": "2", "name": "DynamoDB", "namespace": "aws", "start_time": 1, "aws": asked}
    segment = {"id": "1", "name": names[0], "origin": "AWS::Lambda::Function", "start_time": 1}
    (folder / "trace.json").write_text(json.dumps({**segment, "subsegments": [call]}))


def test_of_several_applications_it_is_that_of_who_did_it(tmp_path: Path) -> None:
    traced(tmp_path, "one", "other")

    assert {node: each.actor for node, each in scanned(tmp_path).items()} == {
        "one/t/Orders": "one/t/Save"
    }


def test_what_could_be_several_is_none_and_told(tmp_path: Path) -> None:
    traced(tmp_path, "third", "one", "other")
    (tmp_path / "app" / "third" / "t.yaml").unlink()
    app = observed(pipeline.learn([tmp_path / "app"]).app, [Given(tmp_path / "trace.json")])

    assert app.every(Observation) == []
    assert [each.reason for each in app.every(Unread)] == [
        "1 record is about what could be several resources here: dynamodb 1"
    ]
