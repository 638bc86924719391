"""Imports across files, layers and packages of one repository."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function, Summary, Symbol


def summary(root: Path, text: str, handler: str = "app.handler", file: str = "app.js") -> Summary:
    (root / file).write_text(dedent(text))
    code = Code(folder=".", file=file)
    function = Function(
        id="t/F", runtime="nodejs20.x", language="javascript", handler=handler, code=code
    )
    return analyse(root, function)


def arguments(call: CallSite) -> dict[str, object]:
    return {argument.path: argument.value for argument in call.arguments}


def only(found: Summary, kind: str = "sdk") -> CallSite:
    (call,) = [call for call in found.calls if call.kind == kind]
    return call


def event(path: str) -> Symbol:
    return Symbol("event", path)


TABLE = Symbol("env", "TABLE")


def test_files_of_json_and_exports_of_exports(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"table": "rides"}')
    (tmp_path / "impl.ts").write_text(
        "import config from './config.json';\n"
        "import { DynamoDB } from '@aws-sdk/client-dynamodb';\n"
        "export default async ({ Records }) => {\n"
        "  for (const { body } of Records) {\n"
        "    await new DynamoDB({}).putItem({ TableName: config.table, Item: JSON.parse(body) });\n"
        "  }\n};\n"
    )
    found = summary(tmp_path, "import impl from './impl.js';\nexport { impl as handler };\n")
    assert arguments(only(found)) == {"TableName": "rides", "Item": event("Records[].body")}


@pytest.mark.parametrize(
    ("there", "found"),
    [
        (("API_responses.js",), 1),
        (("API_responses.js", "api_Responses.ts"), 0),
        (("API_responses.css",), 0),
    ],
)
def test_a_file_is_found_where_only_its_letters_are_large_or_small(
    tmp_path: Path, there: tuple[str, ...], found: int
) -> None:
    for name in there:
        (tmp_path / name).write_text("exports.say = (what) => console.log(what);\n")
    made = summary(
        tmp_path,
        "const { say } = require('./API_Responses');\n"
        "exports.handler = async (event) => { say(event.name); };\n",
    )
    said = [arguments(each) for each in made.calls if each.kind == "log"]
    assert said == [{"[0]": event("name")}] * found


@pytest.mark.parametrize(
    ("manifest", "folder"),
    [
        ('{"workspaces": ["packages/*"]}', "packages/shared"),
        ('{"dependencies": {"@our/shared": "file:./libs/shared"}}', "libs/shared"),
    ],
)
def test_packages_of_the_same_repository(tmp_path: Path, manifest: str, folder: str) -> None:
    (tmp_path / "package.json").write_text(manifest)
    (tmp_path / folder / "src").mkdir(parents=True)
    (tmp_path / folder / "package.json").write_text('{"name": "@our/shared", "main": "dist/i.js"}')
    (tmp_path / folder / "src" / "index.ts").write_text(
        "import { SNS } from '@aws-sdk/client-sns';\n"
        "export const tell = async (text: string) => new SNS({}).publish({ Message: text });\n"
    )
    found = summary(
        tmp_path,
        "import { tell } from '@our/shared';\nexport const handler = async (e) => tell(e.text);\n",
    )
    site = only(found)
    assert (site.place.path, arguments(site)) == (
        f"{folder}/src/index.ts",
        {"Message": event("text")},
    )


def test_modules_of_layers_and_packages(tmp_path: Path) -> None:
    for path, text in (
        ("layer/python/shared/__init__.py", "from .store import save\n"),
        (
            "layer/python/shared/store.py",
            (
                "import boto3\nNAME = 'rides'\n"
                "def save(x):\n    boto3.client('dynamodb').put_item(TableName=NAME, Item=x)\n"
            ),
        ),
        ("layer/python/pika/__init__.py", "__version__ = '1.0'\nimport nowhere\n"),
        ("src/pkg/__init__.py", ""),
        (
            "src/pkg/app.py",
            (
                "import pika\nfrom shared import save\nfrom . import other\n"
                "def handler(event, context):\n    save({'a': other.pick(event)})\n"
            ),
        ),
        ("src/pkg/other.py", "def pick(e):\n    return e['a']\n"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    code = Code(folder="src", file="src/pkg/app.py", layers=("layer",))
    function = Function(
        id="t/F", runtime="", language="python", handler="pkg.app.handler", code=code
    )
    found = analyse(tmp_path, function)
    put = only(found)
    assert arguments(put) == {"TableName": "rides", "Item.a": event("a")}
    assert put.place.path == "layer/python/shared/store.py"
    assert [(step.text, str(step.place)) for step in put.steps] == [
        ("calls save", "src/pkg/app.py:5")
    ]
    assert found.packages == ("boto3", "pika")


def test_parameters_that_a_library_makes_keep_their_sources(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const AWS = require("aws-sdk"), build = require("builder");
        exports.handler = async (event) => new AWS.SNS().publish(build(event.a)).promise();
        """,
    )
    assert [a.sources for a in only(found).arguments] == [(event("a"),)]
