"""Routes that are open on purpose: prices, names to be seen, and what its name says is for all."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome, Row

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  NAME:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Put:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            said = json.loads(event["body"])
            boto3.resource("dynamodb").Table("things").put_item(Item={ITEM})
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            found = boto3.resource("dynamodb").Table("things").scan()
            return {"statusCode": 200, "body": json.dumps(found["Items"])}
      Events:
        Get: {Type: HttpApi, Properties: {Path: PATH, Method: get}}
"""
WARE = '"id": said["id"], "price": said["price"]'
PLACED = f'{WARE}, "location": said["location"]'
OWNED = f'{WARE}, "userId": said["user"]'
PERSON = '"id": said["id"], "email": said["email"]'
HOUSE = f'{WARE}, "streetName": said["street"], "postcode": said["postcode"]'
SHOWN = '"id": said["id"], "displayName": said["displayName"]'
CASES = [
    ("Agents", SHOWN, "/agents", "medium"),
    ("Polls", '"id": said["id"], "authorName": said["authorName"]', "/polls", "medium"),
    ("Agents", f'{SHOWN}, "fullName": said["fullName"]', "/agents", "medium"),
    ("Patients", '"id": said["id"], "fullName": said["name"]', "/patients", "high"),
    ("Agents", f'{SHOWN}, "email": said["email"]', "/agents", "high"),
    ("Listings", f'{WARE}, "authorName": said["author"]', "/listings", "medium"),
    ("Listings", f'{WARE}, "fullName": said["fullName"]', "/listings", "medium"),
    (
        "Listings",
        f'{WARE}, "fullName": said["fullName"], "phone": said["phone"]',
        "/listings",
        "high",
    ),
    ("Products", WARE, "/products", "medium"),
    ("Flights", PLACED, "/flights", "medium"),
    ("Rides", f'{PLACED}, "email": said["email"]', "/rides", "high"),
    ("Orders", WARE, "/orders", "high"),
    ("Products", OWNED, "/products", "medium"),
    ("Houses", HOUSE, "/houses", "medium"),
    ("Houses", f'{HOUSE}, "ownerName": said["ownerName"]', "/houses", "high"),
    ("Houses", f'{WARE}, "homeAddress": said["homeAddress"]', "/houses", "high"),
    ("Customers", HOUSE, "/customers", "high"),
    ("Rides", f'{HOUSE}, "pickupLocation": said["at"]', "/rides", "high"),
    ("Events", f'{WARE}, "organizerId": said["by"]', "/events", "medium"),
    ("Events", f'{WARE}, "visitorId": said["by"]', "/events", "medium"),
    ("People", PERSON, "/people", "high"),
    ("People", PERSON, "/people/public", "medium"),
    ("People", PERSON, "/republic", "high"),
    ("People", PERSON, "/guest/people", "medium"),
    ("People", PERSON, "/guests", "high"),  # of a hotel
]


@pytest.mark.parametrize(("name", "item", "path", "wanted"), CASES)
def test_severity(tmp_path: Path, name: str, item: str, path: str, wanted: str) -> None:
    text = TEMPLATE.replace("NAME", name).replace("ITEM", item).replace("PATH", path)
    (tmp_path / "template.yaml").write_text(text)
    found = [
        str(verdict.severity)
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "unauthenticated-route-to-valuable-data"
        and verdict.outcome is Outcome.FAIL
    ]
    assert found == [wanted]


MAILS = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            said = json.loads(event["body"])
            boto3.resource("dynamodb").Table("orders").put_item(Item={"email": said["email"]})
            SEND
      Events:
        Post: {Type: HttpApi, Properties: {Path: /bookings, Method: post}}
