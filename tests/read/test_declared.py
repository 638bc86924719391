"""What no template declares joins the app like all else: ways in, rights, code, rows."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from checkrein.model import (
    App,
    Call,
    Deployment,
    Entry,
    Function,
    Grant,
    Place,
    Resource,
    Row,
    Unread,
)
from checkrein.pipeline import learn

CODE = """
import boto3, json, os
def handler(event, context):
    body = json.loads(event["body"])
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    table.put_item(Item={"id": body["id"], "email": body["email"]})
"""
SHOP = """
resources:
  shop/Orders: {type: AWS::DynamoDB::Table}
  shop/Users: {type: AWS::Cognito::UserPool}
  shop/Guard: {type: AWS::Lambda::Function}
  shop/Jobs: {type: AWS::SQS::Queue}
  shop/News: {type: AWS::SNS::Topic}
  shop/Files: {type: AWS::S3::Bucket}
  shop/Save:
    code: src
    handler: index.handler
    environment: {TABLE: "${Orders}"}
    policies:
      - {Effect: Allow, Action: "dynamodb:PutItem", Resource: shop/Orders}
      - service-role/AWSLambdaBasicExecutionRole
    events:
"""


def _learnt(root: Path, declared: str, files: dict[str, str] | None = None) -> App:
    for name, text in {"src/index.py": CODE, **(files or {}), "checkrein.yaml": declared}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return learn([root]).app


def test_code_and_a_few_words_give_a_full_table(tmp_path: Path) -> None:
    app = _learnt(tmp_path, SHOP + "      - POST /orders\n")
    assert [unread.reason for unread in app.every(Unread)] == []
    function = app.get(Function, "shop/Save")
    assert function
    assert (function.runtime, function.handler, function.identity) == (
        "python3.13",
        "index.handler",
        "shop/SaveRole",
    )
    assert [(c.function, c.operation, c.target) for c in app.every(Call)] == [
        ("shop/Save", "PutItem", "shop/Orders")
    ]
    said = [(g.identity, g.actions, g.place) for g in app.every(Grant) if not g.id.count("managed")]
    assert ("shop/SaveRole", ("dynamodb:PutItem",), Place("checkrein.yaml", 14, 9, 14, 75)) in said
    rows = {row.id: row for row in app.every(Row)}
    assert rows["shop/Orders"].coded == ("biz.order", "pii.email")
    assert rows["shop/Orders"].potential == ("biz.order", "pii.email", "pii.ip", "untrusted.any")
    assert {"shop/Save", "shop/Save@logs", "shop/HttpApi", "shop@internet"} <= rows.keys()
    assert [deployment.id for deployment in app.every(Deployment)] == ["shop"]


TRIGGERS = [
    ("POST /orders", ("http", "@anyone", "shop/HttpApi", "POST /orders")),
    ("'* /orders'", ("http", "@anyone", "shop/HttpApi", "ANY /orders")),
    ("GET /orders: iam", ("http", "iam", "shop/HttpApi", "GET /orders")),
    ("GET /orders: Users", ("http", "shop/Users", "shop/HttpApi", "GET /orders")),
    ("GET /orders: shop/Guard", ("http", "shop/Guard", "shop/HttpApi", "GET /orders")),
    ("Jobs", ("queue", "sqs.amazonaws.com", "shop/Jobs", "")),
    ("Orders", ("stream", "dynamodb.amazonaws.com", "shop/Orders", "")),
    ("News", ("topic", "sns.amazonaws.com", "shop/News", "")),
    ("Files", ("bucket", "s3.amazonaws.com", "shop/Files", "")),
    ("rate(5 minutes)", ("schedule", "events.amazonaws.com", "shop/SaveSchedule1", "")),
    ("url", ("url", "@anyone", "shop/SaveUrl1", "")),
    ("url: iam", ("url", "iam", "shop/SaveUrl1", "")),
]


@pytest.mark.parametrize(("trigger", "expected"), TRIGGERS)
def test_a_word_sets_a_function_off(
    tmp_path: Path, trigger: str, expected: tuple[str, str, str, str]
) -> None:
    app = _learnt(tmp_path, f"{SHOP}      - {trigger}\n")
    assert [unread.reason for unread in app.every(Unread)] == []
    found = [e for e in app.every(Entry) if e.function == "shop/Save"]
    assert [(e.kind, e.identity, e.source, e.route) for e in found] == [expected]
    assert {(e.place.path, e.place.line) for e in found} == {("checkrein.yaml", 17)}


def test_nobody_knows_what_a_function_without_a_role_may_do(tmp_path: Path) -> None:
    declared = "resources: {shop/Save: {code: src, handler: index.handler, events: [rate(1 day)]}}"
    app = _learnt(tmp_path, declared)
    function = app.get(Function, "shop/Save")
    assert function
    assert (function.identity, app.every(Grant)) == ("", [])


ROLES = """
resources:
  deploy/Role:
    type: AWS::IAM::Role
    properties:
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
  app/Save: {code: src, handler: index.handler, role: deploy/Role}
