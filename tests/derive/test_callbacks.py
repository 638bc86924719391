"""What comes back into state machines that wait for a token's bearer or an activity's worker."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Flow

Scan = Callable[[dict[str, str]], App]

HEAD = """
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              said = {{"email": event["who"]["email"]}}
              boto3.client("stepfunctions").{answer}
  Activity: {{Type: AWS::StepFunctions::Activity, Properties: {{Name: a}}}}
"""
MACHINE = """
  {name}:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/steps
      StateMachineType: EXPRESS
      Definition:
        StartAt: Ask
        States:
          Ask:
            Type: Task
            Resource: {resource}
            Parameters: {{FunctionName: !Ref Work, Payload: {{{token}: $$.Task.Token, "who.$": $.user}}}}
            {shape}
            Catch: [{{ErrorEquals: [States.ALL], ResultPath: $.failed, Next: End}}]
          End: {{Type: Succeed}}
"""
INVOKE = "arn:aws:states:::lambda:invoke"
WAITING = f"{INVOKE}.waitForTaskToken"
SUCCESS = 'send_task_success(taskToken=event["token"], output=json.dumps(said))'
FAILURE = 'send_task_failure(taskToken=event["token"], cause=event["who"]["phone"])'


def machine(
    name: str = "Steps",
    resource: str = WAITING,
    token: str = '"token.$"',
    shape: str = "ResultPath: $.answer",
) -> str:
    return MACHINE.format(name=name, resource=resource, token=token, shape=shape)


def answers(derived: Scan, answer: str, *machines: str) -> list[tuple[str, str, bool]]:
    app = derived({"app.yaml": HEAD.format(answer=answer) + "".join(machines)})
    return [
        (f.source.path, f"{f.target.node.removeprefix('app/')} {f.target.path}".strip(), f.certain)
        for f in app.every(Flow)
        if f.via == "app/Work" and "stepfunctions:SendTask" in f.steps[-1].text
        if f.target.node.startswith("app/S")
    ]


@pytest.mark.parametrize(
    ("answer", "machines", "found"),
    [
        (SUCCESS, [machine()], [("event.who.email", "Steps answer.email", True)]),
        (
            SUCCESS,
            [machine(shape='ResultSelector: {"to.$": $.email}')],
            [("event.who.email", "Steps to", True)],
        ),
        (SUCCESS, [machine(shape="ResultPath: null")], []),
        (SUCCESS, [machine(resource=INVOKE)], []),
        (FAILURE, [machine()], [("event.who.phone", "Steps failed.Cause", True)]),
        (  # only one of two hands the token to the function under the name that it reads
            SUCCESS,
            [machine("Sold"), machine("Sent", token='"other.$"')],
            [("event.who.email", "Sold answer.email", True)],
        ),
        (
            SUCCESS.replace('event["token"]', 'event["stored"]'),
            [machine("Sold"), machine("Sent", token='"other.$"')],
            [
                ("event.who.email", "Sent answer.email", False),
                ("event.who.email", "Sold answer.email", False),
            ],
        ),
    ],
    ids=["path", "selector", "dropped", "not waiting", "failure", "one of two", "any of two"],
)
def test_what_an_answer_brings(
    derived: Scan, answer: str, machines: list[str], found: list[object]
) -> None:
    assert answers(derived, answer, *machines) == found


def test_what_a_waiting_step_invokes_is_not_its_result(derived: Scan) -> None:
    app = derived({"app.yaml": HEAD.format(answer=SUCCESS) + machine()})
    got = [f for f in app.every(Flow) if f.source.node == "app/Work@response"]
    assert not [f for f in got if f.target.node == "app/Steps"]


def test_an_activity_hands_its_work_on(derived: Scan) -> None:
    text = HEAD.format(answer=SUCCESS) + machine(resource="!Ref Activity")
    app = derived({"app.yaml": text})
    found = {
        (f.source.path, f.target.path) for f in app.every(Flow) if f.target.node == "app/Activity"
    }
    back = [f for f in app.every(Flow) if f.via == "app/Work" and f.target.node == "app/Steps"]
    assert found == {("user", "Payload.who")}
    assert [f.target.path for f in back] == ["answer.email"]
