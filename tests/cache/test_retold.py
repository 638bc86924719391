"""What is told again, because nothing that it rests on has changed, is what would be told anew."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checkrein import derive
from checkrein.cache import VARIABLE, store
from checkrein.cli import run

TEMPLATE = """
Resources:
  # checkrein: ignore[bucket-access-not-logged] small
  Photos: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: ./code, Handler: app.handler, Runtime: python3.7, Role: !GetAtt Role.Arn}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
"""
HANDLER = """
def handler(event, context):
    print(event["email"])
    return "password"
"""
BASELINE = '{"schema": 1, "findings": []}'
Edit = Callable[[Path], object]
EDITS: dict[str, Edit] = {
    "nothing": lambda root: None,
    "a file that nothing reads": lambda root: (root / "README.md").write_text("something"),
    "code": lambda root: (root / "code/app.py").write_text(HANDLER.replace("email", "card")),
    "a remark in code": lambda root: (root / "code/app.py").write_text(f"{HANDLER}# a remark\n"),
    "a line that a finding shows": lambda root: (root / "template.yaml").write_text(
        TEMPLATE.replace("PublicRead}}", "PublicRead}} # a remark")
    ),
    "no ignore": lambda root: (root / "template.yaml").write_text(TEMPLATE.replace("ignore", "no")),
    "a wrong baseline": lambda root: (root / "checkrein.baseline.json").write_text("{"),
    "a lock above": lambda root: (root.parent / "checkrein.lock").write_text("format: 1\n"),
    "the end of the repository": lambda root: (root / ".git").mkdir(),
    "a lock": lambda root: (root / "checkrein.lock").write_text("{"),
    "the team's words": lambda root: (root / "checkrein.yaml").write_text("fail-on: low\n"),
    "a width": lambda root: os.environ.__setitem__("COLUMNS", "60"),
    "another folder": os.chdir,
}


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "above" / "app"
    (root / "code").mkdir(parents=True)
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "code/app.py").write_text(HANDLER)
    return root


def told(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["scan", str(root), *words])
    captured = capsys.readouterr()
    os.environ.pop(VARIABLE, None)  # as --no-cache leaves it behind in this process
    return code, captured.out, captured.err


@pytest.mark.parametrize("edit", EDITS)
def test_it_is_told_as_anew(
    application: Path, capsys: pytest.CaptureFixture[str], edit: str
) -> None:
    before = told(application, capsys)
    assert told(application, capsys) == before
    EDITS[edit](application)

    after = [told(application, capsys), told(application, capsys)]

    anew = told(application, capsys, "--no-cache")
    assert after == [anew, anew]


def test_all_of_it_is_another_question(
    application: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(application, capsys)

    lines = [["--all"], ["--persona", "auditor"], ["--fail-on", "critical"], ["--format", "json"]]
    for line in lines:
        found = told(application, capsys, *line)
        assert found == told(application, capsys, *line, "--no-cache")


def test_nothing_is_derived_again(
    application: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(application, capsys)
    monkeypatch.setattr(derive, "derive", None)

    assert told(application, capsys) == before


def test_what_failed_is_not_told_again(
    application: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(derive, "derive", None)
        code, text, _ = told(application, capsys)
    assert (code, "deriving the table failed" in text) == (3, True)

    assert told(application, capsys) == told(application, capsys, "--no-cache")


def test_nothing_that_derives_or_draws_is_loaded(application: Path) -> None:
    asked = "import sys; from checkrein.cli import run; run(['scan']);"
    asked += (
        "print([n for n in sys.modules if n.startswith(('checkrein.derive', 'rich', 'cyclopts'))])"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", asked],
            cwd=application,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]

    assert (application / store.FOLDER / store.JUDGED).is_file()
    assert not ran[0].endswith("[]\n")
    assert ran[1].endswith("[]\n")
