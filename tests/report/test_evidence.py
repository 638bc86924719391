"""The folder of evidence, from real applications: what it says, and that it says it again."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from checkrein import checks, compare, pipeline
from checkrein.catalog.frameworks import frameworks
from checkrein.catalog.responsibility import layers, model_of, models
from checkrein.catalog.tables import table
from checkrein.report.evidence import Asked, Question, evidence
from checkrein.report.evidence.markdown import csv_of, escaped

SHOP = """
Resources:
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs14.x
      Handler: app.handler
      Code: .
      Role: !GetAtt PayRole.Arn
  PayUrl:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Pay.Arn, AuthType: NONE}
  PayUrlOpen:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunctionUrl
      FunctionName: !Ref Pay
      FunctionUrlAuthType: NONE
      Principal: "*"
  PayRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
  Payments:
    Type: AWS::DynamoDB::Table
    Metadata:
      checkrein:
        ignore:
          - {id: deletable-table, reason: "made | anew by every test"}
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
CODE = """
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  console.log(body.cardNumber);
  return { statusCode: 200 };
};
"""
QUESTIONS = [Question(check.id, check.title, check.controls) for check in checks.load()]
DAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "shop"
    folder.mkdir()
    (folder / "template.yaml").write_text(SHOP)
    (folder / "app.js").write_text(CODE)
    return folder


def made(folder: Path, framework: str, program: str = "", day: date = DAY) -> dict[str, str]:
    result = pipeline.scan([folder], wanted=pipeline.Wanted(baseline=None))
    programs = compare.Programs([program]).ask(result.app) if program else []
    moved = compare.flows(result.app, "")
    asked = Asked(frameworks()[framework], QUESTIONS, result, moved, programs, day)
    return {name: content.decode() for name, content in evidence(asked).items()}


@pytest.fixture(scope="module")
def pci(shop: Path) -> dict[str, str]:
    return made(shop, "pci-4.0.1", "pci")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def control(files: dict[str, str], number: str) -> dict[str, object]:
    found = json.loads(files["evidence.json"])["controls"]
    return next(one for one in found if one["number"] == number)


def test_the_cover_says_what_when_and_from_what(pci: dict[str, str]) -> None:
    index = pci["index.md"]
    assert index.startswith("# Evidence: PCI DSS 4.0.1\n")
    assert "| date of this evidence | 2026-11-30 |" in index
    assert "| read | 1 template, 1 function, 5 resources, in 2 files |" in index
    assert "| folder | `shop` |" in index
    assert json.loads(pci["evidence.json"])["fingerprint"] in index
    assert [row["path"] for row in rows(pci["files.csv"])] == ["app.js", "template.yaml"]


def test_a_control_counts_the_verdicts_of_its_checks(pci: dict[str, str]) -> None:
    fixes = control(pci, "6.3.3")
    assert fixes["checks"] == ["runtime-end-of-life"] or "runtime-end-of-life" in str(
        fixes["checks"]
    )
    assert fixes["standing"] == "with findings"

    counted = [row for row in rows(pci["controls.csv"]) if row["control"] == "6.3.3"]
    told = rows(pci["verdicts.csv"])
    for row in counted:
        mine = {(v["subject"], v["outcome"]) for v in told if v["check"] == row["check"]}
        assert int(row["passed"]) + int(row["failed"]) + int(row["held back"]) == len(mine)


def test_every_verdict_is_in_one_column(pci: dict[str, str]) -> None:
    columns = {"passed", "failed", "undecided", "accepted", "held back"}
    assert {row["counted as"] for row in rows(pci["verdicts.csv"])} <= columns
    assert any(row["counted as"] == "held back" for row in rows(pci["verdicts.csv"]))


def test_what_no_check_speaks_to_is_listed(pci: dict[str, str]) -> None:
    screening = control(pci, "12.7.1")
    assert (screening["standing"], screening["checks"]) == ("not covered", [])
    assert "`12.7.1`" in pci["index.md"].partition("No check speaks to these")[2]
    numbers = [row["control"] for row in rows(pci["controls.csv"])]
    assert "12.7" not in numbers  # a heading
    assert {"8.3.10", "8.3.10.1"} <= set(numbers)  # a requirement with parts


def test_accepted_findings_keep_their_reason(pci: dict[str, str]) -> None:
    page = pci["accepted.md"]
    assert "| deletable-table |" in page
    assert "made \\| anew by every test" in page
    counted = {v["check"]: v["counted as"] for v in rows(pci["verdicts.csv"]) if v["reason"]}
    assert counted["deletable-table"] == "accepted"


def test_the_inventory_says_where_each_class_is(pci: dict[str, str]) -> None:
    coded = [
        row["resource"]
        for row in rows(pci["data.csv"])
        if (row["class"], row["basis"]) == ("pay.pan", "coded")
    ]
    assert coded == ["template/Pay", "template/Pay@logs"]
    [line] = [line for line in pci["data.md"].splitlines() if line.startswith("| `pay.pan`")]
    assert line.startswith("| `pay.pan` | payment card number (card data) | 9 |")
    assert "template/Pay" not in line.split("|")[-2]  # what could hold it besides
    assert "```mermaid\nflowchart LR\n" in pci["flow.md"]


