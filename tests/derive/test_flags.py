"""Attributes into which code only puts a yes or a no are no data of the name's class."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Element

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: code, Runtime: RUNTIME}}
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: things, KeySchema: [{AttributeName: id, KeyType: HASH}]}
  Put: {Type: AWS::Serverless::Function, Properties: {Handler: put.handler}}
  Get: {Type: AWS::Serverless::Function, Properties: {Handler: get.handler}}
"""
PUT = {
    "python": """
import boto3, json
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    body = json.loads(event["body"])
    table.put_item(Item={"id": "1", "wanted": {"email": True, "phone": False}})
    PUT
""",
    "javascript": """
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocument.from({});
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const put = (Item) => table.put({ TableName: "things", Item });
  await put({ id: "1", wanted: { email: true, phone: false } });
  PUT
};
""",
}
GET = {
    "python": """
import boto3
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    item = table.get_item(Key={"id": "1"})["Item"]
    return [item["wanted"]["email"], item["wanted"]["phone"]]
""",
    "javascript": """
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocument.from({});
exports.handler = async () => {
  const { Item } = await table.get({ TableName: "things", Key: { id: "1" } });
  return [Item.wanted.email, Item.wanted.phone];
};
""",
}
ENDS = {"python": ".py", "javascript": ".js"}
RUNTIMES = {"python": "python3.14", "javascript": "nodejs22.x"}
CASES = [  # what else is put there, and what then stands in wanted
    ("pass", "", set()),
    (
        'table.put_item(Item={"id": "2", "wanted": {"email": body["to"]}})',
        'await put({ id: "2", wanted: { email: body.to } });',
        {"pii.email"},
    ),
    (
        (
            'table.put_item(Item={"id": "2", "wanted": {"email": body["to"]}})\n'
            '    table.put_item(Item={"id": "3", "wanted": {"email": False}})'
        ),
        (
            "await put({ id: '2', wanted: { email: body.to } });"
            "await put({ id: '3', wanted: { email: false } });"
        ),
        {"pii.email"},
    ),
    (
        'table.put_item(Item={"id": "2", "wanted": body["wanted"]})',
        'await put({ id: "2", wanted: body.wanted });',
        set(),
    ),
    (
        'table.put_item(Item={"id": "2", "wanted": {"email": None, "phone": body["to"]}})',
        'await put({ id: "2", wanted: { email: null, phone: body.to } });',
        {"pii.phone"},
    ),
]


@pytest.mark.parametrize("language", ENDS)
@pytest.mark.parametrize(("python", "javascript", "expected"), CASES)
def test_a_yes_or_no_is_no_datum(
    derived: Callable[[dict[str, str]], App],
    language: str,
    python: str,
    javascript: str,
    expected: set[str],
) -> None:
    end, more = ENDS[language], {"python": python, "javascript": javascript}[language]
    app = derived(
        {
            "template.yaml": TEMPLATE.replace("RUNTIME", RUNTIMES[language]),
            f"code/put{end}": PUT[language].replace("PUT", more),
            f"code/get{end}": GET[language],
        }
    )
    found = [e for e in app.every(Element) if e.slot.node == "template/Things"]
    assert {e.data for e in found if e.slot.path.startswith("wanted.")} == expected
