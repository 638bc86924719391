"""A service in several files: what each brings, where it stands, and what cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.model.values import Open
from checkrein.read.made import Lost
from checkrein.read.serverless.service import Service, open_service, packaged

HEAD = "service: shop\nprovider:\n  name: aws\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def service(
    root: Path, text: str, files: dict[str, str] | None = None, folder: str = ""
) -> Service:
    write(root, {**(files or {}), f"{folder}serverless.yml": text})
    found = open_service(root, f"{folder}serverless.yml")
    assert found is not None
    return found


def at(found: Service, *path: str | int) -> tuple[str, int]:
    place = found.place(path)
    return place.path, place.line


def test_what_a_file_brings_stands_in_that_file(tmp_path: Path) -> None:
    found = service(
        tmp_path,
        HEAD + "functions:\n  - ${file(f.yml)}\n  - own:\n      handler: o.main\n"
        "resources:\n  - ${file(r/tables.yml)}\n  - Outputs:\n      Own: {Value: 1}\n",
        {
            "f.yml": "# functions\nfirst:\n  handler: f.main\n  memorySize: 128\n",
            "r/tables.yml": "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n",
        },
    )
    assert found.value["functions"] == {
        "first": {"handler": "f.main", "memorySize": 128},
        "own": {"handler": "o.main"},
    }
    assert found.value["resources"] == {
        "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}},
        "Outputs": {"Own": {"Value": 1}},
    }
    assert at(found, "functions", "first") == ("f.yml", 2)
    assert at(found, "functions", "first", "memorySize") == ("f.yml", 4)
    assert at(found, "functions", "own", "handler") == ("serverless.yml", 7)
    assert at(found, "resources", "Resources", "Table", "Type") == ("r/tables.yml", 3)
    assert at(found, "resources", "Outputs", "Own") == ("serverless.yml", 11)
    assert at(found, "functions", "first", "timeout") == ("f.yml", 2)


def test_parts_of_one_mapping_come_together_from_several_files(tmp_path: Path) -> None:
    found = service(
        tmp_path,
        HEAD + "resources:\n  - ${file(a.yml)}\n  - ${file(b.yml)}\n",
        {"a.yml": "Resources:\n  A: {Type: T}\n", "b.yml": "\nResources:\n  B: {Type: T}\n"},
    )
    assert found.value["resources"] == {"Resources": {"A": {"Type": "T"}, "B": {"Type": "T"}}}
    assert at(found, "resources", "Resources", "B") == ("b.yml", 3)


def test_a_value_stands_where_it_would_be_changed(tmp_path: Path) -> None:
    found = service(
        tmp_path,
        HEAD + "custom:\n  size: 128\n  other: ${self:custom.none, 5}\nfunctions:\n  f:\n"
        "    handler: a-${self:service}\n    memorySize: ${self:custom.size}\n"
        "    timeout: ${file(t.yml):time}\n    reserved: ${self:custom.other}\n",
        {"t.yml": "\n\ntime: 3\n"},
    )
    assert at(found, "functions", "f", "memorySize") == ("serverless.yml", 5)
    assert at(found, "functions", "f", "timeout") == ("t.yml", 3)
    assert at(found, "functions", "f", "handler") == ("serverless.yml", 9)
    assert at(found, "functions", "f", "reserved") == ("serverless.yml", 6)


def test_places_are_spans_of_the_scalar(tmp_path: Path) -> None:
    found = service(tmp_path, HEAD + "functions:\n  f: {handler: a.b}\n")
    place = Place("serverless.yml", 5, 16, 5, 19)
    assert found.place(("functions", "f", "handler")) == place


def test_files_are_named_from_the_services_folder_even_within_files(tmp_path: Path) -> None:
    found = service(
        tmp_path,
        HEAD + "custom: ${file(config/a.yml)}\n",
        {
            "api/config/a.yml": "it: ${file(config/b.json):x.y}\n",
            "api/config/b.json": '{"x": {"y": 1}}',
        },
        folder="api/",
    )
    assert found.value["custom"] == {"it": 1}
    assert at(found, "custom", "it") == ("api/config/b.json", 1)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '{"k": {"x": "${self:service}"}}', {"x": "shop"}),
        ("a.yaml", "k: !Ref Table\n", {"Ref": "Table"}),
        ("a.yml", "k: &a {x: on}\nl:\n  <<: *a\n", {"x": "on"}),
        ("a.js", "module.exports.k = { x: 1 + 1 }", {"x": 2}),
        ("a.js", "module.exports.k = () => ({ x: 1 })", {"x": 1}),
        ("a.js", "module.exports = async () => { return { k: [1] } }", [1]),
        ("a.ts", "export const k = { x: 'y' } as const", {"x": "y"}),
    ],
)
def test_a_part_of_a_file_is_found_by_its_name(
    tmp_path: Path, name: str, content: str, expected: Any
) -> None:
    found = service(tmp_path, HEAD + f"custom:\n  it: ${{file({name}):k}}\n", {name: content})
    assert found.value["custom"]["it"] == expected


def test_a_file_of_text_is_its_text(tmp_path: Path) -> None:
    found = service(tmp_path, HEAD + "custom:\n  it: ${file(a.txt)}\n", {"a.txt": "some text\n"})
    assert found.value["custom"]["it"] == "some text"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "const aws = require('aws-sdk')\nmodule.exports.k = new aws.S3()",
            "what the package aws-sdk gives",
        ),
        ("module.exports.k = Date.now()", "the name Date in line 1 of a.js"),
        (
            "module.exports.k = (serverless) => serverless.x",
            "an argument that the framework passes",
        ),
    ],
)
def test_what_a_program_computes_is_open(tmp_path: Path, content: str, reason: str) -> None:
    found = service(tmp_path, HEAD + "custom:\n  it: ${file(a.js):k}\n", {"a.js": content})
    assert found.value["custom"]["it"].reason.startswith(reason)


def test_a_file_that_is_missing_is_told_once_where_nothing_stands_in(tmp_path: Path) -> None:
    found = service(
        tmp_path,
        HEAD + "custom:\n  a: ${file(no.yml):x, 'd'}\n  b: ${file(no.yml):x}\n"
        "  c: ${file(no.yml):y}\n  d: ${file(../out.yml)}\n",
    )
    assert found.value["custom"]["a"] == "d"
    assert found.value["custom"]["b"] == Open("the file no.yml, which is not here")
    effect = "what depends on it is not known"
    assert found.lost == [
        Lost(
            "the file no.yml is not here, and no default follows",
            effect,
            Place("serverless.yml", 6, 6, 6, 23),
        ),
        Lost(
            "the file ../out.yml lies outside the scanned folder, and no default follows",
            effect,
            Place("serverless.yml", 8, 6, 8, 25),
        ),
    ]


def test_a_file_that_is_broken_is_told_with_its_line(tmp_path: Path) -> None:
    found = service(tmp_path, HEAD + "custom:\n  it: ${file(a.yml)}\n", {"a.yml": "a:\n  - [\n"})
    assert found.value["custom"]["it"] == Open("the file a.yml cannot be read")
    assert [(lost.place.path, lost.place.line) for lost in found.lost] == [("a.yml", 3)]


def test_a_part_of_functions_that_is_not_known_is_told(tmp_path: Path) -> None:
    found = service(tmp_path, HEAD + "functions:\n  - ${file(no.yml)}\n  - a: {handler: b.c}\n")
    assert list(found.value["functions"]) == ["a"]
    assert "a part of functions is not known: <the file no.yml, which is not here>" in [
        lost.reason for lost in found.lost
    ]


@pytest.mark.parametrize(
    ("files", "head", "expected"),
    [
        (
            {".env": "A=1 # one\nexport B='x $A'\nC=\"${A}2\"\n"},
            "useDotenv: true\n",
            ["1", "x $A", "12"],
        ),
        (
            {".env": "A=1\nB=1\nC=1", ".env.dev": "A=2\nB=2\nC=2"},
            "useDotenv: true\n",
            ["2", "2", "2"],
        ),
        ({".env": "A=1\nB=1\nC=1", ".env.dev": "A=2"}, "frameworkVersion: '4'\n", ["2", "1", "1"]),
        ({".env": "A=1\nB=2\nC=3"}, "", ["none", "none", "none"]),
        ({".env": "A=\0"}, "useDotenv: true\n", ["none", "none", "none"]),
    ],
)
def test_committed_variables_count_where_the_framework_reads_them(
    tmp_path: Path, files: dict[str, str], head: str, expected: list[str]
) -> None:
    text = HEAD + head + "custom:\n" + "".join(f"  {n}: ${{env:{n}, 'none'}}\n" for n in "ABC")
    assert list(service(tmp_path, text, files).value["custom"].values()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("service: shop\nprovider: aws\n", {"service": "shop", "provider": {"name": "aws"}}),
        (
            "service: {name: shop}\nprovider: {name: aws}\n",
            {"service": "shop", "provider": {"name": "aws"}},
        ),
        (
            "service: {name: shop, awsKmsKeyArn: k}\nprovider: aws\n",
            {"service": "shop", "provider": {"kmsKeyArn": "k", "name": "aws"}},
        ),
        (
            "service: shop\nprovider: ${file(p.yml)}\n",
            {"service": "shop", "provider": {"name": "aws"}},
        ),
        ("${file(whole.yml)}", {"service": "shop", "provider": {"name": "aws"}}),
    ],
)
def test_a_service_is_said_in_one_form(tmp_path: Path, text: str, expected: Any) -> None:
    files = {"p.yml": "name: aws\n", "whole.yml": "service: shop\nprovider: aws\n"}
    assert service(tmp_path, text, files).value == expected


@pytest.mark.parametrize("text", ["", "a: b\n", "- a\n", "service: x\n", "Resources: {}\n", "text"])
def test_a_file_of_that_name_may_be_something_else(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"serverless.yml": text})
    assert open_service(tmp_path, "serverless.yml") is None


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("serverless.yml", "service: [\n", 2),
        ("serverless.json", '{"service": "a",\n "provider" 1}', 2),
        ("serverless.ts", "import c from 'config'\nexport default c.make()\n", 2),
        ("serverless.yml", "service: a\nprovider:\n", 2),
        ("serverless.yml", "service: a\nprovider: []\n", 2),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    write(tmp_path, {name: text})
    with pytest.raises(InputError) as caught:
        open_service(tmp_path, name)
    assert (caught.value.path, caught.value.line) == (name, line)
    with pytest.raises(InputError):
        open_service(tmp_path, f"no-{name}")


def test_another_provider_is_told(tmp_path: Path) -> None:
    found = service(tmp_path, "service: shop\nprovider:\n  name: google\n")
    reason = "the service runs at google, and only AWS is read"
    assert found.lost == [
        Lost(
            reason, "the service is not looked at", Place("serverless.yml", 3, 9, 3, 15), fatal=True
        )
    ]


def test_text_stands_in_for_the_file(tmp_path: Path) -> None:
    found = open_service(tmp_path, "serverless.yml", "service: shop\nprovider: aws\n")
    assert found is not None
    assert found.value["service"] == "shop"


def test_what_was_packaged_is_found(tmp_path: Path) -> None:
    made = "api/.serverless/cloudformation-template-update-stack.json"
    assert packaged(tmp_path, "api/serverless.yml") == ""
    write(tmp_path, {made: "{}"})
    assert packaged(tmp_path, "api/serverless.yml") == made