def test_services_say_who_owns_which_layer(pci: dict[str, str]) -> None:
    owned = {
        (row["service"], row["of"]): row["says"]
        for row in rows(pci["services.csv"])
        if row["kind"].startswith("owner")
    }
    assert owned["Lambda", "system"] == "AWS"
    assert owned["Lambda", "code"] == "you"
    assert owned["DynamoDB", "data"] == "you"
    assert "## Eligibility: PCI DSS" in pci["services.md"]
    assert "| Lambda | in scope | 2022-07; AWS services in scope" in pci["services.md"]


def test_a_framework_without_a_program_has_no_eligibility(shop: Path) -> None:
    files = made(shop, "csa-sas")
    assert "Eligibility" not in files["services.md"]
    assert control(files, "6")["about"] == "Insecure Third-Party Dependencies"


def test_equal_input_and_date_give_equal_bytes(shop: Path, pci: dict[str, str]) -> None:
    assert made(shop, "pci-4.0.1", "pci") == pci


def test_the_fingerprint_is_of_the_contents(
    shop: Path, tmp_path: Path, pci: dict[str, str]
) -> None:
    copy = tmp_path / "shop"
    copy.mkdir()
    (copy / "template.yaml").write_text(SHOP)
    (copy / "app.js").write_text(CODE)
    mark = json.loads(pci["evidence.json"])["fingerprint"]

    later = made(copy, "pci-4.0.1", "pci", date(2027, 1, 1))
    assert json.loads(later["evidence.json"])["fingerprint"] == mark
    (copy / "app.js").write_text(CODE + "\n")
    assert json.loads(made(copy, "pci-4.0.1")["evidence.json"])["fingerprint"] != mark


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(SHOP)  # its code is not there
    (tmp_path / "other.yaml").write_text("Resources:\n  A: {Type: AWS::S3::Bucket\n")
    (tmp_path / "serverless.yml").write_text("service: x\nprovider: {name: aws}\nfunctions: {}\n")
    files = made(tmp_path, "owasp-2021")

    unread = json.loads(files["evidence.json"])["unread"]
    assert unread
    assert f"## Not read or judged ({len(unread)})" in files["index.md"]


def test_several_applications_are_told_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(SHOP)
        (tmp_path / name / "app.js").write_text(CODE)
    files = made(tmp_path, "owasp-2021")
    index = files["index.md"]
    told = index.partition("## Applications")[2].splitlines()
    lines = [line for line in told if line.startswith(("| `one", "| `two"))]
    counts = [line.split("|")[2:] for line in lines]
    assert len(counts) == 2
    assert counts[0] == counts[1]
    assert all(int(number) > 0 for number in counts[0][:2])
    judged = {(verdict["check"], verdict["subject"]) for verdict in rows(files["verdicts.csv"])}
    assert sum(int(number) for line in counts for number in line if number.strip()) == len(judged)


@pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
def test_each_model_says_who_owns_each_layer(model: object) -> None:
    owners = getattr(model, "owners")  # noqa: B009 - of any struct
    assert list(owners) == list(layers())
    assert {words.split()[0].rstrip(",:;") for words in owners.values()} <= {"you", "AWS", "-"}
    assert owners["data"] == owners["identity"] == "you"


@pytest.mark.parametrize(
    ("cfn_type", "properties", "model"),
    [
        ("AWS::EC2::Instance", {}, "instance"),
        ("AWS::ECS::TaskDefinition", {}, "containers"),
        ("AWS::ECS::TaskDefinition", {"RequiresCompatibilities": ["FARGATE"]}, "fargate"),
        ("AWS::Lambda::Function", {}, "function"),
        ("AWS::Lambda::Function", {"PackageType": "Image"}, "function-image"),
        ("AWS::RDS::DBInstance", {}, "database"),
        ("AWS::EC2::SecurityGroup", {}, "network"),
    ],
)
def test_the_more_a_model_leaves_the_more_is_yours(
    cfn_type: str, properties: dict[str, object], model: str
) -> None:
    found = model_of(cfn_type, properties)
    assert found is not None
    assert found.id == model


def test_every_type_that_holds_data_has_a_model() -> None:
    types = [type for types in table("services.yaml")["holds"].values() for type in types]
    assert [type for type in types if model_of(type) is None] == []


def test_cells_cannot_break_out() -> None:
    assert escaped("a | b <c> `d`\n# e") == "a \\| b \\<c\\> \\`d\\` \\# e"
    assert csv_of(("a",), [("=1+1",), ("fine",), (3,)]) == b"a\n'=1+1\nfine\n3\n"
