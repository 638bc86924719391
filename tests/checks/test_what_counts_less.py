"""Findings that are one for what was written once, or weigh less than they look."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Verdict

ALERTS = """service: shop
plugins: [serverless-plugin-aws-alerts]
provider: {name: aws, runtime: python3.14}
custom:
  alerts:
    alarms:
      - functionErrors
functions:
  buy: {handler: app.handler}
  pay: {handler: app.handler}
  ask: {handler: app.handler}
resources:
  Resources:
    Slow:
      Type: AWS::CloudWatch::Alarm
      Properties: {Namespace: AWS/SQS, MetricName: Sent, Threshold: 1, EvaluationPeriods: 1}
"""
OWN_ROLES = """service: shop
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  runtime: python3.14%s
functions:
  ask: {handler: app.handler, events: [{httpApi: GET /ask}]}
  copy:
    handler: app.handler
    events: [{stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn}}]
    iamRoleStatements: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}]
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        KeySchema: [{AttributeName: email, KeyType: HASH}]
        AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
        StreamSpecification: {StreamViewType: NEW_IMAGE}
"""
WRITTEN = """
  iamRoleStatements:
    - Effect: Allow
      Action: ['dynamodb:GetRecords', 'dynamodb:ListStreams']
      Resource: !GetAtt Orders.StreamArn"""
TOKENS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            token = event["headers"]["Authorization"]
            %s
      Events:
        Any: {Type: Api, Properties: {Path: /ask, Method: POST}}
"""
COPIED = """Resources:
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Changes: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Ledger:
    Type: AWS::QLDB::Stream
    Properties:
      LedgerName: people
      StreamName: people
      RoleArn: arn:aws:iam::111122223333:role/ledger
      KinesisConfiguration: {StreamArn: !GetAtt Changes.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Copy:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3, ledger
          table = boto3.resource("dynamodb").Table("people")
          def handler(event, context):
              for record in ledger.decoded(event):
                  table.put_item(Item={"email": record.email})
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Copy, EventSourceArn: !GetAtt Changes.Arn}
"""
URL = """  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Copy.Arn, AuthType: NONE}
"""


def found(root: Path, text: str, check: str, name: str = "template.yaml") -> list[Verdict]:
    """Return the findings of one check about a template or a service, for everybody."""
    (root / name).write_text(text)
    (root / "app.py").write_text("def handler(event, context):\n    return {}\n")
    return [v for v in pipeline.scan((root,)).verdicts if v.check == check and v.findings]


def messages(verdicts: list[Verdict]) -> list[str]:
    return sorted(each.message for verdict in verdicts for each in verdict.findings)


def test_alarms_that_a_plugin_makes_of_the_same_words_are_one(tmp_path: Path) -> None:
    verdicts = found(tmp_path, ALERTS, "alarm-that-tells-nobody", "serverless.yml")
    assert messages(verdicts) == [
        "AskFunctionErrorsAlarm and 2 more tell nobody: they have no action",
        "Slow tells nobody: it has no action",
    ]


@pytest.mark.parametrize(("own", "expected"), [("", 0), (WRITTEN, 1)])
def test_what_a_framework_allows_for_triggers_is_nobodys_fault(
    tmp_path: Path, own: str, expected: int
) -> None:
    verdicts = found(tmp_path, OWN_ROLES % own, "unused-permission", "serverless.yml")
    assert len([m for m in messages(verdicts) if m.startswith("ask ")]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("print(token)", [("high", "certain")]),
        ("raise ValueError(f'no such token: {token}')", [("medium", "likely")]),
        ("print(token); raise ValueError(token)", [("high", "certain")]),
    ],
)
def test_what_is_logged_only_where_a_request_fails_weighs_less(
    tmp_path: Path, line: str, expected: list[tuple[str, str]]
) -> None:
    verdicts = found(tmp_path, TOKENS % line, "data-in-logs")
    assert [(str(v.severity), v.findings[0].confidence) for v in verdicts] == expected


