"""Harm that the code cannot do, each beside what looks like it and does."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Severity, Verdict

APPLICATION = """Transform: AWS::Serverless-2016-10-31
Resources:
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {JWT_SECRET: SECRET}}
      Events: {Ask: {Type: HttpApi, Properties: {Path: "/people/{id}", Method: put}}}
"""


def found(folder: Path, file: str, code: str, check: str, secret: str = "x") -> list[Verdict]:
    runtime = "python3.14" if file.endswith(".py") else "nodejs24.x"
    template = APPLICATION.replace("RUNTIME", runtime).replace(": SECRET", f": {secret}")
    (folder / "template.yaml").write_text(template)
    (folder / file).write_text(code)
    return [v for v in pipeline.scan((folder,)).verdicts if v.check == check and v.findings]


CHANGING = """import boto3, json
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
    people.put_item(Item={"id": "1", "email": body["email"]})
    answer = people.update_item(
        Key={"id": event["pathParameters"]["id"]},
        UpdateExpression="SET note = :note",
        ExpressionAttributeValues={":note": body["note"]},
        ReturnValues="%s",
    )
    return {"statusCode": 200, "body": json.dumps(answer["Attributes"])}
"""


@pytest.mark.parametrize(("asked", "told"), [("ALL_NEW", 1), ("UPDATED_NEW", 0)])
def test_what_the_request_itself_set_tells_nobody_anything(
    tmp_path: Path, asked: str, told: int
) -> None:
    verdicts = found(tmp_path, "app.py", CHANGING % asked, "unauthenticated-route-to-valuable-data")
    assert len(verdicts) == told


REPLACING = """import boto3, json
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
    people.put_item(Item={"id": "1", "email": body["email"]%s})
    answer = people.update_item(
        Key={"id": event["pathParameters"]["id"]},
        UpdateExpression="SET #e = %s",
        ExpressionAttributeNames={"#e": "email"},
        ExpressionAttributeValues={":email": body["email"]},
        ReturnValues="ALL_%s",
    )
    return {"statusCode": 200, "body": json.dumps(answer["Attributes"])}
"""


@pytest.mark.parametrize(
    ("more", "set_to", "state", "told"),
    [
        ("", ":email", "NEW", 0),
        ("", ":email", "OLD", 1),
        ("", "if_not_exists(email, :email)", "NEW", 1),
        (', "passport": body["passport"]', ":email", "NEW", 1),  # which stays as it was
    ],
)
def test_who_replaces_all_of_an_item_is_told_what_he_said(
    tmp_path: Path, more: str, set_to: str, state: str, told: int
) -> None:
    code = REPLACING % (more, set_to, state)
    verdicts = found(tmp_path, "app.py", code, "unauthenticated-route-to-valuable-data")
    assert len(verdicts) == told


READING = """    found = people.get_item(Key={"id": event["pathParameters"]["id"]})["Item"]
    return {"statusCode": 200, "body": json.dumps(found)}
"""


def test_who_reads_an_item_beside_replacing_it_is_told_what_it_was(tmp_path: Path) -> None:
    replacing = REPLACING % ("", ":email", "NEW")
    both = replacing.replace("    return", '    if event["x"]: return') + READING

    verdicts = found(tmp_path, "app.py", both, "unauthenticated-route-to-valuable-data")

    assert len(verdicts) == 1


NAMING = """import boto3, json
from boto3.dynamodb.conditions import Key
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
    people.put_item(Item={"id": "1", "email": body["email"]%s})
    named = event["pathParameters"]["id"]
    found = people.query(IndexName="mails", KeyConditionExpression=%s)["Items"]
    return {"statusCode": 200, "body": json.dumps(found)}
"""


@pytest.mark.parametrize(
    ("more", "condition", "severity"),
    [
        ("", 'Key("email").eq(named)', Severity.MEDIUM),
        ("", 'Key("email").eq("first@example.org")', Severity.HIGH),
        ("", 'Key("email").begins_with(named)', Severity.HIGH),
        (', "telephone": body["telephone"]', 'Key("email").eq(named)', Severity.HIGH),
    ],
)
def test_who_must_name_an_address_learns_little_by_it(
    tmp_path: Path, more: str, condition: str, severity: Severity
) -> None:
    code = NAMING % (more, condition)
    (verdict,) = found(tmp_path, "app.py", code, "unauthenticated-route-to-valuable-data")
    assert verdict.severity == severity


MAILING = """import boto3, json
def handler(event, context):
    to = %s
    boto3.client("ses").send_email(
        Source="a@example.org", Destination={"ToAddresses": [to]}, Message={"Body": "hello"}
    )
