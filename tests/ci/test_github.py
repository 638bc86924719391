"""The action's scripts against a repository and a ``gh`` that keeps comments in a file."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MARKER = "<!-- checkrein-diff checkrein -->"
GH = """
import json, os, sys
kept = os.environ["FAKE_COMMENTS"]
comments = json.load(open(kept))
arguments = sys.argv[2:]
if os.environ.get("FAKE_REFUSES", "") in (*arguments, "ALL"):
    raise SystemExit(1)
if "--jq" in arguments:
    for each in comments:
        print(json.dumps({"id": each["id"], "body": (each["body"] or "")[:200]}))
    raise SystemExit
method, address = arguments[1], arguments[2]
body = json.load(sys.stdin)["body"]
if method == "POST":
    assert address == "repos/acme/shop/issues/7/comments", address
    comments.append({"id": len(comments) + 1, "body": body})
else:
    number = int(address.removeprefix("repos/acme/shop/issues/comments/"))
    if comments[number - 1].get("foreign"):
        raise SystemExit(1)
    comments[number - 1]["body"] = body
json.dump(comments, open(kept, "w"))
"""
# Stands in for the command, so that the text's length and content can be chosen.
CHECKREIN = """
import json, os, pathlib, sys
options = dict(each.split("=", 1) for each in sys.argv if each.startswith("--") and "=" in each)
if os.environ["FAKE_TEXT"] == "fails":
    raise SystemExit(2)
