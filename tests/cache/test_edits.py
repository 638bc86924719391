"""Whatever happens to an application's files: a scan that knows an earlier one reads the same."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.cache import VARIABLE, store
from checkrein.pipeline.reading import read

TEMPLATE = """
Parameters: {Stage: {Type: String, Default: none}}
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Layer: {Type: AWS::Lambda::LayerVersion, Properties: {Content: ./layer}}
  Python:
    Type: AWS::Lambda::Function
    Properties:
      {Code: ./py, Handler: app.handler, Runtime: python3.12, Layers: [!Ref Layer], Role: !GetAtt Role.Arn}
  Node:
    Type: AWS::Lambda::Function
    Properties: {Code: ./js, Handler: index.handler, Runtime: nodejs22.x, Role: !GetAtt Role.Arn}
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionS3Location: machine.json, RoleArn: !GetAtt Role.Arn}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Stage}}
  Included:
    Type: AWS::SQS::Queue
    Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}}
"""
HANDLER = """
import boto3, helper, orders, shop.cart, installed
def handler(event, context):
    print(helper.tell(event["one"]), orders.tell(event["two"]), shop.cart.tell(event["three"]))
    print(installed.tell(event["four"]))
"""
INDEX = """
const lib = require('./lib'), shared = require('shared'), aliased = require('@app/aliased')
const told = require('./told.json'), member = require('member'), inner = require('#inner')
const large = require('./large.json')
exports.handler = async (event) => {
  console.log(lib(event.one), shared(event.two), aliased(event.three), told.word, member(event.four))
  console.log(inner(event.five), large.word)
}
"""
PACKAGE = (
    '{"dependencies": {"shared": "file:../shared"}, "imports": {"#inner": "./inner.js"},'
    ' "workspaces": ["members/*"]}'
)
TELL = "def tell(value):\n    return value['py']\n"
OTHER_TELL = "def tell(value):\n    return value['other']\n"
NODE = "module.exports = (value) => value.js\n"
OTHER_NODE = "module.exports = (value) => value.other\n"
QUEUE = "Resources: {Queue: {Type: AWS::SQS::Queue}}\n"
TOPIC = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"
APPLICATION = {
    "template.yaml": TEMPLATE,
    "child.yaml": QUEUE,
    "part.yaml": "QueueName: one\n",
    "machine.json": '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
    "samconfig.toml": "[default.deploy.parameters]\nparameter_overrides = 'Stage=one'\n",
    "py/app.py": HANDLER,
    "py/orders.py": TELL,
    "py/shop/cart.py": TELL,
    "py/installed/__init__.py": TELL,
    "layer/python/helper.py": TELL,
    "js/index.js": INDEX,
    "js/package.json": PACKAGE,
    "js/tsconfig.json": '{"compilerOptions": {"paths": {"@app/*": ["./app/*"]}}}',
    "js/lib.js": NODE,
    "js/inner.js": NODE,
    "js/app/aliased.ts": NODE,
    "js/told.json": '{"word": "one"}',
    "js/large.json": f'{{"word": "{"x" * 100_000}"}}',
    "js/members/member/package.json": '{"name": "member"}',
    "js/members/member/index.js": NODE,
    "shared/package.json": '{"name": "shared", "main": "lib/main.js"}',
    "shared/lib/main.js": NODE,
    "shared/other.js": OTHER_NODE,
    "README.md": "nothing\n",
}
EDITS: dict[str, tuple[str, str | None]] = {
    "a handler": ("py/app.py", HANDLER.replace("two", "second")),
    "a module": ("py/orders.py", OTHER_TELL),
    "a module gone": ("py/orders.py", None),
    "a module that shadows one of a layer": ("py/helper.py", OTHER_TELL),
    "a module of a layer": ("layer/python/helper.py", OTHER_TELL),
    "a package that shadows a module gone": ("py/orders/__init__.py", OTHER_TELL),
    "a namespace that becomes a package": ("py/shop/__init__.py", "cart = 1\n"),
    "a module of a namespace": ("py/shop/cart.py", OTHER_TELL),
    "the last module of a namespace": ("py/shop/cart.py", None),
    "requirements": ("py/requirements.txt", "installed==1\n"),
    "an installation": ("py/installed-1.0.dist-info/METADATA", "Name: installed\n"),
    "a version": ("py/installed/__init__.py", f"__version__ = '1'\n{TELL}"),
    "an extension of a layer": ("layer/extensions/agent.sh", "agent\n"),
    "a required file": ("js/lib.js", OTHER_NODE),
    "a required file gone": ("js/lib.js", None),
    "a data file": ("js/told.json", '{"word": "two"}'),
    "a data file that is no longer too large": ("js/large.json", '{"word": "small"}'),
    "a data file gone": ("js/told.json", None),
    "a manifest's imports": ("js/package.json", PACKAGE.replace("inner.js", "lib/index.js")),
    "a file of a folder": ("js/lib/index.js", OTHER_NODE),
    "a dependency gone": ("js/package.json", '{"workspaces": ["members/*"]}'),
    "main": ("shared/package.json", '{"name": "shared", "main": "other.js"}'),
    "main gone": ("shared/lib/main.js", None),
    "an index": ("shared/index.js", OTHER_NODE),
    "aliases": ("js/tsconfig.json", '{"compilerOptions": {"paths": {"@app/*": ["./*"]}}}'),
    "an alias gone": ("js/tsconfig.json", None),
    "an aliased file": ("js/app/aliased.ts", OTHER_NODE),
    "what shadows an aliased file": ("js/app/aliased.js", OTHER_NODE),
    "a file where aliases do not lead": ("js/aliased.js", OTHER_NODE),
    "a member": ("js/members/member/package.json", '{"name": "other"}'),
    "another member": ("js/members/other/package.json", '{"name": "member"}'),
    "a template": ("template.yaml", TEMPLATE.replace("AWS::S3::Bucket", "AWS::SNS::Topic")),
    "other code": ("template.yaml", TEMPLATE.replace("./js", "./shared")),
    "a child": ("child.yaml", TOPIC),
    "a child gone": ("child.yaml", None),
    "a child that is moved": ("other/child.yaml", QUEUE),
    "another template": ("another.yaml", TOPIC),
    "a template of the same name": ("template.json", '{"Resources": {"T": {"Type": "AWS::A::B"}}}'),
    "a definition": ("machine.json", '{"StartAt": "B", "States": {"B": {"Type": "Fail"}}}'),
    "a definition gone": ("machine.json", None),
    "a part": ("part.yaml", "QueueName: two\n"),
    "a part gone": ("part.yaml", None),
    "overrides": ("samconfig.toml", "[default.deploy.parameters]\nparameter_overrides='Stage=b'\n"),
    "overrides gone": ("samconfig.toml", None),
    "a parameter file": ("template.parameters.json", '{"Parameters": {"Stage": "three"}}'),
    "broken YAML": ("broken.yaml", "a: [\n"),
    "a file that nothing reads": ("README.md", "something\n"),
}
SILENT = {  # edits that are seen only together with another
    "a package that shadows a module gone",
    "a file of a folder",
    "a file where aliases do not lead",
    "another member",
    "an index",
    "a parameter file",
    "a file that nothing reads",
}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An application that was scanned, with the user's key elsewhere."""
    base = tmp_path_factory.mktemp("edits")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(base / "user"))
        patch.delenv(VARIABLE)
        for path, content in APPLICATION.items():
            put(base / "app", path, content)
        facts(base / "app")
        yield base / "app"


