"""An update whose expression code puts together of listed names sets those and no others."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Element, Flow

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: code, Runtime: RUNTIME}}
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      GlobalSecondaryIndexes: [{IndexName: of, KeySchema: [{AttributeName: gpk, KeyType: HASH}]}]
  Put: {Type: AWS::Serverless::Function, Properties: {Handler: put.handler}}
  Set: {Type: AWS::Serverless::Function, Properties: {Handler: set.handler}}
  Get: {Type: AWS::Serverless::Function, Properties: {Handler: get.handler}}
"""
HEADS = {
    "python": """
import boto3, json
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    body = json.loads(event["body"])
""",
    "javascript": """
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocument.from({}), TableName = "things";
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
""",
}
PUTS = {
    "python": """
    table.put_item(Item={"pk": "USER#" + body["id"], "gpk": "ALL#USERS", "email": body["to"]})
    table.put_item(Item={"pk": "ROOM#" + body["id"], "gpk": "ALL#ROOMS", "seats": body["seats"]})
""",
    "javascript": """
  await db.put({ TableName, Item: { pk: "USER#" + body.id, gpk: "ALL#USERS", email: body.to } });
  await db.put({ TableName, Item: { pk: "ROOM#" + body.id, gpk: "ALL#ROOMS", seats: body.seats } });
};
""",
}
SETS = {
    "python": """
    sets, names, values = [], {}, {}
    for field in LISTED:
        if field in body:
            sets.append(f"NAMED = :{field}")
            names[f"#{field}"] = field
            values[f":{field}"] = body[field]
    table.update_item(Key={"pk": "USER#" + body["id"]}, UpdateExpression="SET " + ", ".join(sets),
                      ExpressionAttributeNames=names, ExpressionAttributeValues=values)
""",
    "javascript": """
  const sets = [], names = {}, values = {};
  LISTED.forEach((field) => {
    if (body[field] === undefined) return;
    sets.push(`NAMED = :${field}`);
    names[`#${field}`] = field;
    values[`:${field}`] = body[field];
  });
  await db.update({ TableName, Key: { pk: "USER#" + body.id }, UpdateExpression: "SET " + sets.join(),
    ExpressionAttributeNames: names, ExpressionAttributeValues: values });
};
""",
}
GETS = {
    "python": """
    return table.query(IndexName="of", KeyConditionExpression="gpk = :g",
                       ExpressionAttributeValues={":g": "ALL#ROOMS"})["Items"]
""",
    "javascript": """
  const found = await db.query({ TableName, IndexName: "of", KeyConditionExpression: "gpk = :g",
    ExpressionAttributeValues: { ":g": "ALL#ROOMS" } });
  return found.Items;
};
""",
}
ENDS = {"python": ".py", "javascript": ".js"}
RUNTIMES = {"python": "python3.14", "javascript": "nodejs22.x"}
EVERY = {"python": "body", "javascript": "Object.keys(body)"}


@pytest.mark.parametrize("language", ENDS)
@pytest.mark.parametrize(
    ("listed", "reads"),
    [('["email", "nickname"]', False), ('["email", "gpk"]', True), ("", True)],
)
def test_listed_names_are_all_that_is_set(
    derived: Callable[[dict[str, str]], App], language: str, listed: str, *, reads: bool
) -> None:
    named = {"python": "#{field}", "javascript": "#${field}"}[language]
    sets = SETS[language].replace("LISTED", listed or EVERY[language]).replace("NAMED", named)
    head, end = HEADS[language], ENDS[language]
    app = derived(
        {
            "template.yaml": TEMPLATE.replace("RUNTIME", RUNTIMES[language]),
            f"code/put{end}": head + PUTS[language],
            f"code/set{end}": head + sets,
            f"code/get{end}": head + GETS[language],
        }
    )
    answers = {e.data for e in app.every(Element) if e.slot.node == "template/Get@response"}
    flows = [f for f in app.every(Flow) if f.target.node == "template/Get@response"]
    assert flows
    assert ("pii.email" in answers) is reads
