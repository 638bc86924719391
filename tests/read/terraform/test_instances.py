"""Folders of Terraform files to instances, each part with its place in the user's file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.catalog import terraform_modules
from checkrein.model import Place
from checkrein.model.values import Choice, Open, Symbol
from checkrein.read.terraform import configuration, sources
from checkrein.read.terraform.instances import Instance, Json, Root
from checkrein.read.terraform.plan import read_plan
from checkrein.read.terraform.roots import read_module, root_modules


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def read(folder: Path, files: dict[str, str], module: str = "") -> Root:
    write(folder, files)
    return read_module(folder, module)


def by_address(root: Root) -> dict[str, Instance]:
    return {each.address: each for each in root.instances}


def values(root: Root) -> dict[str, Any]:
    return {each.address: each.values for each in root.instances}


def test_arguments_and_nested_blocks_with_their_places(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
locals {
  tags = { team = "a" }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  tags          = local.tags
  environment {
    variables = {
      TABLE = aws_dynamodb_table.t.name
    }
  }
}
resource "aws_dynamodb_table" "t" {
  name = "t"
}
"""
        },
    )
    one = by_address(root)["aws_lambda_function.f"]
    assert one.values == {
        "function_name": "f",
        "tags": {"team": "a"},
        "environment": [{"variables": {"TABLE": Symbol("aws_dynamodb_table.t", "name")}}],
    }
    assert one.place == Place("main.tf", 4, 1, 4, 35)
    assert one.places[("function_name",)] == Place("main.tf", 5, 19, 5, 22)
    assert {path: place.line for path, place in one.places.items()} == {
        ("function_name",): 5,
        ("tags",): 6,
        ("tags", "team"): 2,
        ("environment",): 7,
        ("environment", 0): 7,
        ("environment", 0, "variables"): 8,
        ("environment", 0, "variables", "TABLE"): 9,
    }


def test_json_in_a_heredoc_is_a_structure_with_places(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
resource "aws_s3_bucket" "b" {}
resource "aws_iam_policy" "p" {
  policy = <<-EOF
    {
      "Statement": [
        {"Effect": "Allow",
         "Resource": "${aws_s3_bucket.b.arn}/*"}
      ]
    }
  EOF
}
"""
        },
    )
    one = by_address(root)["aws_iam_policy.p"]
    policy = one.values["policy"]
    assert isinstance(policy, Json)
    assert policy.value["Statement"][0]["Effect"] == "Allow"
    assert one.places[("policy", "Statement", 0)].line == 6
    assert one.places[("policy", "Statement", 0, "Resource")] == Place("main.tf", 7, 22, 7, 27)


def test_count_for_each_and_dynamic_blocks(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
variable "rules" { default = [{ port = 80 }, { port = 443 }] }
resource "aws_sqs_queue" "n" {
  count = 2
  name  = "q${count.index}"
}
resource "aws_sqs_queue" "k" {
  for_each = { a = 1, "b c" = 2 }
  name     = "${each.key}${each.value}"
}
resource "aws_security_group" "g" {
  ingress { from_port = 22 }
  dynamic "ingress" {
    for_each = var.rules
    iterator = rule
    content { from_port = rule.value.port }
  }
}
"""
        },
    )
    assert values(root) == {
        "aws_sqs_queue.n[0]": {"name": "q0"},
        "aws_sqs_queue.n[1]": {"name": "q1"},
        'aws_sqs_queue.k["a"]': {"name": "a1"},
        'aws_sqs_queue.k["b c"]': {"name": "b c2"},
        "aws_security_group.g": {
            "ingress": [{"from_port": 22}, {"from_port": 80}, {"from_port": 443}]
        },
    }
    assert by_address(root)["aws_security_group.g"].places[("ingress", 2)].line == 15


