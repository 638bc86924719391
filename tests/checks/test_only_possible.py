"""What is only possible is told at medium at most, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.judge.severity import DOUBTED
from checkrein.model import Severity

APP = """Transform: AWS::Serverless-2016-10-31
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      KeySchema: [{AttributeName: NAMED, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: KEY, AttributeType: S}]
  Put:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: put.handler
      CodeUri: .
      Policies: [PUTS]
      Events: {Put: {Type: HttpApi, Properties: {Path: ROUTE, Method: post}}}
  Get:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: get.handler
      CodeUri: .
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Things}}]
      Events: {Get: {Type: HttpApi, Properties: {Path: READ, Method: get}}}
"""
PUT = """import boto3, json, os
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    body = json.loads(event["body"])
    table.put_item(Item={"KEY": body["id"], "email": body["email"], "fullName": body["name"]})
    DOES
"""
GET = """import boto3, json, os
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    item = table.get_item(Key={ASKED})["Item"]
    DOES
"""
ASKED = '"KEY": event["pathParameters"]["id"]'
ANSWERS = 'return {"statusCode": 200, "body": json.dumps(item)}'
WRITES = "{DynamoDBCrudPolicy: {TableName: !Ref Things}}"


AS_WRITTEN = {
    "key": "customer",
    "route": "/things",
    "read": '"/things/{id}"',
    "put": "pass",
    "get": ANSWERS,
    "policy": WRITES,
    "asked": ASKED,
    "named": "",
}


def graded(root: Path, check: str, **changed: str) -> tuple[Severity, bool]:
    """Return the severity of one check's one verdict, and whether doubt holds it there."""
    said = {**AS_WRITTEN, **changed}
    text = APP.replace("KEY", said["key"]).replace("ROUTE", said["route"])
    text = text.replace("READ", said["read"]).replace("NAMED", said["named"] or said["key"])
    (root / "template.yaml").write_text(text.replace("PUTS", said["policy"]))
    for name, code in (("put", PUT), ("get", GET)):
        text = code.replace("DOES", said[name]).replace("ASKED", said["asked"])
        text = text.replace("KEY", said["key"])
        (root / f"{name}.py").write_text(text)
    found = [v for v in pipeline.scan((root,)).verdicts if v.check == check and v.findings]
    (verdict,) = found
    held = verdict.reason.endswith(f"{DOUBTED} {verdict.confidence}")
    assert held is (verdict.confidence == "possible")
    return verdict.severity, held


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("customer", (Severity.HIGH, False)),
        ("bookmark", (Severity.HIGH, False)),
        ("pk", (Severity.MEDIUM, True)),
        ("PK", (Severity.MEDIUM, True)),
        ("partitionKey", (Severity.MEDIUM, True)),
    ],
)
def test_a_table_of_many_kinds_says_little_of_what_goes_out(
    tmp_path: Path, key: str, expected: tuple[Severity, bool]
) -> None:
    assert graded(tmp_path, "unauthenticated-route-to-valuable-data", key=key) == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("/things", (Severity.HIGH, False)),
        ("/authors", (Severity.HIGH, False)),
        ("/token", (Severity.HIGH, False)),
        ("/payments/webhook", (Severity.MEDIUM, True)),
        ("/auth/refresh", (Severity.MEDIUM, True)),
        ("/auth", (Severity.MEDIUM, True)),
        ('"/auth/{proxy+}"', (Severity.MEDIUM, True)),
        ("/auth/doctors", (Severity.HIGH, False)),
        ('"/invitations/{inviteToken}"', (Severity.MEDIUM, True)),
    ],
)
def test_callers_may_be_known_by_what_they_show_in_the_request(
    tmp_path: Path, route: str, expected: tuple[Severity, bool]
) -> None:
    assert graded(tmp_path, "unauthenticated-write", route=route, put=OTHERS) == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ('"/sessions/{id}"', (Severity.MEDIUM, True)),
        ("/session", (Severity.MEDIUM, True)),
        ("/sessions", (Severity.HIGH, False)),  # all of them
        ("/events/registration", (Severity.HIGH, False)),
    ],
)
def test_who_asks_for_all_sessions_shows_none(
    tmp_path: Path, route: str, expected: tuple[Severity, bool]
) -> None:
    found = graded(tmp_path, "unauthenticated-route-to-valuable-data", read=route)
    assert found == expected


READS = "{DynamoDBReadPolicy: {TableName: !Ref Things}}"
LOOKS = """print(table.get_item(Key={"KEY": "all"}))
    """
OTHERS = """table.update_item(Key={"KEY": body["other"]}, UpdateExpression="SET email = :e",
        ExpressionAttributeValues={":e": body["email"]})"""


