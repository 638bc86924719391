"""``checkrein evidence``, asked from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from checkrein.catalog.eligibility import programs
from checkrein.catalog.frameworks import frameworks
from checkrein.cli import run
from checkrein.cli.evidence import PROGRAMS, Name

TEMPLATE = """
Resources:
  Files:
    Type: AWS::S3::Bucket
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "template.yaml").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_the_folder_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "app", "--framework", "soc2", "--date", "2026-11-30"]) == 0
    assert capsys.readouterr().out == "wrote evidence-soc2: begin with index.md\n"
    written = folder / "evidence-soc2"
    told = json.loads((written / "evidence.json").read_text())
    assert told["date"] == "2026-11-30"
    assert told["framework"]["id"] == "soc2"
    assert told["files"] == sorted(path.name for path in written.iterdir())


def test_a_second_run_replaces_the_first(folder: Path) -> None:
    asked = ["evidence", "app", "--framework", "hipaa", "--output", "out"]
    assert run([*asked, "--date", "2026-11-30"]) == 0
    first = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    told = json.loads(first["evidence.json"])
    (folder / "out" / "old.md").write_text("from an earlier version")
    (folder / "out" / "evidence.json").write_text(
        json.dumps({**told, "files": [*told["files"], "old.md"]})
    )

    assert run([*asked, "--date", "2026-11-30"]) == 0
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == first


def test_a_folder_with_something_else_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evidence", "app", "--framework", "hipaa", "--output", "app"]) == 2
    assert "app holds template.yaml, which is no evidence of checkrein's" in capsys.readouterr().err
    assert [path.name for path in (folder / "app").iterdir()] == ["template.yaml"]

    assert run(["evidence", "app", "--framework", "hipaa", "--output", "out"]) == 0
    (folder / "out" / "notes.md").write_text("ours")
    assert run(["evidence", "app", "--framework", "hipaa", "--output", "out"]) == 2
    assert (folder / "out" / "notes.md").read_text() == "ours"


def test_wrong_use(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "app"]) == 2
    assert run(["evidence", "app", "--framework", "pci"]) == 2
    assert run(["evidence", "app", "--framework", "hipaa", "--date", "today"]) == 2
    assert "'today' is no date" in capsys.readouterr().err
    assert run(["evidence", "app", "--framework", "hipaa", "--output", "app/template.yaml"]) == 2
    assert not list(folder.glob("evidence-*"))


def test_names_are_those_of_the_catalogue() -> None:
    listed = {id for id, framework in frameworks().items() if framework.controls}
    assert set(get_args(Name)) == listed
    assert set(PROGRAMS) <= listed
    assert set(PROGRAMS.values()) <= set(programs())
