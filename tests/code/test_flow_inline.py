"""Where calls stand whose code is inside a template, in each style of scalar."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from checkrein.code import analyse
from checkrein.model import Function, Resource
from checkrein.read.cloudformation import read_template
from checkrein.read.functions import read_functions

HEAD = """Resources:
  Queue: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/worker
      Code:
        ZipFile: """

CODE = """
exports.handler = async (event) => {
  console.log(event.id);
  /* a longer line that makes the columns differ */ console.log(
    event.name); console.log("é", event.note);
};
"""

JOINED = """
          Fn::Join:
            - "\\n"
            - - "exports.handler = async (event) => {"
              - "  console.log(event.id);"
              - >
                console.log(event.name);
                  // set off
                console.log(event.note);
              - "};"
"""


def logged(folder: Path, value: str) -> list[tuple[str, int, int, int, int]]:
    """Return what each log call says, and its span in the template."""
    (folder / "template.yaml").write_text(HEAD + value)
    facts = read_template(folder, "template.yaml")
    resources = [fact for fact in facts if isinstance(fact, Resource)]
    (function,) = [f for f in read_functions(folder, resources, []) if isinstance(f, Function)]
    summary = analyse(folder, function)
    assert summary.partial == ""
    return [
        (
            str(call.arguments[-1].value),
            call.place.line,
            call.place.column,
            call.place.end_line,
            call.place.end_column,
        )
        for call in summary.calls
        if call.kind == "log"
    ]


def marks(text: str) -> list[tuple[str, int, int, int, int]]:
    """Return the spans of the calls in the text that was written."""
    found = []
    for name in ("id", "name", "note"):
        end = text.index(f"event.{name})") + len(f"event.{name})")
        start = text.rindex("console.log", 0, end)
        found.append((f"${{event.{name}}}", *_position(text, start), *_position(text, end)))
    return found


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@pytest.mark.parametrize(
    "value",
    [
        "|" + indent(CODE, " " * 10),
        ">" + indent(CODE, " " * 10),
        ">-" + indent(CODE.replace("\n  ", "\n"), " " * 10),
        "!Sub >" + indent(CODE.replace("\n  ", "\n"), " " * 10),
        "'" + indent(CODE.strip().replace("'", "''"), " " * 10).strip() + "'\n",
        JOINED,
    ],
    ids=["literal", "folded", "folded-flat", "substituted", "quoted", "joined"],
)
def test_a_call_stands_where_the_template_says_it(tmp_path: Path, value: str) -> None:
    assert logged(tmp_path, value) == marks(HEAD + value)
