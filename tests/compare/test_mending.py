"""Many fixes at once: where they belong, what stands in each other's way, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.compare import Asked
from checkrein.compare.mending.proof import broken
from checkrein.model import Change, Finding, Fix, Persona, Place, Severity
from checkrein.model.mended import Mend, Mended
from checkrein.pipeline import alternatives

Apply = Callable[[str], tuple[str, Mended]]
ALL = Asked(unsafe=True)

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
GLOBALS = HEAD + "Globals:\n  Function:\n    Runtime: nodejs16.x\n    Handler: index.handler\n"
NEW = "module.exports.handler = async (event) => 1;"
CALLBACK = "exports.handler = (event, context, callback) => callback(null, event.id);"


def function(name: str, code: str = NEW, more: str = "") -> str:
    return (
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        f"{more}      InlineCode: |\n        {code}\n"
    )


@pytest.fixture
def apply(tmp_path: Path) -> Apply:
    """Return what mends all of one template, and gives its new text."""

    def applied(text: str) -> tuple[str, Mended]:
        file = tmp_path / "app.yaml"
        file.write_text(text)
        found = alternatives.fix((tmp_path,), ALL)
        alternatives.put(found)
        return file.read_text(), found

    return applied


def why(found: Mended) -> list[tuple[str | None, str]]:
    return [(mend.why, mend.reason) for mend in found.left]


# ----------------------------------------------------------------------------------- Globals


def test_globals_change_where_all_who_use_them_ask_for_the_same(apply: Apply) -> None:
    text = f"{GLOBALS}Resources:\n{function('One')}{function('Two')}"
    now, found = apply(text)
    assert now == text.replace("nodejs16.x", "nodejs24.x")
    assert len(found.done) == 2


def test_a_resource_changes_where_others_need_globals_as_they_are(apply: Apply) -> None:
    own = "      Runtime: {}\n"
    text = f"{GLOBALS}Resources:\n{function('One')}{function('Two', CALLBACK)}"
    now, _ = apply(text)
    one = function("One") + own.format("nodejs24.x")
    two = function("Two", CALLBACK) + own.format("nodejs22.x")
    assert now == f"{GLOBALS}Resources:\n{one}{two}"


# -------------------------------------------------------------------------------- parameters

PARAMETER = "Parameters:\n  Version:\n    Type: String\n    Default: nodejs16.x\n"
ASKS = "      Handler: index.handler\n      Runtime: !Ref Version\n"


def test_a_default_changes_where_all_who_use_it_ask(apply: Apply) -> None:
    text = f"{HEAD}{PARAMETER}Resources:\n{function('A', more=ASKS)}{function('B', more=ASKS)}"
    now, found = apply(text)
    assert now == text.replace("nodejs16.x", "nodejs24.x")
    assert why(found) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            lambda text: text + "Outputs:\n  V: {Value: !Sub 'on ${Version}'}\n",
            "the parameter Version gives it, and to others too; set it there",
            id="others use it",
        ),
        pytest.param(
            lambda text: text.replace("String\n", "String\n    AllowedValues: [nodejs16.x]\n"),
            "the parameter Version gives it, which takes no nodejs24.x",
            id="it takes no such value",
        ),
        pytest.param(
            lambda text: (
                HEAD
                + "Conditions:\n  P: !Equals [!Ref AWS::Region, x]\nResources:\n"
                + function(
                    "A", more=ASKS.replace("!Ref Version", "!If [P, nodejs16.x, nodejs14.x]")
                )
            ),
            "a condition chooses it (Fn::If); set it in the branch that needs it",
            id="a condition",
        ),
        pytest.param(
            lambda text: (
                HEAD
                + "Mappings:\n  M: {a: {b: nodejs16.x}}\nResources:\n"
                + function("A", more=ASKS.replace("!Ref Version", "!FindInMap [M, a, b]"))
            ),
            "a mapping gives it, and others may use that too; set it there",
            id="a mapping",
        ),
    ],
)
def test_what_others_decide_stays(change: Callable[[str], str], reason: str, apply: Apply) -> None:
    text = change(f"{HEAD}{PARAMETER}Resources:\n{function('A', more=ASKS)}")
    now, found = apply(text)
    assert now == text
    assert set(why(found)) == {("cannot", reason)}


def test_a_fix_that_does_not_help_is_not_made(apply: Apply, tmp_path: Path) -> None:
    child = f"{HEAD}{PARAMETER}Resources:\n{function('A', more=ASKS)}"
    (tmp_path / "child.yaml").write_text(child)
    _, found = apply(
        "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
        "      TemplateURL: child.yaml\n      Parameters: {Version: nodejs14.x}\n"
    )
    assert why(found) == [("refused", "the finding would stay")]
    assert (tmp_path / "child.yaml").read_text() == child


# ------------------------------------------------------------------------------------ rounds

READER = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem, dynamodb:DeleteItem]
                Resource: !GetAtt Orders.Arn
              - Effect: Allow
                Action: dynamodb:DeleteTable
                Resource: !GetAtt Orders.Arn
              - Effect: Allow
                Action: [dynamodb:UpdateTable, sqs:SendMessage]
                Resource: "*"
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.9
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("orders")
          def handler(event, context):
              return table.get_item(Key={"id": event["id"]})
"""