"""


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ('json.loads(event["body"])["to"]', 1),
        ('event["Records"][0]["Sns"]["MessageAttributes"]["email"]["Value"]', 0),
    ],
)
def test_who_asks_over_http_fills_in_no_event_of_another_service(
    tmp_path: Path, address: str, told: int
) -> None:
    verdicts = found(tmp_path, "app.py", MAILING % address, "unauthenticated-write")
    assert len(verdicts) == told


SCRATCH = """const fs = require("fs");
exports.handler = async (event) => {
  fs.unlinkSync("/tmp/" + JSON.parse(event.body).name);
};
"""


def test_what_a_function_keeps_while_it_runs_is_its_own(tmp_path: Path) -> None:
    (verdict,) = found(tmp_path, "app.js", SCRATCH, "path-traversal", "/people/key")
    assert verdict.severity is Severity.LOW


COUNTING = """const mysql = require("mysql2/promise");
exports.handler = async (event) => {
  const most = %s(JSON.parse(event.body).most);
  const db = await mysql.createConnection({});
  return db.query(`SELECT name FROM people LIMIT ${most}`);
};
"""


@pytest.mark.parametrize(("made", "told"), [("Math.trunc", 0), ("Math.abs", 0), ("String", 1)])
def test_what_gives_a_number_lets_no_text_through(tmp_path: Path, made: str, told: int) -> None:
    assert len(found(tmp_path, "app.js", COUNTING % made, "sql-injection")) == told


VERIFYING = """import os, jwt
def handler(event, context):
    return jwt.decode(event["headers"]["authorization"], os.environ["JWT_SECRET"], algorithms=["HS256"])
"""


@pytest.mark.parametrize(
    ("secret", "told"), [("your-secret-key", 1), ("your_jwt_secret", 1), ("<your-key>", 0)]
)
def test_a_secret_left_as_it_was_signs_for_everybody(
    tmp_path: Path, secret: str, told: int
) -> None:
    assert len(found(tmp_path, "app.py", VERIFYING, "plaintext-secret", secret)) == told


KEEPING = """  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: keep.handler
      CodeUri: .
      Events: {Keep: {Type: HttpApi, Properties: {Path: /me, Method: post, Auth: {Authorizer: AWS_IAM}}}}
"""
KEPT = """import boto3, json
def handler(event, context):
    body = json.loads(event["body"])
    boto3.resource("dynamodb").Table("people").put_item(Item={"id": "1", "email": body["email"]})
"""
STORED = 'boto3.resource("dynamodb").Table("people").get_item(Key={"id": "1"})["Item"]["email"]'


def test_an_address_that_only_others_gave_is_named_by_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keep.py").write_text(KEPT)
    monkeypatch.setattr(f"{__name__}.APPLICATION", APPLICATION + KEEPING)
    assert found(tmp_path, "app.py", MAILING % STORED, "unauthenticated-write") == []


PRINTING = """import boto3, os
def handler(event, context):
    name = os.environ["JWT_SECRET"]
    print("reading " + name)
    return {"statusCode": 200}
"""


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("/people/jwt-secret", 0),
        ('!Sub "/${AWS::StackName}/jwt-secret"', 0),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt", 0),
        ("kRt7-correct-horse", 1),
        ("/kRt7+correct/horse==", 1),
    ],
)
def test_where_a_secret_is_kept_is_not_the_secret(tmp_path: Path, value: str, told: int) -> None:
    assert len(found(tmp_path, "app.py", PRINTING, "data-in-logs", value)) == told


SETTINGS = """import jwt
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    JWT_SECRET: str = "made-up-for-my-machine"
    LEVEL: str = "info"
%s
settings = Settings()
def handler(event, context):
    said = jwt.decode(event["headers"]["token"], settings.JWT_SECRET, algorithms=["HS256"])
    return {"statusCode": 200, "body": said["sub"]}
