from __future__ import annotations

import pytest

from checkrein.catalog.arns import (
    arn_format,
    attribute_arn,
    name_property,
    ref_is,
    resource_arns,
)
from checkrein.model import Symbol, Text

TABLE = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${Ref}"


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("AWS::DynamoDB::Table", (TABLE, f"{TABLE}/index/*", f"{TABLE}/stream/*")),
        ("AWS::S3::Bucket", ("arn:${Partition}:s3:::${Ref}", "arn:${Partition}:s3:::${Ref}/*")),
        ("AWS::Backup::BackupVault",
         ("arn:${Partition}:backup:${Region}:${Account}:backup-vault:${Ref}",)),
        ("AWS::Lambda::Permission", ()),
        ("AWS::No::Such", ()),
    ],
)  # fmt: skip
def test_a_type_has_its_own_arn_and_those_of_its_parts(
    type: str, expected: tuple[str, ...]
) -> None:
    assert arn_format(type) == expected


@pytest.mark.parametrize(
    ("type", "expected", "named"),
    [
        ("AWS::DynamoDB::Table", "name", "TableName"),
        ("AWS::SNS::Topic", "arn", "TopicName"),
        ("AWS::SQS::Queue", "url", "QueueName"),
        ("AWS::Cognito::UserPool", "id", None),
        ("AWS::StepFunctions::StateMachine", "arn", "StateMachineName"),
        ("AWS::ApiGateway::RestApi", "id", None),
        ("AWS::No::Such", "id", None),
    ],
)
def test_a_ref_gives_what_the_type_s_documentation_says(
    type: str, expected: str, named: str | None
) -> None:
    assert (ref_is(type), name_property(type)) == (expected, named)


def test_arns_are_made_of_a_name_and_pseudo_parameters() -> None:
    partition = Symbol("@aws", "Partition")
    bucket = Symbol("web/Site")
    assert resource_arns("AWS::S3::Bucket", bucket) == (
        Text(("arn:", partition, ":s3:::", bucket)),
        Text(("arn:", partition, ":s3:::", bucket, "/*")),
    )
    assert str(resource_arns("AWS::SSM::Parameter", "/app/key")[0]).endswith(":parameter/app/key")


@pytest.mark.parametrize(
    ("type", "attribute", "expected"),
    [
        ("AWS::DynamoDB::Table", "Arn", "table/X"),
        ("AWS::DynamoDB::Table", "StreamArn", "table/X/stream/*"),
        ("AWS::DynamoDB::Table", "Ref", None),
        ("AWS::SNS::Topic", "Ref", "X"),
        ("AWS::SNS::Topic", "TopicName", None),
        ("AWS::RDS::DBCluster", "DBClusterArn", "cluster:X"),
        ("AWS::Logs::LogGroup", "Arn", "log-group:X:*"),
        ("AWS::SecretsManager::SecretTargetAttachment", "Ref", None),
    ],
)
def test_an_attribute_that_is_an_arn_is_known(
    type: str, attribute: str, expected: str | None
) -> None:
    found = attribute_arn(type, attribute, "X")
    assert (found and str(found).split("${@aws.AccountId}:")[1]) == expected


def test_a_parameter_s_leading_slash_is_not_said_twice() -> None:
    name = Text(("/", Symbol("api@stack", "StackName"), "/key"))
    assert ":parameter/${api@stack.StackName}/key" in str(
        resource_arns("AWS::SSM::Parameter", name)[0]
    )


def test_an_arn_of_something_that_a_resource_uses_is_not_its_own() -> None:
    assert arn_format("AWS::Redshift::Cluster") == (
        "arn:${Partition}:redshift:${Region}:${Account}:cluster:${Ref}",
    )
    assert arn_format("AWS::AppConfig::ConfigurationProfile") == ()
