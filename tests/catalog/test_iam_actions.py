from __future__ import annotations

import pytest

from checkrein.catalog.actions import (
    ResourceType,
    access_level,
    all_actions,
    dependent_actions,
    documented,
    resource_types,
)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:GetObject", "Read"),
        ("S3:getobject", "Read"),
        ("s3:ListBucket", "List"),
        ("s3:PutObjectTagging", "Tagging"),
        ("dynamodb:PutItem", "Write"),
        ("iam:PassRole", "Permissions management"),
        ("sqs:SendMessageBatch", None),
        ("s3", None),
    ],
)
def test_an_action_has_the_level_that_aws_documents(action: str, expected: str | None) -> None:
    assert access_level(action) == expected


def test_an_action_knows_which_resources_it_can_be_limited_to() -> None:
    table = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"
    assert resource_types("dynamodb:Query") == (
        ResourceType("index", (f"{table}/index/${{IndexName}}",), required=False),
        ResourceType("table", (table,), required=True),
    )
    assert resource_types("s3:ListAllMyBuckets") == ()


def test_an_action_knows_what_else_its_caller_needs() -> None:
    assert "iam:PassRole" in dependent_actions("lambda:createfunction")
    assert dependent_actions("s3:GetObject") == ()


def test_names_are_given_back_as_aws_writes_them() -> None:
    assert documented("dynamodb:batchgetitem") == "dynamodb:BatchGetItem"
    assert documented("dynamodb:Fly") is None


def test_every_action_has_one_of_five_levels_and_known_resources() -> None:
    everything = all_actions()
    assert len(everything) > 20_000
    assert {access_level(action) for action in everything} == {
        "List", "Read", "Write", "Tagging", "Permissions management",
    }  # fmt: skip
