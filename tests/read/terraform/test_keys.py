"""Keys of ``for_each`` as teams have them, variables, and how many there are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.model import Resource
from checkrein.model.addresses import logical_id
from checkrein.pipeline import learn
from checkrein.read.terraform import scopes
from checkrein.read.terraform.roots import read_module

TABLES = """\
resource "aws_dynamodb_table" "orders" {
  for_each = toset(["GET /orders", "a@b.org", "a|<b>&'q]`"])
  name     = "orders-${each.key}"
  hash_key = "id"
}
"""


def test_no_key_is_taken_for_a_part_of_an_id(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TABLES)
    found = learn([tmp_path]).app.every(Resource)
    assert {each.id: each.value("TableName") for each in found} == {
        'main/aws_dynamodb_table.orders["GET :orders"]': "orders-GET /orders",
        'main/aws_dynamodb_table.orders["a(at)b.org"]': "orders-a@b.org",
        'main/aws_dynamodb_table.orders["a|<b>&\'q]`"]': "orders-a|<b>&'q]`",
    }
    assert {each.name.partition("[")[0] for each in found} == {"aws_dynamodb_table.orders"}


@given(st.sets(st.text("/:@(at)a", max_size=8)))
def test_no_two_keys_share_an_id(keys: set[str]) -> None:
    assert len({logical_id(f'aws_sqs_queue.q["{key}"]') for key in keys}) == len(keys)


COUNTED = """\
resource "aws_sqs_queue" "one" { count = 1 }
resource "aws_sqs_queue" "two" { count = 2 }
resource "aws_sqs_queue" "key" { for_each = toset(["a/b", "a:b"]) }
"""


def test_a_block_that_makes_one_has_no_number(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(COUNTED)
    assert {each.name: each.logical for each in learn([tmp_path]).app.every(Resource)} == {
        "aws_sqs_queue.one": "aws_sqs_queue.one[0]",
        "aws_sqs_queue.two[0]": "",
        "aws_sqs_queue.two[1]": "",
        'aws_sqs_queue.key["a:b"]': "",
        'aws_sqs_queue.key["a(:)b"]': "",
    }


def test_what_a_root_module_asks_for(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "stage" {\n  type = string\n  default = "dev"\n  description = "where"\n}\n'
        'variable "days" {\n  type = number\n  default = 7\n}\n'
        'variable "traced" {\n  type = bool\n  default = true\n}\n'
        'variable "zones" {\n  type = list(string)\n}\n'
        'variable "word" {\n  sensitive = true\n}\n'
    )
    assert read_module(tmp_path, "").variables == {
        "stage": {"Type": "String", "Default": "dev", "Description": "where"},
        "days": {"Type": "Number", "Default": 7},
        "traced": {"Type": "String", "Default": "true"},
        "zones": {"Type": "CommaDelimitedList"},
        "word": {"Type": "String", "NoEcho": True},
    }


def test_how_many_there_are_stays_unknown_through_a_variable(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text(
        'variable "names" {\n  type = list(string)\n}\n'
        'resource "aws_sqs_queue" "q" {\n  name = "q-${length(var.names)}"\n}\n'
    )
    (tmp_path / "main.tf").write_text(
        'variable "many" {}\n'
        'resource "aws_sns_topic" "t" {\n  count = var.many\n}\n'
        'module "m" {\n  source = "./inner"\n  names = aws_sns_topic.t[*].name\n}\n'
    )
    found = {each.type: each for each in read_module(tmp_path, "").instances}
    assert "how many there are" in str(found["aws_sqs_queue"].values["name"])


def test_asking_long_lists_again_and_again_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scopes, "MOST_STEPS", 20_000)
    (tmp_path / "main.tf").write_text(
        "locals {\n  long = range(300)\n}\n"
        'resource "aws_sqs_queue" "q" {\n'
        "  name = jsonencode([for i in range(300) : contains(local.long, i + 999)])\n}\n"
    )
    assert [lost.reason for lost in read_module(tmp_path, "").lost] == [
        "evaluating it takes too long (more than 20,000 expressions)"
    ]
