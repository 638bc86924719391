"""The report for people, from real scans: true first lines, the code, nothing secret, any width."""

from __future__ import annotations

import pytest

from checkrein import pipeline
from checkrein.model.result import Result
from checkrein.report.terminal import plain, worst

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
    found = pipeline.scan((folder,))
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
        "      -      AuthType: NONE",
        "      +      AuthType: AWS_IAM",
        "  = high: a weakness × cred.password (value 9) × anyone reaches it · CWE-306",
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


def test_the_last_line_counts(result: Result) -> None:
    last = plain(result, 160).splitlines()[-1]

    assert last.startswith("3 findings: 1 critical, 2 high · ")
    assert last.endswith(" passed · all: checkrein scan --format json")
