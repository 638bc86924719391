"""Service files by other names, as ``--config`` takes them, and which of a folder's stand."""

from pathlib import Path

import pytest

from checkrein.model import Function, Resource, Unread
from checkrein.pipeline.reading import read
from checkrein.read.discovery import find_templates

YAML = "service: {}\nprovider:\n  name: aws\n  runtime: python3.12\nfunctions:\n  {}:\n    handler: a.b\n"
JSON = (
    '{"service": "shop", "provider": {"name": "aws", "runtime": "python3.12"},\n'
    ' "functions": {"order": {"handler": "a.b"}}}'
)
PROGRAM = (
    "const { service, lambda } = require('./lib/make');\n"
    "module.exports = service('shop', (stage) => ({ functions: { order: lambda(stage, 'a.b') } }));\n"
)
MAKE = (
    "function lambda(stage, handler) {\n"
    "  const made = { handler };\n"
    "  if (stage === 'dev') {\n    made.environment = { STAGE: stage };\n  }\n"
    "  return made;\n}\n"
    "const stage = () => process.argv.indexOf('--stage') !== -1\n"
    "  ? process.argv[process.argv.indexOf('--stage') + 1] : process.env.STAGE || 'dev';\n"
    "const service = (name, parts) => ({\n"
    "  service: name,\n  provider: { name: 'aws', runtime: 'python3.12', stage: stage() },\n"
    "  ...parts(stage()),\n});\n"
    "module.exports = { lambda, service };\n"
)
MODULE = PROGRAM.replace("const {", "import {").replace(
    "= require('./lib/make')", "from './lib/make'"
)
MODULE = MODULE.replace("module.exports =", "export default")


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("serverless.shop.yml", YAML.format("shop", "order"), "serverless.shop.yml:6"),
        ("api/serverless.shop.yaml", YAML.format("shop", "order"), "api/serverless.shop.yaml:6"),
        ("serverless.shop.json", JSON, "serverless.shop.json:2"),
        ("serverless.shop.js", PROGRAM, "lib/make.js:2"),
        ("serverless.shop.api.cjs", PROGRAM, "lib/make.js:2"),
        ("serverless.shop.mjs", MODULE, "lib/make.js:2"),
        ("serverless.shop.ts", MODULE, "lib/make.js:2"),
        ("serverless.cjs", PROGRAM, "lib/make.js:2"),
        ("serverless.mjs", MODULE, "lib/make.js:2"),
    ],
)
def test_a_service_by_another_name_is_read(
    tmp_path: Path, name: str, text: str, source: str
) -> None:
    write(tmp_path, {name: text, "lib/make.js": MAKE, "a.py": "def b(event, context): pass\n"})
    facts = read([tmp_path], lambda _: None).facts
    found = [each for each in facts if isinstance(each, Function)]
    assert [f"{each.place.path}:{each.place.line}" for each in found] == [source]
    assert not [each for each in facts if isinstance(each, Unread) and each.fatal]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("serverless.common.yml", "provider:\n  name: aws\n"),
        ("serverless.functions.yml", "order:\n  handler: a.b\n  service: x\n"),
        ("serverless.helpers.js", "exports.lambda = (handler) => ({ handler });\n"),
        ("serverless.d.ts", "export const service: string; export const provider: string;\n"),
        ("serverless.spec.ts", "export {}; test('service', () => provider());\n"),
        ("serverless.tfplan.json", JSON),
        (".esbuild/serverless.shop.yml", YAML.format("shop", "order")),
        ("my-serverless.shop.yml", YAML.format("shop", "order")),
    ],
)
def test_what_is_no_service_is_none(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text})
    assert find_templates(tmp_path) == ([], [])


def test_a_template_by_such_a_name_stays_one(tmp_path: Path) -> None:
    text = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
    write(tmp_path, {"serverless.template.yml": text})
    assert find_templates(tmp_path) == (["serverless.template.yml"], [])
    facts = read([tmp_path], lambda _: None).facts
    assert [each.type for each in facts if isinstance(each, Resource)] == ["AWS::S3::Bucket"]


