import json
from collections.abc import Callable
from typing import Any

import pytest

from checkrein.model import App, Flow, Row

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
    Resources:
      People: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: people}}}}
      Mail: {{Type: AWS::SQS::Queue}}
      News: {{Type: AWS::SNS::Topic}}
      Bus: {{Type: AWS::Events::EventBus, Properties: {{Name: bus}}}}
      Files: {{Type: AWS::S3::Bucket}}
      Child:
        Type: AWS::StepFunctions::StateMachine
        Properties: {{DefinitionString: "{{}}"}}
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/worker
          Code: {{ZipFile: "def handler(event, context): return {{}}"}}
      Flow:
        Type: AWS::StepFunctions::StateMachine
        Properties:
          DefinitionString: !Sub |
            {definition}
"""


def moved(derived: Scan, states: dict[str, Any], **more: str) -> list[tuple[str, str]]:
    definition = json.dumps({"StartAt": "One", "States": states, **more})
    app = derived({"app.yaml": TEMPLATE.format(definition=definition)})
    return [
        (
            f"{f.source.node[4:]} {f.source.path}".strip(),
            f"{f.target.node[4:]} {f.target.path}".strip(),
        )
        for f in app.every(Flow)
        if f.via.startswith("app/Flow#")
    ]


def task(resource: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, **more}


@pytest.mark.parametrize(
    ("state", "flows"),
    [
        pytest.param(
            task(
                "arn:aws:states:::dynamodb:putItem",
                {"TableName": "${People}", "Item": {"mail": {"S.$": "$.user.email"}}},
            ),
            [("Flow user.email", "People mail")],
            id="an item",
        ),
        pytest.param(
            task(
                "arn:aws:states:::dynamodb:updateItem",
                {
                    "TableName": "people",
                    "Key": {"id": {"S.$": "$$.Execution.Name"}},
                    "UpdateExpression": "SET phone = :p",
                    "ExpressionAttributeValues": {":p": {"S.$": "$.tel"}},
                },
            ),
            [("Flow tel", "People phone")],
            id="an update",
        ),
        pytest.param(
            task(
                "arn:aws:states:::aws-sdk:dynamodb:getItem",
                {"TableName": "${People}", "Key": {"id": {"S.$": "$.id"}}},
                ResultPath="$.found",
            ),
            [("People", "Flow found.Item")],
            id="a read",
        ),
        pytest.param(
            task(
                "arn:aws:states:::dynamodb:getItem",
                {"TableName": "${People}"},
                ResultSelector={"to.$": "$.Item.email.S"},
            ),
            [("People email", "Flow to")],
            id="a part of a read",
        ),
        pytest.param(
            task(
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                {"QueueUrl": "${Mail}", "MessageBody": {"t.$": "$$.Task.Token", "m.$": "$"}},
            ),
            [("Flow", "Mail m")],
            id="a message",
        ),
        pytest.param(
            task(
                "arn:aws:states:::sns:publish",
                {"TopicArn": "${News}", "Message.$": "States.Format('Dear {}', $.name)"},
            ),
            [("Flow name", "News")],
            id="news",
        ),
        pytest.param(
            task(
                "arn:aws:states:::events:putEvents",
                {"Entries": [{"EventBusName": "bus", "Detail": {"who.$": "$.name"}}]},
            ),
            [("Flow name", "Bus who")],
            id="an event",
        ),
        pytest.param(
            task(
                "arn:aws:states:::aws-sdk:s3:putObject",
                {"Bucket": "${Files}", "Key": "k", "Body.$": "$.text"},
            ),
            [("Flow text", "Files")],
            id="an object",
        ),
        pytest.param(
            task(
                "arn:aws:states:::states:startExecution.sync:2",
                {"StateMachineArn": "${Child.Arn}", "Input": {"a.$": "$.b"}},
                ResultPath="$.child",
            ),
            [("Flow b", "Child a"), ("Child", "Flow child.Output")],
            id="another machine",
        ),
        pytest.param(
            task(
                "arn:aws:states:::lambda:invoke",
                {"FunctionName": "${Work}", "Payload": {"to.$": "$.email"}},
                OutputPath="$.Payload",
            ),
            [("Flow email", "Work event.to"), ("Work@response", "Flow")],
            id="a function",
        ),
        pytest.param(
            {"Type": "Task", "Resource": "${Work.Arn}", "ResultPath": "$.done"},
            [("Flow", "Work event"), ("Work@response", "Flow done")],
            id="a function by its ARN",
        ),
        pytest.param(
            {"Type": "Map", "ItemsPath": "$.orders", "ItemProcessor": {"States": {
                "In": task("arn:aws:states:::sqs:sendMessage", {"QueueUrl": "${Mail}", "MessageBody.$": "$.text"}),
            }}},
            [("Flow orders[].text", "Mail")],
            id="for each item",
        ),
        pytest.param(
            {"Type": "Parallel", "Branches": [{"States": {
                "In": task("arn:aws:states:::sqs:sendMessage", {"QueueUrl": "${Mail}", "MessageBody.$": "$.text"}),
            }}]},
            [("Flow text", "Mail")],
            id="in a branch",
        ),
        pytest.param(
            {"Type": "Map", "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "Parameters": {"Bucket": "${Files}", "Key": "k"},
            }},
            [("Files", "Flow")],
            id="items from a bucket",
        ),
        pytest.param(
            {"Type": "Pass", "Parameters": {"a.$": "$.b"}, "ResultPath": "$.c"},
            [("Flow b", "Flow c.a")],
            id="inside",
        ),
        pytest.param(task("arn:aws:states:::aws-sdk:nowhere:doThing", {"A.$": "$.b"}), [], id="unknown"),
    ],
)  # fmt: skip
def test_what_a_state_moves(
    derived: Scan, state: dict[str, Any], flows: list[tuple[str, str]]
) -> None:
    assert sorted(moved(derived, {"One": state})) == sorted(flows)


def test_jsonata(derived: Scan) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Arguments": {"TableName": "${People}"},
        "Assign": {"mail": "{% $states.result.Item.email.S %}"},
        "Output": {"name": "{% $uppercase($states.result.Item.name.S) %}"},
    }
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": "${Mail}", "MessageBody": "{% $mail & $states.input.name %}"},
    }
    assert sorted(moved(derived, {"One": state, "Two": send}, QueryLanguage="JSONata")) == [
        ("Flow mail", "Mail"),
        ("Flow name", "Mail"),
        ("People email", "Flow mail"),
        ("People name", "Flow name"),
    ]


def test_a_table_holds_what_a_machine_puts_there(derived: Scan) -> None:
    put = task(
        "arn:aws:states:::dynamodb:putItem",
        {"TableName": "${People}", "Item": {"email": {"S.$": "$.contact"}}},
    )
    definition = json.dumps({"StartAt": "Save", "States": {"Save": put}})
    app = derived({"app.yaml": TEMPLATE.format(definition=definition)})
    [table] = [row for row in app.every(Row) if row.id == "app/People"]
    [flow] = [flow for flow in app.every(Flow) if flow.via == "app/Flow#Save"]
    assert table.coded == ("pii.email",)
    assert flow.steps[0].text == "Flow's step Save puts contact into People (dynamodb:PutItem)"
