"""HCL becomes a tree in which every key, value and block has its span."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.errors import InputError
from checkrein.model.places import Place
from checkrein.notation.hcl import parse_expression, parse_hcl, parse_template
from checkrein.notation.hcl_json import parse_json
from checkrein.notation.hcl_nodes import Body, Conditional, Literal, Template
from checkrein.notation.hcl_writing import written


def read(text: str) -> Body:
    return parse_hcl(dedent(text).lstrip("\n").encode(), "main.tf")


def test_blocks_attributes_and_values_have_their_spans() -> None:
    body = read("""
        # é
        resource "aws_sqs_queue" "jobs" {
          name = "é-jobs"
          tags = { team = "é", stage = var.stage }
        }
    """)
    (block,) = body.blocks
    assert (block.type, block.labels) == ("resource", ("aws_sqs_queue", "jobs"))
    assert block.place == Place("main.tf", 2, 1, 2, 32)
    assert block.span == Place("main.tf", 2, 1, 5, 2)
    name, tags = block.body.attributes.values()
    assert name.key_place == Place("main.tf", 3, 3, 3, 7)
    assert name.value_place == Place("main.tf", 3, 10, 3, 18)
    assert tags.place == Place("main.tf", 4, 3, 4, 43)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a ? b : c ? d : e", "a ? b : c ? d : e"),
        ("a.*.id[0]", "a[*].id[0]"),
        ("a[*].id[0].b", "a[*].id[0].b"),
        ("a.0.b", "a[0].b"),
        ("-a + b * c", "-a + b * c"),
        ('f(a, "b", 1.5, null, true)', 'f(a, "b", 1.5, null, true)'),
    ],
)
def test_expressions_are_written_as_they_were(text: str, meaning: str) -> None:
    assert written(parse_expression(text, "x")) == meaning


def test_a_chain_of_conditionals_belongs_to_the_right() -> None:
    node = parse_expression("a ? b : c ? d : e", "x")
    assert isinstance(node, Conditional)
    assert (written(node.condition), written(node.no)) == ("a", "c ? d : e")


def test_an_index_behind_an_attribute_splat_takes_one_of_the_list() -> None:
    assert type(parse_expression("a.*.id[0]", "x")).__name__ == "Index"
    assert type(parse_expression("a[*].id[0]", "x")).__name__ == "Splat"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\n\t\"\\ \u00e9 \U0001F600"', 'a\n\t"\\ é 😀'),
        ('"$${a} %%{b} $a"', "${a} %{b} $a"),
        ('""', ""),
        ("0.5", 0.5),
    ],
)
def test_literals(text: str, value: Any) -> None:
    assert parse_expression(text, "x") == Literal(4, 4 + len(text.encode()), value)


def parts(text: str) -> list[str]:
    node = read(text).attributes["x"].value
    assert isinstance(node, Template)
    return [part if isinstance(part, str) else type(part).__name__ for part in node.parts]


def test_heredocs_keep_their_blanks_and_flush_ones_lose_the_common_ones() -> None:
    assert parts("x = <<A\n  a\n    ${b}\nA\n") == ["  a\n    ", "Name", "\n"]
    assert parts("x = <<-A\n    a\n\n      ${b} c\n    A\n") == ["a\n\n  ", "Name", " c\n"]


def test_strip_marks_take_blanks_and_line_ends() -> None:
    assert parts('x = "a ${~ b ~} c"') == ["a", "Name", "c"]
    assert parts("x = <<A\n%{ for i in b ~}\ni\n%{ endfor ~}\nend\nA\n") == ["ForPart", "end\n"]


def test_a_heredoc_knows_the_line_its_text_begins_in() -> None:
    node = read("y = 1\nx = <<-A\n    a ${b}\n  A\n").attributes["x"].value
    assert isinstance(node, Template)
    assert (node.line, node.indent) == (3, 4)


def test_a_fault_costs_its_block_and_has_its_place() -> None:
    body = read("""
        resource "a" "b" {
          x = 1
        }
        locals {
          y = a b c
        }
        resource "c" "d" {}
    """)
    assert [block.labels for block in body.blocks] == [("a", "b"), ("c", "d")]
    assert [place.line for place in body.faults] == [5]


def test_what_is_nested_without_reason_is_refused() -> None:
    with pytest.raises(InputError, match="nested too deep"):
        parse_hcl(b"x = " + b"[" * 3000 + b"]" * 3000, "x.tf")


@given(st.binary(max_size=60) | st.text('{}[]()"$%=<-~.\n ab1?:*#', max_size=60).map(str.encode))
def test_no_text_ends_the_parser(data: bytes) -> None:
    parse_hcl(data, "x.tf")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_a_text_without_marks_is_its_own_template(text: str) -> None:
    node = parse_template(text.replace("$", "").replace("%", ""), "x")
    assert isinstance(node, Template)
    assert "".join(map(str, node.parts)) == text.replace("$", "").replace("%", "")


def test_json_says_the_same_with_places() -> None:
    body = parse_json(
        b'{"resource": {"aws_sqs_queue": {"jobs": {\n  "name": "${var.a}-jobs",\n'
        b'  "fifo_queue": true, "//": "no"\n}}}}',
        "main.tf.json",
    )
    (block,) = body.blocks
    assert (block.type, block.labels) == ("resource", ("aws_sqs_queue", "jobs"))
    assert list(block.body.attributes) == ["name", "fifo_queue"]
    assert block.body.attributes["fifo_queue"].value_place == Place("main.tf.json", 3, 17, 3, 21)
    assert block.place.line == 1


def test_places_in_json_behind_letters_of_several_bytes() -> None:
    text = '{"locals": {"é": "ü€😀", "b": "x"}}'
    body = parse_json(text.encode(), "main.tf.json").blocks[0].body
    assert [(name, each.place.column, each.place.end_column) for name, each in body.attributes.items()] == [
        ("é", 18, 23),
        ("b", 30, 33),
    ]  # fmt: skip
    assert [
        body.attributes["b"].source.data[each.start : each.end].decode()
        for each in body.attributes.values()
    ] == ['"é": "ü€😀"', '"b": "x"']
