"""Plans as ``terraform show -json`` writes them, alone and beside the files that they are of."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from checkrein.model import Resource, Unread
from checkrein.model.values import Open, Symbol, Text
from checkrein.pipeline import learn
from checkrein.read.discovery import find_templates
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.plan import read_plan

ARN = "arn:aws:s3:::"


def planned(
    resources: dict[str, dict[str, Any]],
    expressions: dict[str, Any] | None = None,
    unknown: dict[str, Any] | None = None,
    module: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a plan of resources by address, all in its root module's list."""
    listed = [
        {"address": address, "mode": "managed", "type": kind_of(address), "values": values}
        for address, values in resources.items()
    ]
    own = [{"address": a, "expressions": e} for a, e in (expressions or {}).items()]
    changes = [{"address": a, "change": {"after_unknown": u}} for a, u in (unknown or {}).items()]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": listed}},
        "resource_changes": changes,
        "configuration": {"root_module": module or {"resources": own}},
    }


def kind_of(address: str) -> str:
    return next(word for word in address.split(".") if word.startswith("aws_")).partition("[")[0]


def refers(*names: str) -> dict[str, list[str]]:
    return {"references": [each for n in names for each in (n, n.rpartition(".")[0])]}


def values(root: Path, plan: dict[str, Any], files: dict[str, str] | None = None) -> dict[str, Any]:
    (root / "plan.json").write_text(json.dumps(plan))
    for name, text in (files or {}).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return {each.address: each.values for each in read_plan(root, "plan.json").instances}


# ------------------------------------------------------------------------------ references

BUCKET = {"bucket": "b-1", "arn": f"{ARN}b-1", "id": "b-1"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{ARN}b-1", Symbol("aws_s3_bucket.b", "arn")),
        (f"{ARN}b-1/*", Text((Symbol("aws_s3_bucket.b", "arn"), "/*"))),
        (f"{ARN}other", f"{ARN}other"),
    ],
)
def test_what_is_known_is_a_reference_where_another_resource_tells_it(
    value: str, expected: object, tmp_path: Path
) -> None:
    plan = planned(
        {"aws_s3_bucket.b": BUCKET, "aws_s3_bucket_notification.n": {"bucket": value}},
        {"aws_s3_bucket_notification.n": {"bucket": refers("aws_s3_bucket.b.arn")}},
    )
    assert values(tmp_path, plan)["aws_s3_bucket_notification.n"] == {"bucket": expected}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["111122223333"], Text(("arn:aws:sns:eu-west-1:", Symbol("@aws", "AccountId"), ":t"))),
        (["444455556666"], "arn:aws:sns:eu-west-1:111122223333:t"),
        (["111122223333", "444455556666"], "arn:aws:sns:eu-west-1:111122223333:t"),
        ([], "arn:aws:sns:eu-west-1:111122223333:t"),
    ],
)
def test_the_number_of_its_own_account_means_that_account(
    tmp_path: Path, numbers: list[str], expected: object
) -> None:
    told = "arn:aws:sns:eu-west-1:111122223333:t"
    plan = planned({"aws_sns_topic_policy.p": {"arn": told, "policy": json.dumps({"Id": told})}})
    asked = [
        {"address": f"data.aws_caller_identity.c{index}", "mode": "data"}
        | {"type": "aws_caller_identity", "values": {"account_id": number}}
        for index, number in enumerate(numbers)
    ]
    plan["prior_state"] = {"values": {"root_module": {"resources": asked}}}
    found = values(tmp_path, plan)["aws_sns_topic_policy.p"]
    assert found == {"arn": expected, "policy": Json({"Id": expected})}


def test_an_older_plan_names_no_attribute(tmp_path: Path) -> None:
    plan = planned(
        {"aws_s3_bucket.b": BUCKET, "aws_s3_bucket_notification.n": {"bucket": f"{ARN}b-1"}},
        {"aws_s3_bucket_notification.n": {"bucket": {"references": ["aws_s3_bucket.b"]}}},
    )
    found = values(tmp_path, plan)["aws_s3_bucket_notification.n"]
    assert found == {"bucket": Symbol("aws_s3_bucket.b", "arn")}


