"""CDK's ``cdk.out`` is read like the app that it was made of, and is told in its words.

``cdk/shop`` is an app of our own as CDK 2.276 synthesizes it, without CDK's own code and data;
``cdk/shop.yaml`` is the same app in SAM. The paths in its metadata are of another machine.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from checkrein.checks import load
from checkrein.judge import judge
from checkrein.model import App, Fact, Function, Need, Resource, Row, Stack, Unread
from checkrein.model.result import Result
from checkrein.pipeline import learn, scan
from checkrein.read.cdk.added import added_for
from checkrein.read.cloudformation import read_templates
from checkrein.read.discovery import find_templates
from checkrein.read.functions import read_functions
from checkrein.report.groups import groups
from checkrein.report.order import distinct
from checkrein.write import CannotEdit, edits

HERE = Path(__file__).parent / "cdk"
OF_CDK = {  # what CDK adds for itself, and nested stacks, whose resources stand in the one above
    "AWS::ApiGateway::Account",
    "AWS::CloudFormation::Stack",
    "AWS::Lambda::LayerVersion",
    "Custom::LogRetention",
    "Custom::S3AutoDeleteObjects",
}
STORES, SHOP = "cdk.out/Stores.template", "cdk.out/Shop.template"
MAILING = f"{SHOP}/Mailing"
BUNDLE = "asset.bc99b72d903637350b05b174e2bd31f671a1a76500bc674b79b1bc22c9b0022c"
ADDED = {
    "AWS::IAM::Policy": 2,
    "AWS::IAM::Role": 3,
    "AWS::Lambda::Function": 3,
    "AWS::Lambda::LayerVersion": 1,
}
# how SAM calls what CDK makes of the same
IN_SAM = (
    ("ServiceRoleDefaultPolicy:", "Role:Policies.0."),
    ("ServiceRole", "Role"),
    ("ApiDeploymentStageprod", "ApiprodStage"),
    ("ApiordersPOSTApiPermissionShopApi4E8988D1POSTorders", "OrderPostPermissionprod"),
    ("MailerSqsEventSourceShopPlaced4ED8C08C", "MailerPlaced"),
)
CDKS_OWN = {  # resources and stacks that SAM has none for
    "ApiCloudWatchRole",  # lets API Gateway write logs
    "ApiordersPOSTApiPermissionTestShopApi4E8988D1POSTorders",  # for calls from the console
    "MailerRoleDefaultPolicy",  # policies apart from their roles
    "OrderRoleDefaultPolicy",
    "SignedIn",  # an authorizer that SAM writes into the definition of the API
    "Mailing",  # stacks, which take a parameter: CDK's version
    "Shop.template",
    "Stores.template",
}


@pytest.fixture(scope="module")
def shop() -> App:
    return read(HERE / "shop")


def read(root: Path) -> App:
    """Read the templates of a folder and find their functions' code."""
    found, lost = find_templates(root)
    facts = read_templates(root, found)
    resources = [each for each in facts if isinstance(each, Resource)]
    stacks = [each for each in facts if isinstance(each, Stack)]
    return App([*facts, *lost, *read_functions(root, resources, stacks)])


def copied(folder: Path, *left: str) -> Path:
    """Copy the shop without some of its files and folders."""
    shutil.copytree(HERE / "shop", folder, ignore=shutil.ignore_patterns(*left))
    return folder


def named(app: App, id: str) -> Resource:
    found = app.get(Resource, id)
    assert found
    return found


def code_of(app: App, name: str) -> str:
    return next(
        each.code.file if each.code else ""
        for each in app.every(Function)
        if each.id.rpartition("/")[2].startswith(name)
    )


# ------------------------------------------------------------------------------ what is read


def test_an_assembly_gives_the_templates_that_it_names(tmp_path: Path) -> None:
    root = copied(tmp_path / "shop")
    (root / "cdk.out/Gone.template.json").write_text((root / f"{STORES}.json").read_text())

    found, lost = find_templates(root)

    assert found == [
        f"{SHOP}.json",
        "cdk.out/ShopMailing0924A393.nested.template.json",
        f"{STORES}.json",
    ]
    assert lost == []


