from __future__ import annotations

import pytest

from checkrein.catalog.managed import managed_policy, managed_policy_names

LOGS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "*",
        }
    ],
}


@pytest.mark.parametrize(
    "name",
    [
        "AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    ],
)
def test_a_policy_is_found_by_name_and_by_arn(name: str) -> None:
    assert managed_policy(name) == LOGS


@pytest.mark.parametrize(
    "name", ["NoSuchPolicy", "", "arn:aws:iam::111122223333:policy/ReadOnlyAccess"]
)
def test_what_aws_does_not_manage_is_not_known(name: str) -> None:
    assert managed_policy(name) is None


def test_every_policy_can_be_read() -> None:
    names = managed_policy_names()
    assert len(names) > 1_500
    assert [name for name in names if "Statement" not in (managed_policy(name) or {})] == []


def test_changing_a_policy_changes_no_other_copy() -> None:
    policy = managed_policy("AdministratorAccess")
    assert policy is not None
    policy["Statement"].clear()
    again = managed_policy("AdministratorAccess")
    assert again is not None
    assert again["Statement"] != []