def test_what_is_not_known_in_a_list_is_what_is_left(tmp_path: Path) -> None:
    groups = {"aws_security_group.a": {"id": "sg-1"}, "aws_security_group.b": {}}
    function = {"vpc_config": [{"security_group_ids": ["sg-1", None], "subnet_ids": []}]}
    asked = refers("aws_security_group.a.id", "aws_security_group.b.id")
    plan = planned(
        {**groups, "aws_lambda_function.f": function},
        {"aws_lambda_function.f": {"vpc_config": [{"security_group_ids": asked}]}},
        {"aws_lambda_function.f": {"vpc_config": [{"security_group_ids": [False, True]}]}},
    )
    ids = [Symbol("aws_security_group.a", "id"), Symbol("aws_security_group.b", "id")]
    found = values(tmp_path, plan)["aws_lambda_function.f"]
    assert found == {"vpc_config": [{"security_group_ids": ids}]}


def test_a_document_is_no_reference_to_what_it_names(tmp_path: Path) -> None:
    plan = planned(
        {"aws_s3_bucket.b": {}, "aws_s3_bucket_policy.p": {"bucket": None}},
        {
            "aws_s3_bucket_policy.p": {
                "policy": refers("aws_s3_bucket.b.arn"),
                "bucket": refers("aws_s3_bucket.b.id"),
            }
        },
        {"aws_s3_bucket_policy.p": {"policy": True, "bucket": True}},
    )
    found = values(tmp_path, plan)["aws_s3_bucket_policy.p"]
    assert found["bucket"] == Symbol("aws_s3_bucket.b", "id")
    assert isinstance(found["policy"], Open)


def test_several_are_open_with_their_names(tmp_path: Path) -> None:
    plan = planned(
        {"aws_sqs_queue.a": {}, "aws_sqs_queue.b": {}, "aws_sns_topic_subscription.s": {}},
        {
            "aws_sns_topic_subscription.s": {
                "endpoint": refers("aws_sqs_queue.a.arn", "aws_sqs_queue.b.arn")
            }
        },
        {"aws_sns_topic_subscription.s": {"endpoint": True}},
    )
    found = values(tmp_path, plan)["aws_sns_topic_subscription.s"]["endpoint"]
    assert found == Open("it is made of aws_sqs_queue.a.arn, aws_sqs_queue.b.arn")


QUEUES = {
    "outputs": {"arn": {"expression": refers("aws_sqs_queue.q.arn")}},
    "resources": [{"address": "aws_sqs_queue.q", "expressions": {}}],
}
READERS = {
    "resources": [
        {
            "address": "aws_lambda_event_source_mapping.m",
            "expressions": {"event_source_arn": {"references": ["var.queue"]}},
        }
    ]
}


@pytest.mark.parametrize(
    ("asked", "queue"),
    [
        (refers("module.queues.arn"), "module.queues.aws_sqs_queue.q"),
        ({"references": ["module.queues", "each.key"]}, None),
        (
            {"references": ['module.queues["x.y"].arn', 'module.queues["x.y"]', "module.queues"]},
            'module.queues["x.y"].aws_sqs_queue.q',
        ),
        (
            {"references": ["module.queues.arn", "module.queues", "each.key"]},
            'module.queues["a"].aws_sqs_queue.q',
        ),
    ],
)
def test_references_go_through_modules_and_their_keys(
    asked: dict[str, Any], queue: str | None, tmp_path: Path
) -> None:
    keys = ("",) if queue == "module.queues.aws_sqs_queue.q" else ('["a"]', '["x.y"]')
    resources: dict[str, dict[str, Any]] = {
        f"module.queues{key}.aws_sqs_queue.q": {} for key in keys
    }
    reader = 'module.readers["a"].aws_lambda_event_source_mapping.m'
    calls = {
        "queues": {"module": QUEUES},
        "readers": {"module": READERS, "expressions": {"queue": asked}},
    }
    plan = planned(
        {**resources, reader: {}},
        unknown={reader: {"event_source_arn": True}},
        module={"module_calls": calls},
    )
    found = values(tmp_path, plan)[reader]["event_source_arn"]
    assert found == (Symbol(queue, "arn") if queue else Open("it is made of var.queue"))


def test_what_a_replaced_resource_leaves_behind_says_nothing(tmp_path: Path) -> None:
    plan = planned({"aws_sqs_queue.q": {"name": "q"}}, unknown={"aws_sqs_queue.q": {"arn": True}})
    gone = {"address": "aws_sqs_queue.q", "deposed": "00ff", "change": {"after_unknown": {}}}
    plan["resource_changes"].append(gone)
    plan["configuration"]["root_module"]["resources"] = [
        {"address": "aws_sqs_queue.q", "expressions": {"arn": refers("aws_sns_topic.t.arn")}}
    ]
    expected = {"name": "q", "arn": Symbol("aws_sns_topic.t", "arn")}
    assert values(tmp_path, plan) == {"aws_sqs_queue.q": expected}