"""
MAIL = (
    'boto3.client("ses").send_email(Source="us@acme.io", Destination={"ToAddresses": [said["email"]]},'
    ' Message={"Subject": {"Data": "Booked"}, "Body": {"Text": {"Data": %s}}})'
)
SMS = 'boto3.client("sns").publish(PhoneNumber=said["phone"], Message="Booked")'


@pytest.mark.parametrize(
    ("send", "kind", "wanted"),
    [
        (MAIL % "f\"Dear {said['name']}, see you\"", "e-mail", "medium"),
        (MAIL % 'said["text"]', "e-mail", "high"),  # whatever anyone wants to say in our name
        (SMS, "text messages", "high"),  # each is paid for
    ],
)
def test_a_confirmation_is_what_a_form_is_for(
    tmp_path: Path, send: str, kind: str, wanted: str
) -> None:
    (tmp_path / "template.yaml").write_text(MAILS.replace("SEND", send))
    found = {
        finding.message: str(verdict.severity)
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "unauthenticated-write"
        for finding in verdict.findings
    }
    assert found[f"anyone may have Book send {kind} to whom they name"] == wanted


def test_a_ware_that_is_somewhere_is_nobodys(tmp_path: Path) -> None:
    text = TEMPLATE.replace("ITEM", f'{WARE}, "latitude": said["latitude"]')
    text = text.replace("NAME", "Flights").replace("PATH", "/flights")
    told = '{"price": found["Items"][0]["price"]}'
    (tmp_path / "template.yaml").write_text(text.replace('found["Items"]', told))
    result = pipeline.scan((tmp_path,), lambda _: None)
    (row,) = (each for each in result.app.every(Row) if each.id.endswith("/Flights"))
    (found,) = (
        each
        for each in result.verdicts
        if each.check == "unauthenticated-route-to-valuable-data" and each.findings
    )
    assert "pii.location" in row.coded
    assert str(found.severity) == "medium"


@pytest.mark.parametrize(
    ("name", "beside", "told"),
    [
        ("Works", '"title"', False),  # a bridge is no person
        ("Works", '"budget"', False),
        ("Works", '"email"', True),
        ("Works", '"deviceId"', True),
        ("Drivers", '"title"', True),
        ("Vehicles", '"title"', True),  # where it is, its driver is
    ],
)
def test_coordinates_are_a_persons_beside_what_is_a_persons(
    tmp_path: Path, name: str, beside: str, *, told: bool
) -> None:
    item = f'"id": said["id"], "lat": said["lat"], "lng": said["lng"], {beside}: said[{beside}]'
    text = TEMPLATE.replace("ITEM", item).replace("NAME", name).replace("PATH", "/all")
    (tmp_path / "template.yaml").write_text(text)
    messages = [
        finding.message
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "unauthenticated-route-to-valuable-data"
        for finding in verdict.findings
    ]
    assert any("location of a person" in message for message in messages) is told


COUNTING = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Goods:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: goods
      KeySchema: [{AttributeName: price, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: price, AttributeType: S}]
  Buy:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            said = json.loads(event["body"])
            boto3.resource("dynamodb").Table("goods").update_item(
                Key={"price": said["price"]}, UpdateExpression="EXPRESSION",
                ExpressionAttributeValues={":n": AMOUNT})
      Events:
        Post: {Type: HttpApi, Properties: {Path: /buy, Method: post}}
"""


@pytest.mark.parametrize(
    ("expression", "amount", "wanted"),
    [
        ("SET stock = stock - :n", "1", "medium"),
        ("ADD votes :n", "1", "medium"),
        ("SET stock = stock - :n", 'said["n"]', "high"),  # as many as anyone likes
        ("SET cost = :n", "1", "high"),  # not counted but set
    ],
)
def test_what_only_counts_is_a_small_fault(
    tmp_path: Path, expression: str, amount: str, wanted: str
) -> None:
    text = COUNTING.replace("EXPRESSION", expression).replace("AMOUNT", amount)
    (tmp_path / "template.yaml").write_text(text)
    found = [
        str(verdict.severity)
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "unauthenticated-write" and verdict.findings
    ]
    assert found == [wanted]
