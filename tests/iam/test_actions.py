from __future__ import annotations

from checkrein.catalog.actions import all_actions
from checkrein.iam import actions_on, expand


def test_wildcards_become_documented_actions_whatever_their_case() -> None:
    assert expand(["SQS:*message", "sns:publish"]) == {
        "sqs:DeleteMessage",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
        "sns:Publish",
    }


def test_an_undocumented_action_stays_as_written_unless_it_has_a_wildcard() -> None:
    assert expand(["sqs:SendMessageBatch", "nonsense:*", "s3*"]) == {"sqs:SendMessageBatch"}


def test_a_star_is_everything_and_a_negated_list_the_rest() -> None:
    assert expand(["*"]) == set(all_actions())
    assert expand(["*:*"]) == set(all_actions())
    rest = expand(["dynamodb:*", "s3:GetObject"], negated=True)
    assert "s3:PutObject" in rest
    assert not rest & {"s3:GetObject", "dynamodb:Scan"}


def test_an_arn_has_the_actions_of_its_kind_of_resource() -> None:
    bucket, objects = actions_on("arn:aws:s3:::data"), actions_on("arn:aws:s3:::data/*")
    assert "s3:ListBucket" in bucket
    assert "s3:GetObject" not in bucket
    assert "s3:GetObject" in objects
    assert "s3:ListBucket" not in objects


def test_a_part_of_a_resource_has_actions_of_its_own() -> None:
    table = "arn:aws:dynamodb:eu-west-1:111122223333:table/Rides"
    assert {"dynamodb:Query", "dynamodb:PutItem"} <= set(actions_on(table))
    assert "dynamodb:PutItem" not in actions_on(f"{table}/index/*")
    assert "dynamodb:Query" in actions_on(f"{table}/index/*")
    assert "dynamodb:GetRecords" in actions_on(f"{table}/stream/*")


def test_a_qualified_function_can_be_invoked() -> None:
    assert "lambda:InvokeFunction" in actions_on("arn:aws:lambda:eu-west-1:1:function:f:*")


def test_a_star_has_the_actions_that_no_arn_limits() -> None:
    assert "s3:ListAllMyBuckets" in actions_on("*")
    assert "s3:GetObject" not in actions_on("*")


def test_an_arn_of_no_known_kind_has_any_action_of_its_service() -> None:
    assert "apigateway:PATCH" in actions_on("arn:aws:apigateway:eu-west-1::/apis/a1b2")
    assert actions_on("arn:aws:nonsense:::x") == ()
