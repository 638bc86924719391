"""Names and texts that nobody trusts, in everything that is told of them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run
from checkrein.cli.reports import FORMS
from checkrein.report import harmless

ACTING = "\x1b[2J\x1b]0;x\x07\0\x7f\x9b31m\u202e\u2066\u200f\u061c"
LINES = "\r\n::error::x\n ::stop-commands::x\n# told\u2028a\u2029b\x85c\rd"
BAD = f"a{ACTING}{LINES} ##vso[task.x]y ##[add-mask]z | ` <img src=x> @team [a](b) $x$"
CODE = """import json, os, boto3
from subprocess import run
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    body = json.loads(event["body"])
    print(body["password"])  # ##vso[task.x]y ::error::x \u202e \x1b[2J
    run("ls " + body["na\\u202eme\\n::error::x\\x1b[2J"], shell=True)
    table.put_item(Item={"id": "1", "email\\n::error::x\\u202e\\x9b": body["email\\x1b\\u202e"]})
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": body["x\\n\\x1b"]}
"""
ACTS = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
)
OBEYED = re.compile(r"^\s*::[a-z-]+::|##(vso)?\[", re.MULTILINE)


def bucket(name: str) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    statement = {"Sid": BAD, "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    event = {"Type": "Api", "Properties": {"Path": f"/admin/orders{BAD}", "Method": "post"}}
    function = {
        "Runtime": "python3.8",
        "Handler": "app.handler",
        "CodeUri": "src",
        "Policies": [{"Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}],
        "Environment": {"Variables": {f"PASSWORD{BAD}": "hunter2", "TABLE": {"Ref": "Orders"}}},
        "Events": {f"Event{BAD}": event},
    }
    policy = {"Bucket": {"Ref": f"=cmd|x{BAD}"}, "PolicyDocument": {"Statement": [statement]}}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": BAD,
        "Resources": {
            "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": BAD}},
            f"=cmd|x{BAD}": bucket(f"=cmd|' /C calc'!A0{BAD}"),
            f"Policy{BAD}": {"Type": "AWS::S3::BucketPolicy", "Properties": policy},
            f"Fn{BAD}": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text(CODE)
    (tmp_path / "template.json").write_text(json.dumps(template, indent=1, ensure_ascii=False))
    return tmp_path


def told(path: Path, *words: str, capture: pytest.CaptureFixture[str]) -> str:
    capture.readouterr()
    run([*words, *(() if "--in" in words else (str(path),))])
    printed = capture.readouterr()
    assert "checkrein:" not in printed.err or "could not" in printed.err, printed.err
    return printed.out


@pytest.mark.parametrize("form", FORMS)
def test_no_report_of_a_scan_acts(
    form: str, hostile: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = hostile.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    where = ("--account", "1" * 12, "--region", "eu-west-1") if form == "asff" else ()
    words = ("scan", "--all", "--persona", "auditor", "--format", form, *where)
    report = told(hostile, *words, capture=capfd)

    assert len(report) > 1_000
    assert ACTS.findall(report) == []
    if form not in {"github", "html"}:
        assert OBEYED.findall(report) == []
    if form == "github":
        assert {line.partition(" ")[0] for line in report.splitlines()} <= {
            *("::error", "::warning", "::notice", "checkrein:"),
        }
        assert ACTS.findall(summary.read_text()) == []


def commands() -> Iterator[tuple[str, ...]]:
    for form in ("mermaid", "dot", "svg", "json", "otm", "cyclonedx"):
        yield ("graph", "--format", form, "--in")
    for form in ("text", "json", "mermaid"):
        yield ("flows", "--all", "--format", form, "--in")
    for form in ("text", "json"):
        yield ("explain", "Orders", "--format", form, "--in")
        yield ("least", "--format", form, "--in")
        yield ("fix", "--dry-run", "--unsafe", "--format", form)
        yield ("cuts", "Orders", "--format", form, "--in")
    yield ("init",)


@pytest.mark.parametrize("words", [*commands()], ids=" ".join)
def test_no_answer_acts(
    words: tuple[str, ...], hostile: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = (*words, str(hostile)) if "--in" in words else words
    answer = told(hostile, *asked, capture=capfd)

    assert len(answer) > 50
    assert (ACTS.findall(answer), OBEYED.findall(answer)) == ([], [])


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_no_difference_acts(
    form: str, hostile: Path, tmp_path_factory: pytest.TempPathFactory, capfd: Any
) -> None:
    before = tmp_path_factory.mktemp("before")
    (before / "template.yaml").write_text("Resources:\n  T: {Type: AWS::SNS::Topic}\n")
    capfd.readouterr()
    run(["diff", str(before), str(hostile), "--all", "--format", form])
    report = capfd.readouterr().out

    assert len(report) > 500
    assert (ACTS.findall(report), OBEYED.findall(report)) == ([], [])


def test_no_evidence_acts(hostile: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = hostile.parent / "evidence"
    run(["evidence", str(hostile), "--framework", "owasp-2021", "--output", str(folder)])

    assert "index.md" in capfd.readouterr().out
    for file in folder.iterdir():
        assert ACTS.findall(file.read_bytes().decode()) == [], file.name


def test_a_lock_is_read_as_it_was_written(hostile: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["init", str(hostile)])
    text = (hostile / "checkrein.lock").read_bytes().decode()
    capfd.readouterr()
    again = told(
        hostile,
        "accept",
        "--all",
        "--reason",
        "x",
        "--dry-run",
        "--in",
        str(hostile),
        capture=capfd,
    )

    assert ACTS.findall(text) == []
    assert again == ""


def test_lines_of_a_text_are_ours(
    hostile: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "3000")  # nothing is wrapped
    report = told(hostile, "scan", "--all", capture=capfd)

    begun = {line for line in report.splitlines() if line.startswith(("::", "# told", ": :"))}
    assert "# told" in report
    assert begun == set()


def test_a_programs_report_says_the_same(hostile: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = json.loads(told(hostile, "scan", "--format", "json", "--facts", capture=capfd))

    assert any(BAD in text for text in _texts(report))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def test_no_cell_begins_a_formula(hostile: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = csv.reader(StringIO(told(hostile, "scan", "--format", "csv", capture=capfd), newline=""))

    assert [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\uff1d"))] == []


def test_markdown_keeps_a_name_in_its_line(
    hostile: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for words in (("scan", "--format", "markdown"), ("diff", "--format", "markdown", "--all")):
        more = () if words[0] == "scan" else (str(hostile / "src"),)
        report = told(hostile, *words, *more, capture=capfd)
        report = re.sub(r"(?ms)^```+diff\n.*?^```+$", "", report)
        assert [
            line for line in report.splitlines() if line.startswith(("# told", "@", "|a"))
        ] == []
        assert not re.search(r"(?<!\\)<img", report)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  ::error::x", "  : :error::x"),
        ("::set-output name=x::y", ": :set-output name=x::y"),
        ("::ffff:10.0.0.1 and ::/0", "::ffff:10.0.0.1 and ::/0"),
        ("a ::error::x", "a ::error::x"),
        ("std::vector::size", "std::vector::size"),
        ("## Heading [a]", "## Heading [a]"),
        ("x ##teamcity[y] ##[z]", "x # #teamcity[y] # #[z]"),
    ],
)
def test_commands_to_a_build_are_not_heard(text: str, shown: str) -> None:
    assert harmless.printed(text) == shown
    assert harmless.document(text.encode()).decode() == shown
    assert harmless.document(text.encode(), obeyed=True).decode() == text


def test_a_document_without_any_is_left_alone() -> None:
    plain = "ä ★ 漢字 \U0001f600\r\n\tx\n".encode()

    assert harmless.document(plain) == plain
    assert harmless.line("ä ★ 漢字") == "ä ★ 漢字"


def test_json_stays_json() -> None:
    said = {"a\u202e": "##[x]\x9b\u2028"}
    told = harmless.document(json.dumps(said, ensure_ascii=False).encode())

    assert told.isascii()
    assert json.loads(told) == said
