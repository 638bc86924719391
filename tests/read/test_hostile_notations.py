"""Crafted services and modules: nothing outside of the scanned folder is read, nothing hangs.

Each is read by the whole program. An audit hook of Python's sees what is opened and listed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checkrein import files
from checkrein.model import Resource, Unread
from checkrein.model.result import Result
from checkrein.pipeline import learn

SECRET = "not-yours"
EVENTS = ("open", "os.listdir", "os.scandir")
_opened: list[str] = []
_watching: list[bool] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in EVENTS:
        _opened.append(str(arguments[0]))


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    _opened.clear()
    _watching.append(True)
    try:
        yield _opened
    finally:
        _watching.pop()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return a folder beside the one that is scanned; what it holds is told nowhere."""
    write(tmp_path / "outside", {
        "secret.txt": SECRET,
        "secret.json": f'{{"a": "{SECRET}"}}',
        "secret.js": f'module.exports = {{a: "{SECRET}"}}\n',
        "secret.yml": f"service: {SECRET}\nprovider: {{name: aws}}\na: {SECRET}\n",
        "values": f'name = "{SECRET}"\n',
        "env": f"A={SECRET}\n",
        "module/main.tf": queue(f'"{SECRET}"'),
        "code/index.py": "def handler(event, context):\n    return 1\n",
    })  # fmt: skip
    return tmp_path / "outside"


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def queue(name: str) -> str:
    return f'resource "aws_sqs_queue" "orders" {{\n  name = {name}\n}}\n'


def service(value: str, more: str = "") -> str:
    return (
        f"{more}service: shop\nprovider: {{name: aws, runtime: python3.12}}\n"
        f'functions: {{order: {{handler: order.handler, environment: {{X: "{value}"}}}}}}\n'
    )


def function(code: str) -> str:
    return (
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  runtime = "python3.12"\n'
        f'  handler = "index.handler"\n  filename = {code}\n}}\n'
    )


def archive(folder: str) -> str:
    made = f'  type = "zip"\n  source_dir = "{folder}"\n  output_path = "f.zip"\n'
    return f'data "archive_file" "f" {{\n{made}}}\n{function("data.archive_file.f.output_path")}'


def compose(config: str, path: str = ".") -> str:
    return (
        'services:\n  a:\n    path: .\n    params: {p: "${b.Out}"}\n'
        f"  b:\n    path: {path}\n    config: {config}\n"
    )


