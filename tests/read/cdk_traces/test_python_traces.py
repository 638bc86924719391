"""What a CDK program in Python makes, told without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.read.cdk_traces.telling import (
    calls,
    constructs,
    lost,
    made,
    properties,
    python,
    shown,
    trace,
)

BUCKET = "aws_s3.Bucket"


@pytest.mark.parametrize(
    "text",
    [
        "for name in ['a', 'b']:\n    s3.Bucket(stack, name)\n",
        (
            "for i, name in enumerate(('a', 'c', 'b')):\n    if i == 1:\n        continue\n"
            "    s3.Bucket(stack, f'{name}')\n"
        ),
        "[s3.Bucket(stack, n) for n in ('a', 'b', 'c') if n != 'c']\n",
        (
            "for name, on in {'a': 1, 'b': 1, 'c': 0}.items():\n"
            "    s3.Bucket(stack, name) if on else None\n"
        ),
        (
            "def make(*names, kind=s3.Bucket, **more):\n    return [kind(stack, n) for n in names]\n"
            "make('a', 'b', encryption=1)\n"
        ),
        (
            "def names():\n    yield 'a'\n    yield from ['b']\n"
            "for n in names():\n    s3.Bucket(scope=stack, id=n)\n"
        ),
        "with open('x') as f:\n    s3.Bucket(stack, 'a')\ns3.Bucket(stack, 'b')\n",
        (
            "try:\n    s3.Bucket(stack, 'a')\n    raise ValueError('x')\n"
            "except ValueError:\n    s3.Bucket(stack, 'b')\n"
        ),
        (
            "def main():\n    global stack\n    s3.Bucket(stack, 'a')\n    s3.Bucket(stack, 'b')\n"
            "if __name__ == '__main__':\n    main()\n"
        ),
        (
            "from dataclasses import dataclass, field\n@dataclass\nclass C:\n    one: str\n"
            "    more: list = field(default_factory=list)\n    two: str = 'b'\n"
            "c = C('a')\ns3.Bucket(stack, c.one)\ns3.Bucket(stack, c.two)\n"
        ),
        (
            "from enum import Enum\nclass N(Enum):\n    A = 'a'\n    B = 'b'\n"
            "for n in N:\n    s3.Bucket(stack, n.value)\n"
        ),
    ],
)
def test_what_a_program_surely_makes_is_told_in_its_order(tmp_path: Path, text: str) -> None:
    found = python(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/a", f"{BUCKET} S/b"]
    assert not lost(found)


def test_names_are_typescript_s_and_keywords_come_last(tmp_path: Path) -> None:
    text = """from aws_cdk import aws_dynamodb as dynamodb, Duration
table = dynamodb.Table(stack, "T",
    partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING))
fn = lambda_.Function(stack, "F", runtime=lambda_.Runtime.PYTHON_3_12,
    code=lambda_.Code.from_asset("src"), timeout=Duration.seconds(3),
    environment={"TABLE_NAME": table.table_name})
table.grant_read_data(fn)
fn.add_to_role_policy(statement=1)
"""
    found = python(tmp_path, text)
    assert properties(found, "F") == {
        "runtime": "aws_lambda.Runtime.PYTHON_3_12",
        "code": "aws_lambda.Code.fromAsset(src)",
        "timeout": "Duration.seconds(3)",
        "environment": {"TABLE_NAME": "<S/T>.tableName"},
    }
    key = made(found, "T").arguments[0]["partitionKey"]
    assert (key.kind, shown(key.arguments)) == (
        "aws_dynamodb.Attribute",
        [{"name": "id", "type": "aws_dynamodb.AttributeType.STRING"}],
    )
    assert calls(found)[2:] == [
        "<S/T>.grantReadData(<S/F>)",
        "<S/F>.addToRolePolicy({'statement': 1})",
    ]


def test_a_property_may_be_called_scope_or_id(tmp_path: Path) -> None:
    text = """from aws_cdk import aws_wafv2 as wafv2