"""


def test_a_slip_in_a_path_gets_the_nearest(tmp_path: Path) -> None:
    declared = "resources: {a/F: {code: src/indx.py, handler: index.handler}}"
    app = _learnt(tmp_path, declared)
    assert [unread.reason for unread in app.every(Unread)] == [
        "line 1: there is no src/indx.py beside checkrein.yaml; did you mean src/index.py?"
    ]


def test_a_role_of_another_stack_joins_the_two(tmp_path: Path) -> None:
    app = _learnt(tmp_path, ROLES)
    function = app.get(Function, "app/Save")
    assert function
    assert function.identity == "deploy/Role"
    assert [(d.id, d.stacks) for d in app.every(Deployment)] == [("app", ("app", "deploy"))]


SITE = """
Resources:
  Website:
    Type: AWS::S3::Bucket
    Properties: {WebsiteConfiguration: {IndexDocument: index.html}}
"""
EDGE = """
resources:
  {id}:
    type: AWS::CloudFront::Distribution
    properties:
      DistributionConfig:
        Enabled: true
        Origins: [{{Id: s, DomainName: "${{Website.RegionalDomainName}}", S3OriginConfig: {{}}}}]
"""


@pytest.mark.parametrize(
    ("id", "stacks"), [("site/template/Cdn", ("site/template",)), ("edge/Cdn", ("edge", "site/template"))]
)  # fmt: skip
def test_a_distribution_made_by_hand_serves_a_template_s_bucket(
    tmp_path: Path, id: str, stacks: tuple[str, ...]
) -> None:
    app = _learnt(tmp_path, EDGE.format(id=id), {"site/template.yaml": SITE})
    assert [(d.id, d.stacks) for d in app.every(Deployment)] == [(stacks[0], stacks)]
    rows = {row.id: row.coded for row in app.every(Row)}
    assert rows[id] == rows["site/template/Website"] == ("public.content",)
    cdn = app.get(Resource, id)
    assert cdn
    assert cdn.where("DistributionConfig.Enabled") == Place("checkrein.yaml", 7, 18, 7, 22)


NODE = """
resources:
  host:api.pay.example: {type: Payment::Provider::Api, holds: [pay.pan]}
"""


def test_a_third_party_is_what_the_team_calls_it(tmp_path: Path) -> None:
    app = _learnt(tmp_path, NODE)
    assert [(r.id, r.type, r.stack) for r in app.every(Resource)] == [
        ("host:api.pay.example", "Payment::Provider::Api", "")
    ]


def test_a_function_without_code_is_a_row_and_no_log(tmp_path: Path) -> None:
    app = _learnt(tmp_path, "resources: {a/F: {type: AWS::Lambda::Function, holds: [pay.pan]}}")
    assert [(row.id, row.intended) for row in app.every(Row)] == [("a/F", ("pay.pan",))]
    assert app.every(Unread) == []


SAM = """
resources:
  app/Api: {type: AWS::Serverless::Api, properties: {StageName: live}}
  app/Table: {type: AWS::Serverless::SimpleTable}
  app/Save:
    type: AWS::Serverless::Function
    code: src
    handler: index.handler
    runtime: python3.13
    environment: {TABLE: "${app/Table}"}
    policies: [{DynamoDBCrudPolicy: {TableName: !Ref Table}}]
    events:
      Post: {Type: Api, Properties: {RestApiId: Api, Path: /orders, Method: post}}
"""


def test_a_type_of_sam_is_told_in_its_words(tmp_path: Path) -> None:
    app = _learnt(tmp_path, SAM)
    assert [unread.reason for unread in app.every(Unread)] == []
    assert [(e.function, e.source, e.route) for e in app.every(Entry)] == [
        ("app/Save", "app/Api", "POST /orders")
    ]
    grants = [g for g in app.every(Grant) if g.identity == "app/SaveRole"]
    assert any("dynamodb:PutItem" in grant.actions for grant in grants)
    assert [c.target for c in app.every(Call)] == ["app/Table"]


def test_a_link_may_lead_to_what_is_declared(tmp_path: Path) -> None:
    template = """
        Parameters: {Held: {Type: String}}
        Resources:
          Read:
            Type: AWS::Lambda::Function
            Properties: {Role: !Ref Held}
    """
    declared = "resources: {own/R: {type: AWS::IAM::Role}}\nlinks: {api/template.Held: own/R}"
    app = _learnt(tmp_path, declared, {"api/template.yaml": template})
    links = [link for deployment in app.every(Deployment) for link in deployment.links]
    assert [(link.parameter, link.basis) for link in links] == [("api/template.Held", "declared")]