MODULE = 'module "m" {{\n  source = "{}"\n}}\n'
ENTRY = "${file(x.js):a}"
PATHS: dict[str, dict[str, str]] = {
    "file above": {"main.tf": queue('file("../outside/secret.txt")')},
    "file by the module": {"main.tf": queue('file("${path.module}/../outside/secret.txt")')},
    "file at its place": {"main.tf": queue('file("OUTSIDE/secret.txt")')},
    "file of a user": {"main.tf": queue('file("/etc/passwd")')},
    "file with a nul": {"main.tf": queue('file("a\\u0000b")')},
    "template above": {"main.tf": queue('templatefile("../outside/secret.txt", {})')},
    "files above": {"main.tf": queue('join(",", fileset("../outside", "**"))')},
    "files by a pattern": {"main.tf": queue('join(",", fileset(".", "../outside/*"))')},
    "module above": {"main.tf": MODULE.format("../outside/module")},
    "module at its place": {"main.tf": MODULE.format("OUTSIDE/module")},
    "module by a detour": {"main.tf": MODULE.format("./a/../..//outside/module")},
    "code above": {"main.tf": function('"../outside/code/index.py"')},
    "archive of what is above": {"main.tf": archive("../outside/code")},
    "archive at its place": {"main.tf": archive("OUTSIDE/code")},
    "Terraform in JSON": {
        "main.tf.json": '{"resource": {"aws_sqs_queue": {"q": {"name": '
        '"${file(\\"../outside/secret.txt\\")}"}}}}'
    },
    "${file} above": {"serverless.yml": service("${file(../outside/secret.txt)}")},
    "${file} far above": {"serverless.yml": service("${file(../../../../../../etc/passwd)}")},
    "${file} at its place": {"serverless.yml": service("${file(OUTSIDE/secret.yml):a}")},
    "${file} of a program": {"serverless.yml": service("${file(../outside/secret.js):a}")},
    "require of a program": {
        "serverless.yml": service(ENTRY),
        "x.js": 'module.exports = require("../outside/secret.js")\n',
    },
    "require of JSON": {
        "serverless.yml": service(ENTRY),
        "x.js": 'module.exports = require("../outside/secret.json")\n',
    },
    "fs of a program": {
        "serverless.yml": service(ENTRY),
        "x.js": 'module.exports = {a: require("fs").readFileSync("../outside/secret.txt")}\n',
    },
    "compose by a detour": {
        "serverless.yml": service("${param:p}"),
        "serverless-compose.yml": compose("../outside/secret.yml"),
    },
    "compose at its place": {
        "serverless.yml": service("${param:p}"),
        "serverless-compose.yml": compose("OUTSIDE/secret.yml"),
    },
    "compose above": {
        "serverless.yml": service("${param:p}"),
        "serverless-compose.yml": compose("secret.yml", "../outside"),
    },
    "handler above": {
        "serverless.yml": service("").replace("order.handler", "../outside/code/index.handler")
    },
    "layer above": {"serverless.yml": service("") + "layers: {l: {path: ../outside/code}}\n"},
    "schema above": {
        "serverless.yml": service("")
        + "plugins: [serverless-appsync-plugin]\nappSync: {name: a, schema: '*/../../outside/*'}\n",
        "x/y": "",
    },
}
LINKS: dict[str, tuple[dict[str, str], dict[str, str]]] = {  # texts, link -> what it leads to
    "a file": ({"main.tf": queue('file("link")')}, {"link": "secret.txt"}),
    "a folder": ({"main.tf": queue('file("link/secret.txt")')}, {"link": ""}),
    "files": ({"main.tf": queue('join(",", fileset("link", "*"))')}, {"link": ""}),
    "a module": ({"main.tf": MODULE.format("./link")}, {"link": "module"}),
    "a part": ({"main.tf": queue('"a"')}, {"more.tf": "module/main.tf"}),
    "values": (
        {"main.tf": 'variable "name" {}\n' + queue("var.name")},
        {"terraform.tfvars": "values"},
    ),
    "code": ({"main.tf": archive("link")}, {"link": "code"}),
    "${file}": ({"serverless.yml": service("${file(link)}")}, {"link": "secret.txt"}),
    "a program": ({"serverless.yml": service("${file(link/secret.js):a}")}, {"link": ""}),
    "a service": ({}, {"serverless.yml": "secret.yml"}),
    "an environment": (
        {"serverless.yml": service("${env:A}", "useDotenv: true\n")},
        {".env": "env"},
    ),
    "a handler": ({"serverless.yml": service("")}, {"order.py": "code/index.py"}),
}


def scanned(tmp_path: Path, texts: dict[str, str], links: dict[str, str]) -> tuple[str, list[str]]:
    """Return all that is known of a folder, and what was opened outside of it."""
    outside, root = tmp_path / "outside", tmp_path / "app"
    write(root, {name: text.replace("OUTSIDE", str(outside)) for name, text in texts.items()})
    root.mkdir(exist_ok=True)
    for name, target in links.items():
        (root / name).symlink_to(outside / target)
    with watched() as opened:
        result = learn([root])
    real = [os.path.realpath(path) for path in opened]
    return facts(result), [path for path in real if path.startswith((str(outside), "/etc/passwd"))]


def facts(result: Result) -> str:
    return repr([*result.app.every(Resource), *result.app.every(Unread)])


@pytest.mark.parametrize("name", PATHS)
def test_no_path_leads_out(tmp_path: Path, outside: Path, name: str) -> None:
    known, opened = scanned(tmp_path, PATHS[name], {})
    assert (SECRET in known, opened) == (False, [])


@pytest.mark.parametrize("name", LINKS)
def test_no_link_leads_out(tmp_path: Path, outside: Path, name: str) -> None:
    known, opened = scanned(tmp_path, *LINKS[name])
    assert (SECRET in known, opened) == (False, [])