wafv2.CfnWebACL(stack, "Acl", scope="REGIONAL", id="x")
wafv2.CfnIPSet(scope=stack, id="Set", addresses=[])
"""
    found = python(tmp_path, text)
    assert constructs(found) == ["aws_wafv2.CfnWebACL S/Acl", "aws_wafv2.CfnIPSet S/Set"]
    assert properties(found, "Acl") == {"scope": "REGIONAL", "id": "x"}


def test_own_classes_are_what_they_extend_and_keep_their_fields(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        {
            "app.py": """import aws_cdk as cdk
from stacks import data, api as api_module
from stacks.base import PREFIX
app = cdk.App()
tables = data.DataStack(app, f"{PREFIX}Data", stage="dev")
api_module.ApiStack(app, "Api", table=tables.table, env=cdk.Environment(region="x"))
app.synth()
""",
            "stacks/__init__.py": "from . import data\n",
            "stacks/base.py": """from aws_cdk import Stack
PREFIX = "My"
class Base(Stack):
    suffix = "base"
    def __init__(self, scope, construct_id, *, stage, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self.stage = stage
        self.build()
    def build(self): raise NotImplementedError
    @property
    def name(self): return f"{self.stage}-{self.suffix}"
    @staticmethod
    def twice(text): return text * 2
""",
            "stacks/data.py": """from aws_cdk import aws_dynamodb as dynamodb
from .base import Base
class DataStack(Base):
    suffix = "data"
    def build(self):
        self.table = dynamodb.Table(self, self.twice(self.name))
""",
            "stacks/api.py": """from pathlib import Path
from aws_cdk import Stack, aws_lambda
from constructs import Construct
HERE = Path(__file__).parent
class Function(aws_lambda.Function):
    def __init__(self, scope, id, **kwargs):
        super().__init__(scope, id, **kwargs)
        aws_lambda.Function.__init__(self, scope, id, **kwargs)
class Named(Function):
    pass
class Fn(Named):
    def __init__(self, scope: Construct, id: str, **kwargs):
        kwargs.setdefault("memory_size", 128)
        super().__init__(scope, id, handler="x.y", **kwargs)
class ApiStack(Stack):
    def __init__(self, scope, id, table, **kwargs):
        Stack.__init__(self, scope, id, **kwargs)
        fn = Fn(self, "Fn", code=aws_lambda.Code.from_asset(str(HERE.parent / "src")))
        table.grant_read_data(fn)
""",
        },
    )
    assert constructs(found) == [
        "aws_dynamodb.Table MyData/dev-datadev-data",
        "aws_lambda.Function Api/Fn",
    ]
    assert properties(found, "Fn") == {
        "handler": "x.y",
        "code": "aws_lambda.Code.fromAsset(/service/src)",
        "memorySize": 128,
    }
    assert properties(found, "Api") == {"env": "<Environment>"}
    assert "<MyData/dev-datadev-data>.grantReadData(<Api/Fn>)" in calls(found)
    assert not lost(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("os.path.join(os.path.dirname(__file__), 'src')", "/service/src"),
        ("os.environ['X']", "?"),
        ("os.environ.get('X', 'dev')", "?|dev"),
        ("os.getenv('X') or 'dev'", "?|dev"),
        ("'a' if os.getenv('X') == 'y' else 'b'", "a|b"),
        ("'{}-{name}'.format('a', name='b')", "a-b"),
        ("'%s-%s' % ('a', 'b')", "a-b"),
        ("', '.join(['a', stack.region])", "a, <S>.region"),
        ("dict(a=1, **{'b': 2})", {"a": 1, "b": 2}),
        ("sorted({'b', 'a'})[0:1]", ["a"]),
        ("app.node.try_get_context('known')", "yes"),
        ("stack.node.try_get_context('other')", "?"),
        ("{**{'a': 1}, 'b': len([1, 2])}", {"a": 1, "b": 2}),
        ("{n: n.upper() for n in 'ab'}", {"a": "A", "b": "B"}),
        ("{'a': 1}.get('b', 2)", 2),
        ("'x' in ['x', 'y'] and not None", True),
    ],
)
def test_a_value_is_as_plain_as_it_can_be(tmp_path: Path, text: str, value: object) -> None:
    found = python(tmp_path, f"s3.Bucket(stack, 'a', v={text})\n", context={"known": "yes"})
    assert properties(found, "a") == {"v": value}