text, changed = os.environ["FAKE_TEXT"], os.environ["FAKE_TEXT"] != "nothing changed"
said = {"table": [{"resource": "Site"}] if changed else [], "access": {"added": [], "removed": []}}
told = text if options["--format"] == "markdown" else json.dumps(said)
pathlib.Path(options["--output"]).write_text(told)
pathlib.Path(os.environ["FAKE_CALLS"]).open("a").write(json.dumps(sys.argv[1:]) + "\\n")
"""


class Job:
    """A pull request's job: its repository, its environment, and what GitHub keeps of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"
        self.repository.mkdir()
        for name, text in (("gh", GH), ("checkrein", CHECKREIN)):
            self.program(name, text)
        (folder / "comments.json").write_text("[]")
        self.git("init", "--quiet")
        (self.repository / "template.yaml").write_text("Resources: {}\n")
        self.git("add", ".")
        self.git("-c", "user.name=n", "-c", "user.email=e@example", "commit", "--quiet", "-m", "m")
        self.base = self.git("rev-parse", "HEAD").strip()

    def program(self, name: str, text: str, options: str = "-IS") -> None:
        file = self.folder / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!{sys.executable} {options}\n{text}")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        python = self.folder / "bin" / "python"
        if not python.exists():
            python.symlink_to(sys.executable)

    def git(self, *arguments: str) -> str:
        command = ["git", *arguments]
        return subprocess.run(
            command, cwd=self.repository, check=True, capture_output=True, text=True
        ).stdout

    def comment(
        self, text: str = "## Site can be read", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the script that writes the comment, with a text for it to write."""
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "CHECKREIN_BASE": self.base,
            "CHECKREIN_NUMBER": "7",
            "CHECKREIN_PATHS": ".",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "FAKE_COMMENTS": str(self.folder / "comments.json"),
            "FAKE_CALLS": str(self.folder / "calls"),
            "FAKE_TEXT": text,
            **more,
        }
        return self.script("github_comment.py", environment)

    def script(self, name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.folder / "bin" / "python"), "-S", str(ROOT / "ci" / name)],
            cwd=self.repository,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )

    @property
    def comments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.folder / "comments.json").read_text())
        return found

    @comments.setter
    def comments(self, comments: list[dict[str, Any]]) -> None:
        (self.folder / "comments.json").write_text(json.dumps(comments))

    @property
    def summary(self) -> str:
        file = self.folder / "summary.md"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_the_comment_is_made_once_and_then_kept_up_to_date(job: Job) -> None:
    assert job.comment("first").returncode == 0
    assert job.comment("second").returncode == 0
    assert [each["body"] for each in job.comments] == [f"{MARKER}\nsecond"]
    assert job.summary == ""


def test_nothing_is_said_where_nothing_changes_unless_something_was(job: Job) -> None:
    job.comment("nothing changed")
    assert job.comments == []
    job.comment("first")
    job.comment("nothing changed")
    assert [each["body"] for each in job.comments] == [f"{MARKER}\nnothing changed"]


def test_applications_of_one_repository_have_comments_of_their_own(job: Job) -> None:
    job.comment("one", CHECKREIN_CATEGORY="shop/api")
    job.comment("two", CHECKREIN_CATEGORY="shop")
    job.comment("three", CHECKREIN_CATEGORY="shop/api")
    assert [each["body"].partition("\n")[2] for each in job.comments] == ["three", "two"]


def test_a_comment_of_somebody_else_with_the_marker_is_left_alone(job: Job) -> None:
    job.comments = [{"id": 1, "body": f"{MARKER}\ntheirs", "foreign": True}]
    job.comment("ours")
    assert [each["body"] for each in job.comments] == [f"{MARKER}\ntheirs", f"{MARKER}\nours"]


@pytest.mark.parametrize("refuses", ["POST", "ALL"])
def test_where_the_token_may_not_write_the_summary_says_it(job: Job, refuses: str) -> None:
    assert job.comment("for a fork", FAKE_REFUSES=refuses).returncode == 0
    assert job.comments == []
    assert job.summary == "for a fork\n"


def test_a_text_that_is_too_long_is_cut_at_a_line_and_whole_in_the_summary(job: Job) -> None:
    text = "\n".join(f"line {number} ★" for number in range(8_000))
    job.comment(text)
    [comment] = job.comments
    assert len(comment["body"]) < 65_536
    assert re.search(r"\nline \d+ ★\n\n… The rest is in the summary", comment["body"])
    assert job.summary == f"{text}\n"


def test_a_difference_that_fails_is_a_warning(job: Job) -> None:
    done = job.comment("fails")
    assert (done.returncode, job.comments) == (0, [])
    assert "::warning::" in done.stdout


def test_a_base_that_is_not_here_is_asked_for(job: Job) -> None:
    done = job.comment(CHECKREIN_BASE="0" * 40)
    assert done.returncode == 0
    assert "fetch-depth" in done.stdout
    clone = job.folder / "clone"
    address = f"file://{job.repository}"
    (job.repository / "template.yaml").write_text("Resources: {A: {}}\n")
    job.git("-c", "user.name=n", "-c", "user.email=e@example", "commit", "-aqm", "later")
    job.git("config", "uploadpack.allowAnySHA1InWant", "true")
    subprocess.run(["git", "clone", "--quiet", "--depth=1", address, str(clone)], check=True)
    job.repository = clone
    job.comment("found")
    assert [each["body"] for each in job.comments] == [f"{MARKER}\nfound"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHECKREIN_BASE", "--upload-pack=touch${IFS}x"),
        ("CHECKREIN_NUMBER", "7/../../8"),
        ("CHECKREIN_CATEGORY", "x --> <b>"),
        ("GITHUB_REPOSITORY", "acme/shop/../other"),
    ],
)
def test_what_github_would_not_give_stops_it(job: Job, name: str, value: str) -> None:
    done = job.comment("text", **{name: value})
    assert done.returncode == 1
    assert f"::error::{name}" in done.stderr
    assert job.comments == []


def test_paths_reach_the_command_each_as_one_argument(job: Job) -> None:
    job.comment("text", CHECKREIN_PATHS="a b\n\n  $(touch x) \n--all\n")
    [first, *_] = (job.folder / "calls").read_text().splitlines()
    assert json.loads(first)[2:5] == ["--in=a b", "--in=$(touch x)", "--in=./--all"]


OPEN = """
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties: {PublicAccessBlockConfiguration: {BlockPublicPolicy: false}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: "s3:*", Resource: !Sub "${Photos.Arn}/*"}
"""


class Scanned:
    """What the scan of a step leaves: its outputs, its summary, its log."""

    def __init__(self, job: Job, **inputs: str) -> None:
        command = (
            f"import sys\nsys.path[:0] = {sys.path!r}\nfrom checkrein.__main__ import main\nmain()"
        )
        job.program("checkrein", command, "")
        (job.repository / "template.yaml").write_text(OPEN)
        environment = {
            "PATH": os.environ["PATH"],
            "CHECKREIN_PATHS": ".",
            "RUNNER_TEMP": str(job.folder),
            "GITHUB_OUTPUT": str(job.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(job.folder / "summary.md"),
            **inputs,
        }
        done = job.script("github_scan.py", environment)
        self.returncode, self.log, self.errors = done.returncode, done.stdout, done.stderr
        output = job.folder / "output"
        lines = output.read_text().splitlines() if output.exists() else []
        self.outputs = dict(line.split("=", 1) for line in lines)


def test_a_scan_leaves_annotations_a_summary_and_a_sarif_file(job: Job) -> None:
    found = Scanned(job, CHECKREIN_FAIL_ON="low")
    assert (found.returncode, found.outputs["code"]) == (0, "1")
    assert re.search(r"^::(notice|warning|error) ", found.log, re.MULTILINE)
    assert "# checkrein" in job.summary
    assert json.loads(Path(found.outputs["sarif"]).read_text())["version"] == "2.1.0"


def test_a_scan_that_never_fails_says_zero(job: Job) -> None:
    found = Scanned(job, CHECKREIN_FAIL_ON="never", CHECKREIN_FORMAT="text")
    assert found.outputs["code"] == "0"
    assert "::" not in found.log.replace("AWS::", "")
    assert "# checkrein" in job.summary


@pytest.mark.parametrize("name", ["CHECKREIN_FAIL_ON", "CHECKREIN_FORMAT"])
def test_an_input_of_another_word_stops_it(job: Job, name: str) -> None:
    found = Scanned(job, **{name: "high; rm -rf ."})
    assert found.returncode == 1
    assert "must be one of" in found.errors


ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def test_no_input_is_part_of_a_command() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_nothing_of_the_scanned_folder_is_imported_while_checkrein_is_installed(
    tmp_path: Path,
) -> None:
    environment, calls = tmp_path / "environment", tmp_path / "calls"
    python = tmp_path / "python"
    makes = f'mkdir -p "{environment}/bin"; cp "$0" "{environment}/bin/python"'
    python.write_text(f'#!/bin/sh\necho "$@" >> "{calls}"\n[ "$3" != venv ] || ({makes})\n')
    python.chmod(0o755)
    told = ["bash", str(ROOT / "ci" / "install.sh"), str(environment), str(python), "1.2"]
    subprocess.run(told, check=True, cwd=tmp_path)
    assert [line[:9] for line in calls.read_text().splitlines()] == ["-I -m ven", "-I -m pip"]


def test_every_action_is_pinned_by_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.search(r"@[0-9a-f]{40}$", each) for each in used)


def test_every_input_that_is_used_is_declared() -> None:
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.([a-z-]+)", text)) == set(ACTION["inputs"])


def test_the_lock_that_is_installed_is_what_running_takes() -> None:
    command = [sys.executable, str(ROOT / "ci" / "locked.py"), str(ROOT)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    names = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    assert {"msgspec", "pyyaml", "hatchling", "pydantic-core", "botocore"} <= names
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & names
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text.strip()))
