"""Each kind of line in checkrein.yaml changes exactly the rows and verdicts that it is about."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkrein.model import Element, Row, Unread
from checkrein.model.result import Result
from checkrein.pipeline import Wanted, scan

API = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
  SaveRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Orders.Arn}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt SaveRole.Arn
      Environment: {Variables: {TABLE: !Ref Orders, MARK: LC-0123456789}}
      Code:
        ZipFile: |
          import json, os, boto3
          def handler(event, context):
              body = json.loads(event["body"])
              item = {"id": body["id"], "cvv": body["cvv"], "loyaltyNo": body["loyaltyNo"]}
              boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=item)
              return {"statusCode": 200}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref Save, AuthType: AWS_IAM}
"""
AUDIT = """
Parameters:
  Watched: {Type: String}
Resources:
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Environment: {Variables: {TABLE: !Ref Watched}}
      Code:
        ZipFile: |
          import os, boto3
          def handler(event, context):
              table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
              print(table.get_item(Key={"id": "1"})["Item"]["cvv"])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application of two stacks, and code that no template names."""
    root = tmp_path_factory.mktemp("app")
    extra = "def handler(event, context):\n    print(event['email'])\n"
    files = {"api/template.yaml": API, "audit/template.yaml": AUDIT, "extra/index.py": extra}
    for name, text in files.items():
        (root / name).parent.mkdir()
        (root / name).write_text(text)
    return root


def _scanned(folder: Path, declared: str) -> Result:
    (folder / "checkrein.yaml").write_text(textwrap.dedent(declared))
    return scan([folder], wanted=Wanted(baseline=None))


def _facts(result: Result) -> Iterator[str]:
    """Yield the cells of the table and what the regular reader is told, each as a line."""
    for row in result.app.every(Row):
        yield f"{row.id} {'*' * row.risk}".rstrip()
        for basis in ("intended", "coded", "potential"):
            yield from (f"{row.id} {basis} {data}" for data in getattr(row, basis))
    for each in result.verdicts:
        if each.findings:
            grade = each.severity if each.outcome == "fail" else each.outcome
            yield f"{each.subject} {each.check} {grade}"
    yield from (f"unread {each.reason}" for each in result.app.every(Unread))
    yield from (f"note {note}" for note in result.notes)


def _differences(folder: Path, declared: str, before: str = "") -> list[str]:
    old, new = (set(_facts(_scanned(folder, text))) for text in (before, declared))
    lines = [f"- {line}" for line in old - new] + [f"+ {line}" for line in new - old]
    return sorted((line.replace("/template", "") for line in lines), key=lambda line: line[2:])