def test_a_stage_is_an_assembly_of_its_own(tmp_path: Path) -> None:
    copied(tmp_path / "shop")
    out = tmp_path / "cdk.out"
    out.mkdir()
    shutil.move(tmp_path / "shop/cdk.out", out / "assembly-Live")
    shutil.rmtree(tmp_path / "shop")
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Live"}}
    manifest = {"version": "55.0.0", "artifacts": {"assembly-Live": stage}}
    (out / "manifest.json").write_text(json.dumps(manifest))

    stacks = [stack.id for stack in read(tmp_path).every(Stack)]

    assert stacks == [
        "cdk.out/assembly-Live/Shop.template",
        "cdk.out/assembly-Live/Shop.template/" + MAILING.rpartition("/")[2],
        "cdk.out/assembly-Live/Stores.template",
    ]


def test_stages_of_one_app_are_told_once(tmp_path: Path) -> None:
    copied(tmp_path / "shop")
    assembly = tmp_path / "shop/cdk.out"
    artifacts = {}
    for name in ("Dev", "Live"):
        shutil.copytree(assembly, tmp_path / f"cdk.out/assembly-{name}")
        properties = {"directoryName": f"assembly-{name}"}
        artifacts[f"assembly-{name}"] = {"type": "cdk:cloud-assembly", "properties": properties}
    write(tmp_path / "cdk.out/manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    for name in ("lib", "src", "mailer"):
        shutil.copytree(tmp_path / "shop" / name, tmp_path / name)
    shutil.rmtree(tmp_path / "shop")

    stages, one = scan([tmp_path]), scan([HERE / "shop"])

    told = [group.copies for group in groups(stages.app) if group.risk]
    assert told == [("cdk.out/assembly-Live/Shop.template",)]
    assert said(stages) == said(one)


def said(result: Result) -> list[tuple[str, str]]:
    """Return the findings that people read, by their check and place."""
    return sorted((each.check, str(f.place)) for each in distinct(result) for f in each.findings)


@pytest.mark.parametrize("folder", ["cdk.out", "lib"])
def test_an_app_without_its_assembly_is_read_by_its_program(folder: str, tmp_path: Path) -> None:
    root = copied(tmp_path / "shop", "cdk.out")
    (root / folder).mkdir(exist_ok=True)
    (root / folder / "manifest.json").write_text("{")

    found, lost = find_templates(root)

    assert (found, lost) == (["cdk.json"], [])
    facts = read_templates(root, found)
    stacks = [fact.id for fact in facts if isinstance(fact, Stack)]
    assert stacks == ["cdk/Live-Stores", "cdk/Live-Shop", "cdk/Stores", "cdk/Shop"]
    synthesized = {each.type for each in scan([HERE / "shop"]).app.every(Resource)}
    read = {fact.type for fact in facts if isinstance(fact, Resource)}
    assert synthesized - read == OF_CDK


def test_an_app_whose_program_makes_nothing_is_told_to_make_its_assembly(tmp_path: Path) -> None:
    reason = "CDK is used in .: run `npx cdk synth` there and scan again"
    (tmp_path / "cdk.json").write_text('{"app": "npx ts-node bin/app.ts"}')
    assert [each.reason for each in find_templates(tmp_path)[1]] == [reason]

    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/app.ts").write_text("console.log('nothing')")
    found, _ = find_templates(tmp_path)

    (told,) = read_templates(tmp_path, found)
    assert isinstance(told, Unread)
    assert (told.reason, told.fatal) == (reason, False)


@pytest.mark.parametrize("second", ["deploy/template.json", "infra/cdk.out"])
def test_what_was_synthesized_twice_counts_once(second: str, shop: App, tmp_path: Path) -> None:
    root = copied(tmp_path / "shop")
    if second.endswith(".json"):
        (root / second).parent.mkdir()
        (root / second).write_text((root / f"{STORES}.json").read_text())
    else:
        shutil.copytree(root / "cdk.out", root / second)

    app = read(root)

    assert ids(app.every(Resource)) == ids(shop.every(Resource))
    assert any("again: the CDK app wrote both" in each.reason for each in app.every(Unread))


def ids(facts: Iterable[Fact]) -> list[str]:
    return [fact.id for fact in facts]


# ------------------------------------------------------------------------------ code


def test_bundles_and_copies_lead_to_the_files_that_people_wrote(shop: App) -> None:
    assert (code_of(shop, "Order"), code_of(shop, "Mailer")) == ("src/orders.ts", "mailer/mail.py")


def test_a_bundle_without_comments_is_led_back_by_its_source_map(tmp_path: Path) -> None:
    root = copied(tmp_path / "shop")
    bundle = root / "cdk.out" / BUNDLE / "index.js"
    bundle.write_text(bundle.read_text().replace("// src/", "//  "))

    assert code_of(read(root), "Order") == "src/orders.ts"


def test_without_the_sources_what_gets_deployed_is_read(tmp_path: Path) -> None:
    app = read(copied(tmp_path / "shop", "src", "mailer"))

    assert code_of(app, "Order") == f"cdk.out/{BUNDLE}/index.js"
    assert code_of(app, "Mailer").endswith("/mail.py")


def test_a_copy_that_differs_from_the_source_is_what_counts(tmp_path: Path) -> None:
    root = copied(tmp_path / "shop")
    (root / "mailer/mail.py").write_text("def send(event, context): pass\n")

    assert code_of(read(root), "Mailer").startswith("cdk.out/asset.95fe")


def test_assets_of_version_1_are_found_by_the_parameters_name(tmp_path: Path) -> None:
    key = "5" * 64
    code = {"S3Bucket": {"Ref": f"AssetParameters{key}S3BucketAB"}, "S3Key": "unknown"}
    function = {"Runtime": "python3.13", "Handler": "app.run", "Code": code}
    asset = {"type": "aws:cdk:asset", "data": {"id": key, "path": f"asset.{key}"}}
    stack = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "Old.template.json"},
        "metadata": {"/Old": [asset]},
    }
    write(tmp_path / "manifest.json", {"version": "16.0.0", "artifacts": {"Old": stack}})
    declared = {"Run": {"Type": "AWS::Lambda::Function", "Properties": function}}
    write(tmp_path / "Old.template.json", {"Resources": declared})
    (tmp_path / f"asset.{key}").mkdir()
    (tmp_path / f"asset.{key}" / "app.py").write_text("def run(event, context): pass\n")

    assert code_of(read(tmp_path), "Run") == f"asset.{key}/app.py"