@pytest.mark.parametrize(
    ("policy", "before", "expected"),
    [
        (WRITES, LOOKS, (Severity.HIGH, False)),
        (READS, LOOKS, (Severity.MEDIUM, True)),
        (f"{READS}, AWSLambdaBasicExecutionRole", LOOKS, (Severity.MEDIUM, True)),
        (f"{READS}, !Ref AWS::StackName", LOOKS, (Severity.HIGH, False)),  # nobody knows it
        (f"{READS}, arn:aws:iam::111122223333:policy/own", LOOKS, (Severity.HIGH, False)),
        (READS, "", (Severity.HIGH, False)),  # what it may do is written somewhere else
    ],
)
def test_a_role_that_may_not_write_lets_nobody_write(
    tmp_path: Path, policy: str, before: str, expected: tuple[Severity, bool]
) -> None:
    put = before + OTHERS
    assert graded(tmp_path, "unauthenticated-write", put=put, policy=policy) == expected


@pytest.mark.parametrize(
    ("put", "get", "expected"),
    [
        ('os.system("ls " + body["email"])', ANSWERS, (Severity.CRITICAL, False)),
        ("pass", 'os.system("ls " + item["email"])', (Severity.MEDIUM, True)),
    ],
)
def test_what_came_through_a_store_is_two_halves(
    tmp_path: Path, put: str, get: str, expected: tuple[Severity, bool]
) -> None:
    assert graded(tmp_path, "command-injection", put=put, get=get) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (ASKED, (Severity.HIGH, False)),
        (ASKED + '} if event["one"] else {"email": event["body"]', (Severity.HIGH, False)),
        (ASKED.replace("KEY", "email"), (Severity.MEDIUM, True)),
        ('**event["pathParameters"]', (Severity.HIGH, False)),
    ],
)
def test_who_asks_by_another_key_gets_nothing(
    tmp_path: Path, asked: str, expected: tuple[Severity, bool]
) -> None:
    found = graded(tmp_path, "unauthenticated-route-to-valuable-data", asked=asked)
    assert found == expected


LOGGED = """Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies: [{PolicyName: own, PolicyDocument: {Statement: [{Effect: Allow, Action: ALLOWED, Resource: "*"}]}}]
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: ROLE
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["password"])
"""


@pytest.mark.parametrize(
    ("role", "allowed", "expected"),
    [
        ("!GetAtt Role.Arn", '"logs:*"', "certain"),
        ("!GetAtt Role.Arn", '"dynamodb:*"', "possible"),
        ("arn:aws:iam::111122223333:role/plain", '"dynamodb:*"', "certain"),
    ],
)
def test_who_may_not_write_a_log_puts_nothing_there(
    tmp_path: Path, role: str, allowed: str, expected: str
) -> None:
    text = LOGGED.replace("ROLE", role).replace("ALLOWED", allowed)
    (tmp_path / "template.yaml").write_text(text)
    verdicts = pipeline.scan((tmp_path,)).verdicts
    (verdict,) = [v for v in verdicts if v.check == "data-in-logs" and v.findings]
    assert verdict.confidence == expected


def test_who_asks_by_what_may_be_the_key_may_get_something(tmp_path: Path) -> None:
    found = graded(
        tmp_path,
        "unauthenticated-route-to-valuable-data",
        named="!Ref AWS::StackName",
    )
    assert found == (Severity.HIGH, False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("item", (Severity.MEDIUM, True)),
        ('{"mail": item["email"]}', (Severity.HIGH, False)),
    ],
)
def test_code_that_names_what_it_gives_out_says_what_it_is(
    tmp_path: Path, answer: str, expected: tuple[Severity, bool]
) -> None:
    get = ANSWERS.replace("item", answer)
    check = "unauthenticated-route-to-valuable-data"
    assert graded(tmp_path, check, key="pk", get=get) == expected


SIGN_UP = """import boto3, json
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    body = json.loads(event["body"])
    table.put_item(Item={"customer": body["id"], "email": body["email"], "role": body["role"]})
"""
SIGN_IN = """import boto3, json, jwt, os
table = boto3.resource("dynamodb").Table("things")
def handler(event, context):
    item = table.get_item(Key={"customer": event["pathParameters"]["id"]})["Item"]
    token = jwt.encode({"sub": item["customer"], "role": READ}, os.environ["KEY"], algorithm="HS256")
    who = jwt.decode(event["headers"]["authorization"], os.environ["KEY"], algorithms=["HS256"])
    return {"statusCode": 200 if who["role"] == "admin" else 403, "body": token}
"""


@pytest.mark.parametrize(
    ("read", "confidence"),
    [('item["role"]', "likely"), ('item["kind"]', "possible"), ('event["role"]', "possible")],
)
def test_a_role_that_nothing_reads_where_it_is_stored_gives_perhaps_nothing(
    tmp_path: Path, read: str, confidence: str
) -> None:
    template = APP.replace("NAMED", "customer").replace("KEY", "customer").replace("PUTS", WRITES)
    template = template.replace("ROUTE", "/things").replace("READ", '"/things/{id}"')
    files = {"template.yaml": template, "put.py": SIGN_UP, "get.py": SIGN_IN.replace("READ", read)}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "mass-assignment"]

    assert [v.confidence for v in found if v.findings] == [confidence]
