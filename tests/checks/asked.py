"""An open route that writes and reads customers, for code that asks who calls in some way, or not.

``told`` says how sure it is that nobody asks: "open", "perhaps", or "known" where nothing is told.
"""

from __future__ import annotations

from pathlib import Path

from checkrein import pipeline

CHECKS = ("unauthenticated-write", "unauthenticated-route-to-valuable-data")
TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Sessions:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: sessions
      KeySchema: [{AttributeName: token, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: token, AttributeType: S}]
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: .
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Customers}
        - DynamoDBCrudPolicy: {TableName: !Ref Sessions}
      Events: {Save: {Type: HttpApi, Properties: {Path: "/customers/{id}", Method: post}}}
"""
JAVASCRIPT = """
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const {
  DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand,
} = require("@aws-sdk/lib-dynamodb");
const jwt = require("jsonwebtoken"), bcrypt = require("bcryptjs"), middy = require("@middy/core");
const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const refused = { statusCode: 401 };
async function put(id, { email, phone }) {
  await db.send(new PutCommand({ TableName: "customers", Item: { id, email, phone } }));
  const found = await db.send(new GetCommand({ TableName: "customers", Key: { id } }));
  return found.Item;
}
async function save(event) {
  const item = await put(event.pathParameters.id, JSON.parse(event.body));
  return { statusCode: 200, body: JSON.stringify(item) };
}
const session = (token) => db.send(new GetCommand({ TableName: "sessions", Key: { token } }));
"""
PYTHON = """
import boto3, hashlib, json, jwt, logging, os
from boto3.dynamodb.conditions import Key
table = boto3.resource("dynamodb").Table("customers")
sessions = boto3.resource("dynamodb").Table("sessions")
def put(id, body):
    table.put_item(Item={"id": id, "email": body["email"], "phone": body["phone"]})
    return table.get_item(Key={"id": id})["Item"]
def save(event):
    item = put(event["pathParameters"]["id"], json.loads(event["body"]))
    return {"statusCode": 200, "body": json.dumps(item)}
"""


def told(root: Path, files: dict[str, str]) -> str:
    """Return how sure it is told of an application that nobody asks."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    verdicts = [each for each in pipeline.scan((root,)).verdicts if each.check in CHECKS]
    found = [one for each in verdicts for one in each.findings]
    sure = [one.confidence for one in found if any("ustomers" in each for each in one.endangers)]
    if not sure:
        return "known"
    return "perhaps" if set(sure) == {"possible"} else "open"


def told_of_python(root: Path, code: str) -> str:
    template = TEMPLATE.replace("RUNTIME", "python3.14")
    return told(root, {"template.yaml": template, "app.py": PYTHON + code})


def told_of_javascript(root: Path, code: str) -> str:
    template = TEMPLATE.replace("RUNTIME", "nodejs22.x")
    return told(root, {"template.yaml": template, "app.js": JAVASCRIPT + code})


def told_of_others(root: Path, files: dict[str, str], check: str) -> list[str]:
    """Return how sure another check is of an application."""
    for name, text in files.items():
        (root / name).write_text(text)
    verdicts = [each for each in pipeline.scan((root,)).verdicts if each.check == check]
    return [one.confidence for each in verdicts for one in each.findings]
