from __future__ import annotations

import pytest

from checkrein.catalog import sdk_pack
from checkrein.catalog.actions import documented
from checkrein.catalog.arns import arn_format
from checkrein.catalog.forwarded import forward_access, key_actions
from checkrein.catalog.tables import table

DECRYPT, ENCRYPT = "kms:Decrypt", "kms:GenerateDataKey"


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "GetObject", (DECRYPT,)),
        ("s3", "PutObject", (ENCRYPT,)),
        ("s3", "UploadPart", (ENCRYPT, DECRYPT)),
        ("s3", "HeadObject", (DECRYPT,)),
        ("s3", "CopyObject", (DECRYPT, ENCRYPT)),
        ("s3", "DeleteObject", ()),
        ("s3", "ListObjectsV2", ()),
        ("sqs", "SendMessage", (DECRYPT, ENCRYPT)),
        ("sqs", "ReceiveMessage", (DECRYPT,)),
        ("sqs", "DeleteMessage", ()),
        ("sns", "Publish", (DECRYPT, ENCRYPT)),
        ("dynamodb", "PutItem", (DECRYPT,)),
        ("dynamodb", "TransactWriteItems", (DECRYPT,)),
        ("dynamodb", "DescribeTable", ()),
        ("secretsmanager", "GetSecretValue", (DECRYPT,)),
        ("secretsmanager", "PutSecretValue", (DECRYPT, ENCRYPT)),
        ("ssm", "GetParameter", (DECRYPT,)),
        ("ssm", "PutParameter", ("kms:Encrypt", ENCRYPT)),
        ("kinesis", "PutRecords", (ENCRYPT,)),
        ("kinesis", "GetRecords", (DECRYPT,)),
        ("lambda", "Invoke", ()),
        ("lambda", "GetFunctionConfiguration", (DECRYPT,)),
        ("logs", "GetLogEvents", (DECRYPT,)),
        ("logs", "PutLogEvents", ()),
        ("stepfunctions", "StartExecution", ()),
        ("stepfunctions", "GetExecutionHistory", (DECRYPT,)),
        ("no-such", "Thing", ()),
    ],
)
def test_what_a_call_needs_on_the_key(
    service: str, operation: str, expected: tuple[str, ...]
) -> None:
    assert forward_access(service, operation) == expected


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("PutParameter", {"Type": "SecureString"}, ("kms:Encrypt",)),
        ("PutParameter", {"Type": "SecureString", "Tier": "Advanced"}, ("kms:Encrypt", ENCRYPT)),
        ("PutParameter", {"Type": "String"}, ()),
        ("PutParameter", {"Type": ""}, ("kms:Encrypt",)),
        ("GetParameter", {"WithDecryption": ""}, (DECRYPT,)),
        ("GetParameter", {"Name": "/app/key"}, ()),
    ],
)
def test_what_a_request_of_parameters_needs(
    operation: str, request_: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert forward_access("ssm", operation, request_) == expected


def test_a_right_that_depends_on_no_member_is_needed_by_every_request() -> None:
    assert forward_access("s3", "GetObject", {"Bucket": "rides", "Key": ""}) == (DECRYPT,)


def test_every_line_names_documented_actions_and_members_that_exist() -> None:
    tables = table("forwarded.yaml")
    for action in (*tables["keys"], *tables["seldom"]):
        service = action.partition(":")[0]
        assert documented(action) == action
        for one in key_actions(action):
            assert documented(one.action) == one.action
            operation = action.partition(":")[2]
            assert not one.member or one.member in sdk_pack.members(service, operation)
    for operation in tables["operations"]:
        service, _, name = operation.partition(":")
        assert name in sdk_pack.operations(service)
    assert [type for type in tables["properties"] if not arn_format(type)] == []
