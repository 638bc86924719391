"""Who a caller is, what they can send, and by which of several routes it is shown to come."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Finding, Verdict

API = """Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties:
      AdminCreateUserConfig: {{AllowAdminCreateUserOnly: {closed}}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{{AttributeName: orderId, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: orderId, AttributeType: S}}]
  Api:
    Type: AWS::Serverless::Api
    Properties: {{StageName: live{auth}}}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      CodeUri: .
      Events:
        List: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /orders, Method: GET}}}}
        One: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: "{path}", Method: PUT}}}}
"""
SIGNED_IN = ", Auth: {DefaultAuthorizer: In, Authorizers: {In: {UserPoolArn: !GetAtt Users.Arn}}}"
ORDERS = """import boto3, json
orders = boto3.resource("dynamodb").Table("orders")
def handler(event, context):
    owner = event["requestContext"]["authorizer"]["claims"]["sub"]
    orders.put_item(Item={"orderId": context.aws_request_id, "userId": owner, "email": "a@b.c"})
    found = orders.get_item(Key={"orderId": event["pathParameters"]["id"]})
    return {"statusCode": 200, "body": json.dumps(found["Item"])}
"""
PAGE = """def handler(event, context):
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": "<p>" + SHOWN}
"""
SIGNED = """import base64, boto3, json, os
pool = boto3.client("cognito-idp")
def handler(event, context):
    given = event["queryStringParameters"]["token"]
    answer = pool.admin_initiate_auth(UserPoolId="POOL", ClientId="c", AuthFlow="f")
    token = TOKEN
    claims = json.loads(base64.b64decode(token.split(".")[1]))
    boto3.resource("dynamodb").Table("orders").get_item(Key={"orderId": claims["sub"]})
