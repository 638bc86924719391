"""A summary serves only functions in whose environment the code asks and is told the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from checkrein import code
from checkrein.cache import VARIABLE, Cache, Memory
from checkrein.model import Function, Summary
from checkrein.pipeline.reading import read

CODE = """
import os
MODE = os.environ["MODE"]
TABLE = os.environ["TABLE"]
def handler(event, context):
    if MODE == "local":
        print(event["local"])
    else:
        print(event["cloud"])
"""
FUNCTION = """
  {name}:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/x
      Code: src
      Environment:
        Variables:
          MODE: {mode}
          TABLE: {table}
"""


def put(root: Path, *functions: tuple[str, str, str]) -> None:
    (root / "src").mkdir(exist_ok=True)
    (root / "src/app.py").write_text(CODE)
    parts = [FUNCTION.format(name=name, mode=mode, table=table) for name, mode, table in functions]
    (root / "template.yaml").write_text("Resources:" + "".join(parts))


def logged(root: Path, memory: Callable[[Path], Memory] = Cache) -> dict[str, set[str]]:
    """Return, for each function, the fields of the event that it logs."""
    found = read([root], lambda _: None, memory)
    return {
        fact.id.rpartition("/")[2]: {
            symbol.attribute for call in fact.calls for a in call.arguments for symbol in a.sources
        }
        for fact in found.facts
        if isinstance(fact, Summary)
    }


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modes of the functions that are analysed, in order."""
    modes: list[str] = []
    analyse = code.analyse

    def count(root: Path, function: Function) -> Summary:
        modes.append(function.environment.values["MODE"][0])
        return analyse(root, function)

    monkeypatch.setattr(code, "analyse", count)
    monkeypatch.setattr("checkrein.aside.cores", lambda: 1)
    return modes


def test_functions_of_one_code_are_read_once_for_each_answer(
    tmp_path: Path, counted: list[str]
) -> None:
    put(tmp_path, ("One", "local", "a"), ("Two", "cloud", "a"), ("Three", "local", "b"))

    assert logged(tmp_path) == {"One": {"local"}, "Two": {"cloud"}, "Three": {"local"}}
    assert counted == ["local", "cloud"]


def test_an_edit_of_what_decides_a_branch_is_seen(tmp_path: Path, counted: list[str]) -> None:
    memory = cache(lambda _: Memory())
    put(tmp_path, ("One", "local", "a"))
    assert logged(tmp_path, memory) == {"One": {"local"}}
    put(tmp_path, ("One", "cloud", "a"))

    assert logged(tmp_path, memory) == {"One": {"cloud"}}
    assert counted == ["local", "cloud"]


def test_an_edit_of_what_decides_nothing_reads_no_code(tmp_path: Path, counted: list[str]) -> None:
    memory = cache(lambda _: Memory())
    put(tmp_path, ("One", "local", "a"))
    logged(tmp_path, memory)
    put(tmp_path, ("One", "local", "b"))

    assert logged(tmp_path, memory) == {"One": {"local"}}
    assert counted == ["local"]


def test_an_edit_is_seen_from_run_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE, raising=False)
    root = tmp_path / "app"
    root.mkdir()
    put(root, ("One", "local", "a"), ("Two", "cloud", "a"))
    assert logged(root) == {"One": {"local"}, "Two": {"cloud"}}
    put(root, ("One", "cloud", "a"), ("Two", "local", "a"))

    assert logged(root) == {"One": {"cloud"}, "Two": {"local"}}