CASES: list[tuple[str, str]] = [
    (
        "data: {pay.cvv: 1}",
        """
        + api/Orders **
        - api/Orders ***
        - api/Orders no-key-of-its-own medium
        - api/Orders value-kept-in-clear high
        + api/Orders value-kept-in-clear low
        + api/Save **
        - api/Save ***
        + api/Save@logs **
        - api/Save@logs ***
        + audit/Read *
        - audit/Read ***
        + audit/Read@logs *
        - audit/Read@logs ***
        - audit/Read@logs data-in-logs medium
        + audit/Table:Watched *
        - audit/Table:Watched ***
        """,
    ),
    (
        "data: {biz.loyalty: {value: 3, names: [loyalty_no]}}",
        """
        + api/Orders coded biz.loyalty
        + api/Orders intended biz.loyalty
        + api/Orders potential biz.loyalty
        + api/Save coded biz.loyalty
        + api/Save intended biz.loyalty
        + api/Save potential biz.loyalty
        + api/Save@logs potential biz.loyalty
        + api@internet potential biz.loyalty
        """,
    ),
    (
        "data: {biz.loyalty: {value: 3, patterns: ['LC-[0-9]{10}']}}",
        """
        + api/Orders potential biz.loyalty
        + api/Save coded biz.loyalty
        + api/Save intended biz.loyalty
        + api/Save potential biz.loyalty
        + api/Save@logs potential biz.loyalty
        + api@internet potential biz.loyalty
        """,
    ),
    (
        "names: {cvv: none}",
        """
        + api/Orders **
        - api/Orders ***
        - api/Orders coded pay.cvv
        - api/Orders intended pay.cvv
        - api/Orders no-key-of-its-own medium
        - api/Orders potential pay.cvv
        - api/Orders value-kept-in-clear high
        + api/Save **
        - api/Save ***
        - api/Save coded pay.cvv
        - api/Save intended pay.cvv
        - api/Save potential pay.cvv
        + api/Save@logs **
        - api/Save@logs ***
        - api/Save@logs potential pay.cvv
        - api@internet potential pay.cvv
        + audit/Read *
        - audit/Read ***
        - audit/Read coded pay.cvv
        - audit/Read intended pay.cvv
        - audit/Read potential pay.cvv
        + audit/Read@logs *
        - audit/Read@logs ***
        - audit/Read@logs coded pay.cvv
        - audit/Read@logs data-in-logs medium
        - audit/Read@logs potential pay.cvv
        + audit/Table:Watched *
        - audit/Table:Watched ***
        - audit/Table:Watched coded pay.cvv
        - audit/Table:Watched intended pay.cvv
        - audit/Table:Watched potential pay.cvv
        - audit@internet
        - audit@internet potential pay.cvv
        """,
    ),
    (
        "names: {'c?v': pii.photo}",
        """
        - api/Orders coded pay.cvv
        + api/Orders coded pii.photo
        - api/Orders intended pay.cvv
        + api/Orders intended pii.photo
        - api/Orders no-key-of-its-own medium
        - api/Orders potential pay.cvv
        + api/Orders potential pii.photo
        - api/Orders value-kept-in-clear high
        - api/Save coded pay.cvv
        + api/Save coded pii.photo
        - api/Save intended pay.cvv
        + api/Save intended pii.photo
        - api/Save potential pay.cvv
        + api/Save potential pii.photo
        - api/Save@logs potential pay.cvv
        + api/Save@logs potential pii.photo
        - api@internet potential pay.cvv
        + api@internet potential pii.photo
        + audit/Read **
        - audit/Read ***
        - audit/Read coded pay.cvv
        + audit/Read coded pii.photo
        - audit/Read intended pay.cvv
        + audit/Read intended pii.photo
        - audit/Read potential pay.cvv
        + audit/Read potential pii.photo
        + audit/Read@logs **
        - audit/Read@logs ***
        - audit/Read@logs coded pay.cvv
        + audit/Read@logs coded pii.photo
        + audit/Read@logs data-in-logs low
        - audit/Read@logs data-in-logs medium
        - audit/Read@logs potential pay.cvv
        + audit/Read@logs potential pii.photo
        + audit/Table:Watched **
        - audit/Table:Watched ***
        - audit/Table:Watched coded pay.cvv
        + audit/Table:Watched coded pii.photo
        - audit/Table:Watched intended pay.cvv
        + audit/Table:Watched intended pii.photo
        - audit/Table:Watched potential pay.cvv
        + audit/Table:Watched potential pii.photo
        - audit@internet potential pay.cvv
        + audit@internet potential pii.photo
        """,
    ),
    (
        "resources: {Orders: {holds: [biz.order]}}",
        """
        - api/Orders intended pay.cvv
        """,
    ),
    (
        "resources: {Orders: {may_hold: [pii.name]}}",
        """
        + api/Orders potential pii.name
        """,
    ),
    (
        "resources: {Orders: {fields: {cvv: none}}}",
        """
        - api/Orders coded pay.cvv
        - api/Orders intended pay.cvv
        - api/Orders no-key-of-its-own medium
        - api/Orders value-kept-in-clear high
        """,
    ),
    (
        "resources: {Orders: {fields: {stars: pii.photo}}}",
        """
        + api/Orders coded pii.photo
        + api/Orders intended pii.photo
        + api/Orders potential pii.photo
        """,
    ),
    (
        "links: {audit/template.Watched: Orders}",
        """
        - api/Orders value-kept-in-clear high
        + api@internet potential biz.order
        + audit/Read potential biz.order
        + audit/Read potential pii.ip
        + audit/Read potential untrusted.any
        + audit/Read@logs potential biz.order
        + audit/Read@logs potential pii.ip
        + audit/Read@logs potential untrusted.any
        - audit/Table:Watched ***
        - audit/Table:Watched coded pay.cvv
        - audit/Table:Watched intended pay.cvv
        - audit/Table:Watched potential pay.cvv
        - audit@internet
        - audit@internet potential pay.cvv
        - unread code asks for what no template here declares: table Watched
        """,
    ),
    (
        "ignore: [{id: value-kept-in-clear, reason: a toy}]",
        """
        - api/Orders value-kept-in-clear high
        + api/Orders value-kept-in-clear ignored
        """,
    ),
    (
        "ignore: [{id: value-kept-in-clear, path: audit/*, reason: a toy}]",
        """
        + note checkrein.yaml line 1: nothing to ignore, value-kept-in-clear finds nothing there
        """,
    ),
    (
        "resources: {web/Site: {type: AWS::S3::Bucket}}",
        """
        + web/Site *
        """,
    ),
    (
        "resources: {api/template/Note: {code: extra, handler: index.handler, events: [url]}}",
        """
        + api/Note ***
        + api/Note coded pii.email
        + api/Note intended pii.email
        + api/Note potential pii.email
        + api/Note potential pii.ip
        + api/Note potential untrusted.any
        + api/Note unlimited-concurrency medium
        + api/Note@logs ***
        + api/Note@logs coded pii.email
        + api/Note@logs data-in-logs medium
        + api/Note@logs potential pii.email
        + api/Note@logs potential pii.ip
        + api/Note@logs potential untrusted.any
        + api/NoteUrl1 public-function-url high
        + api@internet potential pii.email
        """,
    ),
    (
        "resources: {api/template/Note: {code: extra, handler: index.handler, events: [url: iam]}}",
        """
        + api/Note ***
        + api/Note coded pii.email
        + api/Note intended pii.email
        + api/Note potential pii.email
        + api/Note potential pii.ip
        + api/Note potential untrusted.any
        + api/Note@logs ***
        + api/Note@logs coded pii.email
        + api/Note@logs data-in-logs low
        + api/Note@logs potential pii.email
        + api/Note@logs potential pii.ip
        + api/Note@logs potential untrusted.any
        + api@internet potential pii.email
        """,
    ),
    (
        "settings: {exclude: audit}",
        """
        - audit/Read ***
        - audit/Read coded pay.cvv
        - audit/Read intended pay.cvv
        - audit/Read potential pay.cvv
        - audit/Read@logs ***
        - audit/Read@logs coded pay.cvv
        - audit/Read@logs data-in-logs medium
        - audit/Read@logs potential pay.cvv
        - audit/Table:Watched ***
        - audit/Table:Watched coded pay.cvv
        - audit/Table:Watched intended pay.cvv
        - audit/Table:Watched potential pay.cvv
        - audit@internet
        - audit@internet potential pay.cvv
        - unread code asks for what no template here declares: table Watched
        """,
    ),
    ("programs: [pci]\nsettings: {fail_on: low}", ""),
]


