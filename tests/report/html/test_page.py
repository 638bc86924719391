"""The HTML report as a file: nothing in it can act, nothing secret, small, the same each time."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run
from checkrein.report.html.numbers import DIGITS
from tests.report.html.conftest import EXAMPLE, report
from tests.report.html.shops import write_shop

TEMPLATE = """Resources:
  "Users</script><img src=x onerror=alert(1)>":
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: "]]><!-- <script>alert(2)</script>"
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Hello:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.8 # </script><img src=x onerror=alert(1)> ]]><!-- \u2028
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {DB_PASSWORD: kRt7-correct-horse}}
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["customer"]["email"], "</script><img src=x onerror=alert(1)> \u202e")
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Hello.Arn, AuthType: NONE}
"""


class Elements(HTMLParser):
    """The elements of a page as a browser's parser sees them, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return report(folder).decode()


def data(text: str) -> dict[str, Any]:
    """Return what the script of a page reads."""
    found = re.search('<script type="application/json" id=data>(.*?)</script>', text, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def numbers(told: str, count: int = -1) -> tuple[list[int], str]:
    """Return so many numbers as the script reads them, or all; and what stands behind them."""
    half = len(DIGITS) // 2
    found: list[int] = []
    value, worth = 0, 1
    while told and len(found) != count:
        digit, told = DIGITS.index(told[0]), told[1:]
        value, worth = value + digit % half * worth, worth * half
        if digit < half:
            found.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, worth = 0, 1
    return found, told


def decoded(told: str) -> list[str]:
    """Return texts as the script reads them, which counts in UTF-16 units."""
    found, before = [], b""
    while told:
        (start, end, own), told = numbers(told, 3)
        units = told.encode("utf-16-le")
        text = before[: 2 * start] + units[: 2 * own] + before[len(before) - 2 * end :]
        found.append(text.decode("utf-16-le"))
        before, told = text, units[2 * own :].decode("utf-16-le")
    return found


def test_what_a_repository_holds_makes_no_element_and_no_attribute(hostile: str) -> None:
    found = Elements(hostile).found

    assert {tag for tag, _ in found} & {"img", "iframe", "object", "embed", "link", "base"} == set()
    assert [tag for tag, _ in found].count("script") == 2
    assert [name for _, attributes in found for name in attributes if name.startswith("on")] == []
    assert "<!--" not in hostile
    assert "\u202e" not in hostile
    assert "alert(1)" in hostile  # as text


def test_the_data_of_the_script_cannot_end_its_element(hostile: str) -> None:
    inner = hostile.partition("id=data>")[2].partition("</script>")[0]

    assert not re.search("[<>&\u2028\u2029]", inner)
    assert any("<img src=x onerror" in text for text in decoded(data(hostile)["texts"]))


def test_the_policy_lets_only_the_own_style_and_script_act(example: bytes) -> None:
    text = example.decode()
    policy = next(
        a["content"] for t, a in Elements(text).found if "http-equiv" in a and t == "meta"
    )
    hashes = [
        b64encode(sha256(inner.encode()).digest()).decode()
        for inner in re.findall("<(?:style|script)>(.*?)</(?:style|script)>", text, re.DOTALL)
    ]

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert " style=" not in text


def test_a_page_names_no_other_address(example: bytes) -> None:
    leading = [
        value
        for _, attributes in Elements(example.decode()).found
        for name, value in attributes.items()
        if name in {"src", "href", "action", "srcset", "data", "poster"}
    ]

    assert leading
    assert all(value and value.startswith("#") for value in leading)
    assert re.findall(rb"url\((?!#)", example) == []


def test_a_secret_is_not_repeated(hostile: str) -> None:
    assert "DB_PASSWORD: ******************" in hostile
    assert "kRt7-correct-horse" not in hostile


def test_equal_input_gives_equal_bytes(example: bytes) -> None:
    assert report(EXAMPLE) == example


def test_without_a_script_the_picture_the_table_and_the_findings_are_there(example: bytes) -> None:
    text = example.decode()
    body = text.partition("<body>")[2].partition("<script")[0]
    tags = [tag for tag, _ in Elements(body).found]

    assert body.count('aria-label="Where data goes"') == 1
    assert tags.count("table") == 1
    assert "users of UserPoolClient may set their own custom:tier" in body
    assert "2 critical and 6 high findings, 23 less severe." in body
    assert "dynamodb:DeleteItem" in body.replace("<wbr>", "")


def test_a_large_application_makes_a_small_file(tmp_path: Path) -> None:
    assert len(report(write_shop(tmp_path, 100))) < 240_000


def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772368205")
    file = tmp_path / "report.html"

    assert run(["scan", str(EXAMPLE), "--format", f"html={file}"]) == 1
    assert "2026-03-01 12:30 UTC" in file.read_text("utf-8")
