"""SDK names against boto3 itself and against calls as programs write them."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from checkrein.catalog import sdk, sdk_pack


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session("id", "secret", region_name="eu-west-1")


@pytest.mark.parametrize("service", ["dynamodb", "s3", "cognito-idp", "stepfunctions", "iot"])
def test_every_client_method_has_boto3s_operation(service: str, session: Any) -> None:
    mapping = session.client(service).meta.method_to_api_mapping
    assert {name: sdk.python_operation(service, name) for name in mapping} == dict(mapping)


@pytest.mark.parametrize("service", ["dynamodb", "s3", "sqs", "sns", "ec2"])
def test_the_service_resource_offers_what_boto3s_does(service: str, session: Any) -> None:
    real = session.resource(service)
    own = {name for name in dir(real) if not name.startswith("_")} - {"meta"}
    model = sdk.resource_model(service)["service"]
    ours = {*model["actions"], *model["resources"], *model["collections"]}
    assert ours == own - {"get_available_subresources"}


def test_a_bucket_offers_what_boto3s_does(session: Any) -> None:
    real = {name for name in dir(session.resource("s3").Bucket("b")) if not name.startswith("_")}
    model = sdk.resource_model("s3")["Bucket"]
    parts = ("identifiers", "attributes", "actions", "resources", "collections", "waiters")
    ours = {name for part in parts for name in model[part]}
    assert ours == real - {"meta", "load", "reload", "get_available_subresources"}


@pytest.mark.parametrize(
    ("service", "method", "operation"),
    [
        ("dynamodb", "put_item", "PutItem"),
        ("s3", "upload_fileobj", "PutObject"),
        ("s3", "download_file", "GetObject"),
        ("s3", "generate_presigned_post", "PutObject"),
        ("s3", "list_objects_v2", "ListObjectsV2"),
        ("s3", "get_paginator", None),
        ("dynamodb", "upload_file", None),
        ("dynamodb", "PutItem", None),
        ("no-such-service", "put_item", None),
    ],
)
def test_python_operation(service: str, method: str, operation: str | None) -> None:
    assert sdk.python_operation(service, method) == operation


def test_positional_arguments_of_added_methods() -> None:
    assert sdk.python_positional("s3", "upload_file") == ("Body", "Bucket", "Key")
    assert sdk.python_positional("s3", "copy") == ("CopySource", "Bucket", "Key")
    assert sdk.python_positional("s3", "put_object") == ()


@pytest.mark.parametrize("name", ["bucket_exists", "bucketExists", "BucketExists"])
def test_waiters_in_every_spelling(name: str) -> None:
    assert sdk.waiter("s3", name) == "HeadBucket"
    assert sdk.waiter("dynamodb", name) is None


def test_table_fills_its_name_in() -> None:
    table = sdk.resource_model("dynamodb")["Table"]
    name = {"TableName": ["identifier", "name"]}
    assert table["identifiers"] == ["name"]
    assert table["actions"]["put_item"]["operation"] == "PutItem"
    assert table["actions"]["put_item"]["parameters"] == name
    assert table["actions"]["batch_writer"]["operation"] == "BatchWriteItem"
    assert table["actions"]["batch_writer"]["parameters"] == {
        "RequestItems{}": ["identifier", "name"]
    }
    assert table["attributes"]["item_count"] == "ItemCount"
    assert table["load"]["operation"] == "DescribeTable"
    assert table["load"]["path"] == "Table"
    assert table["waiters"]["wait_until_exists"] == {
        "operation": "DescribeTable",
        "parameters": name,
    }


def test_bucket_leads_to_objects() -> None:
    model = sdk.resource_model("s3")
    objects = model["Bucket"]["collections"]["objects"]
    assert objects["operation"] == "ListObjects"
    assert objects["makes"] == {
        "resource": "ObjectSummary",
        "identifiers": {
            "bucket_name": ["identifier", "name"],
            "key": ["response", "Contents[].Key"],
        },
        "path": "Contents[]",
        "many": True,
    }
    assert objects["batch"]["delete"]["operation"] == "DeleteObjects"
    assert model["Bucket"]["resources"]["Object"]["identifiers"] == {
        "bucket_name": ["identifier", "name"],
        "key": ["input", 0],
    }
    upload = model["Object"]["actions"]["upload_file"]
    assert (upload["operation"], upload["positional"]) == ("PutObject", ["Body"])
    assert upload["parameters"] == {
        "Bucket": ["identifier", "bucket_name"],
        "Key": ["identifier", "key"],
    }


def test_queue_found_by_name_and_its_messages() -> None:
    model = sdk.resource_model("sqs")
    found = model["service"]["actions"]["get_queue_by_name"]
    assert found["makes"]["identifiers"] == {"url": ["response", "QueueUrl"]}
    assert model["Queue"]["actions"]["send_messages"]["operation"] == "SendMessageBatch"
    assert model["Queue"]["actions"]["receive_messages"]["makes"]["many"] is True
    assert sdk.resource_model("lambda") == {}


@pytest.mark.parametrize(
    ("module", "name", "client"),
    [
        ("aws-sdk", "DynamoDB", ("dynamodb", "v2")),
        ("aws-sdk", "default.S3", ("s3", "v2")),
        ("aws-sdk", "DynamoDB.DocumentClient", ("dynamodb", "document")),
        ("aws-sdk", "CognitoIdentityServiceProvider", ("cognito-idp", "v2")),
        ("aws-sdk", "StepFunctions", ("stepfunctions", "v2")),
        ("aws-sdk", "CloudWatchLogs", ("logs", "v2")),
        ("aws-sdk", "IotData", ("iot-data", "v2")),
        ("aws-sdk", "ApiGatewayManagementApi", ("apigatewaymanagementapi", "v2")),
        ("aws-sdk", "config", None),
        ("aws-sdk/clients/s3", "default", ("s3", "v2")),
        ("aws-sdk/clients/s3", "", ("s3", "v2")),
        ("aws-sdk/clients/all", "S3", ("s3", "v2")),
        ("aws-sdk/clients/dynamodb", "DocumentClient", ("dynamodb", "document")),
        ("aws-sdk/clients/dynamodb", "DynamoDB", ("dynamodb", "v2")),
        ("aws-sdk/clients/dynamodb", "Converter", None),
        ("aws-sdk/lib/core", "S3", None),
        ("@aws-sdk/client-s3", "S3Client", ("s3", "v3")),
        ("@aws-sdk/client-s3", "S3", ("s3", "v2")),
        ("@aws-sdk/client-s3", "PutObjectCommand", None),
        ("@aws-sdk/client-sfn", "SFNClient", ("stepfunctions", "v3")),
        ("@aws-sdk/client-eventbridge", "EventBridgeClient", ("events", "v3")),
        ("@aws-sdk/client-cloudwatch-events", "PutEventsCommand", None),
        (
            "@aws-sdk/client-cognito-identity-provider",
            "CognitoIdentityProviderClient",
            ("cognito-idp", "v3"),
        ),
        ("@aws-sdk/lib-dynamodb", "DynamoDBDocumentClient", ("dynamodb", "document")),
        ("@aws-sdk/lib-dynamodb", "DynamoDBDocument", ("dynamodb", "document")),
        ("@aws-sdk/util-dynamodb", "marshall", None),
        ("s3", "S3Client", None),
    ],
)
def test_javascript_client(module: str, name: str, client: tuple[str, str] | None) -> None:
    assert sdk.javascript_client(module, name) == client


@pytest.mark.parametrize(
    ("service", "method", "style", "operation"),
    [
        ("s3", "putObject", "v2", "PutObject"),
        ("s3", "upload", "v2", "PutObject"),
        ("s3", "listObjectsV2", "v2", "ListObjectsV2"),
        ("s3", "waitUntilBucketExists", "v2", "HeadBucket"),
        ("dynamodb", "upload", "v2", None),
        ("dynamodb", "put", "v2", None),
        ("dynamodb", "put", "document", "PutItem"),
        ("dynamodb", "transactWrite", "document", "TransactWriteItems"),
        ("dynamodb", "query", "document", "Query"),
        ("dynamodb", "executeStatement", "document", "ExecuteStatement"),
        ("dynamodb", "createSet", "document", None),
        ("dynamodb", "send", "v3", None),
        ("s3", "getSignedUrl", "v2", None),
        ("elastictranscoder", "createJob", "v2", "CreateJob"),
    ],
)
def test_javascript_operation(service: str, method: str, style: str, operation: str | None) -> None:
    assert sdk.javascript_operation(service, method, style) == operation


@pytest.mark.parametrize(
    ("module", "name", "found"),
    [
        ("@aws-sdk/client-dynamodb", "PutItemCommand", ("dynamodb", "PutItem")),
        ("@aws-sdk/client-dynamodb", "GetCommand", None),
        ("@aws-sdk/client-dynamodb", "PutItemCommandInput", None),
        ("@aws-sdk/client-dynamodb", "paginateScan", ("dynamodb", "Scan")),
        ("@aws-sdk/client-dynamodb", "waitUntilTableExists", ("dynamodb", "DescribeTable")),
        ("@aws-sdk/client-dynamodb", "DynamoDBClient", None),
        ("@aws-sdk/client-cloudwatch-events", "PutEventsCommand", ("events", "PutEvents")),
        ("@aws-sdk/client-lambda/dist-cjs/x", "InvokeCommand", ("lambda", "Invoke")),
        ("@aws-sdk/lib-dynamodb", "GetCommand", ("dynamodb", "GetItem")),
        ("@aws-sdk/lib-dynamodb", "BatchWriteCommand", ("dynamodb", "BatchWriteItem")),
        ("@aws-sdk/lib-dynamodb", "ExecuteStatementCommand", ("dynamodb", "ExecuteStatement")),
        ("@aws-sdk/lib-dynamodb", "paginateQuery", ("dynamodb", "Query")),
        ("@aws-sdk/lib-dynamodb", "paginatedBatchGet", ("dynamodb", "BatchGetItem")),
        ("@aws-sdk/lib-storage", "Upload", ("s3", "PutObject")),
        ("@aws-sdk/s3-presigned-post", "createPresignedPost", ("s3", "PutObject")),
        ("@aws-sdk/s3-request-presigner", "getSignedUrl", None),
        ("aws-sdk", "S3.ManagedUpload", ("s3", "PutObject")),
        ("left-pad", "PutItemCommand", None),
    ],
)
def test_command(module: str, name: str, found: tuple[str, str] | None) -> None:
    assert sdk.command(module, name) == found


def test_presigner() -> None:
    assert sdk.presigner("@aws-sdk/s3-request-presigner", "getSignedUrl")
    assert not sdk.presigner("@aws-sdk/client-s3", "getSignedUrl")


def test_what_names_its_operation_in_an_argument() -> None:
    paginator = sdk.PYTHON_INDIRECTIONS["get_paginator"]
    assert (paginator.position, paginator.keyword, paginator.names) == (
        0,
        "operation_name",
        "operation",
    )
    assert sdk.JAVASCRIPT_INDIRECTIONS["waitFor"].names == "waiter"


def test_members_of_a_request() -> None:
    assert sdk_pack.members("sqs", "SendMessage") == {
        "QueueUrl": True,
        "MessageBody": True,
        "DelaySeconds": False,
        "MessageAttributes": False,
        "MessageSystemAttributes": False,
        "MessageDeduplicationId": False,
        "MessageGroupId": False,
    }
    assert sdk_pack.members("sqs", "NoSuchOperation") == {}
    assert "RoleArn" in sdk_pack.members("events", "PutRule")  # EventBridge, not the older model
