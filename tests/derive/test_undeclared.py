"""Tables, buckets and queues that code names and no template declares.

Each is a resource of its own that holds what code puts there, and never one that is declared.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from checkrein import pipeline
from checkrein.checks import load
from checkrein.model import Access, App, Call, Need, Outcome, Resource, Row, Unread
from checkrein.model.values import symbols

Scan = Callable[..., App]
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Given: {Type: String}, Usual: {Type: String, Default: orders-dev}}
Globals:
  Function:
    CodeUri: .
    Runtime: python3.13
    Environment:
      Variables: {GIVEN: !Ref Given, USUAL: !Ref Usual, SET: people, ELSEWHERE: !ImportValue people}
Resources:
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Handler: save.handler
      Policies: POLICIES
      Events: {Asked: {Type: HttpApi, Properties: {Method: post, Path: /save}}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Handler: show.handler
      Policies: POLICIES
      Events: {Asked: {Type: HttpApi, Properties: {Method: get, Path: /show}}}
"""
ORDERS = "  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders-dev}}\n"
ALL = '[{Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]}]'
SAVE = """
import boto3, json, os
def handler(event, context):
    body = json.loads(event["body"])
    boto3.resource("dynamodb").Table(NAME).put_item(
        Item={"id": body["id"], "email": body["email"], "password": body["password"]})
"""
SHOW = """
import boto3, json, os
def handler(event, context):
    found = boto3.resource("dynamodb").Table(NAME).scan(ASKED)
    return {"statusCode": 200, "body": json.dumps(found["Items"])}
"""
NOTHING = "def handler(event, context): pass\n"


def files(
    name: str, *, asked: str = "", policies: str = ALL, more: str = "", shown: bool = False
) -> dict[str, str]:
    show = SHOW.replace("NAME", name).replace("ASKED", asked) if shown else NOTHING
    return {
        "app.yaml": TEMPLATE.replace("POLICIES", policies) + more,
        "save.py": SAVE.replace("NAME", name),
        "show.py": show,
    }


def undeclared(app: App) -> list[str]:
    return [each.id for each in app.every(Resource) if each.is_undeclared]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("'people'", ["app/Table:people"]),
        ("os.environ['SET']", ["app/Table:people"]),
        ("os.environ['GIVEN']", ["app/Table:Given"]),
        ("os.environ['ELSEWHERE']", ["app/Table:people"]),
        ("os.environ['NOWHERE']", ["app/Table:NOWHERE"]),
        ("os.environ.get('NOWHERE', 'people')", ["app/Table:people"]),
        ("os.environ.get('GIVEN', 'people')", ["app/Table:Given"]),
        ("f\"people-{os.environ['STAGE']}\"", ["app/Table:people-${STAGE}"]),
        ("'people-' + os.environ.get('STAGE', 'dev')", ["app/Table:people-dev"]),
        ("'arn:aws:dynamodb:eu-west-1:111122223333:table/people'", ["app/Table:people"]),
        ("event['table']", []),
        ("event.get('table', 'people')", []),
        ("'people' + body['kind']", []),
        ("{'name': 'people'}", []),
        ("None", []),
    ],
)
def test_a_name_stands_for_a_table(derived: Scan, name: str, found: list[str]) -> None:
    assert undeclared(derived(files(name))) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("'orders-dev'", []),
        ("os.environ['USUAL']", []),
        ("os.environ.get('USUAL', 'people')", []),
        ("os.environ.get('NOWHERE', 'orders-dev')", []),
        ("os.environ['NOWHERE']", []),
        ("f\"orders-{os.environ['STAGE']}\"", []),
        ("f\"people-{os.environ['STAGE']}\"", ["app/Table:people-${STAGE}"]),
        ("'people'", ["app/Table:people"]),
        ("os.environ['GIVEN']", ["app/Table:Given"]),
    ],
)
def test_what_a_template_declares_is_that(derived: Scan, name: str, found: list[str]) -> None:
    app = derived(files(name, more=ORDERS))

    assert undeclared(app) == found


def test_a_variable_that_nobody_sets_binds_nothing(derived: Scan) -> None:
    app = derived(files("os.environ['NOWHERE']", more=ORDERS))

    assert [call.target for call in app.every(Call)] == [None]


def test_what_one_function_puts_there_another_gives_away(derived: Scan) -> None:
    app = derived(files("'people'", shown=True))

    table = app.get(Row, "app/Table:people")
    assert table is not None
    assert table.coded == ("cred.password", "pii.email", "pii.identifier")
    api = app.get(Row, "app/ServerlessHttpApi")
    assert api is not None
    assert "cred.password" in api.coded


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("ProjectionExpression='id, email'", ["pii.email"]),
        (
            "ProjectionExpression='#p', ExpressionAttributeNames={'#p': 'password'}",
            ["cred.password"],
        ),
        ("AttributesToGet=['email']", ["pii.email"]),
        ("ProjectionExpression=event['fields']", ["cred.password", "pii.email"]),
        ("ProjectionExpression='email', **event['more']", ["cred.password", "pii.email"]),
        ("ProjectionExpression='#p'", ["cred.password", "pii.email"]),
    ],
)
def test_a_projection_answers_with_its_attributes(
    derived: Scan, asked: str, given: list[str]
) -> None:
    app = derived(files("'people'", asked=asked, shown=True))
    show = app.get(Row, "app/Show")

    assert show is not None
    assert [data for data in show.coded if data in {"cred.password", "pii.email"}] == given


