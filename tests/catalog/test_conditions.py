from __future__ import annotations

import pytest

from checkrein.catalog.actions import all_actions
from checkrein.catalog.conditions import condition_keys, global_condition_keys, key_type


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("aws:SourceArn", "ARN"),
        ("AWS:sourcearn", "ARN"),
        ("aws:SourceVpcArn", "ARN"),
        ("aws:SourceIp", "IPAddress"),
        ("aws:SecureTransport", "Bool"),
        ("aws:CurrentTime", "Date"),
        ("aws:MultiFactorAuthAge", "Numeric"),
        ("aws:PrincipalTag/team", "String"),
        ("aws:RequestTag/cost.centre", "String"),
        ("aws:TagKeys", "ArrayOfString"),
        ("aws:CalledVia", "ArrayOfString"),
        ("dynamodb:LeadingKeys", "ArrayOfString"),
        ("s3:prefix", "String"),
        ("s3:ExistingObjectTag/secret", "String"),
        ("kms:ViaService", "String"),
        ("kms:EncryptionContext:app", "String"),
        ("lambda:FunctionArn", "ARN"),
        ("iam:PassedToService", "String"),
        ("cognito-identity.amazonaws.com:sub", "String"),
        ("aws:NoSuchKey", None),
        ("aws:RequestTag/", None),
        ("", None),
    ],
)
def test_a_key_has_the_type_that_aws_documents(key: str, expected: str | None) -> None:
    assert key_type(key) == expected


def test_an_action_has_its_own_keys_those_of_its_resources_and_the_global_ones() -> None:
    keys = dict(condition_keys("dynamodb:query"))
    assert keys["dynamodb:LeadingKeys"] == "ArrayOfString"
    assert keys["aws:ResourceTag/${TagKey}"] == "String"
    assert keys["aws:SourceVpce"] == "String"
    assert "dynamodb:LeadingKeys" not in dict(condition_keys("dynamodb:ListTables"))


def test_an_unknown_action_has_the_global_keys() -> None:
    assert tuple(key for key, _ in condition_keys("no:Such")) == global_condition_keys()


def test_every_key_of_every_action_has_a_type() -> None:
    keys = {key for action in all_actions() for key, _ in condition_keys(action)}
    assert len(keys) > 1_500
    assert [key for key in keys if key_type(key) is None] == []
