"""What must not come into a cell, and what makes a row riskier."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Call, Row

Scan = Callable[[dict[str, str]], App]


def row(app: App, name: str) -> Row:
    found = app.get(Row, f"app/{name}")
    assert found is not None
    return found


def function(name: str, code: str, grants: str = "[]", variables: str = "{}") -> str:
    """Return a function with its role, as text of a template's Resources."""
    return f"""
  {name}Role:
    Type: AWS::IAM::Role
    Properties: {{Policies: [{{PolicyDocument: {{Statement: {grants}}}}}]}}
  {name}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt {name}Role.Arn
      Environment: {{Variables: {variables}}}
      Code:
        ZipFile: |
          import boto3, json, os
          def handler(event, context):
{indent(code, " " * 14)}
"""


def app_of(derived: Scan, *resources: str) -> App:
    return derived({"app.yaml": "Resources:\n" + "".join(resources)})


POOL = "  Pool: {Type: AWS::Cognito::UserPool}\n"
TABLE = "  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}\n"
ON_POOL = '[{Effect: Allow, Action: "cognito-idp:Admin*", Resource: !GetAtt Pool.Arn}]'


def test_a_password_that_somebody_may_write_into_a_pool_comes_back_to_nobody(
    derived: Scan,
) -> None:
    setter = function("Setter", "return len(event['password'])", ON_POOL)
    reader = function("Reader", "return 1", ON_POOL)
    app = app_of(derived, POOL, setter, reader)

    assert "cred.password" in row(app, "Setter").potential
    assert "cred.password" not in row(app, "Reader").potential


def test_what_is_decoded_from_a_credential_is_not_the_credential(derived: Scan) -> None:
    code = """\
claims = decode(event["headers"]["Authorization"])
boto3.client("dynamodb").put_item(TableName="orders", Item={"who": claims["sub"]})
"""
    orders = row(app_of(derived, TABLE, function("Save", code)), "Orders")

    assert "cred.token" not in orders.coded


@pytest.mark.parametrize(
    ("taken", "classes"),
    [
        ("claims['email']", {"pii.email"}),
        ("claims['sub']", set()),
        ("claims['reference']", set()),
        ("event['headers']['Authorization']", {"cred.token"}),
        ("json.loads(event['body'])['tokens'][0]", {"cred.token"}),
        ("json.loads(event['body'])['session']['accessToken']", {"cred.token"}),
    ],
)
def test_what_a_token_says_is_what_its_name_says(
    derived: Scan, taken: str, classes: set[str]
) -> None:
    """A part of a token by its name is a claim; an item of a list of tokens is a token."""
    code = f"""\
import jwt
token = event["headers"]["Authorization"]
claims = jwt.decode(token, options={{"verify_signature": False}})
boto3.client("dynamodb").put_item(TableName="orders", Item={{"thing": {taken}}})
"""
    orders = row(app_of(derived, TABLE, function("Save", code)), "Orders")

    assert {*orders.coded} & {"cred.token", "pii.email"} == classes
    told = [s.text for r in orders.reasons if r.data == "cred.token" for s in r.steps]
    assert not any("Authorization." in text for text in told)


def test_a_function_need_not_use_what_arrives(derived: Scan) -> None:
    queue = "  Jobs: {Type: AWS::SQS::Queue}\n"
    sender = function(
        "Sender",
        'boto3.client("sqs").send_message(QueueUrl=os.environ["Q"], MessageBody=json.dumps({"iban": event["i"]}))',
        variables="{Q: !Ref Jobs}",
    )
    poll = "  Poll: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker}}\n"
    worker = row(app_of(derived, queue, sender, poll, function("Worker", "return 1")), "Worker")

    assert worker.coded == ()
    assert "bank.account" in worker.potential


WRITE = "[{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Orders.Arn}]"
PUT = 'boto3.client("dynamodb").put_item(TableName="orders", Item={"orderId": "1"})'
DOOR = (
    "  Door: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Save, AuthType: NONE}}\n"
)


@pytest.mark.parametrize(("door", "stars"), [("", 1), (DOOR, 2)], ids=["inside", "open"])
def test_an_outside_entry_to_the_excess_adds_a_star(derived: Scan, door: str, stars: int) -> None:
    app = app_of(derived, TABLE, function("Save", PUT, WRITE), door)

    assert row(app, "Orders").risk == stars


SITE = "  Site: {Type: AWS::S3::Bucket, Properties: {BucketName: site, WebsiteConfiguration: {IndexDocument: i.html}}}\n"
CONFIG = 'boto3.client("s3").put_object(Bucket="site", Key="config.js", Body="x")'


@pytest.mark.parametrize(
    ("code", "key", "stars"),
    [(CONFIG, "config.js", 1), (CONFIG, "*", 3), ("pass", "config.js", 3)],
    ids=["only what its code writes", "any page", "no code writes"],
)
def test_pages_are_worth_what_their_readers_handle(
    derived: Scan, code: str, key: str, stars: int
) -> None:
    grants = f'[{{Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::site/{key}"}}]'
    app = app_of(derived, POOL, SITE, function("Settings", code, grants))

    assert row(app, "Site").risk == stars


def test_what_holds_no_content_carries_none(derived: Scan) -> None:
    guests = "  Guests: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: false}}\n"
    grants = '[{Effect: Allow, Action: "cognito-identity:*", Resource: "*"}]'
    one = function("One", "return event['email'][0]", grants)
    app = app_of(derived, guests, one, function("Two", "return 1", grants))

    assert "pii.email" not in row(app, "Two").potential


def test_a_default_names_nothing_where_the_caller_chooses(derived: Scan) -> None:
    code = 'boto3.client("dynamodb").get_item(TableName=event.get("t", "elsewhere"), Key={})'

    assert [c.target for c in app_of(derived, function("Get", code)).every(Call)] == [None]


def test_a_topic_with_a_queue_writes_to_no_people(derived: Scan) -> None:
    topic = "  News: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}]}}\n"
    send = 'boto3.client("sns").publish(TopicArn=os.environ["T"], Message=json.dumps({"email": event["e"]}))'
    sender = function("Sender", send, variables="{T: !Ref News}")
    app = app_of(derived, topic, "  Jobs: {Type: AWS::SQS::Queue}\n", sender)

    assert row(app, "Jobs").coded == ("pii.email",)
    assert app.get(Row, "app@recipients") is None


def test_what_a_store_holds_does_not_name_what_is_put_there(derived: Scan) -> None:
    code = 'boto3.client("s3").put_object(Bucket="site", Key="a", Body=event["text"])'

    assert row(app_of(derived, SITE, function("Put", code)), "Put").coded == ()