def write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content))


# ------------------------------------------------------------------------------ places


@pytest.mark.parametrize(
    ("id", "text"),
    [
        (f"{STORES}/Orders", 'new dynamodb.Table(this, "Orders"'),
        (f"{SHOP}/Placed", 'new sqs.Queue(this, "Placed")'),
        (f"{SHOP}/OrderServiceRoleDefaultPolicy", 'new NodejsFunction(this, "Order"'),
        (f"{MAILING}/Archive", 'new s3.Bucket(this, "Archive"'),
    ],
)
def test_a_resource_stands_where_the_program_makes_it(id: str, text: str, shop: App) -> None:
    place = named(shop, id).where("Anything")
    line = (HERE / "shop" / place.path).read_text().splitlines()[place.line - 1]

    assert place.path == "lib/shop.ts"
    assert line[place.column - 1 :].startswith(text)


def test_the_construct_is_told(shop: App) -> None:
    told = [each.text for each in named(shop, f"{SHOP}/Placed").evidence]

    assert told == [
        "Placed is declared as AWS::SQS::Queue",
        "Shop/Placed/Resource makes PlacedD9956B27",
    ]


def test_no_fix_edits_what_is_made_anew() -> None:
    shop = learn([HERE / "shop"]).app
    verdicts = judge(shop, load())
    changes = [f.fix for v in verdicts for f in v.findings if f.fix]

    for fix in changes:
        with pytest.raises(CannotEdit, match="is made anew each time"):
            edits(HERE / "shop", fix.changes, shop)


# ------------------------------------------------------------------------------ laws


def test_what_cdk_adds_by_itself_is_told_by_type(shop: App) -> None:
    added = [each.type for each in shop.every(Resource) if each.added]

    assert {kind: added.count(kind) for kind in sorted(set(added))} == ADDED


@pytest.mark.parametrize(
    ("construct", "own"),
    [
        ("Shop/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource", True),
        ("Shop/AWS679f53fac002430cb0da5b7982bd2287/Resource", True),
        ("Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler", True),
        ("Shop/Provider/framework-onEvent/Resource", True),
        ("Shop/LogRetention/Resource", False),
        ("Shop/Custom::OursCustomResourceProvider/Handler", False),
        ("Shop/Order/ServiceRole/Resource", False),
    ],
)
def test_only_what_cdk_names_is_cdks(construct: str, own: bool) -> None:  # noqa: FBT001
    assert bool(added_for(construct)) == own


