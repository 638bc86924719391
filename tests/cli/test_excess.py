"""What a store could hold beyond what is meant: with a lock it is known, counted, and no finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run

EXCESS = "potential-beyond-intent"
GET = """\
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
"""
TEMPLATE = f"""\
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{{AttributeName: email, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: email, AttributeType: S}}]
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: pages-for-all
      WebsiteConfiguration: {{IndexDocument: index.html}}
  Drafts:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: drafts-of-pages}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Policies:
        - PolicyName: both
          PolicyDocument:
            Statement:
{GET}\
              - {{Effect: Allow, Action: "s3:PutObject", Resource: !Sub "${{Pages.Arn}}/*"}}
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              return table.get_item(Key={{"email": event["email"]}})["Item"]
"""
WIDER = GET.replace("dynamodb:GetItem", "s3:PutObject").replace(
    "!GetAtt Customers.Arn", '!Sub "${Drafts.Arn}/*"'
)
NOTE = (
    "1 store could hold more than is meant, which checkrein.lock knows (under potential): "
    "checkrein cuts Pages looks for what to take away"
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


class Scan:
    """What a scan of a folder says."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()
        run(["scan", str(folder), "--format", "json", "--no-cache"])
        self.told: dict[str, Any] = json.loads(capsys.readouterr().out)
        run(["scan", str(folder), "--format", "csv", "--no-cache"])
        self.lines = capsys.readouterr().out.splitlines()

    def checks(self) -> list[str]:
        """Return the checks that tell something about intent, each as often as it does."""
        about = {line.split(",")[3] for line in self.lines if line.startswith("fail,")}
        return sorted(c for c in about if c == EXCESS or c.endswith(("-in-lock", "from-app")))

    def ignored(self) -> list[str]:
        return [line.split(",")[3] for line in self.lines if line.startswith("ignored,")]


def test_what_could_come_as_it_was_locked_is_known_and_counted(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Scan(pages, capsys).checks() == [EXCESS]
    assert run(["init", str(pages)]) == 0
    locked = (pages / "checkrein.lock").read_text().splitlines()
    section = locked.index("potential:")
    assert locked[section - 1].startswith("# More than is meant: ")
    scan = Scan(pages, capsys)
    assert (scan.checks(), scan.ignored()) == ([], [EXCESS])
    assert NOTE in scan.told["notes"]
    line = locked.index("  template/Pages:", section) + 2
    assert any(f"checkrein.lock line {line}" in each for each in scan.lines)


def test_what_could_come_besides_is_told_once_of_the_change_and_can_be_accepted(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", str(pages)])
    (pages / "template.yaml").write_text(TEMPLATE.replace(GET, GET + WIDER))
    wider = Scan(pages, capsys)
    assert (wider.checks(), wider.ignored()) == (["right-not-in-lock"], [EXCESS])
    found = next(line for line in wider.lines if "right-not-in-lock" in line)
    word = found.rpartition(",")[2][:8]
    accept = ["accept", word, "--reason", "drafts are kept", "--by", "Ada"]
    assert run([*accept, "--in", str(pages)]) == 0
    after = Scan(pages, capsys)
    assert (after.checks(), after.ignored()) == ([], [EXCESS, EXCESS])
    assert any(note.startswith("2 stores could hold more") for note in after.told["notes"])
    (pages / "template.yaml").write_text(TEMPLATE)
    assert Scan(pages, capsys).checks() == ["gone-from-app"]


def test_a_class_that_a_reviewer_strikes_out_is_a_finding(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", str(pages)])
    lock = pages / "checkrein.lock"
    head, section, rest = lock.read_text().partition("\npotential:\n")
    kept = rest.splitlines(keepends=True)
    at = kept.index("  template/Pages:\n")
    assert "pii.email" in kept[at + 1]
    lock.write_text(head + section + "".join(kept[:at] + kept[at + 2 :]))
    struck = Scan(pages, capsys)
    assert (struck.checks(), struck.ignored()) == (["potential-not-in-lock"], [])
    assert not any("more than is meant" in note for note in struck.told["notes"])


def test_accepting_what_the_lock_knows_says_so(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", str(pages)])
    known = next(line for line in Scan(pages, capsys).lines if line.startswith("ignored,"))
    word = known.rpartition(",")[2]
    capsys.readouterr()
    assert run(["accept", word, "--reason", "x", "--in", str(pages)]) == 2
    assert "is no difference to the lock (more than is meant" in capsys.readouterr().err