PLUGIN = (
    "class Own {\n  constructor(serverless) {\n    this.service = serverless.service;\n  }\n}\n"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("helpers.js", "const provider = 1;\nexports.service = (provider) => provider;\n"),
        ("plugin.js", f"{PLUGIN}module.exports = Own;\n"),
        ("plugin.js", f"module.exports = {PLUGIN}"),
        ("plugin.ts", f"export default {PLUGIN}"),
    ],
)
def test_a_program_that_exports_helpers_is_none(tmp_path: Path, name: str, text: str) -> None:
    shop = YAML.format("shop", "order")
    write(tmp_path, {f"serverless.{name}": text, "serverless.yml": shop})
    facts = read([tmp_path], lambda _: None).facts
    assert not [each for each in facts if isinstance(each, Unread) and each.fatal]
    assert [each.id for each in facts if isinstance(each, Function)] == ["serverless/order"]


def test_a_configuration_that_only_running_tells_is_told(tmp_path: Path) -> None:
    text = "const make = require('some-package');\nmodule.exports = make({ service: 'a', functions: {} });\n"
    write(tmp_path, {"serverless.shop.js": text})
    lost = [each for each in read([tmp_path], lambda _: None).facts if isinstance(each, Unread)]
    assert [(each.path, each.reason, each.fatal) for each in lost][:1] == [
        (
            "serverless.shop.js",
            "the configuration is what the package some-package gives; write it as an object",
            True,
        )
    ]


@pytest.mark.parametrize(
    ("name", "region", "stands"),
    [
        ("serverless.edge.yml", "us-east-1", True),
        ("serverless.edge.yml", "${opt:region, 'us-east-1'}", True),
        ("serverless.edge.yml", "eu-west-1", False),
        ("serverless.edge.yml", "${opt:region}", False),
        ("serverless.localstack.yml", "us-east-1", False),
    ],
)
def test_a_service_in_another_region_is_another_stack(
    tmp_path: Path, name: str, region: str, *, stands: bool
) -> None:
    text = "service: shop\nprovider:\n  name: aws\n  region: {}\n"
    write(tmp_path, {"serverless.yml": text.format("eu-west-1"), name: text.format(region)})
    paths, lost = find_templates(tmp_path)
    assert (name in paths, len(paths) + len(lost)) == (stands, 2)


OTHERS = [
    (("serverless.yml", "serverless.prod.yml"), "serverless.yml"),
    (("serverless.local.yml", "serverless.prod.yml"), "serverless.prod.yml"),
    (("serverless.offline.yml", "serverless.shop.bak.yml"), "serverless.offline.yml"),
]


@pytest.mark.parametrize(("names", "first"), OTHERS)
def test_of_configurations_of_one_service_one_is_read_and_the_other_told(
    tmp_path: Path, names: tuple[str, ...], first: str
) -> None:
    write(tmp_path, {name: YAML.format("shop # its name", "order") for name in names})
    paths, lost = find_templates(tmp_path)
    assert paths == [first]
    assert [(each.path, each.fatal) for each in lost] == [
        (name, False) for name in names if name != first
    ]
    assert lost[0].reason.endswith(f"the service that is read from {first}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (YAML.format("one", "a"), YAML.format("two", "a")),
        (PROGRAM.replace("'shop'", "name"), PROGRAM.replace("'shop'", "name")),
        (
            "export default { service: name, provider: {} }",
            "export default { service: name, provider }",
        ),
        (
            "export default { service: 'one', provider }",
            "export default { service: 'two', provider }",
        ),
    ],
)
def test_services_of_other_names_stand_beside_each_other(
    tmp_path: Path, one: str, other: str
) -> None:
    suffix = "yml" if one.startswith("service:") else "js"
    names = [f"serverless.one.{suffix}", f"serverless.two.{suffix}"]
    write(tmp_path, dict(zip(names, (one, other), strict=True)))
    assert find_templates(tmp_path) == (names, [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("service:\n  name: shop\nprovider: aws\n", "service: 'shop'\nprovider: aws\n"),
        (
            "service: ${self:custom.n}\nprovider: aws\n",
            "service: ${self:custom.n}\nprovider: aws\n",
        ),
    ],
)
def test_a_name_is_the_same_however_it_is_written(tmp_path: Path, one: str, other: str) -> None:
    write(tmp_path, {"serverless.yml": one, "serverless.dev.yml": other})
    paths, lost = find_templates(tmp_path)
    assert (paths, [each.path for each in lost]) == (["serverless.yml"], ["serverless.dev.yml"])


def test_one_that_another_stands_for_is_read_where_it_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"serverless.yml": YAML.format("s", "a"), "serverless.x.yml": YAML.format("s", "b")},
    )
    facts = read([tmp_path / "serverless.x.yml"], lambda _: None).facts
    assert [each.id for each in facts if isinstance(each, Function)] == ["serverless.x/b"]
