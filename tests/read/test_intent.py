"""What a team declares is read exactly, and a slip of the pen gets the right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.errors import IntentError
from checkrein.model import Data, Decision, Place, Resource
from checkrein.read.intent import read_intent

DECLARED = """
data:
  pii.email: 8
  biz.telescope_time: 3
resources:
  api/template/Orders:
    holds: [biz.order, biz.telescope_time]
    may_hold:
      - pii.email
  edge/Names: {type: "AWS::Route53::HostedZone", holds: []}
links:
  api/template.TableName: data/template/Orders
"""


def test_what_is_declared_becomes_decisions(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text(DECLARED)
    facts = read_intent(tmp_path)
    assert [(f.kind, f.subject, f.content) for f in facts if isinstance(f, Decision)] == [
        ("data", "pii.email", {"value": 8}),
        ("data", "biz.telescope_time", {"value": 3}),
        (
            "resource",
            "api/template/Orders",
            {"holds": ["biz.order", "biz.telescope_time"], "may_hold": ["pii.email"]},
        ),
        ("resource", "edge/Names", {"type": "AWS::Route53::HostedZone", "holds": []}),
        ("link", "api/template.TableName", {"target": "data/template/Orders"}),
    ]
    assert [(f.id, f.family, f.value) for f in facts if isinstance(f, Data)] == [
        ("biz.telescope_time", "biz", 3)
    ]
    assert [(f.id, f.type, f.stack) for f in facts if isinstance(f, Resource)] == [
        ("edge/Names", "AWS::Route53::HostedZone", "")
    ]
    assert facts[0].place == Place("checkrein.yaml", 3, 3, 3, 12)


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "data:\n"])
def test_nothing_may_be_declared(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "checkrein.yaml").write_text(text)
    assert read_intent(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("dat:\n  a: 1\n", 1, "unknown section dat; did you mean data?"),
        ("[1]\n", 1, "the file must hold names and what they are given, not [1]"),
        ("data: 5\n", 1, "data must hold names and what they are given, not 5"),
        ("data:\n  pii.emial: 5\n", 2, "unknown data class pii.emial; did you mean pii.email?"),
        (
            "data:\n  ppi.shoe_size: 5\n",
            2,
            "unknown family of data classes ppi; did you mean pii?",
        ),
        (
            "data:\n  email: 5\n",
            2,
            "email is no data class; write family.class; did you mean pii.email?",
        ),
        (
            "data:\n  pii.email: 11\n",
            2,
            "the value of pii.email must be a whole number from 0 to 10",
        ),
        (
            "data:\n  pii.email: true\n",
            2,
            "the value of pii.email must be a whole number from 0 to 10",
        ),
        ("data:\n  pii.email: 1\n  pii.email: 2\n", 2, "pii.email stands twice; keep one"),
        (
            "resources:\n  a/T:\n    hold: []\n",
            3,
            "unknown key hold; did you mean holds?",
        ),
        (
            "resources:\n  a/T:\n    holds:\n      - biz.order\n      - pii.emall\n",
            5,
            "unknown data class pii.emall; did you mean pii.email?",
        ),
        (
            "resources:\n  a/T: {holds: pii.email}\n",
            2,
            "holds must be a list of data classes",
        ),
        (
            "resources:\n  a/T:\n    type: DynamoDB\n",
            3,
            "DynamoDB is no CloudFormation type such as AWS::DynamoDB::Table",
        ),
        (
            "resources:\n  a/T:\n    type: AWS::DynamoDB::Tabel\n",
            3,
            "unknown type AWS::DynamoDB::Tabel; did you mean AWS::DynamoDB::Table?",
        ),
        (
            "links:\n  TableName: a/T\n",
            2,
            "TableName must be a stack and its parameter: api/template.X",
        ),
        (
            "links:\n  a.TableName: [a/T]\n",
            2,
            "the link of a.TableName must name one resource by its id",
        ),
    ],
)
def test_a_slip_is_named_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    (tmp_path / "checkrein.yaml").write_text(text)
    with pytest.raises(IntentError) as caught:
        read_intent(tmp_path)
    assert (str(caught.value), caught.value.path, caught.value.line) == (
        f"checkrein.yaml line {line}: {problem}",
        "checkrein.yaml",
        line,
    )


def test_what_is_no_yaml_is_an_intent_error(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text("data: [\n")
    with pytest.raises(IntentError):
        read_intent(tmp_path)
