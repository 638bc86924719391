"""What one run has read serves its next reading of the folder only where nothing changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from checkrein.cache import VARIABLE, Memory
from checkrein.pipeline.reading import read

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.12, CodeUri: src}
"""
CODE = "import boto3, part\ndef handler(event, context):\n    return boto3.client(part.NAME)\n"
FILES = {"template.yaml": TEMPLATE, "src/app.py": CODE, "src/part.py": "NAME = 's3'\n"}
EDITS = {
    "nothing": ("src/app.py", CODE),
    "a file that is imported": ("src/part.py", "NAME = 'sqs'\n"),
    "a file that is gone": ("src/part.py", None),
    "the code": ("src/app.py", CODE.replace("part.NAME", "'dynamodb'")),
    "the template": ("template.yaml", TEMPLATE.replace("Reader", "Writer")),
}


def put(root: Path, path: str, content: str | None) -> None:
    file = root / path
    file.parent.mkdir(exist_ok=True)
    if content is None:
        file.unlink()
    else:
        file.write_text(content)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, "off")
    for path, content in FILES.items():
        put(tmp_path, path, content)
    return tmp_path


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_between_two_readings_is_seen(root: Path, edit: str) -> None:
    memory = cache(lambda _: Memory())
    read([root], lambda _: None, memory)
    put(root, *EDITS[edit])

    again = read([root], lambda _: None, memory)

    assert sorted(map(repr, again.facts)) == sorted(map(repr, read([root], lambda _: None).facts))


def test_what_did_not_change_is_not_read_again(root: Path) -> None:
    memory = cache(lambda _: Memory())
    first = read([root], lambda _: None, memory)
    put(root, *EDITS["the code"])

    again = read([root], lambda _: None, memory)

    assert again.roots["template.yaml"] is first.roots["template.yaml"]
    assert not (root / ".checkrein").exists()
