"""Stacks of one application say what another's table or bucket is called: that joins them."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Deployment, Row

Scan = Callable[[dict[str, str]], App]

TABLES = """
    Resources:
      Members:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: members}
"""
FUNCTION = """
    Resources:
      Role: {Type: AWS::IAM::Role, Properties: {Policies: [POLICY]}}
      Join:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.14
          Handler: index.handler
          Role: !GetAtt Role.Arn
          Environment: {Variables: {TABLE: VALUE}}
          Code:
            ZipFile: |
              import boto3, os
              def handler(event, context):
                  table = boto3.resource("dynamodb").Table(NAME)
                  table.put_item(Item={"id": event["id"], "email": event["email"]})
"""
POLICY = (
    "{PolicyName: own, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:PutItem', "
    "Resource: ARN}]}}"
)


def function(value: str = "none", name: str = "os.environ['TABLE']", arn: str = "") -> str:
    policy = POLICY.replace("ARN", arn) if arn else ""
    text = FUNCTION.replace("POLICY", policy)
    return text.replace("VALUE", value).replace("NAME", name)


def stacks(app: App) -> set[tuple[str, ...]]:
    return {deployment.stacks for deployment in app.every(Deployment)}


@pytest.mark.parametrize(
    "said",
    [
        function("members"),
        function("members").replace("TABLE", "MEMBERS"),
        function(name="'members'"),
        function(arn="!Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/members'"),
        function(arn="'arn:aws:dynamodb:*:*:table/members/index/*'"),
    ],
)
def test_a_name_that_a_function_is_told_or_says_or_may_use_joins(said: str, derived: Scan) -> None:
    app = derived({"a/tables.yaml": TABLES, "b/join.yaml": said})

    assert stacks(app) == {("a/tables", "b/join")}
    (join,) = (link for deployment in app.every(Deployment) for link in deployment.imports)
    assert (join.basis, join.certain) == ("called", False)


def test_a_name_that_was_made_up_joins_by_whatever_variable(derived: Scan) -> None:
    tables, said = (text.replace("members", "members-2") for text in (TABLES, function("members")))
    app = derived({"a/tables.yaml": tables, "b/join.yaml": said.replace("TABLE", "WHERE")})

    assert stacks(app) == {("a/tables", "b/join")}


def test_what_is_written_to_it_is_in_its_row(derived: Scan) -> None:
    app = derived({"a/tables.yaml": TABLES, "b/join.yaml": function("members")})

    row = app.get(Row, "a/tables/Members")
    assert row
    assert "pii.email" in row.coded


@pytest.mark.parametrize(
    "said",
    [
        function("member"),
        function("members-old"),
        function("members").replace("{TABLE:", "{STAGE:"),  # a word may mean anything
        function(arn="'arn:aws:s3:::members'"),
        function(arn="'arn:aws:dynamodb:*:*:table/members-old'"),
        function(arn="'arn:aws:dynamodb:*:*:table/*'"),
    ],
)
def test_another_name_does_not(said: str, derived: Scan) -> None:
    app = derived({"a/tables.yaml": TABLES, "b/join.yaml": said})

    assert stacks(app) == {("a/tables",), ("b/join",)}


def test_a_request_names_what_its_operation_is_about(derived: Scan) -> None:
    bucket = (
        "\n    Resources:\n      B: {Type: AWS::S3::Bucket, Properties: {BucketName: members}}\n"
    )
    app = derived({"a/bucket.yaml": bucket, "b/join.yaml": function(name="'members'")})

    assert stacks(app) == {("a/bucket",), ("b/join",)}


def test_what_a_stack_has_itself_it_asks_of_nobody(derived: Scan) -> None:
    own = function("members") + TABLES.replace("\n    Resources:", "").replace("Members:", "Own:")
    app = derived({"a/tables.yaml": TABLES, "b/join.yaml": own})

    assert stacks(app) == {("a/tables",), ("b/join",)}


def test_a_name_that_two_have_as_near_is_nobodys(derived: Scan) -> None:
    others = {
        "a/tables.yaml": TABLES,
        "c/tables.yaml": TABLES.replace("Members:", "People:"),
    }
    app = derived({**others, "b/join.yaml": function("members")})

    assert len(stacks(app)) == 3


def test_of_two_the_nearer_counts(derived: Scan) -> None:
    others = {
        "far/tables.yaml": TABLES,
        "app/tables/it.yaml": TABLES.replace("Members:", "People:"),
    }
    app = derived({**others, "app/code/join.yaml": function("members")})

    assert stacks(app) == {("app/code/join", "app/tables/it"), ("far/tables",)}


def test_applications_of_a_collection_stay_apart(derived: Scan) -> None:
    many = {f"pattern{n}/tables.yaml": TABLES for n in range(3)}
    app = derived({**many, "other/join.yaml": function("members")})

    assert all(len(each) == 1 for each in stacks(app))