"""


def failing(folder: Path, check: str, template: str, code: str) -> list[Verdict]:
    (folder / "template.yaml").write_text(template)
    (folder / "app.py").write_text(code)
    verdicts = pipeline.scan((folder,)).verdicts
    return [v for v in verdicts if v.check == check and v.findings]


def api(closed: str = "false", auth: str = "", path: str = "/orders/{id}") -> str:
    return API.format(closed=closed, auth=auth, path=path)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ('found["Item"]', "(e-mail address)"),
        ('{"to": found["Item"]["email"]}', "(e-mail address)"),
        ('{"to": found["Item"]["shelf"]}', ""),
        ('[found["Item"]["shelf"], bool(found["Item"]["email"])]', ""),
    ],
)
def test_what_an_answer_leaves_out_of_an_item_is_told_to_nobody(
    tmp_path: Path, answer: str, told: str
) -> None:
    code = ORDERS.replace('"email": "a@b.c"', '"email": event["body"], "shelf": "7"')
    code = code.replace('json.dumps(found["Item"])', f"json.dumps({answer})")
    verdicts = failing(tmp_path, "object-of-others", api("false", SIGNED_IN), code)
    said = [finding.message for verdict in verdicts for finding in verdict.findings]
    assert len(said) == bool(told)
    assert all(told in message for message in said)


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        ('found["Item"]', "high"),
        ('{"user": found["Item"]["username"], "code": found["Item"]["passport"]}', "high"),
        ('{"user": found["Item"]["username"]}', "low"),
        ('{"shelf": found["Item"]["shelf"]}', "high"),  # theirs, whatever it is
    ],
)
def test_the_data_of_whom_callers_name_weighs_by_what_the_answer_holds(
    tmp_path: Path, answer: str, severity: str
) -> None:
    kept = '"username": event["body"], "passport": event["body"], "shelf": "7"'
    code = ORDERS.replace('"email": "a@b.c"', kept)
    code = code.replace(
        '"orderId": event["pathParameters"]["id"]', '"userId": event["body"]["userId"]'
    )
    code = code.replace('json.dumps(found["Item"])', f"json.dumps({answer})")
    (verdict,) = failing(tmp_path, "identity-from-request", api("false", SIGNED_IN), code)
    assert str(verdict.severity) == severity


@pytest.mark.parametrize(
    ("closed", "judged"), [("false", ("medium", "likely")), ("true", ("low", "possible"))]
)
def test_who_was_invited_is_trusted_more(
    closed: str, judged: tuple[str, str], tmp_path: Path
) -> None:
    (found,) = failing(tmp_path, "object-of-others", api(closed, SIGNED_IN), ORDERS)
    assert (str(found.severity), found.confidence) == judged


@pytest.mark.parametrize(
    ("shown", "path", "count"),
    [
        ('event["headers"]["Host"]', "/orders/{id}", 0),
        ('event["headers"]["X-Theme"]', "/orders/{id}", 0),
        ('event["headers"]["Referer"]', "/orders/{id}", 1),
        ('event["path"]', "/orders/{id}", 1),
        ('event["path"]', "/orders/first", 0),
        ('event["queryStringParameters"]["q"]', "/orders/first", 1),
    ],
)
def test_a_link_can_not_set_all_of_a_request(
    shown: str, path: str, count: int, tmp_path: Path
) -> None:
    code = PAGE.replace("SHOWN", shown)
    assert len(failing(tmp_path, "cross-site-scripting", api(path=path), code)) == count


@pytest.mark.parametrize(
    ("token", "count"), [("given", 1), ('answer["AuthenticationResult"]["IdToken"]', 0)]
)
def test_a_pools_own_token_is_nobodys_choice(token: str, count: int, tmp_path: Path) -> None:
    code = SIGNED.replace("TOKEN", token).replace('"POOL"', "os.environ['POOL']")
    template = api().replace(
        "      CodeUri", "      Environment: {Variables: {POOL: !Ref Users}}\n      CodeUri"
    )
    assert len(failing(tmp_path, "unverified-token", template, code)) == count


@pytest.mark.parametrize(
    ("shown", "route"),
    [
        ('event["queryStringParameters"]["q"]', "GET /orders"),
        ('event["body"]', "PUT /orders/{id}"),
        ('event["pathParameters"]["id"]', "PUT /orders/{id}"),
    ],
)
def test_a_way_begins_with_a_route_that_brings_the_field(
    shown: str, route: str, tmp_path: Path
) -> None:
    (verdict,) = failing(tmp_path, "cross-site-scripting", api(), PAGE.replace("SHOWN", shown))
    assert first(verdict.findings) == f"Api {route} invokes Order, as does 1 more route"


MADE = """import random, requests
def ask(path):
    return requests.get("https://api.example.com" + path, verify=False)
def first(): return ask("/1")
def second(): return ask("/2")
def handler(event, context):
    token = random.choice("abc") + random.choice("123")
    first()
    second()
    return {"statusCode": 200, "body": {"token": token}}
"""


@pytest.mark.parametrize("check", ["certificate-not-verified", "predictable-secret"])
def test_one_line_is_one_finding_however_code_comes_there(check: str, tmp_path: Path) -> None:
    (verdict,) = failing(tmp_path, check, api(), MADE)
    assert len(verdict.findings) == 1


def first(findings: tuple[Finding, ...]) -> str:
    (finding,) = findings
    return finding.steps[0].text


@pytest.mark.parametrize(("read", "told"), [("USER#", True), ("GROUP#", False)])
def test_what_stands_in_other_items_is_not_read(read: str, told: bool, tmp_path: Path) -> None:  # noqa: FBT001
    code = f"""import boto3, json
orders = boto3.resource("dynamodb").Table("orders")
def handler(event, context):
    owner = event["requestContext"]["authorizer"]["claims"]["sub"]
    body = json.loads(event["body"])
    orders.put_item(Item={{"orderId": "USER#" + owner, "userId": owner, "email": body["email"]}})
    orders.put_item(Item={{"orderId": "GROUP#" + body["group"], "title": body["title"]}})
    found = orders.get_item(Key={{"orderId": "{read}" + event["pathParameters"]["id"]}})
    return {{"statusCode": 200, "body": json.dumps(found["Item"])}}
"""
    assert bool(failing(tmp_path, "object-of-others", api("false", SIGNED_IN), code)) is told
