"""Programs that were not synthesized: what is said of each, and what is read where they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein.model import App, Resource
from checkrein.read.cloudformation import read_templates
from checkrein.read.discovery import find_templates

APP = '{"app": "mvn -e -q compile exec:java"}'
ASSEMBLY = json.dumps({
    "version": "36.0.0",
    "artifacts": {
        "Shop": {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": "Shop.template.json"},
        }
    },
})  # fmt: skip
TEMPLATE = json.dumps({"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {}}}})
CONFIG = 'export default { config() { return { name: "shop" }; } } satisfies SSTConfig;\n'
LATER = 'export default $config({ app(input) { return { name: "shop", home: "aws" }; } });\n'
SYNTHESIZED = json.dumps({
    "//": {"metadata": {"backend": "local", "stackName": "shop"}},
    "resource": {
        "aws_sqs_queue": {
            "jobs": {"//": {"metadata": {"path": "shop/jobs", "uniqueId": "jobs"}}, "name": "jobs"}
        }
    },
})  # fmt: skip


def found(root: Path, files: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the templates of some files, and what is said not to be read."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    templates, lost = find_templates(root)
    assert [each.fatal for each in lost] == [False] * len(lost)
    return templates, [each.reason for each in lost]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            {"infra/cdk.json": APP},
            "CDK is used in infra: run `npx cdk synth` there and scan again",
        ),
        (
            {"a/cdk.json": APP, "b/cdk.json": APP, "c/cdk.json": APP},
            "CDK is used in a and 2 more folders: run `npx cdk synth` there and scan again",
        ),
        (
            {"cdk.json": '{"context": {}}'},
            (
                "CDK without an app in its cdk.json is used in .: run `npx cdk synth --app` with the "
                "command that starts it there and scan again"
            ),
        ),
        (
            {"infra/cdktf.json": APP},
            "CDK for Terraform is used in infra: run `npx cdktf synth` there and scan again",
        ),
        (
            {"sst.config.ts": CONFIG},
            "SST before version 3 is used in .: run `npx sst build` there and scan again",
        ),
        (
            {"sst.json": '{"name": "shop"}'},
            "SST before version 3 is used in .: run `npx sst build` there and scan again",
        ),
        (
            {"sst.config.ts": LATER},
            (
                "SST 3 or later is used in .: it deploys with Pulumi and writes no template that can "
                "be read"
            ),
        ),
        (
            {"api/.chalice/config.json": '{"version": "2.0", "app_name": "shop"}'},
            "Chalice is used in api: run `chalice package out` there and scan again",
        ),
        (
            {"deploy/Pulumi.yaml": "name: shop\nruntime: nodejs\n"},
            (
                "Pulumi is used in deploy: it deploys by itself and writes no template that can be "
                "read"
            ),
        ),
    ],
)
def test_a_program_without_its_output_is_told_how_to_make_it(
    files: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert found(tmp_path, files) == ([], [sentence])


@pytest.mark.parametrize(
    ("app", "output"),
    [
        ({"cdk.json": APP}, "cdk.out"),
        ({"infra/cdk.json": '{"app": "python3 app.py", "output": "../built/cdk"}'}, "built/cdk"),
        ({"sst.config.ts": CONFIG}, ".sst/dist"),
        ({"sst.json": "{}"}, ".build/cdk.out"),
    ],
)
def test_what_an_app_wrote_is_read_wherever_it_says(
    app: dict[str, str], output: str, tmp_path: Path
) -> None:
    made = {f"{output}/manifest.json": ASSEMBLY, f"{output}/Shop.template.json": TEMPLATE}

    assert found(tmp_path, {**app, **made}) == ([f"{output}/Shop.template.json"], [])


def test_what_chalice_wrote_is_read_where_it_was_told_to(tmp_path: Path) -> None:
    made = {"api/out/sam.json": TEMPLATE, "api/.chalice/config.json": "{}"}

    assert found(tmp_path, made) == (["api/out/sam.json"], [])


def test_what_a_plugin_writes_beside_compiled_code_is_no_service(tmp_path: Path) -> None:
    service = "service: shop\nprovider: {name: aws, runtime: nodejs24.x}\n"
    paths = ["serverless.yml", ".build/serverless.yml", "a/.esbuild/.build/serverless.yml"]

    assert found(tmp_path, dict.fromkeys(paths, service)) == (["serverless.yml"], [])


def test_of_several_apps_only_those_without_output_are_told(tmp_path: Path) -> None:
    made = {"one/cdk.out/manifest.json": ASSEMBLY, "one/cdk.out/Shop.template.json": TEMPLATE}

    assert found(tmp_path, {"one/cdk.json": APP, "two/cdk.json": APP, **made}) == (
        ["one/cdk.out/Shop.template.json"],
        ["CDK is used in two: run `npx cdk synth` there and scan again"],
    )


def test_what_cdk_for_terraform_wrote_is_read_as_terraform(tmp_path: Path) -> None:
    stack = "cdktf.out/stacks/shop/cdk.tf.json"
    manifest = '{"version": "0.20.7", "stacks": {"shop": {"name": "shop"}}}'

    templates, lost = found(
        tmp_path, {"cdktf.json": APP, stack: SYNTHESIZED, "cdktf.out/manifest.json": manifest}
    )

    app = App(read_templates(tmp_path, templates))
    assert (templates, lost) == ([stack], [])
    assert [(each.type, each["QueueName"]) for each in app.every(Resource)] == [
        ("AWS::SQS::Queue", "jobs")
    ]
