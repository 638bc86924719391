"""A transaction is about several tables: what is put into one does not stand in another."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Element

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Seats: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  Bookings: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Handler: book.handler
      Runtime: python3.14
      CodeUri: code
      Environment: {Variables: {SEATS: !Ref Seats, BOOKINGS: !Ref Bookings}}
      Events: {Asked: {Type: Api, Properties: {Method: post, Path: /bookings}}}
"""
CODE = """
import boto3, json, os
db = boto3.client("dynamodb")
def handler(event, context):
    body = json.loads(event["body"])
    item = {"id": {"S": body["id"]}, "email": {"S": body["email"]}}
    key = {"id": {"S": body["seat"]}}
    %s
"""
TAKE = """{"Update": {"TableName": os.environ["SEATS"], "Key": key, "UpdateExpression": "SET phone = :p",
                   "ExpressionAttributeValues": {":p": {"S": body["phone"]}}}}"""
PUT = """{"Put": {"TableName": os.environ["BOOKINGS"], "Item": item}}"""
SEAT = """{"Put": {"TableName": os.environ["SEATS"], "Item": item}}"""


@pytest.mark.parametrize(
    ("members", "seats", "bookings"),
    [
        ((TAKE, PUT), {"pii.phone"}, {"pii.email"}),
        ((SEAT, PUT), {"pii.email"}, {"pii.email"}),  # both are named where the item is
        ((TAKE,), {"pii.phone"}, set()),
    ],
)
def test_each_member_is_about_the_table_that_it_names(
    members: tuple[str, ...], seats: set[str], bookings: set[str], derived: Scan
) -> None:
    call = f"db.transact_write_items(TransactItems=[{', '.join(members)}])"
    app = derived({"app.yaml": TEMPLATE, "code/book.py": CODE % call})

    assert held(app, "app/Seats") == seats
    assert held(app, "app/Bookings") == bookings


def held(app: App, node: str) -> set[str]:
    found = {each.data for each in app.every(Element) if each.slot.node == node}
    return found & {"pii.email", "pii.phone"}
