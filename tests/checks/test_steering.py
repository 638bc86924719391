"""Rights that nothing uses weigh by who outside can steer the code that holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.judge.severity import DOUBTED
from checkrein.model import Finding, Severity, Verdict

TABLE = """Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: password, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: password, AttributeType: S}]
  Api:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Ask.Arn, AuthType: NONE}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
"""
STATEMENT = """      Policies:
        - PolicyName: one
          PolicyDocument:
            Statement: [{Effect: Allow, Action: [%s], Resource: %s}]
"""
CODE = """  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3, os, sqlite3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              %s
              return table.get_item(Key={"password": event["body"]})
"""
KEYED = """boto3.client("s3").get_object(Bucket="a", Key=event["body"])"""
INJECTED = """sqlite3.connect("a").execute("select " + event["body"])"""
NAMED = "!GetAtt Customers.Arn"
DELETE = "dynamodb:GetItem, dynamodb:DeleteItem"
PAGES = "  Pages: {Type: AWS::S3::Bucket, Properties: {BucketName: pages-for-all}}\n"
COULD = "potential-beyond-intent"
STILL = ("pass", 'os.system("ls")', KEYED, INJECTED)  # where nobody outside steers what code does
OPEN = "public-route-to-powerful-function"


def found(folder: Path, text: str, check: str = OPEN) -> list[Verdict]:
    (folder / "template.yaml").write_text(text)
    return [v for v in pipeline.scan((folder,)).verdicts if v.check == check and v.findings]


@pytest.mark.parametrize(
    ("actions", "resource", "line", "severity"),
    [
        (DELETE, NAMED, "pass", Severity.MEDIUM),
        (DELETE, NAMED, 'os.system("ls " + event["body"])', Severity.HIGH),
        (DELETE, NAMED, 'os.system("ls")', Severity.MEDIUM),
        (
            DELETE,
            NAMED,
            'boto3.client("s3").get_object(Bucket=event["body"], Key="a")',
            Severity.HIGH,
        ),
        (
            DELETE,
            NAMED,
            KEYED,
            Severity.MEDIUM,
        ),
        (DELETE, "!Sub 'arn:aws:dynamodb:*:${AWS::AccountId}:table/*'", "pass", Severity.MEDIUM),
        ("'dynamodb:*'", "'*'", "pass", Severity.MEDIUM),
        (DELETE, NAMED, 'open(event["body"]).read()', Severity.HIGH),
        (DELETE, NAMED, INJECTED, Severity.MEDIUM),  # it gives the database, not the role
        ("'*'", "'*'", "pass", Severity.HIGH),
        ("'*'", "'*'", 'os.system("ls " + event["body"])', Severity.CRITICAL),
        ("'dynamodb:*'", "'*'", 'os.system("ls " + event["body"])', Severity.CRITICAL),
    ],
)
def test_narrow_rights_weigh_by_who_can_steer_them(
    actions: str, resource: str, line: str, severity: Severity, tmp_path: Path
) -> None:
    verdicts = found(tmp_path, TABLE + STATEMENT % (actions, resource) + CODE % line)

    assert [verdict.severity for verdict in verdicts] == [severity]
    still = "more than its code is known to do, and nobody outside is known to steer it"
    assert (still in verdicts[0].reason) is (line in STILL)


def test_a_policy_of_aws_says_that_it_is(tmp_path: Path) -> None:
    arn = "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/%s']\n"
    allowed = STATEMENT % ("dynamodb:GetItem", NAMED) + arn % "AWSLambdaExecute"
    verdicts = found(tmp_path, TABLE + allowed + CODE % "pass" + PAGES, COULD)

    assert [verdict.severity for verdict in verdicts] == [Severity.MEDIUM]
    assert said(verdicts[0].findings[0]) == [
        "AWS wrote AWSLambdaExecute for everybody: a policy of your own can allow less"
    ]


def said(finding: Finding) -> list[str]:
    return [each.text for each in finding.evidence if each.text.startswith("AWS wrote")]


def test_what_only_could_come_to_a_store_is_medium(tmp_path: Path) -> None:
    allowed = STATEMENT % ("dynamodb:GetItem", NAMED) + (
        "        - PolicyName: two\n"
        "          PolicyDocument:\n"
        "            Statement: [{Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::pages-for-all/*'}]\n"
    )
    plain = found(tmp_path, TABLE + allowed + CODE % "pass" + PAGES, COULD)
    run = 'os.system("ls " + event["body"])'
    steered = found(tmp_path, TABLE + allowed + CODE % run + PAGES, COULD)

    assert [verdict.severity for verdict in plain] == [Severity.MEDIUM]
    assert [verdict.severity for verdict in steered] == [Severity.HIGH]


SHARED = """Transform: AWS::Serverless-2016-10-31
Resources:
  People: {Type: AWS::SQS::Queue, Properties: {QueueName: people}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt People.Arn}]}
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      InlineCode: |
        import json
        def handler(event, context):
            return len(json.loads(event["Records"][0]["body"])["password"])
      Events: {Queued: {Type: SQS, Properties: {Queue: !GetAtt People.Arn}}}
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      InlineCode: |
        import boto3, json
        def handler(event, context):
            %s
      Events: {Post: {Type: HttpApi, Properties: {Path: /join, Method: post}}}