# ------------------------------------------------------------------------------ beside the files

GROUP = """\
resource "aws_security_group" "g" {
  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
  }
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
  }
}
"""


def test_what_a_plan_sorts_stands_where_it_is_written(tmp_path: Path) -> None:
    rules = [
        {"from_port": port, "to_port": port, "protocol": "tcp", "self": False} for port in (22, 443)
    ]
    plan = planned({"aws_security_group.g": {"ingress": rules, "egress": []}})
    (tmp_path / "main.tf").write_text(GROUP)
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (group,) = read_plan(tmp_path, "plan.json").instances
    ports = [rule["from_port"] for rule in group.values["ingress"]]
    lines = [group.places["ingress", index, "from_port"].line for index in (0, 1)]
    assert (ports, lines, "egress" in group.values) == ([443, 22], [3, 8], False)


def test_a_machine_s_start_is_the_files_not_its_hash(tmp_path: Path) -> None:
    text = 'resource "aws_instance" "i" {\n  user_data = "echo hi"\n  ami = "a"\n}\n'
    hashed = {"user_data": sha1(b"echo hi", usedforsecurity=False).hexdigest(), "ami": "b"}
    found = values(tmp_path, planned({"aws_instance.i": hashed}), {"main.tf": text})
    assert found == {"aws_instance.i": {"user_data": "echo hi", "ami": "b"}}


def test_a_policy_keeps_whom_the_files_mean_and_what_the_plan_knows(tmp_path: Path) -> None:
    text = """\
variable "right" {}
resource "aws_s3_bucket" "b" {}
resource "aws_iam_policy" "p" {
  policy = jsonencode({Statement = [{Action = var.right, Resource = aws_s3_bucket.b.arn}]})
}
"""
    known = {"Statement": [{"Action": "s3:GetObject", "Resource": f"{ARN}b-1"}]}
    plan = planned({"aws_s3_bucket.b": BUCKET, "aws_iam_policy.p": {"policy": json.dumps(known)}})
    found = values(tmp_path, plan, {"main.tf": text})["aws_iam_policy.p"]["policy"]
    resource = Symbol("aws_s3_bucket.b", "arn")
    assert found == Json({"Statement": [{"Action": "s3:GetObject", "Resource": resource}]})


def test_the_files_say_which_blocks_there_are(tmp_path: Path) -> None:
    text = """\
resource "aws_sqs_queue" "both" { name = "new" }
resource "aws_sqs_queue" "added" {}
resource "aws_sqs_queue" "none" { count = 0 }
module "own" { source = "./own" }
module "published" { source = "acme/queue/aws" }
"""
    names = ["both", "removed"]
    plan = planned(
        {f"aws_sqs_queue.{name}": {"name": "old"} for name in names}
        | {"module.own.aws_sqs_queue.gone": {}, "module.published.aws_sqs_queue.q": {}}
    )
    files = {"main.tf": text, "own/main.tf": 'resource "aws_sqs_queue" "kept" {}\n'}
    assert sorted(values(tmp_path, plan, files)) == [
        "aws_sqs_queue.added",
        "aws_sqs_queue.both",
        "module.own.aws_sqs_queue.kept",
        "module.published.aws_sqs_queue.q",
    ]
    (lost,) = read_plan(tmp_path, "plan.json").lost
    assert lost.reason == (
        "the plan was made of other files: 2 of the files that it lacks (aws_sqs_queue.added,"
        " module.own.aws_sqs_queue.kept) and 2 of its own that they do not have"
        " (aws_sqs_queue.removed, module.own.aws_sqs_queue.gone)"
    )
    assert lost.fatal is False


def test_what_cannot_be_read_of_the_files_takes_nothing_away(tmp_path: Path) -> None:
    plan = planned({"aws_sqs_queue.q": {"name": "q"}})
    found = values(tmp_path, plan, {"main.tf": 'resource "aws_sqs_queue" "q" {\n  name = (\n}\n'})
    assert list(found) == ["aws_sqs_queue.q"]


