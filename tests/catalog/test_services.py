"""Names, kinds and purposes of CloudFormation's types."""

from __future__ import annotations

import pytest

from checkrein.catalog.arns import arn_format
from checkrein.catalog.data_classes import classes
from checkrein.catalog.operations import addressed
from checkrein.catalog.services import holds_content, kind, purpose, service
from checkrein.catalog.tables import table

KINDS = {
    *("store", "stream", "queue", "topic", "bus", "compute", "api", "log", "pool", "cdn", "dns"),
    *("secret", "parameter", "key", "workflow", "network", "other"),
}


@pytest.mark.parametrize(
    ("cfn_type", "name", "of_kind", "holds"),
    [
        ("AWS::DynamoDB::Table", "DynamoDB", "store", True),
        ("AWS::S3::Bucket", "S3", "store", True),
        ("AWS::S3::BucketPolicy", "S3", "other", False),
        ("AWS::SQS::Queue", "SQS", "queue", True),
        ("AWS::SNS::Topic", "SNS", "topic", True),
        ("AWS::SNS::Subscription", "SNS", "other", False),
        ("AWS::Kinesis::Stream", "Kinesis", "stream", True),
        ("AWS::Events::EventBus", "EventBridge", "bus", True),
        ("AWS::Lambda::Function", "Lambda", "compute", True),
        ("AWS::Lambda::Url", "Lambda", "api", False),
        ("AWS::Lambda::Version", "Lambda", "compute", False),
        ("AWS::ApiGateway::RestApi", "API Gateway", "api", True),
        ("AWS::ApiGatewayV2::Api", "API Gateway", "api", True),
        ("AWS::ApiGateway::Method", "API Gateway", "other", False),
        ("AWS::AppSync::GraphQLApi", "AppSync", "api", True),
        ("AWS::Logs::LogGroup", "CloudWatch Logs", "log", True),
        ("AWS::CloudWatch::Alarm", "CloudWatch", "other", False),
        ("AWS::Cognito::UserPool", "Cognito", "pool", True),
        ("AWS::CloudFront::Distribution", "CloudFront", "cdn", True),
        ("AWS::Route53::HostedZone", "Route 53", "dns", True),
        ("AWS::Route53::RecordSet", "Route 53", "dns", False),
        ("AWS::SecretsManager::Secret", "Secrets Manager", "secret", True),
        ("AWS::SSM::Parameter", "Systems Manager", "parameter", True),
        ("AWS::KMS::Key", "KMS", "key", False),
        ("AWS::StepFunctions::StateMachine", "Step Functions", "workflow", True),
        ("AWS::EC2::SecurityGroup", "EC2", "network", False),
        ("AWS::EC2::Instance", "EC2", "compute", True),
        ("AWS::IAM::Role", "IAM", "other", False),
        ("AWS::Serverless::SimpleTable", "DynamoDB", "store", True),
        ("AWS::Serverless::HttpApi", "API Gateway", "api", True),
        ("AWS::QuickNewService::Thing", "QuickNewService", "other", False),
        ("Custom::Bootstrap", "Custom resource", "other", False),
        ("internet", "internet", "other", False),
    ],
)
def test_types(cfn_type: str, name: str, of_kind: str, *, holds: bool) -> None:
    assert (service(cfn_type), kind(cfn_type)) == (name, of_kind)
    assert holds_content(cfn_type) is holds


def test_purposes() -> None:
    website = {"WebsiteConfiguration": {"IndexDocument": "index.html"}}
    published = frozenset({"public", "infra"})
    assert purpose("AWS::Logs::LogGroup") == frozenset({"infra", "public", "biz"})
    assert purpose("AWS::CloudFront::Distribution") == published
    assert purpose("AWS::Route53::HostedZone") == frozenset({"infra"})
    assert purpose("AWS::S3::Bucket", website) == published
    assert purpose("AWS::S3::Bucket", {"BucketName": "files"}) is None
    assert purpose("AWS::S3::Bucket", {"WebsiteConfiguration": None}) is None
    assert purpose("AWS::DynamoDB::Table", website) is None
    assert purpose("internet", {}) is None


def test_the_table_uses_known_words() -> None:
    tables = table("services.yaml")
    families = {one.family for one in classes()}
    assert {*tables["kinds"].values(), *tables["holds"], *tables["passes"]} <= KINDS
    assert {family for said in tables["purposes"].values() for family in said} <= families


def test_what_holds_content_and_what_passes_it_are_apart() -> None:
    tables = table("services.yaml")
    listed = [one for part in ("holds", "passes") for some in tables[part].values() for one in some]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    "operation",
    [("dynamodb", "PutItem"), ("s3", "GetObject"), ("sqs", "SendMessage"), ("sns", "Publish")],
)
def test_what_code_addresses_is_a_row_with_an_arn(operation: tuple[str, str]) -> None:
    types = addressed(*operation)[0].types
    assert holds_content(types[0])
    assert arn_format(types[0])
