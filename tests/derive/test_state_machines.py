import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.derive.wiring.jsonata_parts import parts
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
            [("People email", "Flow to"), ("People", "Flow@history One")],
            id="a part of a read",
        ),
        pytest.param(
            task(
                "arn:aws:states:::lambda:invoke",
                {"FunctionName": "${Work}", "Payload": {"to.$": "$.email"}},
                ResultPath=None,
            ),
            [("Flow email", "Work event.to"), ("Work@response", "Flow@history One")],
            id="an answer that only the history keeps",
        ),
        pytest.param(
            {"Type": "Pass", "Parameters": {
                "all.$": "States.JsonMerge($.user, $.order, false)",
                "said.$": "States.Format('for {} at $.5', $.name)",
                "many.$": "States.ArrayLength($.orders)",
                "mark.$": "States.Hash($.email, 'SHA-256')",
            }},
            [("Flow name", "Flow said"), ("Flow order", "Flow all"), ("Flow user", "Flow all")],
            id="intrinsic functions",
        ),
        pytest.param(
            {"Type": "Map", "ItemsPath": "$.orders",
             "ItemSelector": {"one.$": "$$.Map.Item.Value", "shop.$": "$.shop"},
             "ItemProcessor": {"States": {
                "In": task("arn:aws:states:::sqs:sendMessage", {"QueueUrl": "${Mail}", "MessageBody.$": "$.one.text"}),
            }}},
            [("Flow one.text", "Mail"), ("Flow orders[]", "Flow one")],
            id="items that a Map makes",
        ),
        pytest.param(
            {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Assign": {"who.$": "$.name"}}]},
            [("Flow name", "Flow who")],
            id="what a choice assigns",
        ),
        pytest.param(
            {"Type": "Task", "Resource": "${Work.Arn}", "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"who.$": "$.name"}}]},
            [("Flow", "Work event"), ("Work@response", "Flow"), ("Flow name", "Flow who")],
            id="what a catch assigns",
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
        ("People", "Flow@history One"),
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


def jsonata(output: str) -> dict[str, Any]:
    return {"One": {"Type": "Pass", "Output": "{% " + output + " %}"}}


@pytest.mark.parametrize(
    ("output", "flows"),
    [
        pytest.param("{'to': $states.input.email, 'b': {'c': $tel}}", [("email", "to"), ("tel", "b.c")], id="an object"),
        pytest.param("$merge([$states.input.user, {'to': $states.input.mail}])", [("user", ""), ("mail", "to")], id="merged"),
        pytest.param("$states.input.orders.{'to': email}", [("orders.email", "to")], id="for each"),
        pytest.param("$map($states.input.orders, function($o, $i) { {'to': $o.email, 'n': $i} })", [("orders[].email", "[].to")], id="a function"),
        pytest.param("($u := $states.input.user; {'to': $u.email})", [("user.email", "to")], id="a variable of its own"),
        pytest.param("'Dear ' & $states.input.name", [("name", "")], id="text"),
        pytest.param("$states.input.orders[paid = true].email", [("orders.email", "")], id="chosen"),
        pytest.param("$states.input.vip ? $states.input.a : $states.input.b", [("a", ""), ("b", "")], id="either"),
        pytest.param("{'n': $count($states.input.orders), 'is': $states.input.name = 'x'}", [], id="numbers and tests"),
        pytest.param("$states.context.Execution.Input.email", [("email", "")], id="the execution's input"),
        pytest.param("$states.input.( ", [], id="no JSONata"),
        pytest.param("$replace($states.input.text, /a$b/i, '$x')", [("text", "")], id="patterns and texts"),
    ],
)  # fmt: skip
def test_what_an_expression_makes(derived: Scan, output: str, flows: list[tuple[str, str]]) -> None:
    found = moved(derived, jsonata(output), QueryLanguage="JSONata")
    assert sorted(found) == sorted((f"Flow {a}", f"Flow {b}".strip()) for a, b in flows)


@given(st.text(alphabet="$ab.()[]{}'\":;,?=~>/^@#|*&-1 \n", max_size=30))
def test_any_expression_is_read_or_refused(text: str) -> None:
    assert parts(text) is None or isinstance(parts(text), tuple)


LOGGED = """
    Resources:
      Log: {{Type: AWS::Logs::LogGroup}}
      Flow:
        Type: AWS::StepFunctions::StateMachine
        Properties:
          StateMachineType: {kind}
          LoggingConfiguration:
            Level: {level}
            IncludeExecutionData: {data}
            Destinations: [{{CloudWatchLogsLogGroup: {{LogGroupArn: !GetAtt Log.Arn}}}}]
          Definition:
            StartAt: One
            States: {{One: {{Type: Pass, Parameters: {{to.$: $.email}}, End: true}}}}
"""


@pytest.mark.parametrize(
    ("kind", "level", "data", "coded"),
    [
        ("EXPRESS", "ALL", "true", ("pii.email",)),
        ("STANDARD", "ALL", "true", ("pii.email",)),
        ("STANDARD", "ALL", "false", ()),
        ("STANDARD", "OFF", "true", ()),
    ],
)
def test_a_machine_logs_what_its_executions_hold(
    derived: Scan, kind: str, level: str, data: str, coded: tuple[str, ...]
) -> None:
    app = derived({"app.yaml": LOGGED.format(kind=kind, level=level, data=data)})
    assert {row.id: row.coded for row in app.every(Row)}["app/Log"] == coded


READING = """
      Reader:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: !GetAtt Role.Arn
          Code: {{ZipFile: "def handler(event, context): return None"}}
      Role:
        Type: AWS::IAM::Role
        Properties:
          Policies: [{{PolicyDocument: {{Statement: {{Effect: Allow, Action: [states:DescribeExecution, states:GetExecutionHistory], Resource: "*"}}}}}}]
"""


@pytest.mark.parametrize(("kind", "potential"), [("STANDARD", ("pii.email",)), ("EXPRESS", ())])
def test_only_standard_machines_have_a_history_to_read(
    derived: Scan, kind: str, potential: tuple[str, ...]
) -> None:
    app = derived({"app.yaml": (LOGGED + READING).format(kind=kind, level="OFF", data="false")})
    assert {row.id: row.potential for row in app.every(Row)}["app/Reader"] == potential


@pytest.mark.parametrize(("level", "certain"), [("ALL", True), ("ERROR", False)])
def test_what_only_failures_log_is_not_certain(
    derived: Scan,
    level: str,
    certain: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    app = derived({"app.yaml": LOGGED.format(kind="STANDARD", level=level, data="true")})
    assert {f.certain for f in app.every(Flow) if f.target.node == "app/Log"} == {certain}
