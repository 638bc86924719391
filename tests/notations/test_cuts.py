"""The cuts of one application in every notation: the statement, in the user's own file and line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run

HERE = Path(__file__).parent
CDK = HERE.parent / "read" / "cdk" / "shop"
FILES = {  # what a row is called, and where the statement begins without which nothing comes there
    "main.tf": ("aws_s3_bucket.Archive", 'aws_iam_role_policy" "order'),
    "serverless.yml": ("Archive", "Order:"),
    "template.json": ("Archive", '"OrderRole"'),
}


def cuts(folder: Path, row: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert run(["cuts", row, "--in", str(folder), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["goals"], document
    found: list[dict[str, Any]] = document["goals"][0]["cuts"]
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_statement_is_named_where_the_team_wrote_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(HERE / "shop" / name, tmp_path / name)
    lines = (tmp_path / name).read_text().splitlines()
    for cut in cuts(tmp_path, FILES[name][0], capsys):
        [removed] = cut["removed"]
        assert (removed["place"]["path"], cut["proved"], cut["breaks"]) == (name, True, [])
        action = removed["text"].partition(" allows ")[2].partition(",")[0]
        here = lines[removed["place"]["line"] - 1 :]
        first = next(line for line in here if ":" in line and action.partition(":")[2] in line)
        assert here.index(first) <= 4


def test_of_what_a_program_makes_the_line_of_the_program_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = "cdk.out/Shop.template/Mailing/Archive"
    for cut in cuts(CDK, row, capsys):
        assert [each["place"]["path"] for each in cut["removed"]] == ["lib/shop.ts"]
        assert cut["edits"] == []
        assert "CDK app" in cut["why_not"]


SHARED = """
data "aws_iam_policy_document" "wide" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.site.arn}/*"]
  }
}
resource "aws_s3_bucket" "site" {}
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "email"
  attribute {
    name = "email"
    type = "S"
  }
}
resource "aws_iam_role" "each" {
  for_each           = toset(["a", "b"])
  name               = each.key
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy" "wide" {
  for_each = aws_iam_role.each
  role     = each.value.id
  policy   = data.aws_iam_policy_document.wide.json
}
resource "aws_iam_role_policy" "read" {
  for_each = aws_iam_role.each
  role     = each.value.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.orders.arn },
  ] })
}
resource "aws_lambda_function" "each" {
  for_each      = aws_iam_role.each
  function_name = "reads-${each.key}"
  role          = each.value.arn
  handler       = "index.handler"
  runtime       = "python3.13"
}
"""


def test_a_statement_that_a_loop_gives_to_many_goes_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(SHARED)
    found = cuts(tmp_path, "aws_s3_bucket.site", capsys)
    told = [[(each["text"], each["place"]["line"]) for each in cut["removed"]] for cut in found]
    assert [
        ('aws_iam_role.each["a"] allows s3:PutObject; and so for 1 more', 3),
    ] in told
