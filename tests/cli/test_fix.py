"""``checkrein fix`` from outside: what it writes, what it says, how it exits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from checkrein.cli import run

OLD = """\
Resources:
  Rides: # all of them
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.9   # as long as it goes
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Hook:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs16.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "const s = require('aws-sdk'); exports.handler = async () => s"}
"""
NEW = OLD.replace("python3.9", "python3.14")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(OLD)
    return tmp_path


def test_safe_fixes_are_made_and_the_others_named(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fix", str(app)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Nothing mended: no finding has a fix that may be applied.\n")
    assert "may change what works; look at --unsafe --dry-run\n" in said
    assert "[runtime-end-of-life] Rides: move to python3.14\n" in said
    assert (app / "template.yaml").read_text() == OLD


def test_all_fixes_are_made_and_decisions_left(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["fix", str(app), "--unsafe"])
    said = capsys.readouterr().out
    assert said.startswith("Mended 1 finding in 1 file.\n\ntemplate.yaml\n")
    assert "needs a decision that only you can make\n" in said
    assert "] Hook: bundle aws-sdk" in said
    assert (app / "template.yaml").read_text() == NEW


def test_a_dry_run_changes_nothing_and_gives_a_patch(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / "template.yaml").write_text(OLD.rstrip("\n"))
    run(["fix", str(app), "--unsafe", "--dry-run"])
    said = capsys.readouterr().out
    assert said.startswith("Would mend 1 finding in 1 file.\n")
    assert (app / "template.yaml").read_text() == OLD.rstrip("\n")
    apply = ["git", "apply", "-"]
    subprocess.run(apply, cwd=app, input=said, text=True, check=True)
    assert (app / "template.yaml").read_text() == NEW.rstrip("\n")


def test_several_folders_are_mended_each_in_its_place(app: Path) -> None:
    for name in ("a", "b/c"):
        (app / name).mkdir(parents=True)
        (app / name / "template.yaml").write_bytes(OLD.replace("\n", "\r\n").encode("utf-8-sig"))
    run(["fix", str(app / "a"), str(app / "b"), "--unsafe"])
    for name in ("a", "b/c"):
        now = (app / name / "template.yaml").read_bytes()
        assert now == NEW.replace("\n", "\r\n").encode("utf-8-sig")
    assert (app / "template.yaml").read_text() == OLD


def test_a_program_reads_what_was_mended_and_left(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["fix", str(app), "--unsafe", "--format", "json"])
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["written"], said["files"]) == (1, True, ["template.yaml"])
    assert [(m["subject"], m["fix"], m["safe"], m["files"]) for m in said["mended"]] == [
        ("template/Rides", "move to python3.14", False, ["template.yaml"])
    ]
    assert [(m["subject"], m["why"]) for m in said["left"]] == [("template/Hook", "decision")]
    assert "+      Runtime: python3.14   # as long as it goes\n" in said["diff"]


def test_one_finding_without_a_fix_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = "{Type: AWS::S3::Bucket, Properties: {AccessControl: PublicReadWrite}}"
    (tmp_path / "template.yaml").write_text(f"Resources: {{Drop: {bucket}}}\n")

    run(["fix", str(tmp_path)])

    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "1 more finding has no fix; `checkrein scan` tells it."


def test_what_is_left_decides_the_exit(app: Path) -> None:
    command = ["fix", str(app), "--unsafe", "--dry-run", "--fail-on"]
    assert (run([*command, "critical"]), run([*command, "low"])) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--check", "runtime-end-of-live"],
         "no check is named runtime-end-of-live; did you mean runtime-end-of-life?"),
        (["--fail-on", "none"], 'Invalid value "none" for --fail-on.'),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence(
    arguments: list[str], said: str, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fix", str(app), *arguments]) == 2
    assert said in capsys.readouterr().err
