"""From what CDK made back to the files of the team, where its metadata say nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from checkrein.model import App, Function, Resource, Stack
from checkrein.read.cdk.names import names, rename
from checkrein.read.cloudformation import read_templates
from checkrein.read.discovery import find_templates
from checkrein.read.functions import read_functions

STACK = """\
import * as cdk from "aws-cdk-lib";

export class ShopStack extends cdk.Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const table = new dynamodb.Table(this, "Orders", {});
    new Service(this, 'Mails');
  }
}
"""
SERVICE = """\
export class Service extends Construct {
  constructor(scope, id) {
    super(scope, id);
    new lambda.Function(
      this,
      "Handler", {});
  }
}
export class Unused extends Construct {
  constructor(scope) { new sqs.Queue(this, "Orders"); }
}
"""
HANDLER = """\
import { save } from "./store";
// a comment with "some words" in it
export const handler = async (event: Event) => {
  const name = process.env.TABLE_NAME;
  console.log("saved an order", event.orderNumber, event.customer.address);
  return save(name, "orders-table-entry");
};
"""
OTHER = HANDLER.replace("saved an order", "sent a mail").replace("orders-table", "mail-of")
BUNDLE = (
    '"use strict";var a=async e=>{let t=process.env.TABLE_NAME;return console.log('
    '"saved an order",e.orderNumber,e.customer.address),s(t,"orders-table-entry")};exports.handler=a;'
)
ASSET = "asset." + "0a" * 32


def synthesized(root: Path, resources: Mapping[str, object], files: dict[str, str]) -> App:
    """Read an app that has no metadata: its template, and files of the team's own."""
    template = {"Resources": resources}
    properties = {"templateFile": "Shop.template.json", "stackName": "shop-live"}
    stack = {"type": "aws:cloudformation:stack", "properties": properties}
    written = {
        "cdk.out/manifest.json": json.dumps({"version": "36.0.0", "artifacts": {"Shop": stack}}),
        "cdk.out/Shop.template.json": json.dumps(template),
        **files,
    }
    for name, text in written.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    found, _ = find_templates(root)
    facts = read_templates(root, found)
    resources_read = [each for each in facts if isinstance(each, Resource)]
    stacks = [each for each in facts if isinstance(each, Stack)]
    return App([*facts, *read_functions(root, resources_read, stacks)])


def declared(path: str, type: str = "AWS::DynamoDB::Table", **more: object) -> dict[str, object]:
    return {"Type": type, "Properties": {}, "Metadata": {"aws:cdk:path": path}, **more}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("Shop/Orders/Resource", ("lib/stack.ts", 6, 19)),
        ("Shop/Mails/Handler/ServiceRole/Resource", ("lib/service.ts", 4, 5)),
        ("Shop/Mails/Unsaid/Resource", ("lib/stack.ts", 7, 5)),
        ("Shop/Nowhere/Resource", ("cdk.out/Shop.template.json", 1, 16)),
    ],
)
def test_a_construct_is_made_where_its_id_is_said(
    path: str, place: tuple[str, int, int], tmp_path: Path
) -> None:
    files = {
        "lib/stack.ts": STACK,
        "lib/service.ts": SERVICE,
        "bin/app.ts": "new ShopStack(app, 'Shop');\n",
        "test/shop.test.ts": "new dynamodb.Table(this, 'Orders');\n",
    }
    app = synthesized(tmp_path, {"Thing0A1B2C3D": declared(path)}, files)

    found = app.every(Resource)[0].place
    assert (found.path, found.line, found.column) == place


def test_a_minified_bundle_is_led_back_by_its_words(tmp_path: Path) -> None:
    code = {"S3Bucket": "assets", "S3Key": f"{'0a' * 32}.zip"}
    function = {"Code": code, "Handler": "index.handler", "Runtime": "nodejs22.x"}
    listed = {"files": {"0a" * 32: {"source": {"path": ASSET, "packaging": "zip"}}}}
    files = {
        f"cdk.out/{ASSET}/index.js": BUNDLE,
        "cdk.out/Shop.assets.json": json.dumps(listed),
        "src/save.ts": HANDLER,
        "src/mail.ts": OTHER,
        "src/store.ts": "export const save = (name: string, entry: string) => name + entry;\n",
    }
    manifest_of_assets = {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}}
    resources = {"Save": {"Type": "AWS::Lambda::Function", "Properties": function}}
    synthesized(tmp_path, resources, files)
    manifest = json.loads((tmp_path / "cdk.out/manifest.json").read_text())
    manifest["artifacts"]["Shop.assets"] = manifest_of_assets
    app = synthesized(tmp_path, resources, {"cdk.out/manifest.json": json.dumps(manifest)})

    assert [each.code and each.code.file for each in app.every(Function)] == ["src/save.ts"]


