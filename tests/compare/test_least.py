"""``checkrein least`` from outside: what it says, what it changes, and what it leaves alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from checkrein.cli import run
from checkrein.errors import UsageError

Ask = Callable[..., tuple[int, Any]]

TABLES = """
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Users: {Type: AWS::DynamoDB::Table, Properties: {TableName: users}}
  Files: {Type: AWS::S3::Bucket}
  News: {Type: AWS::SNS::Topic}
  Jobs: {Type: AWS::SQS::Queue}
"""
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:{tables}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {{Variables: {{FILES: !Ref Files, NEWS: !Ref News, JOBS: !Ref Jobs}}}}
{policies}
      InlineCode: |
{code}
"""
PLAIN = """
Resources:{tables}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment: {{Variables: {{FILES: !Ref Files, NEWS: !Ref News, JOBS: !Ref Jobs}}}}
      Code:
        ZipFile: |
{code}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
{policies}
"""
HEAD = """
import boto3, os
env = os.environ
table = boto3.resource("dynamodb").Table("orders")
def handler(event, context):
"""
GET = "return table.get_item(Key={'id': event['id']})"
BASIC = """
ManagedPolicyArns:
  - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
"""


def code(body: str, depth: int) -> str:
    return indent(HEAD.strip() + "\n" + indent(dedent(body).strip(), "    "), " " * depth)


def sam(policies: str, body: str = GET) -> str:
    inside = indent(dedent(policies).strip(), " " * 6)
    return SAM.format(tables=TABLES, policies=inside, code=code(body, 8))


def plain(policies: str, body: str = GET) -> str:
    inside = indent(dedent(policies).strip(), " " * 6)
    return PLAIN.format(tables=TABLES, policies=inside, code=code(body, 10))


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return the command: its exit code and what it says (JSON decoded), of one template."""

    def asked(template: str, *arguments: str, file: str = "app.yaml") -> tuple[int, Any]:
        (tmp_path / file).write_text(template)
        output = tmp_path / "said"
        exit_code = run(["least", *arguments, "--in", str(tmp_path), "--output", str(output)])
        said = output.read_text() if output.exists() else ""
        return exit_code, json.loads(said) if "json" in arguments else said

    return asked


@pytest.fixture
def mended(ask: Ask, tmp_path: Path) -> Callable[..., str]:
    """Return what a template's policies become, and hold that a second run finds nothing more."""

    def made(template: str, file: str = "app.yaml") -> str:
        ask(template, "--write", file=file)
        text = (tmp_path / file).read_text()
        again, said = ask(text, file=file)
        assert (again, re.findall(r"^[-+]", said, re.MULTILINE)) == (0, [])
        return text

    return made


def policies(text: str) -> str:
    """Return the lines of a template from its policies up to the next property."""
    found = re.search(
        r"^ +(ManagedPolicyArns|Policies):.*?(?=^ +InlineCode|\Z)", text, re.MULTILINE | re.DOTALL
    )
    return dedent(found[0]).strip() if found else ""


