"""Terraform's expressions, as its documentation has them, over values that need not be known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkrein.model.values import Choice, Open, Symbol, Text
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.roots import read_module

SETUP = """
variable "unset" {}
variable "flag" { type = bool }
variable "n" { default = 3 }
variable "sizes" {
  type    = list(object({ name = string, size = optional(number, 5), note = optional(string) }))
  default = [{ name = "a", extra = 1 }, { name = "b", size = 7 }]
}
locals {
  m     = { b = 2, a = 1 }
  l     = ["x", "y", "z"]
  loop  = local.loop
  deep  = { list = [{ id = 1 }, { id = 2 }] }
  twice = cond(1)
}
resource "aws_sqs_queue" "q" { name = "jobs" }
resource "aws_eks_cluster" "e" {
  vpc_config { subnet_ids = ["s"] }
}
resource "aws_subnet" "s" { count = length(data.aws_azs.all.names) }
data "aws_azs" "all" {}
resource "aws_sqs_queue" "many" { count = 2 }
resource "aws_sns_topic" "counted" { count = 1 }
resource "aws_dynamodb_table" "t" {}
resource "aws_s3_bucket" "b" {}
resource "aws_sqs_queue" "keyed" { for_each = toset(["k", "j"]) }
resource "aws_sqs_queue" "maybe" { count = var.flag ? 1 : 0 }
data "aws_caller_identity" "me" {}
data "aws_ssm_parameter" "p" { name = "/app/key" }
data "aws_secretsmanager_secret_version" "s" { secret_id = "prod/db" }
data "terraform_remote_state" "net" {
  backend = "s3"
  config  = { bucket = "b", key = "net/state" }
}
"""


def outcome(tmp_path: Path, expression: str, files: dict[str, str] | None = None) -> Any:
    """Return what an output's expression gives."""
    (tmp_path / "main.tf").write_text(f'{SETUP}\noutput "x" {{\n  value = {expression}\n}}\n')
    for name, text in (files or {}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    found = read_module(tmp_path, "")
    assert not found.lost
    return found.outputs["x"]


UNSET = Symbol("@parameter", "unset")
ACCOUNT = Symbol("@aws", "AccountId")
FLAG = ("#var.flag", True), ("#var.flag", False)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 - 7 % 4", 4),
        ("-7 % 4", -3),
        ("10 / 4", 2.5),
        ('"1" + 1', 2),
        ('"1" == 1', False),
        ("true == 1", False),
        ("[1, 2] == [1, 2]", True),
        ("!false && (1 < 2 || 1 / 0 == 1)", True),
        ('var.n > 2 ? "yes" : "no"', "yes"),
        ('local.m.a + local.m["b"]', 3),
        ("local.deep.list[*].id", [1, 2]),
        ("local.deep.list.*.id[1]", 2),
        ("local.deep.list.0.id", 1),
        ("null[*]", []),
        ('"a"[*]', ["a"]),
        ('"${1 + 1} of ${true}"', "2 of true"),
        ('"${local.l}"', ["x", "y", "z"]),
        ('"%{ if var.n == 3 }three%{ else }other%{ endif }"', "three"),
        ('"%{ for i, v in local.l }${i}${v} %{ endfor }"', "0x 1y 2z "),
        ('[for v in local.l : upper(v) if v != "y"]', ["X", "Z"]),
        ('[for k, v in local.m : "${k}${v}"]', ["a1", "b2"]),
        ("{ for v in local.l : v => length(v) }", {"x": 1, "y": 1, "z": 1}),
        ('{ for s in ["ab", "ac"] : substr(s, 0, 1) => s... }', {"a": ["ab", "ac"]}),
        ("[for s in var.sizes : s.size]", [5, 7]),
        ("var.sizes[0]", {"name": "a", "size": 5, "note": None}),
        ("path.module", "."),
        ("terraform.workspace", "default"),
        ("try(local.m.c, local.m.b)", 2),
        ("can(local.m.c)", False),
        ("merge(local.m, { a = 9 })", {"a": 9, "b": 2}),
        ('concat(local.l, ["w"])[3]', "w"),
        ('lookup(local.m, "c", 7)', 7),
        ("element(local.l, 4)", "y"),
        ("flatten([[1, [2]], [], [3]])", [1, 2, 3]),
        ('coalesce(null, "", "c")', "c"),
        ('compact(["a", "", null])', ["a"]),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ("keys(local.m)", ["a", "b"]),
        ("values(local.m)", [1, 2]),
        ('zipmap(["a", "b"], [1, 2])', {"a": 1, "b": 2}),
        ("setproduct([1, 2], [3])", [[1, 3], [2, 3]]),
        ("distinct([1, 1, true])", [1, True]),
        ("slice(local.l, 1, 3)", ["y", "z"]),
        ("one([])", None),
        ("range(3)", [0, 1, 2]),
        ("range(5, 1, -2)", [5, 3]),
        ("max([1, 3]...)", 3),
        ('sort(["b", "a"])', ["a", "b"]),
        ('transpose({ a = ["1"], b = ["1"] })', {"1": ["a", "b"]}),
        ('format("%s-%03d-%q-%v%%", "a", 7, "q", true)', 'a-007-"q"-true%'),
        ('formatlist("%s!", ["a", "b"])', ["a!", "b!"]),
        ('join("-", split(",", "a,b"))', "a-b"),
        ('replace("a.b.c", ".", "-")', "a-b-c"),
        ('replace("ab12", "/([a-z]+)([0-9]+)/", "$2$1")', "12ab"),
        ('regex("^(?P<h>[^:]+):(?P<p>\\\\d+)$", "x:80")', {"h": "x", "p": "80"}),
        ('regexall("[a-z]", "a1b")', ["a", "b"]),
        ('title("ab cd")', "Ab Cd"),
        ('trimsuffix("a.fifo", ".fifo")', "a"),
        ('cidrsubnet("10.0.0.0/16", 8, 2)', "10.0.2.0/24"),
        ('cidrhost("10.0.0.0/24", 5)', "10.0.0.5"),
        ('base64encode("hi")', "aGk="),
        ('base64decode("aGk=")', "hi"),
        ('sha1("a")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ('jsondecode("{\\"a\\": [1]}").a[0]', 1),
        ('yamldecode("a: [1]").a', [1]),
        ('basename("a/b.zip")', "b.zip"),
        ("alltrue([true, true])", True),
        ('contains(local.l, "y")', True),
    ],
)  # fmt: skip
def test_plain_values(tmp_path: Path, expression: str, value: Any) -> None:
    found = outcome(tmp_path, expression)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("var.unset", UNSET),
        ('"a-${var.unset}"', Text(("a-", UNSET))),
        ("aws_sqs_queue.q.arn", Symbol("aws_sqs_queue.q", "arn")),
        ("aws_sqs_queue.many[*].id", [Symbol(f"aws_sqs_queue.many[{i}]", "id") for i in (0, 1)]),
        ('aws_sqs_queue.keyed["k"].url', Symbol('aws_sqs_queue.keyed["k"]', "url")),
        ("aws_eks_cluster.e.vpc_config[0].subnet_ids", ["s"]),
        ("aws_eks_cluster.e.vpc_config[0].vpc_id", Symbol("aws_eks_cluster.e", "vpc_config.0.vpc_id")),
        ("aws_subnet.s[1].id", Symbol("aws_subnet.s", "id")),
        ("concat([for s in aws_subnet.s : s.id], [])[1]", Symbol("aws_subnet.s", "id")),
        ('split(":", aws_sqs_queue.many[0].arn)[2]', "sqs"),
        ('split(":", aws_sqs_queue.q.arn)[5]', Symbol("aws_sqs_queue.q", "name")),
        ('element(split("/", aws_dynamodb_table.t.arn), 1)', Symbol("aws_dynamodb_table.t", "id")),
        ('split(":", aws_s3_bucket.b.arn)[3]', ""),
        ("aws_sns_topic.counted.arn", Symbol("aws_sns_topic.counted[0]", "arn")),
        ('aws_sqs_queue.q.arn == "*"', False),
        ("keys(aws_sqs_queue.keyed)", ["j", "k"]),
        ("length(aws_sqs_queue.many)", 2),
        ('aws_sqs_queue.q.name == "jobs"', True),
        ("resource.aws_sqs_queue.q.arn", Symbol("aws_sqs_queue.q", "arn")),
        ('resource.aws_sqs_queue.keyed["k"].arn', Symbol('aws_sqs_queue.keyed["k"]', "arn")),
        ("data.aws_caller_identity.me.account_id", ACCOUNT),
        ('lower("A-${data.aws_caller_identity.me.account_id}")', Text(("a-", ACCOUNT))),
        ("data.aws_ssm_parameter.p.value", Symbol("@ssm", "/app/key")),
        (
            "data.aws_secretsmanager_secret_version.s.secret_string",
            Symbol("@secretsmanager", "prod/db"),
        ),
        (
            "data.terraform_remote_state.net.outputs.vpc",
            Symbol("@stack-output", "net/state.vpc"),
        ),
        (
            "jsondecode(data.aws_secretsmanager_secret_version.s.secret_string).user",
            Symbol("@secretsmanager", "prod/db:user"),
        ),
        ("var.flag ? 1 : 2", Choice(((FLAG[:1], 1), (FLAG[1:], 2)))),
        ("var.flag ? 1 : 1", 1),
        ("!var.flag && true ? 1 : 2", Choice(((FLAG[:1], 2), (FLAG[1:], 1)))),
        (
            'try(aws_sqs_queue.maybe[0].arn, "none")',
            Choice(((FLAG[:1], Symbol("aws_sqs_queue.maybe[0]", "arn")), (FLAG[1:], "none"))),
        ),
        (
            "one(aws_sqs_queue.maybe[*].arn)",
            Choice(((FLAG[:1], Symbol("aws_sqs_queue.maybe[0]", "arn")), (FLAG[1:], None))),
        ),
        (
            "lookup({ a = 1, b = 2 }, var.unset)",
            Choice((
                ((('#var.unset == "a"', True),), 1),
                ((('#var.unset == "b"', True),), 2),
            )),
        ),
        ("jsonencode({ a = [var.unset] })", Json({"a": [UNSET]})),
        ('"{\\"a\\": \\"x-${var.unset}\\"}"', Json({"a": Text(("x-", UNSET))})),
        ('"{\\"a\\": ${jsonencode([var.unset])}}"', Json({"a": [UNSET]})),
        ("timestamp()", Open("the time of the run")),
        ("local.loop", Open("local.loop refers to itself")),
        ('"a${}"', Open("an empty place means nothing here")),
        ("local.nothing", Open("local.nothing is not declared")),
        ('split("/", var.unset)', Open("split() of var.unset is only known when Terraform runs")),
        ("local.twice", Open("cond() is a function that is not known here")),
        ('file("../../secret")', Open("../../secret lies outside of what is scanned")),
        ('file("none")', Open("there is no file none")),
        ("range(1000000000)", Open("range() of more than 50,000 numbers")),
        ('regex("(a+)+b", "aaaa")', Open("a pattern that would take too long")),
    ],
)  # fmt: skip
def test_values_that_are_not_plain(tmp_path: Path, expression: str, value: Any) -> None:
    assert outcome(tmp_path, expression) == value