def test_a_link_inside_leads_on(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": queue('file("link/name")'), "names/name": "placed"})
    (tmp_path / "link").symlink_to("names")
    assert read(learn([tmp_path])) == ({"QueueName": "placed"}, [])


@pytest.mark.parametrize(
    ("path", "there"),
    [
        *(("in/deep/name", True), ("out/deep/name", False), ("out/back/deep/name", True)),
        *(("deep/../out/deep/name", False), ("deep/up/app/deep/name", True)),
        ("deep/up/out/deep/name", False),
    ],
)
def test_what_lies_below_a_link_lies_where_that_leads(
    tmp_path: Path, path: str, *, there: bool
) -> None:
    root = tmp_path / "app"
    write(tmp_path, {"app/deep/name": "", "out/deep/name": ""})
    (tmp_path / "out/back").symlink_to(root)
    for name, target in {"in": root, "out": tmp_path / "out", "deep/up": tmp_path}.items():
        (root / name).symlink_to(target)
    with files.scan(root):
        assert files.exists(root / path) == there
        assert files.exists(root / path) == there  # as remembered
        assert files.exists(f"{(root / path).parent}/../deep/name") == there


def test_folders_may_nest_deeper_than_calls(tmp_path: Path) -> None:
    deep = "/".join("a" * sys.getrecursionlimit())
    with files.scan(tmp_path):
        assert not files.exists(tmp_path / deep / "name")


def test_json_is_required_from_where_the_module_stands(tmp_path: Path) -> None:
    write(tmp_path, {
        "serverless.yml": service(ENTRY),
        "x.js": 'module.exports = require("../secret.json")\n',
        "secret.json": f'{{"a": "{SECRET}"}}',
    })  # fmt: skip
    assert SECRET not in facts(learn([tmp_path]))


@pytest.mark.parametrize(
    "name",
    [
        *("serverless.yml", "main.tf", "more.tf", "terraform.tfvars", ".env", "part.yml"),
        *("checkrein.yaml", "checkrein.lock"),
    ],
)
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    texts = {
        "main.tf": queue('"a"'),
        "serverless.yml": service("${file(part.yml):a, ''}", "useDotenv: true\n"),
    }
    texts.pop(name, None)
    write(tmp_path, texts)
    os.mkfifo(tmp_path / name)
    learn([tmp_path])


def read(result: Result) -> tuple[object, list[str]]:
    """Return the queue's properties, and what was not read."""
    found = [each for each in result.app.every(Resource) if each.type == "AWS::SQS::Queue"]
    return found[0].properties if found else None, [
        each.reason for each in result.app.every(Unread)
    ]


def doubled(first: str, again: str) -> str:
    """Return locals, each made of the one before twice."""
    lines = [f"  a{i} = {again.replace('LAST', f'local.a{i - 1}')}" for i in range(1, 60)]
    return "locals {\n  a0 = " + first + "\n" + "\n".join(lines) + "\n}\n"


LISTS = doubled("[1, 2]", "[LAST, LAST]")
BLOCKS = """resource "aws_dynamodb_table" "t" {
  dynamic "a" {
    for_each = range(50000)
    content {
      dynamic "b" {
        for_each = range(50000)
        content {
          c = 1
        }
      }
    }
  }
}
"""
LONG = "evaluating it takes too long (more than 2,000,000 expressions)"
ENDLESS: dict[str, tuple[str, str]] = {
    "a list of itself": (LISTS + queue("jsonencode(flatten(local.a59))"), "values in one"),
    "how long a list of itself is": (
        LISTS + queue("length(flatten(local.a59))"),
        "is only known when Terraform runs",
    ),
    "lists compared": (LISTS + queue('local.a59 == local.a58 ? "a" : "b"'), "QueueName"),
    "a text of itself": (
        doubled('"xxxxxxxxxx"', '"${LAST}${LAST}"') + queue("local.a59"),
        "a text of more than",
    ),
    "objects made distinct": (
        queue("length(distinct([for i in range(30000) : { a = i }]))"),
        LONG,
    ),
    "a pattern of choices": (
        queue(f'replace("{"a" * 40}b", "/^(a|a)*$/", "z")'),
        "a pattern that would take too long",
    ),
    "a pattern of repetitions": (
        queue(f'regex("a*a*a*a*a*a*a*a*b", "{"a" * 300}")'),
        "a pattern that would take too long",
    ),
    "a pattern of files": (
        queue(f'join(",", fileset(".", "{"*a" * 25}b"))'),
        "a pattern with too many stars",
    ),
    "blocks in blocks": (
        BLOCKS,
        LONG,
    ),
    "modules in a circle": (MODULE.format("./.") + queue('"a"'), "calls itself"),
    "a huge count": (
        queue('"a"').replace("{\n", "{\n  count = 100000000000\n"),
        "100,000,000,000 instances; the first 500 are read",
    ),
    "locals in a circle": (
        "locals {\n  a = local.b\n  b = local.a\n}\n" + queue("local.a"),
        "refers to itself",
    ),
    "deep brackets": (queue("[" * 20_000 + "]" * 20_000), "nested too deep"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_told(tmp_path: Path, name: str) -> None:
    text, told = ENDLESS[name]
    write(tmp_path, {"main.tf": text, f"{'a' * 120}.txt": ""})
    assert told in facts(learn([tmp_path]))
