"""Edits of Terraform's files: at the span of an expression, or a sentence why not."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from checkrein.model import App, Change
from checkrein.model.values import Symbol, Text
from checkrein.notation import splice
from checkrein.notation.hcl import parse_hcl
from checkrein.pipeline import learn
from checkrein.write import CannotEdit, edits

MAIN = """\
variable "seconds" { default = 3 }

resource "aws_dynamodb_table" "orders" { name = "orders" }

resource "aws_lambda_function" "make" {
  function_name = "make"
  timeout       = 3
  memory_size   = var.seconds * 64
  handler       = "app.handler"
  layers = [
    "arn:one", # kept
    "arn:two",
    "arn:three"
  ]
}

resource "aws_iam_role_policy" "make" {
  role = "make"
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:*"
      Resource = "*"
    }]
  })
}
"""
MAKE, POLICY = "main/aws_lambda_function.make", "main/aws_iam_role_policy.make"
STATEMENT = ("PolicyDocument", "Statement", 0)
ORDERS = Symbol("main/aws_dynamodb_table.orders", "Arn")


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "main.tf").write_text(MAIN)
    return learn([tmp_path]).app


def edited(root: Path, app: App, *changes: tuple[str, tuple[Any, ...], Any]) -> str:
    asked = tuple(Change(id, path, "set", value) for id, path, value in changes)
    return splice(MAIN, list(edits(root, asked, app)))


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ((MAKE, ("Timeout",), 10), "timeout       = 3", "timeout       = 10"),
        ((MAKE, ("Handler",), "a.b"), '"app.handler"', '"a.b"'),
        ((POLICY, (*STATEMENT, "Action"), ["a:B", "c:D"]), '"dynamodb:*"', '["a:B", "c:D"]'),
        ((POLICY, (*STATEMENT, "Action"), "a:B"), '"dynamodb:*"', '"a:B"'),
        ((POLICY, (*STATEMENT, "Resource"), "${aws:x}"), '"*"', '"$${aws:x}"'),
        ((POLICY, (*STATEMENT, "Resource"), 'a"%{b'), '"*"', '"a\\"%%{b"'),
        ((POLICY, (*STATEMENT, "Resource"), ORDERS), '"*"', "aws_dynamodb_table.orders.arn"),
        (
            (POLICY, (*STATEMENT, "Resource"), Text((ORDERS, "/*"))),
            'Resource = "*"',
            'Resource = "${aws_dynamodb_table.orders.arn}/*"',
        ),
        ((MAKE, ("Layers",), ["arn:one", "arn:three"]), '    "arn:two",\n', ""),
        ((MAKE, ("Layers",), ["arn:one"]), '    "arn:two",\n    "arn:three"\n', ""),
    ],
)
def test_an_expression_becomes_another(
    change: tuple[str, tuple[Any, ...], Any], old: str, new: str, app: App, tmp_path: Path
) -> None:
    assert MAIN.count(old) == 1
    assert edited(tmp_path, app, change) == MAIN.replace(old, new)


def test_items_on_one_line_lose_their_comma(tmp_path: Path) -> None:
    text = MAIN.replace('"dynamodb:*"', '["a:A", "b:B", "c:C"]')
    (tmp_path / "main.tf").write_text(text)
    app = learn([tmp_path]).app
    left = {
        ("b:B", "c:C"): '["b:B", "c:C"]',
        ("a:A", "c:C"): '["a:A", "c:C"]',
        ("a:A", "b:B"): '["a:A", "b:B"]',
        ("a:A",): '["a:A"]',
        ("b:B",): '["b:B"]',
        ("c:C",): '["c:C"]',
    }
    for kept, told in left.items():
        change = Change(POLICY, (*STATEMENT, "Action"), "set", list(kept))
        after = splice(text, list(edits(tmp_path, (change,), app)))
        assert after == text.replace('["a:A", "b:B", "c:C"]', told)


def test_a_run_over_lines_goes_as_one(tmp_path: Path) -> None:
    rows = '["a:A", "b:B",\n      "c:C",\n      # the last\n      "d:D", "e:E",\n    ]'
    left = {
        ("a:A", "d:D", "e:E"): '["a:A",\n      # the last\n      "d:D", "e:E",\n    ]',
        (
            "a:A",
            "b:B",
            "d:D",
            "e:E",
        ): '["a:A", "b:B",\n      # the last\n      "d:D", "e:E",\n    ]',
        ("a:A", "b:B"): '["a:A", "b:B",\n    ]',
        ("d:D",): '[\n      # the last\n      "d:D",\n    ]',
    }
    text = MAIN.replace('"dynamodb:*"', rows)
    (tmp_path / "main.tf").write_text(text)
    app = learn([tmp_path]).app
    for kept, told in left.items():
        change = Change(POLICY, (*STATEMENT, "Action"), "set", list(kept))
        assert splice(text, list(edits(tmp_path, (change,), app))) == text.replace(rows, told)


@pytest.mark.parametrize(
    "rows",
    [
        '["a:A", "b:B", "c:C"]',
        '["a:A", "b:B",\n "c:C", # c\n "d:D"\n]',
        '[\n "a:A",\n "b:B", "c:C",\n # x, y\n "d:D",\n]',
        '[ # list\n "a:A", "b:B",\n "c:C",\n "d:D", "e:E" ]',
    ],
)
def test_whatever_is_taken_out_the_rest_reads_back(rows: str, tmp_path: Path) -> None:
    text = MAIN.replace('"dynamodb:*"', rows)
    (tmp_path / "main.tf").write_text(text)
    app, at = learn([tmp_path]).app, (*STATEMENT, "Action")
    names = re.findall(r"\w:\w", rows)
    for number in range(1, len(names)):
        for kept in map(list, combinations(names, number)):
            after = splice(text, list(edits(tmp_path, (Change(POLICY, at, "set", kept),), app)))
            body = parse_hcl(after.encode(), "main.tf")
            listed = re.search(r"Action   = (\[.*?\])", after, re.DOTALL)
            assert not body.faults
            assert listed
            assert re.findall(r'"(.*?)"', listed[1]) == kept


def test_two_that_take_out_of_one_list_take_out_both(tmp_path: Path) -> None:
    text = MAIN.replace('"dynamodb:*"', '["a:A", "b:B", "c:C"]')
    (tmp_path / "main.tf").write_text(text)
    app, at = learn([tmp_path]).app, (*STATEMENT, "Action")
    asked = (Change(POLICY, at, "set", ["a:A", "b:B"]), Change(POLICY, at, "set", ["b:B", "c:C"]))
    assert '["b:B"]' in splice(text, list(edits(tmp_path, asked, app)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((MAKE, ("MemorySize",), 512), "change main.tf, line 8"),
        (
            (MAKE, ("VpcConfig", "Ipv6"), "x"),
            "aws_lambda_function has no argument for VpcConfig.Ipv6",
        ),
        ((MAKE, ("Layers",), []), "nothing would be left of a list in main.tf"),
        (
            (POLICY, (*STATEMENT, "Resource"), Symbol("main/module.m.aws_x.y", "Arn")),
            "cannot write",
        ),
    ],
)
def test_what_cannot_be_written_is_said(
    change: tuple[str, tuple[Any, ...], Any], reason: str, app: App, tmp_path: Path
) -> None:
    with pytest.raises(CannotEdit, match=reason):
        edited(tmp_path, app, change)
