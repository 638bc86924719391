"""A repository of many applications: the table by deployment, the most endangered first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein.report import json as json_report
from checkrein.report.groups import groups, names
from checkrein.report.terminal import plain
from tests.report.application import scanned

APP = """Resources:
  NAMEPeople:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: NAMEpeople}
  NAMESave:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.resource("dynamodb").Table("NAMEpeople").put_item(Item={"FIELD": event["FIELD"]})
"""
MORE = "".join(f"  Topic{n}: {{Type: AWS::SNS::Topic}}\n" for n in range(3))


def app(name: str, field: str = "email") -> str:
    return APP.replace("NAME", name).replace("FIELD", field)


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_the_most_endangered_deployment_stands_first(tmp_path: Path) -> None:
    files = {
        "a/template.yaml": app("A", "colour") + MORE,
        "b/template.yaml": app("B"),
        "c/template.yaml": app("C", "card_number"),
    }
    result = scanned(written(tmp_path, files))

    told = groups(result.app)

    assert [group.deployment for group in told] == ["c/template", "b/template", "a/template"]
    assert [group.risk for group in told] == sorted((g.risk for g in told), reverse=True)
    assert "c/template  1 file, " in plain(result)


def test_copies_are_told_once_and_lost_nowhere(tmp_path: Path) -> None:
    files = {f"{stage}/template.yaml": app("Shop") for stage in ("dev", "live", "test")}
    result = scanned(written(tmp_path, files))

    text = plain(result, width=200)
    document = json.loads(json_report.document(result))

    assert [group.copies for group in groups(result.app)] == [("live/template", "test/template")]
    assert "the same again in live/template and test/template" in text
    assert text.count("DynamoDB ShopPeople") == 1
    assert {each["id"]: each["same_as"] for each in document["deployments"]} == {
        "dev/template": "",
        "live/template": "dev/template",
        "test/template": "dev/template",
    }
    assert len([row for row in document["table"] if row["service"] == "DynamoDB"]) == 3


@pytest.mark.parametrize("number", [3, 40])
def test_every_deployment_of_many_is_named_or_counted(number: int, tmp_path: Path) -> None:
    files = {f"s{n:02}/template.yaml": app(f"S{n:02}") for n in range(number)}
    result = scanned(written(tmp_path, files))

    text, everything = plain(result, width=200), plain(result, width=200, most=None)

    tables = everything.count("Could also hold")
    assert tables == number
    assert everything.count("DynamoDB S") == number
    named = sum(f"s{n:02}/template  1 file" in text for n in range(number))
    left = number - named
    assert (f"{left} more deployments; " in text) == (left > 0)


def test_names_that_repeat_say_where_they_stand(tmp_path: Path) -> None:
    files = {
        "main.yaml": "Resources:\n"
        + "".join(
            f"  {name}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {name}/t.yaml}}}}\n"
            for name in ("Orders", "Mails")
        ),
        "Orders/t.yaml": app(""),
        "Mails/t.yaml": app("")
        .replace('"people"', '"people2"')
        .replace("TableName: ", "TableName: x"),
    }
    result = scanned(written(tmp_path, files))

    (group,) = groups(result.app)
    called = {name for id, name in names(group.rows).items() if id.endswith("/People")}

    assert called == {"Orders/People", "Mails/People"}
