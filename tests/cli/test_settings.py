"""What a team shares in checkrein.yaml counts where the command line says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.cli import run

TEMPLATE = """
Resources:
  Bucket: {Type: AWS::S3::Bucket}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def _scan(app: Path, settings: str, *arguments: str) -> int:
    (app / "checkrein.yaml").write_text(settings)
    return run(["scan", str(app), *arguments])


@pytest.mark.parametrize(
    ("settings", "arguments", "code"),
    [
        ("", [], 0),
        ("settings: {fail_on: low, persona: auditor}", [], 1),
        ("settings: {fail_on: low, persona: auditor}", ["--fail-on", "critical"], 0),
        ("settings: {fail_on: low, persona: auditor}", ["--persona", "regular"], 0),
        ("settings: {fail_on: low}", ["--persona", "auditor"], 1),
        ("settings: {fail_on: loww}", [], 3),
        ("settings: [", [], 3),
    ],
)
def test_the_command_line_comes_first(
    app: Path, settings: str, arguments: list[str], code: int
) -> None:
    assert _scan(app, settings, *arguments) == code


@pytest.mark.parametrize(
    ("excluded", "resources"),
    [("", 2), ("exclude: old", 1), ("exclude: ['o*/']", 1), ("exclude: ['old/x.yaml', ol]", 2)],
)
def test_what_is_excluded_is_not_read(
    app: Path, excluded: str, resources: int, capsys: pytest.CaptureFixture[str]
) -> None:
    _scan(app, f"settings: {{{excluded}}}")
    assert f"{resources} resource" in capsys.readouterr().out


def test_comply_asks_about_the_team_s_programs(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (app / "checkrein.yaml").write_text("programs: [hipaa]")
    run(["comply", str(app)])
    shared = capsys.readouterr().out
    run(["comply", str(app), "--program", "hipaa"])
    assert capsys.readouterr().out == shared
    run(["comply", str(app), "--program", "pci"])
    assert capsys.readouterr().out != shared
