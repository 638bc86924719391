"""``scan --format``: several reports in one run, each where it was asked to go."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checkrein.cli import run

TEMPLATE = """Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE
"""
FORMS = ("sarif", "junit", "gitlab-sast", "gitlab-codequality", "markdown", "csv", "ocsf", "asff")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "services" / "shop"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(TEMPLATE)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772368205")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return folder


def test_several_reports_in_one_run(
    app: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [f"--format={form}={tmp_path / form}" for form in FORMS]
    filed = ["--account", "111122223333", "--region", "eu-west-1"]

    run(["scan", str(app), *asked, "--format", "text", *filed])

    assert capsys.readouterr().out.startswith("checkrein read 1 template")
    for form in FORMS:
        text = (tmp_path / form).read_text()
        assert "services/shop/template.yaml" in text, form
        assert str(tmp_path) not in text, form


def test_equal_runs_write_equal_reports(app: Path, tmp_path: Path) -> None:
    for form in ("sarif", "junit", "gitlab-sast", "ocsf"):
        for name in ("one", "two"):
            run(["scan", str(app), "--format", form, "--output", str(tmp_path / name)])
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert json.loads((tmp_path / "one").read_bytes())[0]["time"] == 1772368205000


def test_a_report_goes_to_the_terminal(
    app: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(["scan", str(app), "--format", "sarif"])

    assert json.loads(capsysbinary.readouterr().out)["version"] == "2.1.0"


def test_github_gets_a_summary_of_the_step(
    app: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    run(["scan", str(app), "--format", "csv"])
    assert summary.read_text() == "# Before\n"
    run(["scan", str(app), "--format", "github"])

    said = capsysbinary.readouterr().out
    assert re.search(
        rb"^::warning title=[^,]*,file=services/shop/template.yaml,line=13,", said, re.MULTILINE
    )
    assert summary.read_text().startswith("# Before\n## checkrein: ")


def test_the_region_may_come_from_the_environment(
    app: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-north-1")

    run(["scan", str(app), "--format", "asff", "--account", "111122223333"])

    found = json.loads(capsysbinary.readouterr().out)
    assert found[0]["Resources"][0]["Region"] == "eu-north-1"


def test_what_cannot_be_read_is_not_told_as_clean(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  A:\n    Type: AWS::SNS::Topic\n  B: [")

    assert run(["scan", str(tmp_path), "--format", "markdown"]) == 3

    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert lines[:4] == [
        "## checkrein: nothing found in what could be read",
        "",
        "**Could not be read**",
        "",
    ]
