"""The composite action, step by step as GitHub's runner does it, on a pull request of a repository.

Offline: of the actions that it uses only the outputs stand in, and of pip what it would install.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.test_github import GH

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
BASE = """
Resources:
  Photos:
    Type: AWS::S3::Bucket
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      KeySchema: [{AttributeName: email, KeyType: HASH}]
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("orders").put_item(Item={"email": event["email"]})
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Orders.Arn}
"""
ADDED = '            - {Effect: Allow, Action: "s3:PutObject", Resource: !Sub "${Photos.Arn}/*"}\n'
# pip installs nothing, everything else is this Python
PYTHON = f"""#!/bin/sh
if [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"
  cp "$(dirname "$0")/checkrein" "$4/bin/checkrein"; exit; fi
if [ "$3" = pip ]; then exit; fi
exec {sys.executable} "$@"
"""
COMMAND = f"import sys\nsys.path[:0] = {sys.path!r}\nfrom checkrein.__main__ import main\nmain()\n"
TERM = re.compile(r"\s*(?P<left>[\w.-]+)\s*(?P<how>==|!=)\s*'(?P<right>[^']*)'\s*")


class Runner:
    """GitHub's runner, as far as the action asks for it."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.folder, self.repository = folder, folder / "repository"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self._programs()
        (folder / "comments.json").write_text("[]")
        default = {name: each.get("default", "") for name, each in ACTION["inputs"].items()}
        self.known: dict[str, Any] = {
            "inputs": default | {key.replace("_", "-"): each for key, each in inputs.items()},
            "steps": {},
            "github": {"event_name": "pull_request", "token": "t0ken", **self._event()},
        }
        self.log, self.ran, self.failed = "", list[str](), False

    def _programs(self) -> None:
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        told = {
            "gh": f"#!{sys.executable} -IS\n{GH}",
            "python": PYTHON,
            "checkrein": f"#!{sys.executable}\n{COMMAND}",
        }
        for name, text in told.items():
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def _event(self) -> dict[str, Any]:
        """Make a repository of two commits; return the event of a request from one to the other."""
        self.repository.mkdir()
        self.git("init", "--quiet")
        template = self.repository / "template.yaml"
        template.write_text(BASE)
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "base")
        base = self.git("rev-parse", "HEAD").strip()
        template.write_text(BASE + ADDED)
        self.git("commit", "--quiet", "-a", "-m", "head")
        return {"event": {"pull_request": {"number": 7, "base": {"sha": base}}}}

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=n", "-c", "user.email=e@example", *words]
        return subprocess.run(
            command, cwd=self.repository, check=True, capture_output=True, text=True
        ).stdout

    # ---------------------------------------------------------------------- expressions

    def value(self, dotted: str) -> str:
        found: Any = self.known
        for key in dotted.strip().split("."):
            found = found.get(key, "") if isinstance(found, dict) else ""
        return str(self.filled(found) if isinstance(found, str) else found)

    def filled(self, text: str) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda m: self.value(m[1]), text)

    def holds(self, condition: str) -> bool:
        terms = [TERM.fullmatch(term) for term in condition.split("&&")]
        assert all(terms), condition
        return all((self.value(t["left"]) == t["right"]) == (t["how"] == "==") for t in terms if t)

    # ---------------------------------------------------------------------------- steps

    def run(self) -> bool:
        """Run the steps in order; tell whether the job passes."""
        for step in ACTION["runs"]["steps"]:
            if self.failed or not self.holds(step.get("if", "github.token == 't0ken'")):
                continue
            self.ran.append(step.get("name") or step["uses"].partition("@")[0])
            if "uses" in step:
                self._use(step)
            elif self._bash(step) and not step.get("continue-on-error"):
                self.failed = True
        return not self.failed

    def _use(self, step: dict[str, Any]) -> None:
        if step["uses"].startswith("actions/setup-python@"):
            self._outputs(step, f"python-path={self.bin / 'python'}\n")
        else:
            self.uploaded = {key: self.filled(text) for key, text in step["with"].items()}

    def _bash(self, step: dict[str, Any]) -> int:
        assert step["shell"] == "bash"
        script, output = self.temporary / "step.sh", self.temporary / "output"
        script.write_text(self.filled(step["run"]))
        output.write_text("")
        environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_REPOSITORY": "acme/shop",
            "RUNNER_TEMP": str(self.temporary),
            "FAKE_COMMENTS": str(self.folder / "comments.json"),
            **{key: self.filled(text) for key, text in step.get("env", {}).items()},
        }
        # what GitHub's runner runs for ``shell: bash``
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            command, cwd=self.repository, env=environment, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.log += done.stdout
        self._outputs(step, output.read_text())
        return done.returncode

    def _outputs(self, step: dict[str, Any], lines: str) -> None:
        if "id" in step:
            told = dict(line.split("=", 1) for line in lines.splitlines())
            self.known["steps"][step["id"]] = {"outputs": told}

    def output(self, name: str) -> str:
        return self.filled(ACTION["outputs"][name]["value"])

    @property
    def comments(self) -> list[str]:
        return [each["body"] for each in json.loads((self.folder / "comments.json").read_text())]


@pytest.fixture(autouse=True)
def _git() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not here")


def test_a_pull_request_is_scanned_uploaded_and_commented_on(tmp_path: Path) -> None:
    runner = Runner(tmp_path, fail_on="never")
    assert runner.run(), runner.log
    assert runner.ran == [
        "actions/setup-python",
        "Install checkrein",
        "Scan",
        "Upload to code scanning",
        "Tell what the pull request changes",
        "Say how it went",
    ]
    assert runner.output("code") == "0"
    assert json.loads(Path(runner.output("sarif")).read_text())["version"] == "2.1.0"
    assert runner.uploaded == {"sarif_file": runner.output("sarif"), "category": "checkrein"}
    [comment] = runner.comments
    assert comment.startswith("<!-- checkrein-diff checkrein -->\n")
    assert "Photos" in comment
    assert re.search(
        r"^::(notice|warning|error) title=[^,]*,file=template\.yaml", runner.log, re.MULTILINE
    )


def test_findings_fail_the_job_after_everything_was_told(tmp_path: Path) -> None:
    runner = Runner(tmp_path, fail_on="low", upload_sarif="false")
    assert not runner.run()
    assert runner.ran[-2:] == ["Tell what the pull request changes", "Say how it went"]
    assert "Upload to code scanning" not in runner.ran
    assert (runner.output("code"), len(runner.comments)) == ("1", 1)


def test_a_wrong_input_stops_at_the_scan(tmp_path: Path) -> None:
    runner = Runner(tmp_path, fail_on="everything")
    assert not runner.run()
    assert runner.ran[-1] == "Scan"
    assert "::error::fail-on must be one of" in runner.log
