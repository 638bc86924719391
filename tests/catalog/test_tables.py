"""A table by hand says each thing once: YAML takes the last of two, and the first is lost unseen."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from checkrein.catalog.packed import FOLDER
from checkrein.catalog.tables import read

TABLES = sorted(path.name for path in FOLDER.iterdir() if path.suffix == ".yaml")


def repeated(node: yaml.Node | None) -> Iterator[str]:
    """Yield the keys that a mapping has twice, with their lines."""
    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        counts = Counter(str(key.value) for key, _ in node.value)
        for key, value in node.value:
            if counts[str(key.value)] > 1:
                yield f"{key.value} (line {key.start_mark.line + 1})"
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    for child in children:
        yield from repeated(child)


@pytest.mark.parametrize("name", TABLES)
def test_no_key_stands_twice(name: str) -> None:
    assert list(repeated(yaml.compose((FOLDER / name).read_bytes(), yaml.CSafeLoader))) == []


def test_a_repeated_key_is_seen() -> None:
    found = repeated(yaml.compose("a: {b: 1, c: 2, b: 3}", yaml.CSafeLoader))
    assert list(found) == ["b (line 1)", "b (line 1)"]


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_what_a_table_says_is_kept_until_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text("a: {b: [1, 2.0, true, null, text]}")

    said = [read(file), read(file)]

    assert repr(said) == repr([{"a": {"b": [1, 2.0, True, None, "text"]}}] * 2)
    file.write_text("a: another")
    assert read(file) == {"a": "another"}


@pytest.mark.parametrize("kept", [b"", b"half", None])
def test_a_kept_table_that_is_broken_is_read_again(tmp_path: Path, kept: bytes | None) -> None:
    file = tmp_path / "table.yaml"
    file.write_text("a: text")
    read(file)
    for each in (tmp_path / "__pycache__").iterdir():
        each.write_bytes(each.read_bytes()[:-2] if kept is None else kept)

    assert read(file) == {"a": "text"}


def test_a_date_stays_a_date(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text("a: 2026-01-02\nb: [{c: 2026-01-03}, text, [1]]")
    said = {"a": date(2026, 1, 2), "b": [{"c": date(2026, 1, 3)}, "text", [1]]}

    assert [read(file), read(file)] == [said] * 2
    assert any((tmp_path / "__pycache__").iterdir())  # else it is read as YAML each time