@pytest.mark.parametrize(
    ("before", "body", "after"),
    [
        pytest.param(
            "Policies: AmazonDynamoDBFullAccess",
            GET,
            """
            Policies:
              - Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: dynamodb:GetItem
                    Resource: !GetAtt Orders.Arn
            """,
            id="a managed policy by its name",
        ),
        pytest.param(
            """
            Policies:
              - DynamoDBCrudPolicy: {TableName: !Ref Orders}
              - SNSCrudPolicy:
                  TopicName: !GetAtt News.TopicName
            """,
            "boto3.client('sns').publish(TopicArn=env['NEWS'], Message='')",
            """
            Policies:
              - SNSPublishMessagePolicy:
                  TopicName: !GetAtt News.TopicName
            """,
            id="a smaller template where one fits exactly",
        ),
        pytest.param(
            "Policies: [AmazonSQSFullAccess, {CloudWatchPutMetricPolicy: {}}]",
            "boto3.client('sqs').send_message(QueueUrl=env['JOBS'], MessageBody='')",
            "Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]",
            id="in flow style",
        ),
        pytest.param(
            """
            Policies:
              - Statement:
                  - Sid: Tables  # as agreed
                    Effect: Allow
                    Action:
                      - dynamodb:GetItem  # one
                      - dynamodb:Scan
                    Resource: [!GetAtt Orders.Arn, !GetAtt Users.Arn]
            """,
            GET,
            """
            Policies:
              - Statement:
                  - Sid: Tables  # as agreed
                    Effect: Allow
                    Action:
                      - dynamodb:GetItem  # one
                    Resource: [!GetAtt Orders.Arn]
            """,
            id="a statement loses an action and a resource, comments stay",
        ),
        pytest.param(
            """
            Policies:
              - Statement:
                  Effect: Allow
                  Action: ["dynamodb:*", "s3:*"]
                  Resource: "*"
            """,
            """
            table.get_item(Key={'id': event['id']})
            boto3.client('s3').put_object(Bucket=env['FILES'], Key='in/' + event['id'], Body='')
            """,
            """
            Policies:
              - Statement:
                  - Effect: Allow
                    Action:
                      - dynamodb:GetItem
                    Resource: !GetAtt Orders.Arn
                  - Effect: Allow
                    Action:
                      - s3:AbortMultipartUpload
                      - s3:PutObject
                    Resource: !Sub "${Files.Arn}/in/*"
            """,
            id="one statement becomes two",
        ),
    ],
)
def test_a_function_of_sam_keeps_what_its_code_needs(
    mended: Callable[..., str], before: str, body: str, after: str
) -> None:
    found = policies(mended(sam(before, body)))

    assert found.split() == dedent(after).split()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            ManagedPolicyArns:
              - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess
              - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
            """,
            """
            ManagedPolicyArns:
              - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
            Policies:
              - PolicyName: dynamodb
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action: dynamodb:GetItem
                      Resource: !GetAtt Orders.Arn
            """,
            id="managed",
        ),
        pytest.param(
            """
            ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
            """,
            """
            ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
            Policies:
              - PolicyName: dynamodb
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action: dynamodb:GetItem
                      Resource: !GetAtt Orders.Arn
            """,
            id="administrator",
        ),
        pytest.param(
            """
            ManagedPolicyArns:
              - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
            Policies:
              - PolicyName: first
                PolicyDocument: {Statement: [{Effect: Allow, Action: "sns:*", Resource: "*"}]}
              - PolicyName: second
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, NotAction: "iam:*", Resource: "*"}
            """,
            """
            ManagedPolicyArns:
              - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
            Policies:
              - PolicyName: second
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Resource: !GetAtt Orders.Arn, Action: dynamodb:GetItem}
            """,
            id="a policy goes as a whole, NotAction becomes Action",
        ),
    ],
)
def test_a_role_keeps_what_its_functions_need(
    mended: Callable[..., str], before: str, after: str
) -> None:
    assert policies(mended(plain(before))).split() == dedent(after).split()


def test_json_keeps_its_notation(mended: Callable[..., str]) -> None:
    statement = {"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": "*"}
    properties = {
        "Runtime": "python3.14",
        "Handler": "index.handler",
        "InlineCode": "import boto3\ndef handler(event, context):\n"
        "    boto3.client('dynamodb').put_item(TableName='orders', Item={})\n",
        "Policies": [{"Statement": [statement]}],
    }
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"}},
            "Work": {"Type": "AWS::Serverless::Function", "Properties": properties},
        },
    }
    text = mended(json.dumps(template, indent=2), file="app.json")

    made = json.loads(text)["Resources"]["Work"]["Properties"]["Policies"]
    assert made == [
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["dynamodb:PutItem"],
                    "Resource": {"Fn::GetAtt": ["Orders", "Arn"]},
                }
            ]
        }
    ]


DOCUMENT = """
Policies:
  - PolicyName: data
    PolicyDocument:
      Statement:
        - {Effect: Allow, Action: ["dynamodb:GetItem", "dynamodb:Scan"], Resource: "*"}
