"""Which files stand for what is deployed, of the notations beside CloudFormation's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein.model import Resource, Stack
from checkrein.pipeline import learn
from checkrein.read.discovery import find_templates

QUEUE = 'resource "aws_sqs_queue" "placed" {}\n'
PLANNED = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_sqs_queue.placed",
                    "mode": "managed",
                    "type": "aws_sqs_queue",
                    "name": "placed",
                    "values": {"name": "placed", "visibility_timeout_seconds": 60},
                }
            ]
        }
    },
}
SERVICE = "service: shop\nprovider: {name: aws}\nresources: ${file(parts/tables.yml)}\n"
TABLES = "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n"
TEMPLATE = {"Resources": {"Placed": {"Type": "AWS::SQS::Queue"}}}


def written(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "units"),
    [
        (["infra/main.tf", "infra/queues.tf"], ["infra/main.tf"]),
        (["infra/queues.tf", "infra/apis.tf"], ["infra/apis.tf"]),
        (["infra/main.tofu"], ["infra/main.tofu"]),
    ],
)
def test_a_root_module_is_one(files: list[str], units: list[str], tmp_path: Path) -> None:
    written(tmp_path, dict.fromkeys(files, QUEUE))

    assert find_templates(tmp_path) == (units, [])


def test_a_module_of_another_is_a_part_of_it(tmp_path: Path) -> None:
    call = 'module "queues" {\n  source = "./queues"\n}\n'
    written(tmp_path, {"main.tf": call, "queues/main.tf": QUEUE})

    assert find_templates(tmp_path) == (["main.tf"], [])
    ids = [each.id for each in learn([tmp_path]).app.every(Resource)]
    assert ids == ["main/module.queues.aws_sqs_queue.placed"]


def test_a_root_module_is_called_by_its_folder(tmp_path: Path) -> None:
    written(tmp_path, {"infra/queues.tf": QUEUE})

    assert [each.id for each in learn([tmp_path]).app.every(Stack)] == ["infra"]


def test_a_plan_stands_for_its_folder(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": QUEUE, "plan.json": json.dumps(PLANNED)})

    assert find_templates(tmp_path) == (["plan.json"], [])
    (queue,) = learn([tmp_path]).app.every(Resource)
    assert (queue["VisibilityTimeout"], queue.place.path) == (60, "main.tf")


def test_what_only_has_a_plan_s_name_is_a_template(tmp_path: Path) -> None:
    written(tmp_path, {"plan.json": json.dumps(TEMPLATE), "main.tf": QUEUE})

    assert find_templates(tmp_path) == (["main.tf", "plan.json"], [])
    types = [each.type for each in learn([tmp_path]).app.every(Resource)]
    assert types == ["AWS::SQS::Queue"] * 2


def test_what_a_service_takes_in_is_a_part_of_it(tmp_path: Path) -> None:
    written(tmp_path, {"serverless.yml": SERVICE, "parts/tables.yml": TABLES})

    (table,) = (each for each in learn([tmp_path]).app.every(Resource) if not each.added)
    assert (table.id, table.place.path, table.place.line) == (
        "serverless/Orders",
        "parts/tables.yml",
        2,
    )


def test_a_text_that_only_what_was_packaged_has_stands_there(tmp_path: Path) -> None:
    service = (
        "service: shop\nprovider:\n  name: aws\n  runtime: python3.14\n"
        "  environment: {STAGE: live, DB_PASSWORD: '${env:DB_PASSWORD}'}\n"
        "functions: {a: {handler: app.handler}, b: {handler: app.handler}}\n"
    )
    given = {"STAGE": "live", "DB_PASSWORD": "Tr0ub4dor!"}
    made = {
        f"{name}LambdaFunction": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Handler": "app.handler", "Environment": {"Variables": given}},
        }
        for name in "AB"
    }
    path = ".serverless/cloudformation-template-update-stack.json"
    written(tmp_path, {"serverless.yml": service, "app.py": "def handler(e, c): return 1\n"})
    written(tmp_path, {path: json.dumps({"Resources": made}, indent=1)})

    app = learn([tmp_path]).app
    one, other = (each for each in app.every(Resource) if each.type == "AWS::Lambda::Function")
    text = json.dumps({"Resources": made}, indent=1).splitlines()
    at = one.where("Environment.Variables.DB_PASSWORD")
    assert (at.path, text[at.line - 1].strip()) == (path, '"DB_PASSWORD": "Tr0ub4dor!"')
    assert other.where("Environment.Variables.DB_PASSWORD") == at
    assert one.where("Environment.Variables.STAGE").path == "serverless.yml"


def test_what_the_framework_packaged_is_preferred(tmp_path: Path) -> None:
    packaged = {"Resources": {"Made": {"Type": "AWS::SQS::Queue"}}}
    path = ".serverless/cloudformation-template-update-stack.json"
    written(tmp_path, {"serverless.yml": SERVICE, "parts/tables.yml": TABLES})
    written(tmp_path, {path: json.dumps(packaged)})

    app = learn([tmp_path]).app
    assert [each.id for each in app.every(Resource)] == ["serverless/Made"]
    (stack,) = app.every(Stack)
    assert stack.notation == "Serverless Framework"
