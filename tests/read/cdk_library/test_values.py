"""What is known of a program's values, and that what is not never reads as absent or a default."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Stack, Unread
from checkrein.model.values import Choice, Open, Symbol, Text
from checkrein.read.cdk.unsynthesized.library.logical_ids import logical_id
from checkrein.read.cdk.unsynthesized.trace import Called, New
from checkrein.read.cdk.unsynthesized.trace import Choice as Chosen
from checkrein.read.cdk.unsynthesized.trace import Text as Joined
from tests.read.cdk_library.traces import UNKNOWN, Member, Program, function, of, table


@pytest.mark.parametrize(
    ("path", "expected"),
    [  # as aws-cdk-lib 2.276 synthesized them
        (("DataTable", "Resource"), ("DataTable447BC44E", "DataTable")),
        (("Groupadmin",), ("Groupadmin", "Groupadmin")),
        (
            ("ProcessImageFn", "ServiceRole", "DefaultPolicy", "Resource"),
            ("ProcessImageFnServiceRoleDefaultPolicyE09EDA0F",
             "ProcessImageFnServiceRoleDefaultPolicy"),
        ),
        (("Distribution", "Origin1", "S3OriginAccessControl", "Resource"),
         ("DistributionOrigin1S3OriginAccessControlEB606076",
          "DistributionOrigin1S3OriginAccessControl")),
    ],
)  # fmt: skip
def test_logical_ids_are_those_of_cdk(path: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert logical_id(path) == expected


def test_an_unknown_property_is_open_and_an_absent_one_is_absent(tmp_path: Path) -> None:
    program = Program()
    table(program, "Named", tableName=UNKNOWN, deletionProtection=UNKNOWN)
    table(program, "Plain")

    found = program.resources(tmp_path)

    named, plain = found["app/Named"].properties, found["app/Plain"].properties
    assert named["TableName"] == Open("the environment variable STAGE")
    assert isinstance(named["DeletionProtectionEnabled"], Open)
    assert "TableName" not in plain
    assert plain["ProvisionedThroughput"] == {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}


@pytest.mark.parametrize("kind", ["aws_s3.Bucket", "aws_dynamodb.Table", "aws_sqs.Queue"])
def test_how_a_thing_is_protected_is_open_where_all_its_properties_are(
    kind: str, tmp_path: Path
) -> None:
    program = Program()
    program.make(kind, "Thing", UNKNOWN)

    found = program.resources(tmp_path)["app/Thing"]

    keys = {"BucketEncryption", "SSESpecification", "KmsMasterKeyId"} & found.properties.keys()
    assert [isinstance(found.properties[key], Open) for key in keys] == [True]


def test_a_text_of_parts_and_one_of_several_values(tmp_path: Path) -> None:
    program = Program()
    orders = table(program)
    names = {
        "TABLE": Joined(["arn-of-", Member(orders, "tableArn")]),
        "STAGE": Chosen(["dev", "prod"]),
    }
    function(program, environment=names)

    variables = program.resources(tmp_path)["app/Handler"].properties["Environment"]["Variables"]

    assert variables["TABLE"] == Text(("arn-of-", Symbol("app/Orders", "Arn")))
    assert variables["STAGE"] == Choice((((), "dev"), ((), "prod")))


def test_another_stacks_resource_is_exported_there_and_imported_here(tmp_path: Path) -> None:
    program = Program("Data")
    orders = table(program)
    program.stack = program.new("Stack", program.app, "Api", {"stackName": "shop-api"})
    function(program, environment={"TABLE": Member(orders, "tableName")})

    facts = program.facts(tmp_path)

    names = {fact.id: fact.name for fact in facts if isinstance(fact, Stack)}
    assert names == {"app/Data": "Data", "app/Api": "shop-api"}
    handler = program.resources(tmp_path)["app/Api/Handler"]
    (name,) = (fact.exports for fact in facts if isinstance(fact, Stack) and fact.id == "app/Data")
    exported = "Data:ExportsOutputRefOrdersA9B65338"
    assert name == {exported: Symbol("app/Data/Orders")}
    assert handler.properties["Environment"]["Variables"]["TABLE"] == Symbol("@export", exported)


def test_what_is_made_under_an_unknown_condition_is_not_sure(tmp_path: Path) -> None:
    program = Program()
    program.make("aws_sqs.Queue", "Sometimes", {}, sure=False)
    program.make("aws_sqs.Queue", "Always", {})

    found = program.resources(tmp_path)

    assert found["app/Sometimes"].when == (("app#shop.ts:7", True),)
    assert found["app/Always"].when == ()


def test_of_stacks_that_exclude_each_other_one_stands_for_all(tmp_path: Path) -> None:
    program = Program()
    table(program)
    program.stack = program.new("Stack", program.app, "Shop", sure=False)
    table(program)

    assert [*program.resources(tmp_path)] == ["app/Orders"]


def test_seconds_and_sizes_are_numbers(tmp_path: Path) -> None:
    program = Program()
    minutes = Called(of("Duration"), "minutes", [2], program.place)
    function(program, timeout=minutes)
    function(program, "Other", timeout=UNKNOWN)

    found = program.resources(tmp_path)

    assert found["app/Handler"].properties["Timeout"] == 120
    assert isinstance(found["app/Other"].properties["Timeout"], Open)


def test_classes_that_are_not_known_are_told_by_name(tmp_path: Path) -> None:
    program = Program()
    table(program)
    program.make("aws_braket.Computer", "Quantum", {})

    lost = [fact for fact in program.facts(tmp_path) if isinstance(fact, Unread)]

    assert [each.fatal for each in lost] == [False, False]
    assert any("not followed: aws_braket.Computer" in each.reason for each in lost)
    assert any("npx cdk synth" in each.reason for each in lost)


def test_a_class_of_one_resource_has_cloudformations_names(tmp_path: Path) -> None:
    program = Program()
    pool = program.make("aws_cognito.UserPool", "Pool", {})
    group = {"userPoolId": Member(pool, "userPoolId"), "groupName": "admins"}
    made = program.make("aws_cognito.CfnUserPoolGroup", "Admins", group)
    program.call(made, "=", "precedence", 3)
    rule = {"name": "limit", "priority": 0, "statement": {"rateBasedStatement": {"limit": 100}}}
    program.make("aws_wafv2.CfnWebACL", "Wall", {"scope": "REGIONAL", "rules": [rule]})

    found = program.resources(tmp_path)

    assert found["app/Admins"].type == "AWS::Cognito::UserPoolGroup"
    assert found["app/Admins"].properties == {
        "UserPoolId": Symbol("app/Pool"), "GroupName": "admins", "Precedence": 3,
    }  # fmt: skip
    (first,) = found["app/Wall"].properties["Rules"]
    assert first["Statement"] == {"RateBasedStatement": {"Limit": 100}}


def test_pythons_keywords_say_by_what_something_is_imported(tmp_path: Path) -> None:
    program = Program(path="app/stack.py")
    imported = program.call(
        of("aws_cognito.UserPool"), "fromUserPoolId", program.stack, "Pool",
        {"userPoolId": "eu-west-1_x"},
    )  # fmt: skip
    attribute = New("aws_dynamodb.Attribute",
                    [{"name": "id", "type": of("aws_dynamodb.AttributeType.NUMBER")}],
                    program.place)  # fmt: skip
    program.make("aws_dynamodb.Table", "Orders", {"partitionKey": attribute})
    function(program, environment={"POOL": Member(imported, "userPoolId")})

    found = program.resources(tmp_path)

    assert found["app/Handler"].properties["Environment"]["Variables"] == {"POOL": "eu-west-1_x"}
    assert found["app/Orders"].properties["AttributeDefinitions"] == [
        {"AttributeName": "id", "AttributeType": "N"}
    ]
