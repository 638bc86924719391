"""The report for people, from real scans: true first lines, the code, nothing secret, any width."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model.result import Result
from checkrein.report.terminal import plain, worst
from tests.report.application import scanned

TEMPLATE = """Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment:
        Variables:
          DB_PASSWORD: kRt7-correct-horse
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["customer"]["email"])
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE
"""
READ = "1 function (1 python), 2 resources"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("app")
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "half.yaml").write_text("Resources:\n  A:\n    Type: AWS::SNS::Topic\n  B: [")
    found = scanned(folder)
    return pipeline.mend(found, worst(found))


def test_the_first_lines_say_what_was_read(result: Result) -> None:
    assert plain(result, 160).splitlines()[:4] == [
        f"checkrein read 1 template, 1 deployment, {READ}; 1 thing could not be read",
        "Data found",
        "  credentials: password",
        "  personal: e-mail address, IP address",
    ]


def test_a_finding_shows_the_code_why_and_what_to_do(result: Result) -> None:
    lines = plain(result).splitlines()
    start = next(n for n, line in enumerate(lines) if "[public-function-url]" in line)

    assert lines[start : start + 8] == [
        "high[public-function-url]: anyone on the internet may call Rides",
        "  --> template.yaml:19:17",
        "   19 | AuthType: NONE",
        "      |           ^^^^",
        "  = fix: require a signed request (review it: this may change what works)",
        "      - AuthType: NONE",
        "      + AuthType: AWS_IAM",
        "  = high: a fault; password (value 9); anyone can reach it · CWE-306",
    ]


def test_a_secret_is_not_repeated(result: Result) -> None:
    text = plain(result)

    assert "DB_PASSWORD of Rides is in clear (password)" in text
    assert "kRt7" not in text


def test_what_could_not_be_read_is_told(result: Result) -> None:
    assert any(line.startswith("unread half.yaml: ") for line in plain(result).splitlines())


@pytest.mark.parametrize("width", [80, 120, 160])
def test_it_fits(width: int, result: Result) -> None:
    assert max(len(line) for line in plain(result, width).splitlines()) <= width
    assert all(line == line.rstrip() for line in plain(result, width).splitlines())


def test_what_was_read_commands_no_terminal(tmp_path: Path) -> None:
    bucket = "{Type: AWS::S3::Bucket, Properties: {AccessControl: PublicReadWrite}}"
    (tmp_path / "template.yaml").write_text(f'Resources: {{"Up\\e[2Js": {bucket}}}\n')
    shown = plain(scanned(tmp_path))

    assert "S3 Up\ufffd[2J" in shown
    assert not {chr(code) for code in (*range(32), *range(127, 160))} - {"\n"} & set(shown)


def test_the_last_line_counts(result: Result) -> None:
    last = plain(result, 160).splitlines()[-1]

    assert last.startswith("3 findings: 1 critical, 1 high, 1 medium · ")
    assert last.endswith(" passed")


SHARED = """Globals:
  Function: {Runtime: python3.8, Handler: index.handler}
Transform: AWS::Serverless-2016-10-31
Resources:
  One: {Type: AWS::Serverless::Function, Properties: {InlineCode: "def handler(event, context): pass"}}
  Two: {Type: AWS::Serverless::Function, Properties: {InlineCode: "def handler(event, context): pass"}}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.8
      InlineCode: "def handler(event, context): pass"
"""


def test_what_several_share_counts_once_and_its_like_is_named(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(SHARED)
    lines = plain(scanned(tmp_path), 160).splitlines()

    assert [line for line in lines if "python3.8 has had" in line] == [
        "low[runtime-end-of-life]: python3.8 has had no security fixes since 2024-10-14"
    ]
    assert [line for line in lines if "also at" in line] == ["  = also at template.yaml:10"]
    assert lines[-1].startswith("2 findings: 2 low · ")


def privileged(*statements: str) -> str:
    """Return a template of one function after another, each with a statement over Customers."""
    head = """Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
"""
    return head + "".join(
        f"""  Role{number}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Policies:
        - PolicyName: customers
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "{action}", Resource: !GetAtt Customers.Arn}}]}}
  Reader{number}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role{number}.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              return boto3.resource("dynamodb").Table("customers").get_item(Key={{"email": "a"}})
"""
        for number, action in enumerate(statements)
    )


def test_others_of_a_check_are_named_by_their_subjects(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        privileged(*["dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:PutItem"] * 2)
    )
    lines = plain(scanned(tmp_path), 160).splitlines()

    assert [line for line in lines if "  = and" in line] == [
        "  = and 4 more power-beyond-use: Reader2 template.yaml:50, Reader3 template.yaml:68, Reader4 template.yaml:86, Reader5 template.yaml:104"
    ]
    assert "held back: 4 medium (--all)" in lines


def test_checks_on_one_place_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(privileged("dynamodb:*"))
    lines = plain(scanned(tmp_path), 160).splitlines()

    heads = [line for line in lines if "]: " in line]
    assert heads == [
        "medium[power-beyond-use]: Reader0 has dynamodb:* on Customers and uses only GetItem of it"
    ]


def test_what_is_undecided_is_told_with_its_reason(tmp_path: Path) -> None:
    text = privileged("dynamodb:DeleteItem").replace("import boto3", "import boto3, pynamodb")
    (tmp_path / "template.yaml").write_text(text)
    lines = plain(scanned(tmp_path), 160).splitlines()

    reason = "code may use its rights through pynamodb, which calls AWS itself (Reader0)"
    assert lines[-3] == f"undecided 1 power-beyond-use, 1 unused-permission: {reason}"
    assert " · 2 undecided · " in lines[-1]
