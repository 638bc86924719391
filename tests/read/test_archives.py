"""Code in a zip archive is read where it lies, and an archive can do no harm."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks import bindings
from checkrein import archives, files, pipeline
from checkrein.cli import run
from checkrein.model import Unread
from checkrein.model.result import Result
from checkrein.report.evidence.read import files_read

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: shared.zip}
  Run:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: pkg/app.handler
      CodeUri: run.zip
      Layers: [!Ref Shared]
      Events: {Post: {Type: HttpApi, Properties: {Path: /run, Method: post}}}
"""
APP = "import pkg.steps\ndef handler(event, context):\n    pkg.steps.run(event['body'])\n"
STEPS = "import shell\ndef run(command):\n    shell.start(command)\n"
SHELL = "import os\ndef start(command):\n    os.system(command)\n"


def packed(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def application(folder: Path, shell: str = SHELL) -> Path:
    (folder / "template.yaml").write_text(TEMPLATE)
    code = {"pkg/__init__.py": "", "pkg/app.py": APP, "pkg/steps.py": STEPS}
    packed(folder / "run.zip", code)
    packed(folder / "shared.zip", {"python/shell.py": shell})
    return folder


def injections(result: Result) -> list[str]:
    told = (v for v in result.verdicts if v.check == "command-injection")
    return [str(found.place) for verdict in told for found in verdict.findings]


def test_a_flow_is_followed_through_archives(tmp_path: Path) -> None:
    result = pipeline.scan((application(tmp_path),))
    assert injections(result) == ["shared.zip/python/shell.py:3"]
    assert not result.app.every(Unread)


def test_the_line_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["scan", str(application(tmp_path))])
    assert "3 | os.system(command)" in capsys.readouterr().out


def test_another_archive_is_read_anew(tmp_path: Path) -> None:
    assert injections(pipeline.scan((application(tmp_path),)))
    application(tmp_path, "def start(command):\n    print('nothing is started')\n")
    assert injections(pipeline.scan((tmp_path,))) == []


def test_evidence_has_the_fingerprints_of_what_was_read_in_archives(tmp_path: Path) -> None:
    read = {file.path: file.sha256 for file in files_read(pipeline.learn((application(tmp_path),)))}
    assert read["shared.zip/python/shell.py"] == sha256(SHELL.encode()).hexdigest()
    assert read["run.zip/pkg/app.py"] == sha256(APP.encode()).hexdigest()


def test_an_archive_answers_like_a_folder(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"b/c.py": "one", "d.py": "three"})
    assert files.names(path) == {"b", "d.py"}
    assert files.names(path / "b") == {"c.py"}
    assert files.is_folder(path / "b")
    assert files.is_file(path / "b/c.py")
    assert files.size(path / "d.py") == 5
    assert files.content(path / "b/c.py") == b"one"
    assert files.text(path / "b/../d.py") == "three"
    assert not files.exists(path / "b/e.py")
    assert not files.exists(path / "d.py/e.py")
    assert files.is_file(path), "an archive itself stays a file"


@pytest.mark.parametrize(
    "name", ["../out.py", "/out.py", "a/../../out.py", "./out.py", "a//out.py"]
)
def test_a_member_is_only_what_its_archive_holds(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    path = packed(tmp_path / "in/a.zip", {name: "print()", "b.py": ""})
    (tmp_path / "out.py").write_text("secret")
    assert files.names(path) == {"b.py"}
    with files.scan(tmp_path / "in"), pytest.raises(OSError, match="leads out"):
        files.content(path / "../../out.py")


def test_a_link_to_an_archive_elsewhere_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = packed(tmp_path / "out.zip", {"a.py": "secret"})
    (tmp_path / "in/a.zip").symlink_to(path)
    with files.scan(tmp_path / "in"):
        assert not files.exists(tmp_path / "in/a.zip/a.py")
        assert files.names(tmp_path / "in/a.zip") == frozenset()


def test_what_grows_too_big_is_not_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"big.py": b"#" * (archives.BIGGEST + 1)})
    with pytest.raises(OSError, match="too large"):
        files.content(path / "big.py")


def test_a_member_that_lies_about_its_size_is_no_more_than_it_says(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.py": b"#" * 5_000_000})
    told, real = (size.to_bytes(4, "little") for size in (100, 5_000_000))
    path.write_bytes(path.read_bytes().replace(real, told))
    assert files.size(path / "a.py") == 100
    with pytest.raises(OSError, match="cannot be unpacked"):
        files.content(path / "a.py")


@pytest.mark.parametrize("cut", [0, 10, 40, 90])
def test_a_broken_archive_holds_nothing(tmp_path: Path, cut: int) -> None:
    path = packed(tmp_path / "a.zip", {"a.py": "print(1)"})
    path.write_bytes(path.read_bytes()[:cut])
    assert files.names(path) == frozenset()
    assert not files.exists(path / "a.py")


def test_a_member_keeps_the_dot_that_its_name_begins_with(tmp_path: Path) -> None:
    archive = packed(tmp_path / "run.zip", {".env": "A=1", "env": "B=2", "./odd": "C=3"})
    assert archives.content(f"{archive}/.env") == b"A=1"
    assert archives.content(f"{archive}/./env") == b"B=2"
    assert archives.names(f"{archive}/.") == {".env", "env"}
    assert archives.is_folder(f"{archive}/")


def test_calls_in_archives_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = "import boto3\ndef start(command):\n    boto3.client('s3').list_objects(Bucket='b')\n"
    monkeypatch.setattr("sys.argv", ["bindings", str(application(tmp_path, asking))])
    assert bindings.main() == 0
    assert "1 functions, 0 unseen lines" in capsys.readouterr().out
