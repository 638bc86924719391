"""What to take away: as somebody asks on the command line, in the shop and in Wild Rydes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run

WILD_RYDES = Path(__file__).parents[2] / "examples/wild-rydes"
ADDED = """        - Statement:
            - Effect: Allow
              Action: s3:PutObject
              Resource: !Sub arn:aws:s3:::${SiteName}/*
"""


def asked(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert run(["cuts", *words, "--in", str(folder), "--format", "json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def removed(cut: dict[str, Any]) -> list[tuple[str, int]]:
    return [(each["text"], each["place"]["line"]) for each in cut["removed"]]


def test_what_nobody_uses_goes_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(WILD_RYDES, capsys, "Payments")
    (first,) = found["goals"][0]["cuts"]
    assert found["goals"][0]["data"] == ["biz.entity", "fin.payment", "pii.identifier"]
    assert removed(first) == [
        ("RequestRideRole allows dynamodb:Scan: only this of the statement", 85)
    ]
    assert (first["proved"], first["breaks"], first["doubts"]) == (True, [], [])
    assert first["diff"] == ["-                - dynamodb:Scan # fault 5"]


def test_one_statement_too_many_is_the_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The goal of the issue: a statement that lets a function write the site is undone by itself."""
    folder = tmp_path / "rydes"
    shutil.copytree(WILD_RYDES, folder)
    template = folder / "template.yaml"
    lines = template.read_text().splitlines(keepends=True)
    name = next(at for at, line in enumerate(lines) if line.startswith("  RequestRide:"))
    policies = next(at for at, line in enumerate(lines) if at > name and "Policies:" in line)
    lines.insert(policies + 1, ADDED.replace("${SiteName}", "wild-rydes-site"))
    template.write_text("".join(lines))
    site = folder / "site.yaml"
    site.write_text(site.read_text().replace("!Ref SiteName", "wild-rydes-site"))
    found = asked(folder, capsys, "Website")
    first = found["goals"][0]["cuts"][0]
    assert {"cred.token", "pii.email"} <= set(found["goals"][0]["data"])
    assert removed(first) == [("RequestRideRole allows s3:PutObject", policies + 3)]
    assert (first["proved"], first["breaks"]) == (True, [])
    assert "".join(each.removeprefix("-") + "\n" for each in first["diff"]) == ADDED.replace(
        "${SiteName}", "wild-rydes-site"
    )


def test_one_class_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(WILD_RYDES, capsys, "RequestRide@logs", "--data", "fin.payment")
    assert found["excess"] == ["fin.payment"]
    assert [len(goal["cuts"]) for goal in found["goals"]] == [1]


def test_what_only_triggers_keep_out_says_what_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(WILD_RYDES, capsys, "PaymentCallback")
    (goal,) = found["goals"]
    assert (goal["triggers_too"], goal["data"]) == (True, ["pii.ip"])
    assert [each["text"] for each in goal["cuts"][0]["breaks"]] == [
        "PaymentCallbackUrl sets off PaymentCallback, and then no longer"
    ]


def test_what_code_may_bring_stays(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(WILD_RYDES, capsys, "ShowRide@logs", "--data", "biz.schedule")
    assert found["goals"] == []
    assert [each["data"] for each in found["stays"]] == ["biz.schedule"]
    assert found["stays"][0]["steps"]


def test_nothing_beyond_the_intent(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(WILD_RYDES, capsys, "UserPool")
    assert (found["goals"], found["stays"], found["excess"]) == ([], [], [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["RequestRideRole"], "RequestRideRole is no row of the table"),
        (["Ridez"], "nothing here is called Ridez; did you mean Rides"),
        (["Rides", "--data", "Payments"], "Payments is no class of data"),
    ],
)
def test_wrong_words(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cuts", *words, "--in", str(WILD_RYDES)]) == 2
    assert said in capsys.readouterr().err


def test_the_text_says_where_and_what_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cuts", "Payments", "--in", str(WILD_RYDES)]) == 0
    printed = capsys.readouterr().out
    assert "Payments could hold 7 classes of data beyond its intent" in printed
    assert "1. breaks nothing" in printed
    assert "(template.yaml:85)" in printed
    assert "Stays whatever is taken away: e-mail address, user name" in printed


OPEN = """
Resources:
  Inbox:
    Type: AWS::S3::Bucket
  InboxPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: s3:PutObject, Resource: !Sub "${Inbox.Arn}/*"}
          - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Inbox.Arn}/*"}
"""


def test_what_anyone_may_write_is_asked_for_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "open.yaml").write_text(OPEN)
    found = asked(tmp_path, capsys, "Inbox", "--data", "untrusted.any")
    (goal,) = found["goals"]
    assert [removed(cut) for cut in goal["cuts"]] == [
        [("InboxPolicy allows s3:PutObject", 11)],
        [("Inbox blocks all public access", 3)],
    ]
    assert goal["cuts"][0]["proved"]


MANY = """
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      KeySchema: [{AttributeName: email, KeyType: HASH}]
  Copies:
    Type: AWS::S3::Bucket
"""
ONE_OF_MANY = """
  Role{n}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}}
              - {{Effect: Allow, Action: "s3:PutObject", Resource: !Sub "${{Copies.Arn}}/*"}}
  Show{n}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role{n}.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              key = {{"email": event["email"]}}
              return boto3.resource("dynamodb").Table("customers").get_item(Key=key)["Item"]
"""


def test_where_four_are_not_enough_it_says_how_many_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = MANY + "".join(ONE_OF_MANY.format(n=n) for n in range(5))
    (tmp_path / "many.yaml").write_text(text)
    (goal,) = asked(tmp_path, capsys, "Copies")["goals"]
    assert (goal["cuts"], goal["least"], goal["data"]) == ([], 5, ["pii.email"])
    assert [text for text, _ in removed(goal["enough"])] == [
        f"Role{n} allows s3:PutObject" for n in range(5)
    ]
    assert (goal["enough"]["proved"], goal["enough"]["breaks"]) == (True, [])


CONDITIONAL = """
Parameters: {Stage: {Type: String}}
Conditions: {IsTest: !Equals [!Ref Stage, test]}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      KeySchema: [{AttributeName: email, KeyType: HASH}]
  Site: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}
              - !If
                - IsTest
                - {Effect: Allow, Action: "s3:PutObject", Resource: !Sub "${Site.Arn}/*"}
                - !Ref AWS::NoValue
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
"""


def test_a_statement_under_a_condition_goes_with_the_condition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "template.yaml").write_text(CONDITIONAL)
    cuts = asked(tmp_path, capsys, "Site")["goals"][0]["cuts"]
    assert [removed(cut) for cut in cuts] == [
        [("Role allows dynamodb:GetItem", 19)],
        [("Role allows s3:PutObject", 20)],
    ]
    assert [line.strip("- ") for line in cuts[1]["diff"]][:2] == ["!If", "IsTest"]


PUBLIC = """
Resources:
  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: inbox
  InboxPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: "s3:PutObject", Resource: !Sub "${Inbox.Arn}/a/*"}
          - {Effect: Allow, Principal: "*", Action: "s3:PutObject", Resource: !Sub "${Inbox.Arn}/b/*"}
"""


def test_a_guard_can_be_put_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "template.yaml").write_text(PUBLIC)
    words = ("Inbox", "--data", "untrusted")
    first, second = asked(tmp_path, capsys, *words)["goals"][0]["cuts"]
    assert [(each["kind"], each["text"]) for each in first["removed"]] == [
        ("guard", "Inbox blocks all public access")
    ]
    assert (first["proved"], first["breaks"]) == (True, [])
    assert first["doubts"] == ["who uses Inbox from outside is not known"]
    assert first["diff"][0] == "+      PublicAccessBlockConfiguration:"
    assert [line for _, line in removed(second)] == [13, 14]
    assert run(["cuts", *words, "--in", str(tmp_path)]) == 0
    assert "put in: Inbox blocks all public access (template.yaml:" in capsys.readouterr().out


def test_a_guard_that_stands_is_not_put_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded = PUBLIC.replace(
        "      BucketName: inbox\n",
        "      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true,"
        " IgnorePublicAcls: true, RestrictPublicBuckets: true}\n",
    )
    (tmp_path / "template.yaml").write_text(guarded)
    assert asked(tmp_path, capsys, "Inbox", "--data", "untrusted")["goals"] == []


DATABASE = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      KeySchema: [{AttributeName: email, KeyType: HASH}]
  Inner:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: functions, VpcId: vpc-1}
  Guard:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: database
      VpcId: vpc-1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: !Ref Inner}
  Data:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: mysql, VPCSecurityGroups: [!Ref Guard]}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Inner]}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              return boto3.resource("dynamodb").Table("orders").get_item(Key={"email": event["x"]})
"""


def test_a_rule_of_a_security_group_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "template.yaml").write_text(DATABASE)
    goals = asked(tmp_path, capsys, "Data")["goals"]
    told = [[text for text, _ in removed(cut)] for goal in goals for cut in goal["cuts"]]
    assert ["Guard lets in tcp 3306"] in told