@pytest.mark.parametrize(("declared", "differences"), CASES)
def test_a_line_changes_what_it_is_about(folder: Path, declared: str, differences: str) -> None:
    expected = textwrap.dedent(differences).strip().splitlines()
    assert _differences(folder, declared) == expected


NESTED = [
    ("tier", [("body.loyalty.tier", "biz.loyalty")]),
    ("email", [("body.loyalty.email", "pii.email")]),
    ("card", []),
]


@pytest.mark.parametrize(("field", "expected"), NESTED)
def test_what_is_inside_is_of_its_class_if_its_name_tells_nothing(
    tmp_path: Path, field: str, expected: list[tuple[str, str]]
) -> None:
    code = f"def handler(event, context):\n    return event['body']['loyalty']['{field}']\n"
    (tmp_path / "index.py").write_text(code)
    declared = """
        data: {biz.loyalty: {value: 3, names: [loyalty]}}
        names: {card: none}
        resources: {a/F: {code: ., handler: index.handler}}
    """
    app = _scanned(tmp_path, declared).app
    found = {(e.slot.path.removeprefix("event."), e.data) for e in app.every(Element)}
    assert sorted(each for each in found if each[0].startswith("body.loyalty")) == expected


MODEL = "{{Type: AWS::ApiGateway::Model, Properties: {{RestApiId: !Ref Api, Schema: {schema}}}}}"
TEXTS = [
    (
        MODEL.format(schema="{properties: {a: {properties: {b: {pattern: '^LC-[0-9]{10}$'}}}}}"),
        ("app/It", "body.a.b"),
    ),
    (
        MODEL.format(schema="{properties: {a: {items: {properties: {b: {example: LC-1234567890}}}}}}"),
        ("app/It", "body.a.b"),
    ),
    (MODEL.format(schema="{properties: {a: {enum: [x, LC-1234567890]}}}"), ("app/It", "body.a")),
    (
        """{Type: AWS::ApiGateway::RestApi, Properties: {Body: {components: {schemas:
             {Card: {properties: {a: {default: LC-1234567890}}}}}}}}""",
        ("app/It", "Card.a"),
    ),
    (
        "{Type: AWS::SSM::Parameter, Properties: {Name: x, Type: String, Value: LC-1234567890}}",
        ("app/It", "value"),
    ),
    (
        """{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.h,
             Code: {ZipFile: "def h(event, context):\\n    return {'a': 'LC-1234567890'}"}}}""",
        ("app/It@response", "a"),
    ),
    ("{Type: AWS::SSM::Parameter, Properties: {Name: x, Type: String, Value: LC-12345}}", None),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "slot"), TEXTS)
def test_a_text_of_a_class_is_told_by_its_pattern(
    tmp_path: Path, resource: str, slot: tuple[str, str] | None
) -> None:
    api = "{Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}"
    (tmp_path / "app.yaml").write_text(f"Resources:\n  Api: {api}\n  It: {resource}\n")
    declared = "data: {biz.loyalty: {value: 3, patterns: ['LC-[0-9]{10}']}}"
    app = _scanned(tmp_path, declared).app
    own = [(e.slot.node, e.slot.path) for e in app.every(Element) if e.data == "biz.loyalty"]
    assert own == ([slot] if slot else [])
