"""The hand-written rules against botocore's shapes, and answers a reader can check by eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from checkrein.catalog import operations, sdk, sdk_pack
from checkrein.catalog.actions import documented
from checkrein.catalog.operations import Addressed, actions, addressed
from checkrein.catalog.tables import table

TABLE = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")

WHEN = {"always", "with", "without", "for", "about"}


def rules() -> Iterator[tuple[str, str, str]]:
    """Yield every service, operation (or *) and path of addressed.yaml."""
    for service, lines in table("addressed.yaml").items():
        for names, paths in lines.items():
            for operation in names.split(", "):
                yield from ((service, operation, path.removesuffix("?")) for path in paths)


def holds(shape: Any, path: str) -> bool:
    """Say whether a botocore shape has a member at a path of addressed.yaml."""
    for step in path.split("."):
        name = step.rstrip("[]{}")
        if shape.type_name != "structure" or name not in shape.members:
            return False
        shape = shape.members[name]
        if step.endswith("[]"):
            shape = shape.member
        if step.endswith("{}") and shape.type_name != "map":
            return False
    return True


def test_every_addressed_member_exists() -> None:
    session = botocore.session.get_session()
    models = {service: session.get_service_model(service) for service, _, _ in rules()}
    wrong = []
    for service, operation, path in rules():
        if path in {"@endpoint", "CopySource.Bucket"}:  # a dict only boto3 takes
            continue
        head = path.split(".")[0].rstrip("[]{}")
        names = (
            [
                name
                for name in sdk_pack.operations(service)
                if head in sdk_pack.members(service, name)
            ]
            if operation == "*"
            else [operation]
        )
        shapes = [models[service].operation_model(name).input_shape for name in names]
        if not names or not all(holds(shape, path) for shape in shapes):
            wrong.append((service, operation, path))
    assert wrong == []


def test_every_written_action_and_condition_exists() -> None:
    wrong = []
    for service, lines in table("operation_actions.yaml")["actions"].items():
        for operation in lines:
            for one in operations._written(service)[operation]:
                head = one.path.split(".")[0].removesuffix("[]")
                if documented(one.action) != one.action or one.when not in WHEN:
                    wrong.append((service, operation, one.action))
                if head and head not in sdk_pack.members(service, operation):
                    wrong.append((service, operation, one.path))
    assert wrong == []


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("dynamodb", "PutItem", (Addressed("TableName", TABLE),)),
        ("dynamodb", "BatchWriteItem", (Addressed("RequestItems{}", TABLE),)),
        ("dynamodb", "ExecuteStatement", (Addressed("Statement", TABLE, form="within"),)),
        ("dynamodb", "ListTables", ()),
        ("sqs", "SendMessage", (Addressed("QueueUrl", ("AWS::SQS::Queue",)),)),
        (
            "sns",
            "Publish",
            (
                Addressed("TopicArn", ("AWS::SNS::Topic",), required=False),
                Addressed("TargetArn", ("AWS::SNS::Topic",), required=False),
            ),
        ),
        (
            "events",
            "PutEvents",
            (
                Addressed(
                    "Entries[].EventBusName",
                    ("AWS::Events::EventBus",),
                    default="default",
                    required=False,
                ),
            ),
        ),
        (
            "ssm",
            "GetParametersByPath",
            (Addressed("Path", ("AWS::SSM::Parameter",), form="prefix"),),
        ),
        (
            "apigatewaymanagementapi",
            "PostToConnection",
            (Addressed("@endpoint", ("AWS::ApiGatewayV2::Api",)),),
        ),
        (
            "rds-data",
            "ExecuteStatement",
            (
                Addressed("resourceArn", ("AWS::RDS::DBCluster",)),
                Addressed("secretArn", ("AWS::SecretsManager::Secret",)),
            ),
        ),
        ("polly", "SynthesizeSpeech", ()),
        ("sts", "GetCallerIdentity", ()),
        ("dynamodb", "NoSuchOperation", ()),
        ("no-such-service", "PutItem", ()),
    ],
)
def test_addressed(service: str, operation: str, expected: tuple[Addressed, ...]) -> None:
    assert addressed(service, operation) == expected


@pytest.mark.parametrize(
    ("service", "operation", "paths"),
    [
        ("s3", "CopyObject", ["Bucket", "CopySource", "CopySource.Bucket"]),
        ("s3", "ListBuckets", []),
        ("lambda", "Invoke", ["FunctionName"]),
        ("cognito-idp", "SignUp", ["ClientId"]),
        ("cognito-idp", "AdminGetUser", ["UserPoolId"]),
        ("cognito-idp", "GetUser", []),
        ("rekognition", "DetectLabels", ["Image.S3Object.Bucket"]),
        ("stepfunctions", "StartExecution", ["stateMachineArn"]),
        ("kinesis", "PutRecord", ["StreamName", "StreamARN"]),
        (
            "dynamodb",
            "TransactGetItems",
            ["TransactItems[].Get.TableName"],
        ),
    ],
)
def test_addressed_paths(service: str, operation: str, paths: list[str]) -> None:
    assert [one.path for one in addressed(service, operation)] == paths


def test_a_copy_names_its_source_bucket_before_the_slash() -> None:
    assert addressed("s3", "CopyObject")[1].form == "head"


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("dynamodb", "PutItem", ("dynamodb:PutItem",)),
        ("s3", "ListObjectsV2", ("s3:ListBucket",)),
        ("s3", "HeadObject", ("s3:GetObject",)),
        ("s3", "CopyObject", ("s3:GetObject", "s3:PutObject")),
        ("s3", "GetBucketCors", ("s3:GetBucketCORS",)),
        ("s3", "ListBuckets", ("s3:ListAllMyBuckets",)),
        ("sqs", "SendMessageBatch", ("sqs:SendMessage",)),
        ("sns", "PublishBatch", ("sns:Publish",)),
        ("lambda", "Invoke", ("lambda:InvokeFunction",)),
        ("stepfunctions", "StartExecution", ("states:StartExecution",)),
        ("apigateway", "GetRestApis", ("apigateway:GET",)),
        ("apigateway", "UpdateStage", ("apigateway:PATCH",)),
        ("apigatewaymanagementapi", "PostToConnection", ("execute-api:ManageConnections",)),
        ("iot-data", "Publish", ("iot:Publish",)),
        ("bedrock-runtime", "Converse", ("bedrock:InvokeModel",)),
        ("kms", "ReEncrypt", ("kms:ReEncryptFrom", "kms:ReEncryptTo")),
        ("cognito-idp", "AdminGetUser", ("cognito-idp:AdminGetUser",)),
        ("cognito-idp", "SignUp", ()),
        ("cognito-identity", "GetCredentialsForIdentity", ()),
        ("sts", "GetCallerIdentity", ()),
        ("sts", "AssumeRole", ("sts:AssumeRole",)),
        ("logs", "FilterLogEvents", ("logs:FilterLogEvents",)),
        (
            "dynamodb",
            "TransactWriteItems",
            (
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
                "dynamodb:ConditionCheckItem",
            ),
        ),
        ("s3", "UploadPart", ("s3:PutObject",)),
        ("s3", "CompleteMultipartUpload", ("s3:PutObject",)),
        ("s3", "AbortMultipartUpload", ("s3:AbortMultipartUpload",)),
        ("s3", "GetObject", ("s3:GetObject",)),
        ("s3", "DeleteObjects", ("s3:DeleteObject",)),
        (
            "s3control",
            "GetBucketLifecycleConfiguration",
            ("s3-outposts:GetLifecycleConfiguration",),
        ),
        ("sqs", "DeleteMessageBatch", ("sqs:DeleteMessage",)),
        ("sqs", "ChangeMessageVisibilityBatch", ("sqs:ChangeMessageVisibility",)),
        ("apigateway", "CreateRestApi", ("apigateway:POST",)),
        ("apigateway", "DeleteAuthorizer", ("apigateway:DELETE",)),
        ("apigateway", "PutMethod", ("apigateway:PUT",)),
        ("apigateway", "TagResource", ("apigateway:PUT",)),
        ("apigatewayv2", "UpdateRoute", ("apigateway:PATCH",)),
        ("apigatewayv2", "TagResource", ("apigateway:POST",)),
        ("apigatewayv2", "CreatePortal", ("apigateway:CreatePortal",)),
        ("lambda", "InvokeWithResponseStream", ("lambda:InvokeFunction",)),
        ("dynamodb", "BatchWriteItem", ("dynamodb:BatchWriteItem",)),
        ("dynamodb", "TransactGetItems", ("dynamodb:GetItem",)),
        ("dynamodbstreams", "GetRecords", ("dynamodb:GetRecords",)),
        ("rds-data", "ExecuteStatement", ("rds-data:ExecuteStatement",)),
        (
            "secretsmanager",
            "BatchGetSecretValue",
            ("secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"),
        ),
        ("neptunedata", "ExecuteFastReset", ("neptune-db:ResetDatabase",)),
        ("dynamodb", "NoSuchOperation", ()),
        ("no-such-service", "PutItem", ()),
    ],
)
def test_actions(service: str, operation: str, expected: tuple[str, ...]) -> None:
    assert actions(service, operation) == expected


@pytest.mark.parametrize(
    ("service", "operation", "request_", "expected"),
    [
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems[].Put.TableName": "Rides", "TransactItems[].Delete.TableName": ""},
            ("dynamodb:PutItem", "dynamodb:DeleteItem"),
        ),
        (
            "dynamodb",
            "ExecuteStatement",
            {"Statement": ' select * from "Rides" where id = ?'},
            ("dynamodb:PartiQLSelect",),
        ),
        (
            "dynamodb",
            "ExecuteTransaction",
            {"TransactStatements[].Statement": "UPDATE Rides SET a = 1"},
            ("dynamodb:PartiQLUpdate",),
        ),
        (
            "rds-data",
            "ExecuteStatement",
            {"secretArn": ""},
            ("rds-data:ExecuteStatement", "secretsmanager:GetSecretValue"),
        ),
        ("s3", "GetObject", {"Key": "k", "VersionId": "3"}, ("s3:GetObjectVersion",)),
        ("s3", "GetObject", {"VersionId": ""}, ("s3:GetObject", "s3:GetObjectVersion")),
        ("s3", "GetObject", {"Key": "k"}, ("s3:GetObject",)),
        ("s3", "HeadObject", {"VersionId": "3"}, ("s3:GetObjectVersion",)),
        ("s3", "DeleteObject", {"VersionId": "3"}, ("s3:DeleteObjectVersion",)),
        (
            "apigateway",
            "UpdateRestApi",
            {"patchOperations[].path": "/policy"},
            ("apigateway:PATCH", "apigateway:UpdateRestApiPolicy"),
        ),
        ("apigateway", "UpdateRestApi", {"patchOperations[].path": "/name"}, ("apigateway:PATCH",)),
        ("s3", "PutObject", {"Bucket": "b", "Body": ""}, ("s3:PutObject",)),
        ("s3", "PutObject", {"ACL": "public-read"}, ("s3:PutObject", "s3:PutObjectAcl")),
        (
            "rekognition",
            "DetectLabels",
            {"Image.S3Object.Bucket": ""},
            ("rekognition:DetectLabels", "s3:GetObject"),
        ),
        ("rekognition", "DetectLabels", {"Image.Bytes": ""}, ("rekognition:DetectLabels",)),
    ],
)
def test_actions_of_a_request(
    service: str, operation: str, request_: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert actions(service, operation, request_) == expected


def basis(service: str, operation: str) -> str:
    """Say how the action of an operation is known."""
    found = actions(service, operation)
    if (service, operation) in operations.overlay():
        return "hand"
    if not found:
        return "unsigned"
    if documented(found[0]) is None:
        return "convention"
    return "name" if found[0].lower().endswith(f":{operation.lower()}") else "verb"


def test_nearly_all_operations_lead_to_a_documented_action() -> None:
    named = [
        (service, one) for service in operations._derived() for one in sdk_pack.operations(service)
    ]
    known = Counter(basis(*one) for one in named)
    assert known.total() > 19_700
    assert known["name"] / known.total() > 0.93
    assert known["verb"] > 180
    assert known["hand"] > 300
    assert known["convention"] / known.total() < 0.045


def test_the_services_that_functions_use_are_known_but_for_what_is_new() -> None:
    core = ["dynamodb", "s3", "sqs", "sns", "lambda", "cognito-idp", "events", "ssm", "ses"]
    core += ["stepfunctions", "secretsmanager", "kms", "kinesis", "logs", "sts", "apigateway"]
    known = Counter(basis(service, one) for service in core for one in sdk_pack.operations(service))
    assert known["convention"] / known.total() < 0.04


def test_the_overlay_names_operations_that_exist() -> None:
    lost = [one for one in operations.overlay() if one[1] not in sdk_pack.operations(one[0])]
    assert lost == []


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("upload_file", ("s3:PutObject",)),
        ("upload_fileobj", ("s3:PutObject",)),
        ("download_file", ("s3:GetObject",)),
        ("copy", ("s3:GetObject", "s3:PutObject")),
        ("generate_presigned_post", ("s3:PutObject",)),
        ("list_objects_v2", ("s3:ListBucket",)),
    ],
)
def test_what_boto3_adds_needs_the_rights_of_what_it_calls(
    method: str, expected: tuple[str, ...]
) -> None:
    assert actions("s3", str(sdk.python_operation("s3", method))) == expected


def test_a_presigned_url_needs_the_right_of_the_operation_it_signs() -> None:
    signs = sdk.PYTHON_INDIRECTIONS["generate_presigned_url"]
    assert (signs.names, signs.keyword) == ("operation", "ClientMethod")
    assert actions("s3", str(sdk.python_operation("s3", "get_object"))) == ("s3:GetObject",)
    signed = sdk.command("@aws-sdk/client-s3", "GetObjectCommand")
    assert sdk.presigner("@aws-sdk/s3-request-presigner", "getSignedUrl")
    assert signed is not None
    assert actions(*signed) == ("s3:GetObject",)
