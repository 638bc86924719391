"""Code that a build makes has one source here, told by its place, a name or its handler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkrein.model import Function, Place, Resource, Stack
from checkrein.read.functions import read_functions
from checkrein.read.unbuilt import Missing, layer_of

JS = "export const handler = async (event) => event"
NAMES = ("Create", "Cancel")


def functions(
    root: Path, stated: dict[str, dict[str, Any]], files: dict[str, str], *templates: str
) -> dict[str, str]:
    """Return the file of each function, "" for one whose code is not found.

    ``stated`` are properties by the functions' names, ``templates`` those of other stacks.
    """
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    stacks = [Stack(id=each, source=each) for each in ("infra/main.tf", *templates)]
    resources = [
        Resource(
            id=f"infra/main.tf/{name}",
            stack="infra/main.tf",
            type="AWS::Lambda::Function",
            properties={"Runtime": "nodejs22.x", "Handler": "index.handler"} | properties,
            places={(): Place("infra/main.tf", 3)},
        )
        for name, properties in stated.items()
    ]
    facts = read_functions(root, resources, stacks)
    found = [each for each in facts if isinstance(each, Function)]
    return {each.id.rpartition("tf/")[2]: each.code.file if each.code else "" for each in found}


def one(root: Path, code: Any, handler: str, *files: str, name: str = "Worker") -> str:
    """Return the file of a function, beside which another has the same handler."""
    stated = {name: {"Code": code, "Handler": handler}, "Other": {"Code": ".", "Handler": handler}}
    return functions(root, stated, dict.fromkeys(files, JS))[name]


@pytest.mark.parametrize(
    ("code", "handler", "file"),
    [
        ("../dist-lambda/orders/edit", "index.handler", "src/orders/edit/index.ts"),
        ("../build/orders/edit.zip", "index.handler", "src/orders/edit/index.ts"),
        (
            {"S3Key": "${x}/orders/edit", "S3Bucket": "b"},
            "index.handler",
            "src/orders/edit/index.ts",
        ),
        ("../build/edit", "index.handler", ""),  # two folders are called that
        ("../build/refund", "index.handler", "src/jobs/refund.ts"),
        ("../build", "refund.handler", "src/jobs/refund.ts"),
        ("../build", "dist/jobs/refund.handler", "src/jobs/refund.ts"),
        ("../build", "index.handler", ""),
        ("../build", "refund.other", ""),  # it defines no such thing
        ("..\\src\\bills\\edit", "index.handler", "src/bills/edit/index.ts"),
    ],
)
def test_its_place_or_handler_says_the_source(
    tmp_path: Path, code: Any, handler: str, file: str
) -> None:
    files = ("src/orders/edit/index.ts", "src/bills/edit/index.ts", "src/jobs/refund.ts")
    assert one(tmp_path, code, handler, *files) == file


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("CreateOrderFunction", "lambda/createOrder/index.ts"),
        ('aws_lambda_function.all["create-order"]', "lambda/createOrder/index.ts"),
        ("aws_lambda_function.create_order", "lambda/createOrder/index.ts"),
        ("module.create_order.aws_lambda_function.this", "lambda/createOrder/index.ts"),
        ("module.orders.aws_lambda_function.cancel", "lambda/orders/cancel/src/index.ts"),
        ("module.bills.aws_lambda_function.refund", ""),
        ("LambdaFunction", ""),  # says nothing of it, although a folder is called so
    ],
)
def test_a_placeholder_is_of_what_bears_the_function_s_name(
    tmp_path: Path, name: str, file: str
) -> None:
    files = ("createOrder/index.ts", "orders/cancel/src/index.ts", "bills/cancel/index.ts")
    assert (
        one(
            tmp_path,
            {"S3Key": "placeholder.zip", "S3Bucket": "b"},
            "index.handler",
            *(f"lambda/{each}" for each in files),
            "tools/lambda/index.ts",
            name=name,
        )
        == file
    )


def test_what_all_archives_share_is_no_name(tmp_path: Path) -> None:
    codes = {name: {"Code": f"../build/Shop-{name.lower()}-v2.zip"} for name in NAMES}
    files = {f"jobs/{name.lower()}/index.js": JS for name in NAMES}
    renamed = dict(zip(("A", "B"), codes.values(), strict=True))
    assert functions(tmp_path, renamed, files) == dict(zip(("A", "B"), files, strict=True))
    del renamed["B"]  # of one alone, nothing is shared
    renamed["B"] = {"Code": ".", "Handler": "index.handler"}
    assert functions(tmp_path, renamed, files)["A"] == ""


def test_the_only_function_of_a_handler_has_the_only_file(tmp_path: Path) -> None:
    files = {"events/index.js": JS, "web/index.js": "export const App = () => handler()"}
    alone = {"Api": {"Code": "../build"}}
    assert functions(tmp_path, alone, files) == {"Api": ""}  # of two
    (tmp_path / "web/index.js").unlink()
    del files["web/index.js"]
    assert functions(tmp_path, alone, files) == {"Api": "events/index.js"}
    assert functions(tmp_path, alone | {"B": {"Code": "../dist"}}, files) == {"Api": "", "B": ""}


def test_another_application_s_source_is_not_taken(tmp_path: Path) -> None:
    stated, files = {"Create": {"Code": "../build/create"}}, {"shop/create/index.js": JS}
    assert functions(tmp_path, stated, files) == {"Create": "shop/create/index.js"}
    assert functions(tmp_path, stated, files, "shop/template.yaml") == {"Create": ""}
    assert functions(tmp_path, stated, files, "shop/create/deep/template.yaml") != {"Create": ""}
    (tmp_path / "shop/cdk.json").write_text("{}")
    assert functions(tmp_path, stated, files) == {"Create": ""}


def test_it_says_that_it_is_taken_for_the_source(tmp_path: Path) -> None:
    (tmp_path / "create").mkdir()
    (tmp_path / "create" / "index.js").write_text("exports.handler = async () => 1")
    properties = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": "../zips/create"}
    resource = Resource(
        id="infra/main.tf/Create",
        stack="infra/main.tf",
        type="AWS::Lambda::Function",
        properties=properties,
        places={(): Place("infra/main.tf", 3)},
    )
    stack = Stack(id="infra/main.tf", source="infra/main.tf")
    (function,) = read_functions(tmp_path, [resource], [stack])
    assert function.evidence[-1].text.endswith(
        "(taken for the source of ../zips/create: the only one here that is named after it)"
    )


@pytest.mark.parametrize(
    ("path", "name", "folder"),
    [
        (
            "../build/Shop-layer-tagService.zip",
            "aws_lambda_layer_version.tag_service",
            "layers/tagService",
        ),
        ("../build/tagService.zip", "aws_lambda_layer_version.this", "layers/tagService"),
        ("../build/all.zip", "CommonLayer", "layers/common"),
        ("../build/all.zip", "PlainLayer", ""),  # neither for Python nor for Node
        ("../build/all.zip", "TwiceLayer", ""),
    ],
)
def test_a_layer_is_made_of_the_one_folder_of_its_name(
    tmp_path: Path, path: str, name: str, folder: str
) -> None:
    inner = ("tagService/nodejs", "common/python", "plain", "twice/python", "old/twice/python")
    for each in inner:
        (tmp_path / "layers" / each).mkdir(parents=True)
        (tmp_path / "layers" / each / "some.py").write_text("")
    assert (layer_of(tmp_path, Missing(path, name, "infra")) or "") == folder
    other = Missing(path, name, "infra", templates=frozenset({"layers"}))
    assert layer_of(tmp_path, other) is None


@pytest.mark.parametrize("said", ["package.json", "apps/api/project.json"])
def test_a_command_says_what_it_bundles(tmp_path: Path, said: str) -> None:
    command = "esbuild apps/api/src/users.handler.ts --bundle --outfile=dist/apps/api/users.js"
    stated = {"Users": {"Code": "../dist/apps/api", "Handler": "users.handler"},
              "Other": {"Code": "../dist/apps/api", "Handler": "orders.handler"}}  # fmt: skip
    written = {said: f'{{"command": "{command}"}}', "apps/api/src/users.handler.ts": JS}
    found = functions(tmp_path, stated, written)
    assert found == {"Users": "apps/api/src/users.handler.ts", "Other": ""}


def test_what_a_command_bundles_must_have_the_handler(tmp_path: Path) -> None:
    command = "esbuild api/users.ts --bundle --outfile=dist/users.js"
    stated = {"Users": {"Code": "../dist", "Handler": "users.other"}}
    written = {"package.json": f'{{"build": "{command}"}}', "api/users.ts": JS}
    assert functions(tmp_path, stated, written) == {"Users": ""}