def test_what_is_not_known_is_one_instance_that_says_so(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
variable "create" { type = bool }
variable "names" { type = set(string) }
resource "aws_sqs_queue" "c" { count = var.create ? 1 : 0 }
resource "aws_sqs_queue" "e" {
  for_each = var.names
  name     = each.key
}
resource "aws_sqs_queue" "none" { count = 0 }
output "c" { value = join("", aws_sqs_queue.c[*].arn) }
"""
        },
    )
    found = by_address(root)
    assert list(found) == ["aws_sqs_queue.c[0]", "aws_sqs_queue.e"]
    assert found["aws_sqs_queue.c[0]"].condition == "var.create"
    assert root.conditions == {"var.create": {"Fn::Equals": [{"Ref": "create"}, "true"]}}
    assert found["aws_sqs_queue.e"].values == {
        "name": Open("which instances there are: for_each is var.names"),
        "for_each": Open("for_each is var.names"),
    }
    assert root.outputs["c"] == Choice(
        (
            ((("#var.create", True),), Symbol("aws_sqs_queue.c[0]", "arn")),
            ((("#var.create", False),), ""),
        )
    )
    assert root.variables == {
        "create": {"Type": "String"},
        "names": {"Type": "CommaDelimitedList"},
    }


MODULE = {
    "main.tf": """\
variable "on" { type = bool }
module "users" {
  for_each = toset(["a", "b"])
  source   = "./modules/table"
  name     = each.key
}
module "late" {
  count  = var.on ? 1 : 0
  source = "./modules/table"
  name   = "late"
}
resource "aws_lambda_function" "f" {
  role = module.users["a"].arn
}
""",
    "modules/table/main.tf": """\
variable "name" {}
variable "size" { default = 5 }
resource "aws_dynamodb_table" "this" {
  name          = "${var.name}-${basename(path.module)}"
  read_capacity = var.size
}
output "arn" { value = aws_dynamodb_table.this.arn }
""",
}


def test_local_modules(tmp_path: Path) -> None:
    root = read(tmp_path, MODULE)
    found = by_address(root)
    assert values(root) == {
        "aws_lambda_function.f": {
            "role": Symbol('module.users["a"].aws_dynamodb_table.this', "arn")
        },
        'module.users["a"].aws_dynamodb_table.this': {"name": "a-table", "read_capacity": 5},
        'module.users["b"].aws_dynamodb_table.this': {"name": "b-table", "read_capacity": 5},
        "module.late[0].aws_dynamodb_table.this": {"name": "late-table", "read_capacity": 5},
    }
    late = found["module.late[0].aws_dynamodb_table.this"]
    assert late.condition == "var.on"
    assert str(late.place) == "modules/table/main.tf:3"


def test_root_modules_are_those_that_none_calls(tmp_path: Path) -> None:
    write(tmp_path, {f"infra/{name}": text for name, text in MODULE.items()})
    write(tmp_path, {"other/x.tofu": 'resource "aws_sqs_queue" "q" {}', "vars/v.tf": "locals {}"})
    paths = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.t*")]
    assert root_modules(tmp_path, paths) == {
        "infra": ("infra/main.tf",),
        "other": ("other/x.tofu",),
    }


TOLD = 'resource "aws_sqs_queue" "q" {\n}\n'


@pytest.mark.parametrize(
    ("text", "is_root"),
    [
        (TOLD, True),
        ('module "queue" {\n  source = "example/queue/aws"\n}\n', True),
        (f"/*\n{TOLD}*/\n", False),
        (f"locals {{\n  text = <<EOT\n{TOLD}EOT\n}}\n", False),
        (f"/* first */\n{TOLD}", True),
        (f"locals {{ text = [\n{TOLD}", True),  # a fault
        ("resource aws_sqs_queue q {\n}\n", True),
        (f"variable text {{}}\n# {TOLD.splitlines()[0]}\n", False),
    ],
)
def test_a_root_module_declares_something(tmp_path: Path, text: str, *, is_root: bool) -> None:
    write(tmp_path, {"infra/main.tf": text})
    assert bool(root_modules(tmp_path, ["infra/main.tf"])) is is_root


@pytest.mark.parametrize("source", ["./queue", r"\u002e/queue", "../infra/queue"])
def test_a_folder_that_a_module_calls_is_no_root(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"infra/main.tf": f'module "q" {{ source = "{source}" }}'})
    write(tmp_path, {"infra/queue/main.tf": TOLD})
    paths = ["infra/main.tf", "infra/queue/main.tf"]
    assert list(root_modules(tmp_path, paths)) == ["infra"]


def test_what_text_tells_of_a_module_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"main.tf": TOLD, "variables.tf": 'variable "module" { default = "q" }'})
    monkeypatch.setattr(configuration, "parse_hcl", None)
    assert list(root_modules(tmp_path, ["main.tf", "variables.tf"])) == [""]


def test_a_module_that_is_not_here_is_lost_with_its_place(tmp_path: Path) -> None:
    text = """\
module "net" {
  source = "example/net/aws"
}
module "again" {
  source = "./"
}
resource "aws_sqs_queue" "q" { name = module.net.id }
"""
    root = read(tmp_path, {"main.tf": text})
    reasons = {one.reason for one in root.lost}
    assert "the module net is not in this repository (example/net/aws)" in reasons
    assert any("calls itself" in reason for reason in reasons)
    expected = Open("module.net is not in this repository (example/net/aws)")
    assert values(root)["aws_sqs_queue.q"] == {"name": expected}


STAND_IN = {
    "example/queue/aws/main.tf": """\
variable "name" {}
variable "delay" { default = 5 }
variable "statements" { default = {} }
resource "aws_sqs_queue" "this" {
  name          = "${var.name}-q"
  delay_seconds = var.delay
  dynamic "statement" {
    for_each = var.statements
    content { actions = statement.value.actions }
  }
}
module "inner" {
  source = "./modules/alarm"
  name   = var.name
}
output "arn" { value = aws_sqs_queue.this.arn }
""",
    "example/queue/aws/modules/alarm/main.tf": """\
variable "name" {}
resource "aws_cloudwatch_metric_alarm" "this" { alarm_name = var.name }
""",
}


@pytest.mark.parametrize(
    "source",
    [
        "example/queue/aws",
        "registry.example.com/example/queue/aws",
        "git::https://git.example.com/example/terraform-aws-queue.git?ref=v1",
    ],
)
def test_a_published_module_stands_where_the_user_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    write(tmp_path / "known", STAND_IN)
    for module in (terraform_modules, sources):
        monkeypatch.setattr(module, "STAND_INS", tmp_path / "known")
    text = f"""\
module "jobs" {{
  source = "{source}"
  name   = "jobs"
  statements = {{
    read = {{
      actions = ["sqs:ReceiveMessage"]
    }}
  }}
}}
"""
    root = read(tmp_path / "app", {"main.tf": text})
    queue, alarm = root.instances
    assert queue.address == "module.jobs.aws_sqs_queue.this"
    assert queue.values == {
        "name": "jobs-q",
        "delay_seconds": 5,
        "statement": [{"actions": ["sqs:ReceiveMessage"]}],
    }
    assert queue.place == Place("main.tf", 1, 1, 1, 14)
    assert {path: place.line for path, place in queue.places.items()} == {
        ("name",): 3,
        ("delay_seconds",): 1,
        ("statement",): 4,
        ("statement", 0): 5,
        ("statement", 0, "actions"): 6,
        ("statement", 0, "actions", 0): 6,
    }
    assert (alarm.place.line, alarm.places[("alarm_name",)].line) == (1, 3)


def test_variable_files_and_overrides(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
variable "a" { default = "default" }
variable "b" {}
variable "c" {}
resource "aws_sqs_queue" "q" {
  name = "${var.a} ${var.b} ${var.c}"
  fifo = false
  tags {
    x = 1
  }
}
""",
            "terraform.tfvars": 'a = "given"\nb = "given"\n',
            "x.auto.tfvars.json": '{"b": "automatic", "c": "automatic"}',
            "other.tfvars": 'a = "never"',
            "main_override.tf": 'resource "aws_sqs_queue" "q" {\n  fifo = true\n}\n',
        },
    )
    assert values(root)["aws_sqs_queue.q"] == {
        "name": "given automatic automatic",
        "fifo": True,
        "tags": [{"x": 1}],
    }
    assert str(by_address(root)["aws_sqs_queue.q"].places[("fifo",)]) == "main_override.tf:2"