"""


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ("", Severity.LOW),  # the template gives JWT_SECRET
        ('    model_config = {"env_prefix": "SHOP_"}', Severity.HIGH),
        ('    class Config:\n        env_prefix = "SHOP_"', Severity.HIGH),
    ],
)
def test_the_environment_fills_settings(tmp_path: Path, more: str, severity: Severity) -> None:
    (verdict,) = found(tmp_path, "app.py", SETTINGS % more, "hardcoded-secret", "!Ref AWS::StackId")
    assert verdict.severity is severity


SIGNING = """const crypto = require("crypto");
const { DynamoDBDocumentClient, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocumentClient.from();
exports.handler = async (event) => {
  const [head, said, signature] = event.headers.authorization.split(".");
  const key = process.env.JWT_SECRET;
  %s
  const claims = JSON.parse(Buffer.from(said, "base64").toString());
  await db.send(new DeleteCommand({ TableName: "people", Key: { id: claims.sub } }));
  return { statusCode: 200 };
};
"""
MADE = (
    'const made = crypto.createHmac("sha256", key).update(`${head}.${said}`).digest("base64url");'
)


@pytest.mark.parametrize(
    ("guard", "told"),
    [
        (f"{MADE} if (made !== signature) return {{ statusCode: 401 }};", 0),
        (f"{MADE} if (made !== signature) console.log(1);", 1),
        ("if (event.headers.key !== key) return { statusCode: 401 };", 1),
        ("", 1),
    ],
)
def test_who_signs_a_token_anew_checks_it(tmp_path: Path, guard: str, told: int) -> None:
    assert len(found(tmp_path, "app.js", SIGNING % guard, "unverified-token")) == told


SIGNING_IN = """const mongoose = require("mongoose"); const jwt = require("jsonwebtoken");
const Person = mongoose.model("Person", new mongoose.Schema({ email: String, role: String }));
exports.handler = async (event) => {
  const { email, password } = JSON.parse(event.body);
  const person = await Person.findOne({ email: String(email) });
  if (!person || !(await person.%s(password))) return { statusCode: 401 };
  const token = jwt.sign({ role: person.role }, process.env.JWT_SECRET);
  return { statusCode: 200, body: JSON.stringify({ token, role: person.role }) };
};
"""


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("comparePassword", 0),
        ("isValidPassword", 0),
        ("passwordMatches", 0),
        ("populate", 1),
    ],
)
def test_a_method_that_compares_the_password_is_a_sign_in(
    tmp_path: Path, method: str, told: int
) -> None:
    verdicts = found(tmp_path, "app.js", SIGNING_IN % method, "identity-from-request")
    assert len(verdicts) == told


TAKING_OUT = """const { DynamoDBDocumentClient, GetCommand } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocumentClient.from();
exports.handler = async (event) => {
  const key = { id: event.pathParameters.id };
  const { Item } = await db.send(new GetCommand({ TableName: "people", Key: key }));
  console.log(Item);
  %s
  return { statusCode: 200 };
};
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("delete Item.password;", 1),  # people have one
        ("delete Item.guide.password;", 0),  # a guide was put there, maybe for this answer only
        ("delete Item['guide'].password;", 0),
        ("console.log(Item.guide.password);", 1),
    ],
)
def test_what_is_taken_out_of_something_else_in_an_item_is_not_kept_there(
    tmp_path: Path, line: str, told: int
) -> None:
    verdicts = found(tmp_path, "app.js", TAKING_OUT % line, "data-in-logs")
    assert len([v for v in verdicts if "password" in v.findings[0].message]) == told


AGAIN = """const {made} = require("{module}");
exports.handler = async (event) => {{
  const {{ id, note }} = event.pathParameters;
  const db = await {made}({{}});
  const rows = await db.query(`SELECT * FROM carts WHERE id = ${{id}}`);
  await db.query(`SELECT * FROM shops WHERE id = ${{{named}}}`);
}};
"""
MYSQL = {"made": "createConnection", "module": "mysql2/promise"}
NOBODYS = {"made": "connect", "module": "our-database"}


@pytest.mark.parametrize("driver", [MYSQL, NOBODYS])
@pytest.mark.parametrize(
    ("named", "severity"),
    [("rows[0].shop", "medium"), ("note", "critical"), ("rows[0].shop + note", "critical")],
)
def test_rows_that_a_statement_gave_make_another_by_the_fault_of_the_first(
    tmp_path: Path, driver: dict[str, str], named: str, severity: str
) -> None:
    verdicts = found(tmp_path, "app.js", AGAIN.format(named=named, **driver), "sql-injection")
    graded = {f.place.line: str(v.severity) for v in verdicts for f in v.findings}
    assert graded == {5: "critical", 6: severity}


KEPT = """const {{ createConnection }} = require("mysql2/promise");
const {{ DynamoDB }} = require("aws-sdk");
const table = new DynamoDB.DocumentClient();
const TableName = "people";
exports.handler = async (event) => {{
  const {{ id, shop }} = event.pathParameters;
  const db = await createConnection({{}});
  {kept}
  await db.query(`SELECT * FROM shops WHERE id = ${{cart.shop{beside}}}`);
}};
"""
COLUMN = """await db.query("INSERT INTO carts (id, shop) VALUES (?, ?)", [id, shop]);
  const [[cart]] = await db.query("SELECT shop FROM carts WHERE id = 1");"""
ITEM = """await table.put({ TableName, Item: { id, shop } }).promise();
  const { Item: cart } = await table.get({ TableName, Key: { id: "1" } }).promise();"""


@pytest.mark.parametrize(
    ("kept", "beside", "severity"),
    [
        (COLUMN, "", Severity.MEDIUM),
        (COLUMN, " + shop", Severity.CRITICAL),
        (ITEM, "", Severity.CRITICAL),
    ],
)
def test_what_comes_out_of_a_column_is_not_any_text(
    tmp_path: Path, kept: str, beside: str, severity: Severity
) -> None:
    code = KEPT.format(kept=kept, beside=beside)
    (verdict,) = found(tmp_path, "app.js", code, "sql-injection")
    assert verdict.severity == severity