"""


def test_the_document_for_programs(ask: Ask) -> None:
    exit_code, (found,) = ask(plain(BASIC + DOCUMENT), "Work", "--format", "json")

    assert (exit_code, list(found)) == (
        1,
        ["function", "identity", "needed", "excess", "missing", "policy"],
    )
    assert (found["function"], found["identity"]) == ("app/Work", "app/Role")
    rights = [(r["action"], r["resource"]) for r in found["needed"]]
    assert rights[0] == ("dynamodb:GetItem", "${Orders.Arn}")
    assert found["needed"][0]["reason"] == "dynamodb:GetItem on app/Orders"
    assert found["needed"][0]["place"]["line"] == 22
    assert [(r["action"], r["resource"]) for r in found["excess"]] == [
        ("dynamodb:GetItem", "*"),
        ("dynamodb:Scan", "*"),
    ]
    assert found["missing"] == []
    assert found["policy"]["Statement"][0] == {
        "Effect": "Allow",
        "Action": "dynamodb:GetItem",
        "Resource": {"Fn::GetAtt": ["Orders", "Arn"]},
    }


def test_what_is_missing_is_said_and_added(ask: Ask, mended: Callable[..., str]) -> None:
    template = sam("Policies: [DynamoDBWritePolicy: {TableName: !Ref Users}]")
    exit_code, (found,) = ask(template, "--format", "json")

    assert exit_code == 1
    assert [(r["action"], r["resource"]) for r in found["missing"]] == [
        ("dynamodb:GetItem", "${Orders.Arn}")
    ]
    assert "Action: dynamodb:GetItem" in mended(template)


def test_a_role_without_logs_gets_the_right_to_write_them(mended: Callable[..., str]) -> None:
    only = "Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow,"
    only += " Action: dynamodb:GetItem, Resource: !GetAtt Orders.Arn}]}}]"

    assert "service-role/AWSLambdaBasicExecutionRole" in mended(plain(only))


WIDE = "Policies: [AmazonDynamoDBFullAccess, AmazonS3FullAccess]"


def test_an_open_argument_keeps_what_it_may_need_and_says_why(ask: Ask) -> None:
    body = "boto3.client('dynamodb').get_item(TableName=event['table'], Key={})"
    _, (found,) = ask(sam(WIDE, body), "--format", "json")
    reasons = [r["reason"] for r in found["needed"] if r["action"] == "dynamodb:GetItem"]

    assert [s["Resource"] for s in found["policy"]["Statement"] if "GetItem" in str(s)] == [
        {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:*:*:table/*"}
    ]
    assert "no narrower, as TableName: the event says it (event.table)" in reasons[0]


def test_an_open_need_that_nothing_seems_to_grant_keeps_what_has_its_name(ask: Ask) -> None:
    body = "boto3.client('s3').get_object(Bucket='a-' + event['b'], Key='k')"
    statement = "{Effect: Allow, Action: 's3:Get*', Resource: 'arn:aws:s3:::other/*'}"
    _, said = ask(sam(f"Policies: [Statement: [{statement}]]", body))

    assert "Action: s3:GetObject, Resource: 'arn:aws:s3:::other/*'" in said


def test_an_open_argument_keeps_the_resources_as_written(mended: Callable[..., str]) -> None:
    body = "boto3.client('dynamodb').get_item(TableName=event['table'], Key={})"
    statement = "{Effect: Allow, Action: 'dynamodb:*', Resource: [!GetAtt Orders.Arn, '*']}"

    text = mended(sam(f"Policies: [Statement: [{statement}]]", body))

    assert "Action: dynamodb:GetItem, Resource: ['*']" in text


@pytest.mark.parametrize(
    ("change", "stays", "why"),
    [
        pytest.param(
            lambda t: t.replace("python3.14", "java21"),
            "- AmazonDynamoDBFullAccess",
            "the code of Work was not read (java21)",
            id="code unread",
        ),
        pytest.param(
            lambda t: t.replace("import boto3, os", "import boto3, os, pynamodb"),
            "Action: dynamodb:*",
            "code may use its rights through pynamodb, which calls AWS itself (Work)",
            id="a package that calls",
        ),
    ],
)
def test_what_nobody_has_seen_is_not_narrowed(
    ask: Ask, tmp_path: Path, change: Callable[[str], str], stays: str, why: str
) -> None:
    _, said = ask(change(sam("Policies:\n  - AmazonDynamoDBFullAccess")), "--write")

    assert stays in (tmp_path / "app.yaml").read_text()
    assert f"kept: {why}" in said


def test_a_role_that_others_use_too_is_left(ask: Ask) -> None:
    template = plain(BASIC + DOCUMENT).replace(
        "Service: lambda.amazonaws.com", "Service: [lambda.amazonaws.com, states.amazonaws.com]"
    )
    exit_code, said = ask(template)

    assert exit_code == 0
    assert "kept: states.amazonaws.com may act as this role too" in said


def test_functions_that_share_a_role_share_its_policy(ask: Ask, mended: Callable[..., str]) -> None:
    second = plain("").partition("  Work:")[2].partition("\n  Role:")[0]
    second = "  Other:" + second.replace("get_item(Key=", "delete_item(Key=")
    template = plain(BASIC + DOCUMENT.replace("Scan", "*")) + second

    _, said = ask(template)
    assert "Other and Work (role Role)" in said
    text = mended(template)
    assert 'Action: ["dynamodb:GetItem", "dynamodb:DeleteItem"]' in text
    assert "Resource: !GetAtt Orders.Arn" in text


def test_symbols_are_said_in_the_template_s_own_words(mended: Callable[..., str]) -> None:
    """A name that is only a parameter's default must stay the parameter."""
    template = sam(
        "Policies: [Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}]]",
        "boto3.client('dynamodb').put_item(TableName=env['FAR'], Item={})",
    ).replace("JOBS: !Ref Jobs", "JOBS: !Ref Jobs, FAR: !Ref Far")
    template = "Parameters: {Far: {Type: String, Default: far-orders}}\n" + template

    assert (
        'Resource: !Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}'
        ':table/${Far}"' in mended(template)
    )


