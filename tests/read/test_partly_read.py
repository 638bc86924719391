"""Code that is here and was not read in full is said, and counted: no silence looks like a pass."""

from __future__ import annotations

from pathlib import Path

from checkrein import pipeline
from checkrein.cli import run
from checkrein.model import Unread

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.14, CodeUri: src/}}
Resources:
"""
FUNCTION = "  %s: {Type: AWS::Serverless::Function, Properties: {Handler: %s}}\n"
WHOLE = "def handler(event, context): return event['email']\n"
BROKEN = "x = = 1\n"


def unread(folder: Path, handlers: dict[str, str], files: dict[str, str]) -> list[Unread]:
    functions = "".join(FUNCTION % each for each in handlers.items())
    (folder / "template.yaml").write_text(TEMPLATE + functions)
    (folder / "src").mkdir()
    for name, text in files.items():
        (folder / "src" / name).write_text(text)
    return pipeline.learn((folder,)).app.every(Unread)


def test_a_file_that_cannot_be_parsed_is_said_once(tmp_path: Path) -> None:
    files = {"app.py": f"import own\n{WHOLE}", "also.py": f"import own\n{WHOLE}", "own.py": BROKEN}
    (said,) = unread(tmp_path, {"A": "app.handler", "B": "also.handler"}, files)

    assert (said.path, said.reason, said.fatal) == ("src/own.py", "could not read lines 1", True)
    assert said.evidence[0].place.line == 1
    assert run(["scan", str(tmp_path)]) == 3


def test_a_handler_that_is_not_there_is_said_and_ends_no_build(tmp_path: Path) -> None:
    (said,) = unread(tmp_path, {"A": "app.missing"}, {"app.py": WHOLE})

    assert said.reason.startswith("A: ")
    assert "src/app.py has no handler named missing" in said.reason
    assert not said.fatal
    assert run(["scan", str(tmp_path)]) == 0


def test_what_is_read_in_full_needs_no_word(tmp_path: Path) -> None:
    assert unread(tmp_path, {"A": "app.handler"}, {"app.py": WHOLE, "other.py": BROKEN}) == []