INSIDERS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Notices:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: notices
      KeySchema: [{AttributeName: %s, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: %s, AttributeType: S}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {MAIL_PASSWORD: '{{resolve:secretsmanager:mail}}'}}
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("notices").get_item(Key=event["pathParameters"])
      Events: {Any: {Type: HttpApi, Properties: {Path: /admin/notices, Method: %s}}}
"""


@pytest.mark.parametrize(
    ("key", "method", "expected"),
    [("noticeId", "get", "medium"), ("noticeId", "put", "high"), ("email", "get", "high")],
)
def test_a_route_of_insiders_is_worth_what_it_tells_not_the_settings_of_its_code(
    tmp_path: Path, key: str, method: str, expected: str
) -> None:
    (verdict,) = found(tmp_path, INSIDERS % (key, key, method), "internal-route-exposed")
    assert str(verdict.severity) == expected


SELDOM, ALWAYS = ("medium", "likely"), ("high", "certain")
FILE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: ask.handler
      CodeUri: .
      Events: {Ask: {Type: HttpApi, Properties: {Path: /ask, Method: post}}}
"""


@pytest.mark.parametrize(
    ("before", "level", "expected"),
    [
        ("", "debug", SELDOM),
        ("", "info", SELDOM),
        ("", "warning", ALWAYS),
        ("logging.basicConfig(level=logging.INFO)", "info", SELDOM),
        ("logging.basicConfig(level=logging.INFO, force=True)", "info", ALWAYS),
        ("logging.getLogger().setLevel('INFO')", "info", ALWAYS),
        ("logging.getLogger().setLevel('INFO')", "debug", SELDOM),
        ("logging.root.handlers = []", "info", ALWAYS),
        ("logging.getLogger().handlers.pop()", "info", ALWAYS),
        ("own = logging.Logger('own', logging.INFO)", "info", ALWAYS),
        ("from own_logs import begin; begin()", "info", ALWAYS),
        ("from acme_utils import begin; begin()", "info", ALWAYS),
        ("from aws_xray_sdk import begin; begin()", "info", SELDOM),
        ("import structlog", "info", ALWAYS),
    ],
)
def test_what_python_writes_only_when_it_is_told_to_weighs_less(
    tmp_path: Path, before: str, level: str, expected: tuple[str, str]
) -> None:
    assert _told(tmp_path, FILE, before, level) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("LoggingConfig: {LogFormat: Text}", SELDOM),
        ("LoggingConfig: {LogFormat: JSON}", ALWAYS),
        ("LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}", ALWAYS),
        ("Environment: {Variables: {AWS_LAMBDA_EXEC_WRAPPER: /opt/bootstrap}}", ALWAYS),
        ("Environment: {Variables: {LOG_LEVEL: INFO}}", SELDOM),
    ],
)
def test_what_the_runtime_is_told_to_write_counts(
    tmp_path: Path, more: str, expected: tuple[str, str]
) -> None:
    template = FILE.replace("      CodeUri: .\n", f"      CodeUri: .\n      {more}\n")
    before = "logging.basicConfig(level=logging.INFO)"
    assert _told(tmp_path, template, before, "info") == expected


def _told(folder: Path, template: str, before: str, level: str) -> tuple[str, str]:
    lines = (
        "import json, logging",
        before,
        "logger = logging.getLogger(__name__)",
        "def handler(event, context):",
        f"    logger.{level}('%s', json.loads(event['body'])['accessToken'])",
    )
    (folder / "ask.py").write_text("\n".join(lines))
    (verdict,) = found(folder, template, "data-in-logs")
    return str(verdict.severity), verdict.findings[0].confidence


