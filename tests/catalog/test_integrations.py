from __future__ import annotations

import pytest

from checkrein.catalog import sdk_pack
from checkrein.catalog.actions import documented
from checkrein.catalog.integrations import FILE, integration, service_name
from checkrein.catalog.tables import table

RULE = ("events:PutRule", "events:PutTargets", "events:DescribeRule")


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("sqs:sendMessage", ("sqs:SendMessage",)),
        ("sqs:sendMessage.waitForTaskToken", ("sqs:SendMessage",)),
        ("lambda:invoke", ("lambda:InvokeFunction",)),
        ("dynamodb:putItem", ("dynamodb:PutItem",)),
        ("events:putEvents", ("events:PutEvents",)),
        ("apigateway:invoke", ("execute-api:Invoke",)),
        ("states:startExecution", ("states:StartExecution",)),
        (
            "states:startExecution.sync:2",
            ("states:StartExecution", "states:DescribeExecution", "states:StopExecution", *RULE),
        ),
        (
            "ecs:runTask.sync",
            ("ecs:RunTask", "iam:PassRole", "ecs:DescribeTasks", "ecs:StopTask", *RULE),
        ),
        ("ecs:runTask", ("ecs:RunTask", "iam:PassRole")),
        ("ecs:runTask.waitForTaskToken", ("ecs:RunTask", "iam:PassRole")),
        (
            "glue:startJobRun.sync",
            ("glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"),
        ),
        ("batch:submitJob.sync", ("batch:SubmitJob", "batch:DescribeJobs", "batch:TerminateJob", *RULE)),
        ("bedrock:invokeModel", ("bedrock:InvokeModel",)),
        ("aws-sdk:sfn:startExecution", ("states:StartExecution",)),
        ("aws-sdk:s3:listObjectsV2", ("s3:ListBucket",)),
        ("aws-sdk:cognitoidentityprovider:adminGetUser", ("cognito-idp:AdminGetUser",)),
        ("aws-sdk:rdsdata:executeStatement", ("rds-data:ExecuteStatement",)),
        ("aws-sdk:cloudwatchlogs:putLogEvents", ("logs:PutLogEvents",)),
        ("aws-sdk:eventbridge:putEvents", ("events:PutEvents",)),
    ],
)  # fmt: skip
def test_a_task_needs_the_rights_of_what_it_calls(task: str, expected: tuple[str, ...]) -> None:
    found = integration(f"arn:aws:states:::{task}")
    assert found is not None
    assert found.needed == expected


def test_what_names_no_service_is_no_integration() -> None:
    assert integration("arn:aws:lambda:eu-west-1:111122223333:function:rides") is None
    assert integration("arn:aws:states:eu-west-1:111122223333:activity:paint") is None


def test_every_line_names_documented_actions() -> None:
    tables = table(FILE)
    jobs = tables["jobs"].values()
    named = [*tables["actions"].values(), *(job["follow"] for job in jobs)]
    assert [a for some in named for a in some if documented(a) != a] == []
    assert {*tables["services"].values()} <= sdk_pack.services()


def test_every_job_is_started_by_something_that_is_known() -> None:
    for job in table(FILE)["jobs"]:
        found = integration(f"arn:aws:states:::{job}.sync")
        assert found is not None
        assert found.follow
        assert [a for a in found.needed if documented(a) != a] == []
        assert found.actions


def test_services_are_named_by_their_ids() -> None:
    assert service_name("sfn") == service_name("states") == "stepfunctions"
    assert service_name("elasticmapreduce") == "emr"
    assert service_name("http") == "http"