"""
SENDS = """boto3.client("sqs").send_message(QueueUrl="people", MessageBody=event["body"])"""


@pytest.mark.parametrize(
    ("line", "used"),
    [
        (SENDS, "uses only SendMessage of it"),
        (
            "pass",
            "uses none of it, but for what Lambda does with it (DeleteMessage, GetQueueAttributes and ReceiveMessage)",
        ),
    ],
)
def test_what_the_platform_does_is_not_what_code_uses(line: str, used: str, tmp_path: Path) -> None:
    (verdict,) = found(tmp_path, SHARED % line)

    assert [each.message for each in verdict.findings] == [
        f"anyone may call Join, which has sqs:* on People and, with 1 more of its role, {used}"
    ]


UNREAD = {
    "in a language that is not read": ("python3.14", "java21"),
    "followed not to its end": ("import boto3, os, sqlite3", "import boto3, os, sqlite3 as"),
    "in a layer that is not here": ("import boto3, os, sqlite3", "from .gone import all_of_it"),
}


@pytest.mark.parametrize("how", UNREAD)
def test_nobody_knows_who_steers_code_that_is_not_read(tmp_path: Path, how: str) -> None:
    text = TABLE + STATEMENT % ('"dynamodb:*"', '"*"') + CODE % "pass"

    (read,) = found(tmp_path, text)
    (unread,) = found(tmp_path, text.replace(*UNREAD[how]))

    assert (read.severity, unread.severity) == (Severity.MEDIUM, Severity.MEDIUM)
    assert (DOUBTED in read.reason, unread.reason.endswith(f"{DOUBTED} possible")) == (False, True)


CALLING = """Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context):
            return len(json.loads(event["body"])["password"])
      Events: {Show: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /show, Method: post}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: 'execute-api:*', Resource: '*'}]}
  Tell:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: CODE
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("{ZipFile: 'def handler(event, context): pass'}", "on everything and uses none of it"),
        ("{S3Bucket: elsewhere, S3Key: tell.zip}", "on everything"),
    ],
)
def test_what_nobody_read_is_not_said_to_use_nothing(tmp_path: Path, code: str, said: str) -> None:
    (verdict,) = found(tmp_path, CALLING.replace("CODE", code), "power-beyond-use")
    assert [each.message for each in verdict.findings] == [f"Tell has execute-api:* {said}"]


@pytest.mark.parametrize(
    ("line", "severity"),
    [("pass", Severity.HIGH), ('os.system("ls " + event["body"])', Severity.CRITICAL)],
)
def test_every_right_within_reach_weighs_by_who_can_reach_for_it(
    tmp_path: Path, line: str, severity: Severity
) -> None:
    text = TABLE + STATEMENT % ("iam:PutRolePolicy", "'*'") + CODE % line

    (verdict,) = found(tmp_path, text, "takeover-path")

    assert verdict.severity is severity