def test_checks_of_settings_do_not_ask_and_one_word_says_so(tmp_path: Path) -> None:
    for path, text in files("'people'", shown=True).items():
        (tmp_path / path).write_text(text)
    result = pipeline.scan([tmp_path])

    id = "app/Table:people"
    asked = {v.check for v in result.verdicts if v.subject == id}
    of_settings = {each.id for each in load() if each.domain in {"infrastructure", "logging"}}
    assert not asked & of_settings
    assert not [v for v in result.verdicts if v.subject == id and v.outcome is Outcome.UNDECIDED]
    told = [each for each in result.app.every(Unread) if "table people" in each.reason]
    assert len(told) == 1
    assert not told[0].fatal


def test_what_it_keeps_in_clear_is_told(tmp_path: Path) -> None:
    kept = 'body["password"], "passport": body["passport"]}'
    for path, text in files("'people'").items():
        (tmp_path / path).write_text(text.replace('body["password"]}', kept))
    found = {
        finding.message
        for verdict in pipeline.scan([tmp_path]).verdicts
        for finding in verdict.findings
        if verdict.check in {"value-kept-in-clear", "password-in-clear"}
    }

    assert found == {"Save stores passwords in clear"}


def test_what_the_team_declares_takes_its_place(derived: Scan) -> None:
    said = "resources: {app/People: {type: AWS::DynamoDB::Table, properties: {TableName: people}}}"
    app = derived(files("'people'") | {"checkrein.yaml": said})

    assert undeclared(app) == []
    assert [call.target for call in app.every(Call)] == ["app/People"]
    assert not [each for each in app.every(Unread) if "people" in each.reason]


def test_rights_over_it_follow_from_patterns(derived: Scan) -> None:
    allowed = '[{Statement: [{Effect: Allow, Action: "dynamodb:PutItem", Resource: "*/NAME*"}]}]'

    def reached(name: str) -> bool:
        app = derived(files("'people'", policies=allowed.replace("NAME", name)))
        return any(each.target == "app/Table:people" for each in app.every(Access))

    assert reached("pe")
    assert not reached("orders")


def test_a_policy_for_it_names_it_as_the_code_does(derived: Scan) -> None:
    for need in derived(files("'people'")).every(Need):
        for arn in need.arns:
            assert not any(":people" in symbol.owner for symbol in symbols(arn))


@pytest.mark.parametrize(("policies", "grade"), [(ALL, {"critical"}), ("[]", {"medium"})])
def test_what_the_role_may_not_reach_is_a_small_fault(
    tmp_path: Path, policies: str, grade: set[str]
) -> None:
    for path, text in files("'people'", shown=True, policies=policies).items():
        (tmp_path / path).write_text(text)
    result = pipeline.scan([tmp_path])

    route = "unauthenticated-route-to-valuable-data"
    assert {v.severity for v in result.verdicts if v.check == route and v.findings} == grade


READ = """
import boto3
def handler(event, context):
    key = event["queryStringParameters"]["key"]
    return boto3.client("s3").get_object(Bucket=NAME, Key=key)["Body"].read()
"""


@pytest.mark.parametrize(("more", "grade"), [("", "medium"), ("Bucket", "high")])
def test_what_could_come_there_by_rights_alone_makes_it_no_graver(
    tmp_path: Path, more: str, grade: str
) -> None:
    every = '[{Statement: [{Effect: Allow, Action: ["s3:*", "dynamodb:*"], Resource: "*"}]}]'
    bucket = "  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: things}}\n" if more else ""
    said = files("'orders-dev'", policies=every, more=ORDERS + bucket)
    for path, text in (said | {"show.py": READ.replace("NAME", "'things'")}).items():
        (tmp_path / path).write_text(text)
    verdicts = pipeline.scan([tmp_path]).verdicts

    check = "object-key-chosen-by-caller"
    assert {v.severity for v in verdicts if v.check == check and v.findings} == {grade}


@pytest.mark.parametrize(
    ("one", "other", "ends"),
    [
        ("'USERS'", "os.environ['USERS']", {"Table:USERS", "Table:USERS:env"}),
        ("'USERS'", "'USERS'", {"Table:USERS"}),
        ("'shop/users'", "'/shop/users'", {"Table:shop:users", "Table:shop:users:"}),
    ],
)
def test_names_that_are_told_alike_are_of_two(
    derived: Scan, one: str, other: str, ends: set[str]
) -> None:
    shown = SHOW.replace("NAME", other).replace("ASKED", "")
    app = derived(files(one) | {"show.py": shown})

    assert {id.removeprefix("app/") for id in undeclared(app)} == ends
    targets = {call.target for call in app.every(Call) if call.service == "dynamodb"}
    assert targets == {*undeclared(app)}


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "bindings.py"
    spec = importlib.util.spec_from_file_location("bindings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "more", "kinds"),
    [
        ("'people'", "", ["outside"]),
        ("os.environ['GIVEN']", "", ["outside"]),
        ("os.environ['NOWHERE']", "", ["open"]),
        ("'orders-dev'", ORDERS, ["bound"]),
    ],
)
def test_it_is_no_resource_of_the_application_where_bindings_are_counted(
    derived: Scan, benchmark: ModuleType, name: str, more: str, kinds: list[str]
) -> None:
    app = derived(files(name, more=more))

    assert [site.kind for site in benchmark.call_sites(app)] == kinds
