"""Writes that are open to anyone, to what holds no class of data that anybody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

POSTS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Posts:
    Type: AWS::Serverless::SimpleTable
    Properties: {PrimaryKey: {Name: postId, Type: String}}
  Blog:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: .
      Policies: [DynamoDBCrudPolicy: {TableName: !Ref Posts}]
      Environment: {Variables: {POSTS: !Ref Posts}}
      Events:
        Posts: {Type: Api, Properties: {Path: /posts, Method: ANY}}
"""
CODE = """import boto3, json, os, uuid
posts = boto3.resource("dynamodb").Table(os.environ["POSTS"])
def handler(event, context):
    query = event["queryStringParameters"]
    KNOWN
    if event["httpMethod"] == "GET":
        ANSWERED
    if event["httpMethod"] == "PUT":
        posts.update_item(Key={"postId": CHOSEN}, UpdateExpression="SET title = :t",
                          ExpressionAttributeValues={":t": json.loads(event["body"])["title"]})
"""
READ, ASKED, OWN = 'return posts.scan()["Items"]', 'query["postId"]', "str(uuid.uuid4())"


@pytest.mark.parametrize(
    ("known", "answered", "chosen", "expected"),
    [
        ("", READ, ASKED, ["high"]),
        ("", "return {}", ASKED, []),  # nobody is known to rely on it
        ("posts.get_item(Key=query)", "return {}", ASKED, []),  # the write's own request reads it
        ("", READ, OWN, ["medium"]),  # nobody else's
    ],
)
def test_what_others_read_is_not_for_anyone_to_change(
    known: str, answered: str, chosen: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(POSTS)
    code = CODE.replace("KNOWN", known or "pass")
    (tmp_path / "app.py").write_text(code.replace("ANSWERED", answered).replace("CHOSEN", chosen))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "unauthenticated-write" and v.findings]
    assert [str(verdict.severity) for verdict in found] == expected


def test_what_the_public_adds_may_be_a_form(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(POSTS)
    code = CODE.replace("KNOWN", "pass").replace("ANSWERED", READ)
    write = code[code.index("        posts.update_item") :]
    put = '        posts.put_item(Item={"postId": query["postId"], "title": query["title"]})\n'
    (tmp_path / "app.py").write_text(code.replace(write, put))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    assert not [v for v in verdicts if v.check == "unauthenticated-write" and v.findings]


def test_what_another_function_reads_is_relied_on(tmp_path: Path) -> None:
    function = POSTS[POSTS.index("  Blog:") :].replace("Blog:", "Show:")
    shown = function.replace("app.handler", "show.handler").replace("/posts", "/show")
    (tmp_path / "template.yaml").write_text(POSTS + shown)
    code = CODE.replace("KNOWN", "pass").replace("CHOSEN", ASKED)
    (tmp_path / "app.py").write_text(code.replace("ANSWERED", "return {}"))
    reading = CODE[: CODE.index("    query")] + f"    {READ}\n"
    (tmp_path / "show.py").write_text(reading)

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "unauthenticated-write" and v.findings]
    assert [(v.subject, str(v.severity)) for v in found] == [("template/Blog", "high")]


OFFERS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          Staff:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://shop.auth.example.org/", audience: [shop]}
  Offers:
    Type: AWS::Serverless::SimpleTable
  Add:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, os, uuid
        def handler(event, context):
            offer = json.loads(event["body"])
            item = {"id": str(uuid.uuid4()), "product": offer["product"], "price": offer["price"]}
            boto3.resource("dynamodb").Table(os.environ["OFFERS"]).put_item(Item=item)
      Policies: [DynamoDBCrudPolicy: {TableName: !Ref Offers}]
      Environment: {Variables: {OFFERS: !Ref Offers}}
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /offers, Method: post}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, os
        def handler(event, context):
            return boto3.resource("dynamodb").Table(os.environ["OFFERS"]).READ
      Policies: [DynamoDBCrudPolicy: {TableName: !Ref Offers}]
      Environment: {Variables: {OFFERS: !Ref Offers}}
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/offers/{id}", Method: get, AUTH}}
"""


@pytest.mark.parametrize(
    ("read", "auth", "expected"),
    [
        ("scan()", "", "high"),
        ("scan()", "Auth: {Authorizer: Staff}", "medium"),  # a form that the shop's staff reads
        ('get_item(Key={"id": event["pathParameters"]["id"]})', "", "medium"),  # one's own cart
    ],
)
def test_what_the_public_adds_is_an_offer_where_all_are_shown_it(
    read: str, auth: str, expected: str, tmp_path: Path
) -> None:
    text = OFFERS.replace("READ", read).replace(", AUTH", f", {auth}" if auth else "")
    (tmp_path / "template.yaml").write_text(text)

    verdicts = pipeline.scan((tmp_path,)).verdicts

    (found,) = (v for v in verdicts if v.check == "unauthenticated-write" and v.findings)
    assert str(found.severity) == expected


LETTERS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Readers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: readers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            item = {"email": json.loads(event["body"])["email"]}
            boto3.resource("dynamodb").Table("readers").put_item(Item=item)
      Events: {Post: {Type: HttpApi, Properties: {Path: /letters, Method: post}}}
  Mail:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("readers").READ
"""


@pytest.mark.parametrize(
    ("read", "expected"),
    [("scan()", "medium"), ('get_item(Key={"email": event["email"]})', "high")],
)
def test_a_put_takes_a_place_where_items_are_known_by_their_key(
    read: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(LETTERS.replace("READ", read))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    (found,) = (v for v in verdicts if v.check == "unauthenticated-write" and v.findings)
    assert str(found.severity) == expected


JOINING = """import json, os, secrets, uuid
from pymongo import MongoClient
db = MongoClient(os.environ["DB_URL"]).get_default_database()
def handler(event, context):
    query = event["queryStringParameters"]
    if event["httpMethod"] == "PUT":
        user = db.users.insert_one({"email": query["email"], "password": query["password"]})
        db.invites.insert_one({"user": user.inserted_id, "token": DRAWN})
        return {"statusCode": 200}
    if event["httpMethod"] == "GET":
        return {"statusCode": 200, "body": json.dumps(ANSWERED)}
    invite = db.invites.find_one({"token": query["token"]})
    db.users.update_one({"_id": invite["user"]}, {"$set": {"email": query["email"]}})
"""
DRAWN = "secrets.token_hex(16)"


@pytest.mark.parametrize(
    ("drawn", "answered", "severity"),
    [
        (DRAWN, "1", "medium"),
        (DRAWN, 'db.news.find_one({"_id": "1"})', "medium"),  # another's rows
        (DRAWN, 'db.invites.find_one({"user": query["user"]})', "high"),  # tells it to anyone
        ('query["code"]', "1", "high"),
        ("DRAWN if query else '1'", "1", "high"),
    ],
)
def test_who_holds_a_token_of_a_database_is_not_anyone(
    drawn: str, answered: str, severity: str, tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(POSTS)
    code = JOINING.replace("DRAWN", drawn).replace("ANSWERED", answered)
    (tmp_path / "app.py").write_text(code.replace("DRAWN", DRAWN))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "unauthenticated-write" and v.findings]
    assert [str(verdict.severity) for verdict in found] == [severity]
