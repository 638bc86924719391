"""The law of writing Terraform: what is written backward, read forward, is what a fix asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.catalog.tables import table
from checkrein.catalog.terraform import entry
from checkrein.catalog.terraform_arguments import Route, arguments, routes
from checkrein.model import App, Change, Resource
from checkrein.notation import splice
from checkrein.pipeline import learn
from checkrein.write import edits

# What the checks' fixes set, gathered from the examples of all checks, 2026-11-22.
ASKED = {
    "AWS::ApiGateway::DomainName": "SecurityPolicy",
    "AWS::ApiGateway::Method": "RequestModels RequestValidatorId",
    "AWS::ApiGateway::Stage": (
        "AccessLogSetting ClientCertificateId MethodSettings "
        "MethodSettings.0.CacheDataEncrypted TracingEnabled"
    ),
    "AWS::ApiGatewayV2::Api": "DisableExecuteApiEndpoint",
    "AWS::ApiGatewayV2::Stage": (
        "AccessLogSettings AccessLogSettings.Format DefaultRouteSettings "
        "DefaultRouteSettings.DataTraceEnabled"
    ),
    "AWS::AppSync::ApiCache": "AtRestEncryptionEnabled TransitEncryptionEnabled",
    "AWS::AppSync::GraphQLApi": (
        "IntrospectionConfig LogConfig.ExcludeVerboseContent QueryDepthLimit "
        "ResolverCountLimit XrayEnabled"
    ),
    "AWS::CloudFront::Distribution": (
        "DistributionConfig.CacheBehaviors.0.ViewerProtocolPolicy "
        "DistributionConfig.DefaultCacheBehavior.CachePolicyId "
        "DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId "
        "DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy "
        "DistributionConfig.DefaultRootObject "
        "DistributionConfig.Origins.0.CustomOriginConfig.OriginProtocolPolicy "
        "DistributionConfig.Origins.0.CustomOriginConfig.OriginSSLProtocols "
        "DistributionConfig.ViewerCertificate.MinimumProtocolVersion"
    ),
    "AWS::CloudTrail::Trail": "IsLogging",
    "AWS::CloudWatch::Alarm": "ActionsEnabled Dimensions.0.Value",
    "AWS::Cognito::IdentityPool": (
        "AllowClassicFlow AllowUnauthenticatedIdentities "
        "CognitoIdentityProviders.0.ServerSideTokenCheck"
    ),
    "AWS::Cognito::UserPool": (
        "AdminCreateUserConfig.AllowAdminCreateUserOnly DeletionProtection EnabledMfas "
        "MfaConfiguration Policies.PasswordPolicy.MinimumLength "
        "UserPoolAddOns.AdvancedSecurityMode"
    ),
    "AWS::Cognito::UserPoolClient": (
        "AllowedOAuthFlows AllowedOAuthScopes CallbackURLs.0 EnableTokenRevocation "
        "ExplicitAuthFlows PreventUserExistenceErrors RefreshTokenValidity "
        "WriteAttributes"
    ),
    "AWS::DAX::Cluster": "ClusterEndpointEncryptionType SSESpecification.SSEEnabled",
    "AWS::DynamoDB::GlobalTable": (
        "Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"
    ),
    "AWS::DynamoDB::Table": (
        "BillingMode DeletionProtectionEnabled "
        "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled "
        "ProvisionedThroughput StreamSpecification TimeToLiveSpecification"
    ),
    "AWS::EC2::Instance": "NetworkInterfaces.0.AssociatePublicIpAddress",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData.MetadataOptions.HttpTokens",
    "AWS::EC2::Subnet": "MapPublicIpOnLaunch",
    "AWS::EC2::VPCEndpointService": "AcceptanceRequired",
    "AWS::EC2::Volume": "Encrypted",
    "AWS::ECR::Repository": "ImageScanningConfiguration.ScanOnPush ImageTagMutability",
    "AWS::ECS::Service": "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
    "AWS::ECS::TaskDefinition": (
        "ContainerDefinitions.0.Privileged ContainerDefinitions.0.ReadonlyRootFilesystem "
        "ContainerDefinitions.0.User PidMode"
    ),
    "AWS::EFS::FileSystem": "Encrypted",
    "AWS::EKS::Cluster": (
        "ResourcesVpcConfig.EndpointPrivateAccess ResourcesVpcConfig.EndpointPublicAccess"
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        "AtRestEncryptionEnabled AutomaticFailoverEnabled SnapshotRetentionLimit "
        "TransitEncryptionEnabled"
    ),
    "AWS::ElasticLoadBalancingV2::Listener": "SslPolicy",
    "AWS::Elasticsearch::Domain": "EncryptionAtRestOptions.Enabled",
    "AWS::Events::Archive": "RetentionDays",
    "AWS::GuardDuty::Detector": "Enable",
    "AWS::IAM::Role": (
        "ManagedPolicyArns Policies.0.PolicyDocument.Statement.0 "
        "Policies.0.PolicyDocument.Statement.0.Action"
    ),
    "AWS::IAM::User": "LoginProfile.PasswordResetRequired",
    "AWS::KMS::Key": "EnableKeyRotation PendingWindowInDays",
    "AWS::Kinesis::Stream": "StreamEncryption.EncryptionType StreamEncryption.KeyId",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamEncryptionConfigurationInput.KeyType",
    "AWS::Lambda::CodeSigningConfig": "CodeSigningPolicies.UntrustedArtifactOnDeployment",
    "AWS::Lambda::EventSourceMapping": "DestinationConfig.OnFailure MaximumRetryAttempts",
    "AWS::Lambda::Function": (
        "LoggingConfig.LogGroup ReservedConcurrentExecutions Runtime TracingConfig.Mode"
    ),
    "AWS::Lambda::Permission": "SourceAccount",
    "AWS::Lambda::Url": "AuthType",
    "AWS::Logs::LogGroup": "DataProtectionPolicy RetentionInDays",
    "AWS::MemoryDB::Cluster": "SnapshotRetentionLimit",
    "AWS::Neptune::DBCluster": "IamAuthEnabled",
    "AWS::OpenSearchService::Domain": (
        "ClusterConfig.ZoneAwarenessEnabled DomainEndpointOptions.EnforceHTTPS "
        "EncryptionAtRestOptions.Enabled NodeToNodeEncryptionOptions.Enabled"
    ),
    "AWS::RDS::DBCluster": (
        "BackupRetentionPeriod DeletionProtection EnableIAMDatabaseAuthentication"
    ),
    "AWS::RDS::DBInstance": (
        "AutoMinorVersionUpgrade BackupRetentionPeriod DeletionProtection "
        "EnableIAMDatabaseAuthentication MultiAZ PubliclyAccessible StorageEncrypted"
    ),
    "AWS::RDS::DBParameterGroup": "Parameters.rds.force_ssl",
    "AWS::S3::Bucket": (
        "PublicAccessBlockConfiguration.BlockPublicAcls "
        "PublicAccessBlockConfiguration.BlockPublicPolicy "
        "PublicAccessBlockConfiguration.IgnorePublicAcls "
        "PublicAccessBlockConfiguration.RestrictPublicBuckets "
        "VersioningConfiguration.Status"
    ),
    "AWS::S3::BucketPolicy": "PolicyDocument.Statement",
    "AWS::SNS::Subscription": "Endpoint Protocol",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": (
        "KmsMasterKeyId MessageRetentionPeriod RedrivePolicy SqsManagedSseEnabled VisibilityTimeout"
    ),
    "AWS::SQS::QueuePolicy": "PolicyDocument.Statement PolicyDocument.Statement.0.Condition",
    "AWS::SecurityHub::Hub": "EnableDefaultStandards",
    "AWS::StepFunctions::StateMachine": (
        "LoggingConfiguration.IncludeExecutionData TracingConfiguration.Enabled"
    ),
    "AWS::WAFv2::LoggingConfiguration": "RedactedFields",
    "AWS::WAFv2::WebACL": (
        "Rules.0.Statement.SqliMatchStatement.FieldToMatch.Body.OversizeHandling "
        "VisibilityConfig.CloudWatchMetricsEnabled"
    ),
}
ELSEWHERE = {  # what is written in the expression that says it, or not at all
    "AWS::CloudWatch::Alarm Dimensions.0.Value",  # a map with another key
    "AWS::Cognito::UserPoolClient CallbackURLs.0",  # the literal itself
    "AWS::DynamoDB::GlobalTable Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
    "AWS::EC2::Instance NetworkInterfaces.0.AssociatePublicIpAddress",  # the literal itself
    "AWS::ECS::TaskDefinition ContainerDefinitions.0.Privileged",  # inside jsonencode
    "AWS::ECS::TaskDefinition ContainerDefinitions.0.ReadonlyRootFilesystem",
    "AWS::ECS::TaskDefinition ContainerDefinitions.0.User",
    "AWS::IAM::Role Policies.0.PolicyDocument.Statement.0",  # statements, see test_terraform.py
    "AWS::IAM::Role Policies.0.PolicyDocument.Statement.0.Action",
    "AWS::RDS::DBParameterGroup Parameters.rds.force_ssl",  # one block for each name
    "AWS::S3::BucketPolicy PolicyDocument.Statement",
    "AWS::SQS::QueuePolicy PolicyDocument.Statement",
    "AWS::SQS::QueuePolicy PolicyDocument.Statement.0.Condition",
    "AWS::SecurityHub::Hub EnableDefaultStandards",
    "AWS::WAFv2::LoggingConfiguration RedactedFields",
    "AWS::WAFv2::WebACL Rules.0.Statement.SqliMatchStatement.FieldToMatch.Body.OversizeHandling",
}
MERGED = (
    "aws_s3_bucket",
    "aws_iam_role",
    "aws_iam_user",
)  # all that may be written of them stands beside them
TYPES = [
    type
    for type in (*table("terraform_arguments.yaml"), *MERGED)
    if (found := entry(type)) and found.into is None and routes(type, found.type)
]
ALSO = {"aws_api_gateway_stage": 'rest_api_id = "a"\n  stage_name = "b"'}


def target(type: str) -> str:
    found = entry(type)
    assert found is not None
    return found.type


def needing(spec: Mapping[str, Any]) -> str:
    """Return the blocks that no fix can make, as they would be there already."""
    found = ""
    for name, inner in spec.items():
        fields = inner[0] if isinstance(inner, list) else inner
        if isinstance(fields, dict) and "needed" in fields.values():
            found += f"  {name} {{\n    x = 1\n  }}\n"
    return found


def sample(route: Route) -> Any:
    """Return a value that a property may have."""
    using = route.rule.using
    if route.rule.by == "words":
        free = "word" if route.kind == "text" else 30
        return next((meant for meant in using.values() if meant is not None), free)
    if route.rule.by == "constant":
        return using
    if route.rule.by == "method_path":
        return {"HttpMethod": "*", "ResourcePath": "/*"}
    if route.rule.by == "listed":
        return ["word"]
    if route.argument == "redrive_policy":
        return {"maxReceiveCount": 5}
    kind = route.kind.lstrip("=")
    known = {
        "truth": True,
        "number": 7,
        "texts": ["a", "b"],
        "json": {"A": ["x"]},
        "map": {"k": "v"},
    }
    given = {"true": True}.get(kind, int(kind) if kind.isdigit() else "word")
    return {} if kind == "empty" else known.get(kind, given)


def written(asked: Mapping[str, list[tuple[Route, Any]]]) -> App:
    """Return what is read after properties of a resource of each type were written."""
    text = "".join(
        f'resource "{type}" "x" {{\n  {ALSO.get(type, "")}\n{needing(arguments(type))}}}\n\n'
        for type in asked
    )
    changes = tuple(
        Change(f"main/{type}.x", route.at, "set", value)
        for type, pairs in asked.items()
        for route, value in pairs
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "main.tf"
        file.write_text(text)
        app = learn([Path(folder)]).app
        file.write_text(splice(text, list(edits(Path(folder), changes, app))))
        return learn([Path(folder)]).app


@cache
def samples() -> Mapping[str, list[tuple[Route, Any]]]:
    """Return every argument that may be written, with a value of its property, by type."""
    return {
        type: [
            (route, sample(route)) for route in routes(type, target(type)) if route.kind != "needed"
        ]
        for type in TYPES
    }


@cache
def everything() -> App:
    return written(samples())


def of(app: App, type: str) -> Resource:
    found = app.get(Resource, f"main/{type}.x")
    assert found is not None
    return found


def holds(value: Any, wanted: Any) -> bool:
    """Tell whether a value is what was asked for; a structure may have more in it."""
    if wanted == {}:
        return value in ({}, [{}])  # free JSON keeps the list of one block
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(holds(value.get(key), item) for key, item in wanted.items())
    return bool(value == wanted)


@pytest.mark.parametrize("type", TYPES)
def test_whatever_is_written_is_read_as_it_was_asked_for(type: str) -> None:
    found = of(everything(), type)
    for route, value in samples()[type]:
        assert holds(found.value(route.at), value), route


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_any_texts_and_numbers_come_back(data: st.DataObject) -> None:
    type = "aws_lambda_function"
    letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
    able = [route for route, _ in samples()[type]]
    chosen = data.draw(st.lists(st.sampled_from(able), min_size=1, unique_by=lambda r: r.at))
    values = {"text": letters, "number": st.integers(0, 10**6), "truth": st.booleans()}
    asked = [(route, data.draw(values.get(route.kind, letters))) for route in chosen]
    found = of(written({type: asked}), type)
    assert [(r.at, found.value(r.at)) for r, _ in asked] == [(r.at, v) for r, v in asked]


def test_what_fixes_ask_for_has_an_argument() -> None:
    known: dict[str, set[tuple[str | int, ...]]] = {}
    for type in TYPES:
        ways = {route.at for route in routes(type, target(type))}
        known.setdefault(target(type), set()).update(ways)
    lacking = set()
    for type, paths in ASKED.items():
        for path in paths.split():
            way = tuple(0 if key.isdigit() else key for key in path.split("."))
            ways = known.get(type, set())
            if not any(at[: len(way)] == way or at == (*way, 0) for at in ways):
                lacking.add(f"{type} {path}")
    assert lacking == ELSEWHERE
