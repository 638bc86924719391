"""``scan --save``: what is written can be compared with later, and with other versions' records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run
from tests.difference.conftest import PUT, WIDER, Ask, Write

Text = pytest.CaptureFixture[str]


def saved(folder: Path, capsys: Text) -> Path:
    file = folder.parent / f"{folder.name}.json"
    run(["scan", str(folder), "--save", str(file)])
    capsys.readouterr()
    return file


def test_a_record_is_as_good_as_the_folder(write: Write, ask: Ask, capsys: Text) -> None:
    before, after = write("before"), write("after", (PUT, WIDER))
    record = saved(before, capsys)
    told = ask(before, after, "--all")[1]

    assert ask(record, after, "--all")[1] == told.replace(str(before), str(record))
    assert ask(record, saved(after, capsys), "--all")[1].split("\n")[2:] == told.split("\n")[2:]
    assert ask(record, before)[1].startswith("Nothing changes")
    assert ask(record, before / "template.yaml")[1].startswith("Nothing changes")


def test_a_record_says_what_made_it(write: Write, capsys: Text) -> None:
    file = saved(write("before"), capsys)
    content = json.loads(file.read_text())

    assert content["kind"] == "checkrein-record"
    assert content["schema"] == 1
    assert content["tool"] == "0.1.0"
    assert content["read"]["functions"] == 2
    assert str(file.parent) not in file.read_text()
    assert saved(write("before"), capsys).read_bytes() == file.read_bytes()


def test_a_record_of_another_version_is_compared_and_told(
    write: Write, ask: Ask, capsys: Text
) -> None:
    file = saved(write("before"), capsys)
    change(file, tool="0.0.9")
    _, said, _ = ask(file, write("before"))

    assert "note: read by versions 0.0.9 and 0.1.0 of checkrein: " in said


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": 2}, "it has schema 2, and this version reads 1"),
        ({"lines": 3}, "this is no record of checkrein's"),
        ({"sentences": []}, "this is no record of checkrein's"),
    ],
)
def test_what_is_no_record(
    changes: dict[str, Any], reason: str, write: Write, ask: Ask, capsys: Text
) -> None:
    file = saved(write("before"), capsys)
    change(file, **changes)
    code, _, said = ask(file, write("before"))

    assert code == 2
    assert reason in said
    assert said.endswith("; make it anew with checkrein scan --save\n")


def test_a_broken_record(ask: Ask, write: Write, capsys: Text) -> None:
    file = saved(write("before"), capsys)
    file.write_bytes(file.read_bytes()[:5000])

    assert "this is no JSON" in ask(file, write("before"))[2]


def test_a_baseline_makes_no_difference(write: Write, ask: Ask, capsys: Text) -> None:
    before = write("before")
    run(["baseline", str(before)])
    file = saved(before, capsys)

    assert ask(file, before)[1].startswith("Nothing changes")


def test_no_secret_is_written(write: Write, capsys: Text) -> None:
    secret = "AKIAQ3EGRZ7XW2VTPL5M"
    logged = ("    body = json", f'    print("{secret}")\n    body = json')
    file = saved(write("before", logged), capsys)

    assert secret not in file.read_text()


def change(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