def test_what_is_always_written_is_told_first(tmp_path: Path) -> None:
    lines = (
        "import json, logging",
        "def handler(event, context):",
        "    body = json.loads(event['body'])",
        "    logging.debug(body['password'])",
        "    print(body['accessToken'])",
    )
    (tmp_path / "ask.py").write_text("\n".join(lines))
    verdicts = found(tmp_path, FILE, "data-in-logs")
    assert [v.findings[0].place.line for v in sorted(verdicts, key=lambda v: -v.score)] == [5, 4]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", "; it is made from the changes that Ledger sends"),
        (URL, ", and nothing else has a copy"),
    ],
)
def test_what_is_made_from_changes_alone_can_be_made_again(
    tmp_path: Path, more: str, says: str
) -> None:
    verdicts = found(tmp_path, COPIED + more, "no-point-in-time-recovery")
    said = f"People (e-mail address) cannot be restored to a point in time{says}"
    assert messages(verdicts) == [said]


GIVING = """Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
%(store)s
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "%(action)s", Resource: "*"}]}}]
  SignIn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment: {Variables: {BUCKET: people}}
      Code:
        ZipFile: |
          import boto3, json, os
          def handler(event, context):
              said = json.loads(event["body"])
              %(line)s
              if os.environ.get("STORE"):
                  boto3.client("s3").put_object(Bucket="people", Key="a", Body=said["password"])
              return {"token": said["refreshToken"]}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref SignIn, AuthType: NONE}}
"""
PEOPLE = "  People: {Type: AWS::S3::Bucket, Properties: {BucketName: people}}"


GIVES = """boto3.client("iam").attach_role_policy(RoleName="a", PolicyArn="b")"""
RUN = """os.system("ls " + said["password"])"""


@pytest.mark.parametrize(
    ("action", "store", "line", "severity"),
    [
        ("kms:CreateGrant", PEOPLE, "pass", "medium"),  # no key keeps anything here
        ("s3:PutObjectAcl", "", RUN, "medium"),
        ("s3:PutObjectAcl", PEOPLE, RUN, "critical"),
        ("s3:PutObjectAcl", PEOPLE, "pass", "medium"),  # nobody outside is seen to get at it
        ("iam:AttachRolePolicy", "", RUN, "critical"),  # who gives rights to roles gets them all
        ("iam:AttachRolePolicy", "", "pass", "medium"),
        ("iam:AttachRolePolicy", "", GIVES, "critical"),  # it is what the code does for callers
        ("s3:*", "", RUN, "critical"),
        ("s3:*", "", "pass", "medium"),
    ],
)
def test_who_may_open_something_is_as_dangerous_as_what_that_holds(
    tmp_path: Path, action: str, store: str, line: str, severity: str
) -> None:
    text = GIVING % {"action": action, "store": store, "line": line}
    verdicts = found(tmp_path, text, "public-route-to-powerful-function")

    assert messages(verdicts) == [
        f"anyone may call SignIn, which is allowed {action} on everything"
    ]
    assert [verdict.severity for verdict in verdicts] == [severity]


SEATS = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Seats:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: seats
      KeySchema: [{AttributeName: seat, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: seat, AttributeType: S}]
  Open:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("seats").WRITE={"seat": event["body"]})
      Events: {Any: {Type: HttpApi, Properties: {Path: /seats, Method: post}}}
  Fly:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("TABLE").get_item(Key={"seat": event["seat"]})
"""


@pytest.mark.parametrize(
    ("write", "table", "told"),
    [
        ("delete_item(Key", "seats", ["high"]),
        ("put_item(Item", "seats", ["high"]),  # in place of what is there
        ("delete_item(Key", "others", []),  # which nothing goes by
    ],
)
def test_strangers_change_what_the_app_goes_by(
    tmp_path: Path, write: str, table: str, told: list[str]
) -> None:
    text = SEATS.replace("WRITE", write).replace("TABLE", table)
    (tmp_path / "template.yaml").write_text(text)

    found = pipeline.scan((tmp_path,)).verdicts

    assert [v.severity for v in found if v.check == "unauthenticated-write" and v.findings] == told
