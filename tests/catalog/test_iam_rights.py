from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein.catalog import rights as module
from checkrein.catalog.actions import all_actions, documented
from checkrein.catalog.rights import RIGHTS, right, rights


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:GetObject", "read"),
        ("s3:getobjectversion", "read"),
        ("s3:ListBucket", "list"),
        ("s3:GetBucketPolicy", "list"),
        ("s3:PutObject", "write"),
        ("s3:PutObjectAcl", "permission"),
        ("s3:PutBucketPolicy", "permission"),
        ("s3:DeleteObject", "delete"),
        ("s3:DeleteBucket", "configure"),
        ("dynamodb:Scan", "read"),
        ("dynamodb:PartiQLSelect", "read"),
        ("dynamodb:PartiQLInsert", "write"),
        ("dynamodb:PartiQLDelete", "delete"),
        ("dynamodb:GetRecords", "read"),
        ("dynamodb:DescribeTable", "list"),
        ("dynamodb:UpdateTable", "configure"),
        ("sqs:SendMessage", "write"),
        ("sqs:ReceiveMessage", "read"),
        ("sqs:DeleteMessage", "delete"),
        ("sqs:GetQueueAttributes", "list"),
        ("sns:Publish", "write"),
        ("events:PutEvents", "write"),
        ("kinesis:PutRecord", "write"),
        ("firehose:PutRecordBatch", "write"),
        ("lambda:InvokeFunction", "invoke"),
        ("lambda:UpdateFunctionCode", "configure"),
        ("lambda:AddPermission", "permission"),
        ("states:StartExecution", "invoke"),
        ("cognito-idp:AdminGetUser", "read"),
        ("cognito-idp:ListUsers", "read"),
        ("cognito-idp:SignUp", "write"),
        ("cognito-idp:AdminUpdateUserAttributes", "write"),
        ("cognito-idp:AdminDeleteUser", "delete"),
        ("cognito-idp:DeleteUserPool", "configure"),
        ("secretsmanager:GetSecretValue", "read"),
        ("ssm:GetParametersByPath", "read"),
        ("kms:Decrypt", "invoke"),
        ("logs:PutLogEvents", "write"),
        ("logs:FilterLogEvents", "read"),
        ("logs:CreateLogGroup", "configure"),
        ("appsync:GraphQL", "invoke"),
        ("execute-api:ManageConnections", "write"),
        ("ses:SendEmail", "write"),
        ("iam:PassRole", "permission"),
        ("sts:AssumeRole", "invoke"),
        ("cloudfront:GetDistribution", "list"),
        ("workmail:GetMailboxDetails", "read"),
        ("sqs:SendMessageBatch", None),
        ("nonsense", None),
    ],
)
def test_an_action_gives_the_right_that_a_reader_of_its_documentation_expects(
    action: str, expected: str | None
) -> None:
    assert right(action) == expected


def test_a_statement_of_sql_may_do_everything() -> None:
    assert rights("rds-data:ExecuteStatement") == ("read", "write", "delete")


def test_every_documented_action_has_a_right() -> None:
    assert {one for action in all_actions() for one in rights(action)} == set(RIGHTS)


def test_the_hand_written_file_names_documented_actions_and_rights_only() -> None:
    path = Path(module.__file__).parent / "data/iam_rights.json"
    services = json.loads(path.read_text())["services"]
    named = [
        (one, f"{service}:{name}")
        for service, by_right in services.items()
        for one, names in by_right.items()
        for name in names.split()
    ]
    assert [action for one, action in named if documented(action) != action] == []
    assert {one for one, _ in named} <= set(RIGHTS)