def test_an_unknown_truth_is_a_condition_with_its_definition(tmp_path: Path) -> None:
    outcome(tmp_path, 'var.unset == "prod" ? 1 : aws_sqs_queue.q.url == "x" ? 2 : 3')
    assert read_module(tmp_path, "").conditions == {
        "var.flag": {"Fn::Equals": [{"Ref": "flag"}, "true"]},
        'var.unset == "prod"': {"Fn::Equals": [{"Ref": "unset"}, "prod"]},
        'aws_sqs_queue.q.url == "x"': Open(
            'aws_sqs_queue.q.url == "x": '
            "== of aws_sqs_queue.q.url is only known when Terraform runs"
        ),
    }


def test_files_and_templates(tmp_path: Path) -> None:
    files = {
        "t/a.tftpl": "%{ for n in names ~}\nhi ${n}\n%{ endfor ~}\n",
        "t/b.json": '{"x": 1}',
        "t/sub/c.txt": "c",
    }
    assert outcome(tmp_path, 'templatefile("t/a.tftpl", { names = ["A", "B"] })', files) == (
        "hi A\nhi B\n"
    )
    assert outcome(tmp_path, 'jsondecode(file("${path.module}/t/b.json")).x') == 1
    assert outcome(tmp_path, 'fileset("t", "**/*.{json,txt}")') == ["b.json", "sub/c.txt"]
    assert outcome(tmp_path, 'fileexists("t/none")') is False


def test_a_template_that_uses_itself_ends(tmp_path: Path) -> None:
    files = {"t.tpl": '${templatefile("t.tpl", {})}'}
    found = outcome(tmp_path, 'templatefile("t.tpl", {})', files)
    assert found == Open("templates that use each other without end")


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text('ab"\\é\n$%<&', max_size=6)
    | st.sampled_from(["${a}", "a%{if}", "a{b}"])
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.text("abc", min_size=1, max_size=3)
    return inner | st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)


JSON = nested(nested(SCALARS))


def written(value: Any) -> str:
    """Write JSON as an expression of HCL."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(k)} = {written(v)}' for k, v in value.items())} }}"
    return json.dumps(value)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(JSON)
def test_json_is_the_same_after_a_round_through_text(tmp_path: Path, value: Any) -> None:
    assert outcome(tmp_path, f'jsondecode("${{jsonencode({written([value])})}} ")') == [value]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.text('var.n[]()*?:"${}, =>!&|+-local.m1for in', max_size=40))
def test_no_expression_ends_the_reader(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf").write_text(f'{SETUP}\noutput "x" {{\n value = {text}\n}}\n')
    read_module(tmp_path, "")