def test_the_same_app_in_sam_gives_equal_cells_and_needs(shop: App, tmp_path: Path) -> None:
    own = tmp_path / "own"
    without(copied(own), {each.logical or each.name for each in shop.every(Resource) if each.added})
    sam = copied(tmp_path / "sam", "cdk*", "lib", "bin", "site")
    shutil.copy(HERE / "shop.yaml", sam / "template.yaml")

    left, right = learn([own]).app, learn([sam]).app

    assert cells(left) == cells(right)
    assert needs(left) == needs(right)


def test_the_same_app_in_sam_gets_the_same_outcomes(shop: App, tmp_path: Path) -> None:
    own = tmp_path / "own"
    without(copied(own), {each.logical or each.name for each in shop.every(Resource) if each.added})
    sam = copied(tmp_path / "sam", "cdk*", "lib", "bin", "site")
    shutil.copy(HERE / "shop.yaml", sam / "template.yaml")

    left, right = outcomes(own), outcomes(sam)

    assert right - left == set()
    assert {subject for _, subject, _, _ in left - right} == CDKS_OWN


def outcomes(root: Path) -> set[tuple[str, str, str, str]]:
    """Return what each check says of each subject, called as SAM calls it."""
    verdicts = judge(learn([root]).app, load())
    return {
        (each.check, in_sam(plainly(each.subject)), each.outcome, each.severity)
        for each in verdicts
    }


def in_sam(name: str) -> str:
    for cdk, sam in IN_SAM:
        name = re.sub(cdk, sam, name)
    return name


def without(root: Path, added: set[str]) -> None:
    """Take out what CDK adds, and what in turn names that."""
    for path in (root / "cdk.out").glob("*.template.json"):
        template = json.loads(path.read_text())
        resources = template["Resources"]
        while gone := {k for k in resources if k in added or names_one(resources[k], added)}:
            added |= gone
            for name in gone:
                del resources[name]
        path.write_text(json.dumps(template))


def names_one(declared: Any, added: set[str]) -> bool:
    written = json.dumps(declared.get("Properties"))
    return any(f'"{name}"' in written for name in added)


def plainly(id: str) -> str:
    """Name a resource without its stack."""
    return re.sub(r".*template(?=@)", "", id).rpartition("/")[2]


def cells(app: App) -> dict[tuple[str, str], tuple[tuple[str, ...], ...]]:
    return {
        (row.type, plainly(row.id)): (row.intended, row.proposed, row.coded, row.potential)
        for row in app.every(Row)
    }


def needs(app: App) -> set[tuple[str, str, str]]:
    return {
        (plainly(need.function), need.action, plainly(need.resource))
        for need in app.every(Need)
        if need.needed
    }


def test_an_asset_tells_the_build_of_a_container(tmp_path: Path) -> None:
    key = "a" * 64
    image = {"Fn::Sub": f"${{AWS::AccountId}}.dkr.ecr.eu-west-1.amazonaws.com/assets:{key}"}
    containers = [{"Name": "traces", "Image": "xray"}, {"Name": "web", "Image": image}]
    task = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {"ContainerDefinitions": containers},
    }
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.template.json"}}
    assets = {"type": "cdk:asset-manifest", "properties": {"file": "A.assets.json"}}
    written = {
        "manifest.json": {"version": "38.0.0", "artifacts": {"A": stack, "A.assets": assets}},
        "A.template.json": {"Resources": {"Work": task}},
        "A.assets.json": {
            "dockerImages": {key: {"source": {"directory": "asset.web", "dockerFile": "Built"}}}
        },
    }
    out = tmp_path / "cdk.out"
    (out / "asset.web").mkdir(parents=True)
    for name, document in written.items():
        (out / name).write_text(json.dumps(document))
    (out / "asset.web/Built").write_text("FROM node:22\nCOPY . .\nCMD node main.js")
    (out / "asset.web/main.js").write_text("")

    function = read(tmp_path).get(Function, "cdk.out/A.template/Work")

    assert function
    assert function.evidence[-1].text == (
        "web runs cdk.out/asset.web/main.js, as cdk.out/asset.web/Built says"
    )