def test_what_a_module_is_given_stands_where_its_caller_wrote_it(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
variable "secret" {}
variable "url" {}
resource "aws_iam_role" "r" {}
module "api" {
  source  = "./api"
  runtime = "python3.8"
  role    = aws_iam_role.r.arn
}
""",
            "terraform.tfvars": 'url = "https://example.com"\nsecret = "s3cr3t"\n',
            "api/main.tf": """\
variable "runtime" {}
variable "role" {}
module "function" {
  source  = "./function"
  runtime = "${var.runtime}"
  role    = var.role
}
""",
            "api/function/main.tf": """\
variable "runtime" {}
variable "role" {}
variable "memory" { default = 128 }
resource "aws_lambda_function" "f" {
  runtime     = var.runtime
  role        = var.role
  memory_size = var.memory
}
""",
        },
    )
    places = by_address(root)["module.api.module.function.aws_lambda_function.f"].places

    assert [str(places[name,]) for name in ("runtime", "role", "memory_size")] == [
        "main.tf:6",
        "api/function/main.tf:6",
        "api/function/main.tf:7",
    ]
    assert root.assigned == {"url": "https://example.com", "secret": "s3cr3t"}
    assert str(root.places["Parameters", "secret", "Given"]) == "terraform.tfvars:2"


def test_what_an_instance_is_given_stands_where_its_entry_is_written(tmp_path: Path) -> None:
    text = """\
locals {
  jobs = {
    pay = {
      runtime = "python3.8"
      role    = aws_iam_role.r.arn
    }
  }
}
resource "aws_iam_role" "r" {}
resource "aws_lambda_function" "f" {
  for_each = local.jobs
  runtime  = each.value.runtime
  role     = each.value.role
  name     = each.key
}
"""
    function = by_address(read(tmp_path, {"main.tf": text}))['aws_lambda_function.f["pay"]']
    places = [str(function.places[name,]) for name in ("runtime", "role", "name")]
    assert places == ["main.tf:4", "main.tf:13", "main.tf:14"]


def test_providers_of_another_region(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "main.tf": """\
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}
data "aws_region" "here" {}
data "aws_region" "there" { provider = aws.east }
resource "aws_sqs_queue" "q" {
  provider = aws.east
  name     = "${data.aws_region.here.name} ${data.aws_region.there.name}"
}
"""
        },
    )
    one = values(root)["aws_sqs_queue.q"]
    assert one["provider"] == "aws.east"
    assert str(one["name"]) == "${@aws.Region} us-east-1"


@pytest.mark.parametrize(
    ("text", "instances", "reason"),
    [
        ("count = 1000000", 500, "has 1,000,000 instances"),
        ("for_each = toset([for i in range(2000) : tostring(i)])", 500, "has 2,000 instances"),
    ],
)
def test_what_has_no_end_is_bounded(tmp_path: Path, text: str, instances: int, reason: str) -> None:
    root = read(tmp_path, {"main.tf": f'resource "aws_sqs_queue" "q" {{\n  {text}\n}}\n'})
    assert len(root.instances) == instances
    assert [reason in one.reason for one in root.lost] == [True]


def test_texts_that_double_are_open(tmp_path: Path) -> None:
    doubled = "".join(f'  a{i} = "${{local.a{i - 1}}}${{local.a{i - 1}}}"\n' for i in range(1, 40))
    text = f'locals {{\n  a0 = "xxxxxxxx"\n{doubled}}}\noutput "x" {{ value = local.a39 }}\n'
    found = read(tmp_path, {"main.tf": text}).outputs["x"]
    assert "a text of more than" in str(found)
    assert len(str(found)) < 1_000_000


def test_a_broken_file_costs_its_block_only(tmp_path: Path) -> None:
    root = read(
        tmp_path,
        {
            "a.tf": 'resource "aws_sqs_queue" "q" {}\nlocals {\n  x = = 1 1\n}\n',
            "b.tf": 'resource "aws_sqs_queue" "r" {}\n',
            "c.tf.json": "{",
        },
    )
    assert [each.address for each in root.instances] == ["aws_sqs_queue.q", "aws_sqs_queue.r"]
    assert [(str(one.place), one.fatal) for one in root.lost] == [
        ("a.tf:3", True),
        ("c.tf.json:1", True),
    ]


def test_json_files_say_the_same(tmp_path: Path) -> None:
    document = {
        "variable": {"n": {"default": "x"}},
        "resource": {
            "aws_sqs_queue": {"q": {"for_each": '${toset(["a"])}', "name": "${var.n}-${each.key}"}}
        },
    }
    root = read(tmp_path, {"main.tf.json": json.dumps(document, indent=1)})
    assert values(root) == {'aws_sqs_queue.q["a"]': {"name": "x-a"}}
    one = root.instances[0]
    assert (one.place.path, one.place.line) == ("main.tf.json", 9)


PLAN = {
    "format_version": "1.2",
    "variables": {"create": {"value": True}},
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_sqs_queue.q[0]",
                    "mode": "managed",
                    "type": "aws_sqs_queue",
                    "values": {"name": "jobs", "policy": None, "delay_seconds": 5},
                },
                {
                    "address": "aws_lambda_event_source_mapping.m",
                    "mode": "managed",
                    "type": "aws_lambda_event_source_mapping",
                    "values": {"batch_size": 10},
                },
            ]
        }
    },
    "resource_changes": [
        {
            "address": "aws_lambda_event_source_mapping.m",
            "change": {"after_unknown": {"event_source_arn": True, "id": True}},
        }
    ],
    "configuration": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_lambda_event_source_mapping.m",
                    "expressions": {
                        "event_source_arn": {
                            "references": ["aws_sqs_queue.q[0].arn", "aws_sqs_queue.q[0]"]
                        }
                    },
                }
            ]
        }
    },
}


def test_a_plan_alone(tmp_path: Path) -> None:
    write(tmp_path, {"plan.json": json.dumps(PLAN, indent=1)})
    root = read_plan(tmp_path, "plan.json")
    assert values(root) == {
        "aws_sqs_queue.q[0]": {"name": "jobs", "delay_seconds": 5},
        "aws_lambda_event_source_mapping.m": {
            "batch_size": 10,
            "event_source_arn": Symbol("aws_sqs_queue.q[0]", "arn"),
        },
    }
    assert {each.place.path for each in root.instances} == {"plan.json"}


@pytest.mark.parametrize("variables", [{"create": {"value": True}}, {}])
def test_a_plan_beside_its_files_has_their_places(
    tmp_path: Path, variables: dict[str, Any]
) -> None:
    write(
        tmp_path,
        {
            "plan.json": json.dumps({**PLAN, "variables": variables}),
            "main.tf": """\
variable "create" { type = bool }
resource "aws_sqs_queue" "q" {
  count = var.create ? 1 : 0
  name  = "jobs"
}
resource "aws_sqs_queue" "gone" { count = var.create ? 0 : 1 }
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = one(aws_sqs_queue.q[*].arn)
}
""",
        },
    )
    root = read_plan(tmp_path, "plan.json")
    queue, mapping = root.instances
    assert queue.values == {"name": "jobs", "delay_seconds": 5}
    assert (str(queue.place), queue.condition) == ("main.tf:2", "")
    assert mapping.values["event_source_arn"] == Symbol("aws_sqs_queue.q[0]", "arn")