def put(root: Path, path: str, content: str | None) -> None:
    file = root / path
    if content is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def facts(root: Path) -> str:
    """Return all that is read, as a text in which 1 is not 1.0."""
    return "\n".join(sorted(map(repr, read([root], lambda _: None).facts)))


def facts_anew(root: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "off")
        return facts(root)


@pytest.fixture
def copy(application: Path) -> Iterator[Path]:
    """The scanned application in its own place, put back afterwards."""
    kept = application.parent / "kept"
    shutil.copytree(application, kept)
    yield application
    shutil.rmtree(application)
    kept.rename(application)


def test_a_second_scan_reads_the_same(copy: Path) -> None:
    assert (copy / store.FOLDER / store.FILE).is_file()
    assert facts(copy) == facts_anew(copy)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_seen(copy: Path, edit: str) -> None:
    before = facts(copy)
    put(copy, *EDITS[edit])

    after = facts(copy)

    assert after == facts_anew(copy)
    assert (after == before) == (edit in SILENT)


@settings(max_examples=8)
@given(edits=st.lists(st.sampled_from(list(EDITS)), min_size=2, max_size=5))
def test_edits_in_a_row_are_seen(application: Path, edits: list[str]) -> None:
    for edit in edits:
        put(application, *EDITS[edit])
        assert facts(application) == facts_anew(application)
    for edit in edits:
        path, _ = EDITS[edit]
        put(application, path, APPLICATION.get(path))
        for folder in (application / path).parents:
            if folder.is_dir() and not list(folder.iterdir()):
                folder.rmdir()
    assert facts(application) == facts_anew(application)
