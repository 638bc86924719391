"""What diffs read of a repository's versions is kept for the next diff, and is never wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from checkrein.cache import VARIABLE, Cache, Memory, Versions, store
from checkrein.cli import run
from checkrein.model import App
from checkrein.pipeline import derived, differences
from checkrein.pipeline.reading import Read, read
from tests.difference.conftest import ORDER, git

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.12, CodeUri: %s}
"""
CODE = "import boto3, part\ndef handler(event, context):\n    return boto3.client(part.NAME)\n"
ONE = {"template.yaml": TEMPLATE % "src", "src/app.py": CODE, "src/part.py": "NAME = 's3'\n"}
OTHERS = {
    "another import": ONE | {"src/part.py": "NAME = 'sqs'\n"},
    "a file less": {path: text for path, text in ONE.items() if path != "src/part.py"},
    "other code": ONE | {"src/app.py": CODE.replace("part.NAME", "'dynamodb'")},
    "another template": ONE | {"template.yaml": (TEMPLATE % "src").replace("Reader", "Writer")},
    "another folder": ONE | {"template.yaml": TEMPLATE % "."},
}
Put = Callable[[str, dict[str, str]], Path]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    monkeypatch.delenv(VARIABLE)
    return tmp_path / "own" / "checkrein"


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Return what writes a version into a run's folder, in place of the one that is there."""

    def written(name: str, version: dict[str, str]) -> Path:
        copy = tmp_path / name / "copy"
        for file in [each for each in copy.rglob("*") if each.is_file()]:
            file.unlink()
        for path, text in version.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_text(text)
        return copy

    return written


def silent(_: str) -> None:
    pass


def given(known: Versions, _: Path) -> Memory:
    return known


def facts(found: Read) -> list[str]:
    return sorted(map(repr, found.facts))


def anew(copy: Path) -> list[str]:
    return facts(read([copy], silent, lambda root: Cache(root, wanted=False)))


@pytest.mark.parametrize("other", OTHERS)
def test_versions_in_any_order_in_any_run_are_read_as_without_it(
    tmp_path: Path, put: Put, other: str
) -> None:
    one, two = ONE, OTHERS[other]
    for number, versions in enumerate([(one, two), (two, one), (one, one), (two, two), (one, two)]):
        name = f"run{number}"
        known = Versions(tmp_path / name, tmp_path, "copy")
        for version in versions:
            copy = put(name, version)
            known.anew()
            assert facts(read([copy], silent, partial(given, known))) == anew(copy)


def test_the_next_run_reads_only_what_is_new(tmp_path: Path, put: Put) -> None:
    for name in ("first", "second"):
        known = Versions(tmp_path / name, tmp_path, "copy")
        read([put(name, ONE)], silent, partial(given, known))
        assert known.changed is False
        read_before = known.entries.values()

    assert {each.idle for each in read_before} == {0}


def test_a_diff_writes_nothing_into_the_repository(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "shop"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    said = []
    for text in (ORDER, ORDER.replace("cardNumber", "card")):
        (repository / "template.yaml").write_text(TEMPLATE % "src")
        (repository / "src").mkdir(exist_ok=True)
        (repository / "src" / "app.py").write_text(text)
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "as it is")
    monkeypatch.chdir(repository)
    for _ in range(3):
        assert run(["diff", "HEAD^", "HEAD"]) == 0
        said.append(capsys.readouterr().out)

    assert len(set(said)) == 1
    assert sorted(os.listdir(repository)) == [".git", "src", "template.yaml"]  # noqa: PTH208
    [home] = (own / "versions").iterdir()
    kept = sorted(each.name for each in (home / ".checkrein").iterdir())
    assert kept == [".gitignore", "facts", "verdicts"]
    assert all((home / ".checkrein" / name).stat().st_mode & 0o077 == 0 for name in kept[1:])


def test_what_was_recorded_of_versions_says_what_reading_anew_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "shop"
    (repository / "src").mkdir(parents=True)
    git(repository, "init", "-q", "-b", "main")
    opened = (
        (TEMPLATE % "src").replace("src}", "src, FunctionUrlConfig: {AuthType: NONE}}").rstrip()
    )
    ignored = " # checkrein: ignore[public-function-url] known"
    templates = [f"{opened}{line}\n" for line in ("", f" {'#' * (len(ignored) - 1)}", ignored)]
    for template in (*templates, templates[0].replace("Reader", "Writer")):
        for code in (ORDER, ORDER.replace("cardNumber", "card")):
            (repository / "template.yaml").write_text(template)
            (repository / "src" / "app.py").write_text(code)
            git(repository, "add", "-A")
            git(repository, "commit", "-q", "--allow-empty", "-m", "as it is")
    monkeypatch.chdir(repository)

    def told(*versions: str) -> str:
        run(["diff", *versions, "--format", "json"])
        return capsys.readouterr().out

    pairs = [
        (f"HEAD~{a}", f"HEAD~{b}") for a, b in ((7, 0), (1, 0), (2, 1), (6, 4), (4, 2), (0, 7))
    ]
    kept = [told(*pair) for _ in range(2) for pair in pairs]
    monkeypatch.setenv(VARIABLE, "off")

    assert kept == [told(*pair) for pair in pairs] * 2
    assert "accepted since" in told("HEAD~4", "HEAD~2")  # else the remark means nothing


def test_a_version_that_an_earlier_diff_recorded_is_not_derived_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("one", "two", "three"):
        (tmp_path / "template.yaml").write_text(
            f"Resources:\n  {name.title()}: {{Type: AWS::S3::Bucket}}\n"
        )
        git(tmp_path, "add", "template.yaml")
        git(tmp_path, "commit", "-q", "-m", name)
    monkeypatch.chdir(tmp_path)
    made: list[App] = []

    def deriving(app: App, memory: Memory | None = None) -> App:
        made.append(app)
        return derived(app, memory)

    monkeypatch.setattr(differences, "derived", deriving)

    counts = []
    for versions in (("HEAD~2", "HEAD~1"), ("HEAD~1", "HEAD"), ("HEAD~1", "HEAD")):
        run(["diff", *versions])
        counts.append(len(made))
    capsys.readouterr()

    assert counts == [2, 3, 3]


def test_repositories_that_nobody_asks_about_are_forgotten(tmp_path: Path, put: Put) -> None:
    old = Versions(tmp_path / "first", tmp_path / "left", "copy")
    read([put("first", ONE)], silent, partial(given, old))
    file = old.home / store.FOLDER / store.FILE
    assert file.exists()
    before = time.time() - store.FORGOTTEN - 60
    os.utime(file, (before, before))

    read(
        [put("second", ONE)],
        silent,
        partial(given, Versions(tmp_path / "second", tmp_path, "copy")),
    )

    assert not file.exists()