def test_findings_are_gone_and_a_second_run_changes_nothing(apply: Apply, tmp_path: Path) -> None:
    now, found = apply(READER)
    assert found.left == ()
    assert {mend.check for mend in found.done} >= {"runtime-end-of-life", "unused-permission"}
    left = [f.fingerprint for f in pipeline.scan((tmp_path,)).findings]
    assert left == [f.fingerprint for f in found.after.findings]
    again, second = apply(now)
    assert (again, second.done, second.files) == (now, (), {})


def test_what_is_accepted_stays_accepted_where_its_lines_move(apply: Apply) -> None:
    mark = "      # checkrein: ignore[runtime-end-of-life] frozen until spring\n"
    now, found = apply(READER.replace("      Runtime", f"{mark}      Runtime"))
    assert "Runtime: python3.9" in now
    assert "dynamodb:DeleteTable" not in now
    assert found.left == ()


def test_only_the_checks_that_are_asked_for_are_mended(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(READER)
    asked = Asked(unsafe=True, checks=("runtime-end-of-life",))
    found = alternatives.fix((tmp_path,), asked)
    assert {mend.check for mend in (*found.done, *found.left)} == {"runtime-end-of-life"}


def test_unsafe_fixes_wait_until_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(READER)
    found = alternatives.fix((tmp_path,))
    assert found.done == ()
    assert {why for why, _ in why(found)} == {"unsafe"}


# ------------------------------------------------------------------------------------- proof


def mend(subject: str, severity: Severity = Severity.LOW) -> Mend:
    """Return a fix of nothing that anybody finds."""
    changes = (Change(subject, (), "set"),)
    finding = Finding(Place("app.yaml", 1), "", fingerprint=subject)
    return Mend("none", subject, severity, finding, Fix("", changes=changes), ("app.yaml",))


def judged(folder: Path, before: str, after: str) -> dict[str, str]:
    """Return what is wrong with going from one template to another."""
    results = []
    for text in (before, after):
        (folder / "app.yaml").write_text(text)
        results.append(pipeline.scan((folder,)))
    batch = [mend("app/Role"), mend("app/Other"), mend("app/Reader", Severity.CRITICAL)]
    blames = broken(results[0], results[1], batch)
    return {
        mend.subject: blame.reason
        for blame in blames
        for likeliest in blame.tiers[:1]
        for mend in likeliest
    }


def test_a_right_that_is_needed_must_stay(tmp_path: Path) -> None:
    after = READER.replace("dynamodb:GetItem, ", "")
    lacks = "Reader would lack dynamodb:GetItem on Orders"
    assert judged(tmp_path, READER, after) == dict.fromkeys(("app/Role", "app/Reader"), lacks)


def test_a_template_must_stay_readable(tmp_path: Path) -> None:
    found = judged(tmp_path, READER, READER.replace("Resources:", "Resources: ["))
    assert found.keys() == {"app/Role", "app/Other", "app/Reader"}
    assert all(reason.startswith("the template would be wrong: ") for reason in found.values())


URL = """\
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Reader.Arn
      AuthType: NONE
"""


def test_a_fix_of_a_lesser_finding_may_bring_no_graver_one(tmp_path: Path) -> None:
    found = judged(tmp_path, READER, READER + URL)
    assert found.keys() == {"app/Role", "app/Other"}
    assert all(reason.startswith("it would bring ") for reason in found.values())


def test_nothing_is_wrong_where_nothing_changes(tmp_path: Path) -> None:
    assert judged(tmp_path, READER, READER) == {}


# ------------------------------------------------------------------------- many at once

POOL = """\
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UsernameAttributes: [email]
      AutoVerifiedAttributes: [email]
  App:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      CallbackURLs: [https://example.com]
  Site:
    Type: AWS::S3::Bucket
"""


def mended(folder: Path) -> Mended:
    wanted = pipeline.Wanted(Persona.AUDITOR)
    return alternatives.fix((folder,), ALL, wanted=wanted)


def test_one_run_reaches_what_a_second_would(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(POOL)
    found = mended(tmp_path)
    assert "open-sign-up" in {mend.check for mend in found.done}
    alternatives.put(found)
    assert mended(tmp_path).files == {}


def test_applications_are_mended_together_as_each_alone(tmp_path: Path) -> None:
    """What is refused in one of them is looked into there."""
    nests = "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
    nests += "      TemplateURL: child.yaml\n      Parameters: {Version: nodejs14.x}\n"
    apps = {
        "nested/app.yaml": nests,
        "nested/child.yaml": f"{HEAD}{PARAMETER}Resources:\n{function('A', more=ASKS)}",
        "pool/app.yaml": POOL,
        "reading/app.yaml": READER,
    }
    for path, text in apps.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    alone = {
        f"{name}/{path}": text
        for name in ("nested", "pool", "reading")
        for path, (_, text) in mended(tmp_path / name).files.items()
    }
    found = mended(tmp_path)
    assert {path: text for path, (_, text) in found.files.items()} == alone
    assert ("refused", "the finding would stay") in why(found)