def test_a_plan_alone_says_where_its_findings_stand(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(planned({"aws_sqs_queue.q": {}}), indent=1))
    root = read_plan(tmp_path, "plan.json")
    text = (tmp_path / "plan.json").read_text().split("\n")
    (queue,) = root.instances
    assert '"address": "aws_sqs_queue.q"' in text[queue.place.line - 1][queue.place.column - 1 :]
    assert [each.reason for each in root.lost] == ["no file of its module lies beside this plan"]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("terraform-aws-modules/sqs/aws", ["module.jobs", "module.jobs.aws_sqs_queue.dlq"]),
        ("acme/sqs/aws", ["module.jobs.aws_sqs_queue.dlq", "module.jobs.aws_sqs_queue.this"]),
    ],
)
def test_a_published_module_s_own_resource_is_called_by_its_block(
    source: str, names: list[str], tmp_path: Path
) -> None:
    made = [f"module.jobs.aws_sqs_queue.{name}[0]" for name in ("this", "dlq")]
    plan = planned(
        {address: {} for address in made},
        module={"module_calls": {"jobs": {"source": source, "module": {}}}},
    )
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    found = learn([tmp_path]).app.every(Resource)
    assert sorted(each.name for each in found) == names
    assert sorted(each.logical for each in found) == sorted(made)
    block = f'module "jobs" {{\n  source = "{source}"\n  create_dlq = true\n}}\n'
    (tmp_path / "main.tf").write_text(block)
    beside = learn([tmp_path]).app.every(Resource)
    assert sorted(r.name for r in beside if r.type == "AWS::SQS::Queue") == names


# ------------------------------------------------------------------------------ which files


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("plan.json", "utf-8"),
        ("prod.tfplan.json", "utf-16"),
        ("plan.out.json", "utf-8-sig"),
        ("tf_plan.json", "utf-8"),
        ("cached_Plan-1.json", "utf-8"),
    ],
)
def test_a_plan_is_known_by_what_it_holds(name: str, encoding: str, tmp_path: Path) -> None:
    text = json.dumps(planned({"aws_sqs_queue.q": {"name": "q"}}))
    (tmp_path / name).write_bytes(text.encode(encoding))
    assert find_templates(tmp_path) == ([name], [])
    assert [each["QueueName"] for each in learn([tmp_path]).app.every(Resource)] == ["q"]


MESSAGES = '{"@level":"info","@message":"Terraform 1.9.0","type":"version"}\n{"@level":"info"}\n'
SHOWN = "`terraform show -json tfplan > plan.json` makes one"


@pytest.mark.parametrize("name", ["tfplan", "plan.out", "prod.tfplan", "tfplan.json"])
def test_terraform_s_own_form_is_told_how_to_be_read(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("tfplan", b"\x08\x03")
    reason = f"this is a plan in Terraform's own form, not in JSON: {SHOWN}"
    for scanned in (tmp_path, tmp_path / name):
        (unread,) = learn([scanned]).app.every(Unread)
        assert (unread.reason, unread.fatal) == (reason, True)
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n')
    (unread,) = learn([tmp_path]).app.every(Unread)
    assert (unread.effect, unread.fatal) == ("the files beside it are read instead", False)


def test_messages_of_a_plan_are_none(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(MESSAGES)
    (unread,) = learn([tmp_path]).app.every(Unread)
    assert (
        unread.reason == f"these are the messages of `terraform plan -json`, not the plan: {SHOWN}"
    )


def test_other_files_of_such_names_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "meal-plan.json").write_text('{"monday": "soup"}')
    (tmp_path / "plan.out").write_bytes(b"PK\x03\x04 something else")
    (tmp_path / "tfplan").write_text("notes")
    assert find_templates(tmp_path) == ([], [])


@pytest.mark.parametrize(
    "wrong", [None, 1, True, "x", [], [None], [[]], [{}], {}, {"a": None}, "a["]
)
@pytest.mark.parametrize(
    "part",
    ["resources", "expressions", "references", "address", "module_calls", "outputs", "expression"],
)
def test_a_part_of_another_shape_tells_nothing(tmp_path: Path, part: str, wrong: object) -> None:
    module = {
        "resources": [
            {
                "address": "aws_sqs_queue.paid",
                "expressions": {"name": {"references": ["module.names.paid", "module.names"]}},
            }
        ],
        "module_calls": {
            "names": {"module": {"outputs": {"paid": {"expression": {"references": ["var.name"]}}}}}
        },
    }
    plan = planned({"aws_sqs_queue.paid": {"name": "paid"}}, module=_with(module, part, wrong))
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (found,) = read_plan(tmp_path, "plan.json").instances
    assert found.values["name"] == "paid"


def _with(value: Any, name: str, wrong: object) -> Any:
    """Return a structure with what stands at each member of a name made another thing."""
    if isinstance(value, list):
        return [_with(each, name, wrong) for each in value]
    if isinstance(value, dict):
        return {k: wrong if k == name else _with(v, name, wrong) for k, v in value.items()}
    return value