def test_no_policy_names_what_waits_for_the_function(ask: Ask) -> None:
    """A bucket that triggers the function needs it first: naming the bucket would be a circle."""
    template = sam(
        "Policies: [AmazonS3FullAccess]",
        "boto3.client('s3').get_object(Bucket=env['IN'], Key=event['key'])",
    ).replace("JOBS: !Ref Jobs", "JOBS: !Ref Jobs, IN: !Ref In")
    template += """
      Events:
        Put: {Type: S3, Properties: {Bucket: !Ref In, Events: "s3:ObjectCreated:*"}}
  In: {Type: AWS::S3::Bucket}
"""
    _, said = ask(template.replace("      InlineCode", "      InlineCode"))

    assert "${In" not in said
    assert "GetAtt In.Arn" not in said


def test_rights_that_the_platform_uses_stay(ask: Ask) -> None:
    template = sam("Policies: [AWSXrayWriteOnlyAccess]\nTracing: Active")
    template = template.replace("Tracing: Active\n", "Tracing: Active\n", 1)
    _, (found,) = ask(template, "--format", "json")

    actions = {right["action"] for right in found["needed"]}
    assert {"xray:PutTraceSegments", "logs:PutLogEvents"} <= actions


def test_a_function_that_is_not_there_is_a_wrong_use(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, _ = ask(sam(""), "Nobody")

    assert exit_code == 2
    assert "no function is called Nobody; known are Work" in capsys.readouterr().err
    assert issubclass(UsageError, Exception)
