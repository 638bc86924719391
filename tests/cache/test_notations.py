"""What is kept of a module or a service is right as long as all that it is made of is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.cache import VARIABLE, Cache
from checkrein.model import Resource, Unread
from checkrein.pipeline import learn

QUEUE = 'resource "aws_sqs_queue" "{}" {{\n  name = {}\n}}\n'
TERRAFORM = {
    "main.tf": QUEUE.format("a", "var.a")
    + QUEUE.format("b", 'templatefile("b.tpl", { x = "x" })')
    + QUEUE.format("c", 'file("c.txt")')
    + QUEUE.format("d", 'join("-", fileset("d", "*"))')
    + 'module "e" {\n  source = "./e"\n}\n',
    "variables.tf": 'variable "a" {\n  default = "a"\n}\n',
    "b.tpl": "b-${x}",
    "c.txt": "c",
    "d/one": "",
    "e/main.tf": QUEUE.format("e", '"e"'),
}
SERVERLESS = {
    "serverless.yml": "service: shop\nuseDotenv: true\nprovider: {name: aws, runtime: python3.12}\n"
    "custom: ${file(custom.yml)}\nfunctions:\n  order:\n    handler: order.handler\n"
    "    environment: {A: '${self:custom.a}', B: '${file(b.js):b}', C: '${env:C}', D: '${file(d.txt)}',"
    " E: '${param:e, \"none\"}'}\n",
    "order.py": "def handler(event, context):\n    return 1\n",
    "custom.yml": "a: a\n",
    "b.js": 'const more = require("./more.json");\nmodule.exports = {b: more.b};\n',
    "more.json": '{"b": "b"}',
    ".env": "C=c\n",
    "d.txt": "d",
}
PROGRAM = {
    "serverless.shop.js": "const { service } = require('./lib/make');\n"
    "module.exports = service('shop', { order: { handler: 'order.handler' } });\n",
    "lib/make.js": "const fs = require('fs');\nconst data = JSON.parse(fs.readFileSync('d.json'));\n"
    "const dotted = fs.existsSync('.env') ? 'there' : 'gone';\n"
    "exports.service = (service, functions) => ({ service, functions,\n"
    "  provider: { name: 'aws', runtime: 'python3.12', environment: { D: data.d, dotted } } });\n",
    "order.py": "def handler(event, context):\n    return 1\n",
    "d.json": '{"d": "d"}',
}
CHANGES = {  # what is written, or None for what is taken away
    "a module's file": (TERRAFORM, "main.tf", QUEUE.format("a", '"z"')),
    "another of its files": (TERRAFORM, "variables.tf", 'variable "a" {\n  default = "z"\n}\n'),
    "a file more": (TERRAFORM, "more.tf", QUEUE.format("z", '"z"')),
    "an override": (TERRAFORM, "a_override.tf", QUEUE.format("a", '"z"')),
    "OpenTofu's own": (TERRAFORM, "variables.tofu", 'variable "a" {\n  default = "z"\n}\n'),
    "values": (TERRAFORM, "terraform.tfvars", 'a = "z"\n'),
    "values by themselves": (TERRAFORM, "z.auto.tfvars", 'a = "z"\n'),
    "values in JSON": (TERRAFORM, "terraform.tfvars.json", '{"a": "z"}'),
    "a template": (TERRAFORM, "b.tpl", "z-${x}"),
    "a text": (TERRAFORM, "c.txt", "z"),
    "a text that is gone": (TERRAFORM, "c.txt", None),
    "a file of a set": (TERRAFORM, "d/two", ""),
    "a module that is called": (TERRAFORM, "e/main.tf", QUEUE.format("e", '"z"')),
    "a module that is gone": (TERRAFORM, "e/main.tf", None),
    "a service": (SERVERLESS, "serverless.yml", SERVERLESS["serverless.yml"].replace("shop", "z")),
    "a part": (SERVERLESS, "custom.yml", "a: z\n"),
    "a part that is gone": (SERVERLESS, "custom.yml", None),
    "a program": (SERVERLESS, "b.js", "module.exports = {b: 'z'};\n"),
    "what a program takes in": (SERVERLESS, "more.json", '{"b": "z"}'),
    "an environment": (SERVERLESS, ".env", "C=z\n"),
    "an environment of a stage": (SERVERLESS, ".env.dev", "C=z\n"),
    "a text of a service": (SERVERLESS, "d.txt", "z"),
    "a program that is a service": (PROGRAM, "serverless.shop.js", "module.exports = {};\n"),
    "what it requires": (
        PROGRAM,
        "lib/make.js",
        "exports.service = (service) => ({ service, provider: { name: 'aws' } });\n",
    ),
    "what it reads": (PROGRAM, "d.json", '{"d": "z"}'),
    "what it looks for": (PROGRAM, ".env", ""),
    "a configuration that stands for it": (
        PROGRAM,
        "serverless.yml",
        "service: shop\nprovider: {name: aws}\n",
    ),
    "a service that became none": (PROGRAM, "serverless.shop.js", "const nothing = 1;\n"),
    "what passes parameters": (
        SERVERLESS,
        "serverless-compose.yml",
        "services:\n  shop: {path: ., params: {e: z}}\n",
    ),
    "what the framework packaged": (
        SERVERLESS,
        ".serverless/cloudformation-template-update-stack.json",
        '{"Resources": {"Z": {"Type": "AWS::SQS::Queue"}}}',
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE, raising=False)
    texts, changed, text = CHANGES[name]
    root = tmp_path / "app"
    for path, content in texts.items():
        _write(root / path, content)
    before = known(root, wanted=True)
    assert known(root, wanted=True) == before

    _write(root / changed, text)

    after = known(root, wanted=True)
    assert after == known(root, wanted=False)
    assert after != before


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def known(root: Path, *, wanted: bool) -> list[object]:
    app = learn([root], memory=lambda folder: Cache(folder, wanted=wanted)).app
    return sorted([*app.every(Resource), *app.every(Unread)], key=repr)