@pytest.mark.parametrize(
    ("place", "copied"),
    [("api/orders.json", True), (f"cdk.out/asset.{'0b' * 32}.json", False)],
)
def test_a_definition_is_the_asset_that_it_is_uploaded_from(
    place: str, *, copied: bool, tmp_path: Path
) -> None:
    location = {"Bucket": "assets", "Key": f"{'0b' * 32}.json"}
    resources = {"Api": declared("Shop/Api/Resource", "AWS::ApiGateway::RestApi")}
    resources["Api"]["Properties"] = {"BodyS3Location": location}
    listed = {"files": {"0b" * 32: {"source": {"path": f"asset.{'0b' * 32}.json"}}}}
    lists = {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}}
    text = '{"openapi": "3.0.1",\n "paths": {"/orders": {}}}'
    files = {
        f"cdk.out/asset.{'0b' * 32}.json": text,
        "api/orders.json": text if copied else text.replace("orders", "mails"),
        "cdk.out/Shop.assets.json": json.dumps(listed),
    }
    synthesized(tmp_path, resources, files)
    manifest = json.loads((tmp_path / "cdk.out/manifest.json").read_text())
    manifest["artifacts"]["Shop.assets"] = lists
    app = synthesized(tmp_path, resources, {"cdk.out/manifest.json": json.dumps(manifest)})

    api = app.every(Resource)[0]
    assert api["Body.openapi"] == "3.0.1"
    where = api.where("Body.paths")
    assert (where.path, where.line) == (place, 2)


def test_references_follow_new_names() -> None:
    document: dict[str, Any] = {
        "Parameters": {"Taken": {}},
        "Resources": {
            "A0A1B2C3D": {"Type": "T", "DependsOn": ["B0A1B2C3D", "Other"]},
            "B0A1B2C3D": {
                "Type": "T",
                "DependsOn": "A0A1B2C3D",
                "Properties": {
                    "DependsOn": "A0A1B2C3D",
                    "Of": [{"Ref": "A0A1B2C3D"}, {"Fn::GetAtt": ["A0A1B2C3D", "Arn"]}],
                    "As": {"Fn::GetAtt": "A0A1B2C3D.Arn"},
                    "In": {"Fn::Sub": "${A0A1B2C3D}/${A0A1B2C3D.Arn}/${!A0A1B2C3D}/${AWS::Region}"},
                },
            },
            "Taken0A1B2C3D": {"Type": "T"},
            "Same0A1B2C3D": {"Type": "T"},
            "Same1A1B2C3D": {"Type": "T"},
            "Plain0A1B2C3D": {"Type": "T"},
        },
        "Outputs": {"A": {"Value": {"Ref": "A0A1B2C3D"}}},
    }
    constructs = {name: f"Shop/{name}" for name in document["Resources"] if "Plain" not in name}

    new = names(document, constructs)
    rename(document, new)

    assert new == {"A0A1B2C3D": "A", "B0A1B2C3D": "B"}
    assert document["Outputs"] == {"A": {"Value": {"Ref": "A"}}}
    assert document["Resources"]["A"] == {"Type": "T", "DependsOn": ["B", "Other"]}
    assert document["Resources"]["B"] == {
        "Type": "T",
        "DependsOn": "A",
        "Properties": {
            "DependsOn": "A0A1B2C3D",
            "Of": [{"Ref": "A"}, {"Fn::GetAtt": ["A", "Arn"]}],
            "As": {"Fn::GetAtt": "A.Arn"},
            "In": {"Fn::Sub": "${A}/${A.Arn}/${!A0A1B2C3D}/${AWS::Region}"},
        },
    }


def test_a_stack_is_called_as_its_manifest_says(tmp_path: Path) -> None:
    app = synthesized(tmp_path, {"Thing": declared("Shop/Orders/Resource")}, {})

    assert [stack.name for stack in app.every(Stack)] == ["shop-live"]
