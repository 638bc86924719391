"""Step Functions: state machines, the role and the logs that they have; their states by task only.

What a machine runs is known as far as its role needs it: the order of its states is not told.
"""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.iam import make_role
from checkrein.read.cdk.unsynthesized.library.services.permissions import INVOKE
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    imported_as,
    joined,
    prop,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Unknown

STATES = "states.amazonaws.com"
LOGS = [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
]
XRAY = [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
]
RIGHTS = {
    "grantStartExecution": ["states:StartExecution"],
    "grantStartSyncExecution": ["states:StartSyncExecution"],
}
silent(
    "aws_stepfunctions.Pass", "aws_stepfunctions.Choice", "aws_stepfunctions.Wait",
    "aws_stepfunctions.Succeed", "aws_stepfunctions.Fail", "aws_stepfunctions.Parallel",
    "aws_stepfunctions.Map", "next", "when", "otherwise", "afterwards", "addCatch", "addRetry",
    "iterator", "itemProcessor", "branch",
)  # fmt: skip
TASKS = {
    "LambdaInvoke": ("lambdaFunction", "functionArn", [INVOKE]),
    "SqsSendMessage": ("queue", "queueArn", ["sqs:SendMessage"]),
    "SnsPublish": ("topic", "topicArn", ["sns:Publish"]),
    "DynamoGetItem": ("table", "tableArn", ["dynamodb:GetItem"]),
    "DynamoPutItem": ("table", "tableArn", ["dynamodb:PutItem"]),
    "DynamoUpdateItem": ("table", "tableArn", ["dynamodb:UpdateItem"]),
    "DynamoDeleteItem": ("table", "tableArn", ["dynamodb:DeleteItem"]),
}


@makes(*(f"aws_stepfunctions_tasks.{name}" for name in TASKS))
def task(world: World, made: Construct) -> None:
    """Keep what a task needs: the machine that has it is made later."""
    name, attribute, actions = TASKS[made.kind.rpartition(".")[2]]
    target = world.construct(world.props(made, name))
    place = world.attribute(target, attribute) if target else Open("what a task works on")
    places = [place, joined(place, ":*")] if attribute == "functionArn" else [place]
    made.told["needs"] = granted(actions, places)


@makes("aws_stepfunctions.StateMachine")
def machine(world: World, made: Construct) -> None:
    given = made.given
    said = prop(given, "role")
    role = world.construct(said)
    if role is None:
        role = make_role(world, made.child("Role"), STATES)
    made.parts["role"] = role
    logs = prop(given, "logs")
    group = world.construct(prop(logs, "destination"))
    logging: Value = None
    if logs is not None:
        level, data = world.value(prop(logs, "level")), prop(logs, "includeExecutionData")
        place = world.attribute(group, "logGroupArn") if group else Open("a log group")
        logging = {
            "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": place}}],
            "Level": "ERROR" if level is None else level,
            "IncludeExecutionData": True if data is None else world.value(data),
        }
    traced = world.value(prop(given, "tracingEnabled"))
    made.put(
        "AWS::StepFunctions::StateMachine",
        {
            "StateMachineName": world.value(prop(given, "stateMachineName")),
            "StateMachineType": world.value(prop(given, "stateMachineType")),
            "RoleArn": Open("a role that is not plain")
            if isinstance(said, Unknown)
            else world.attribute(role, "roleArn"),
            "DefinitionString": Open("the states of a machine"),
            "LoggingConfiguration": logging,
            "TracingConfiguration": None if traced is None else {"Enabled": traced},
        },
        "Resource",
    )
    if logs is not None:
        allow(world, role, granted(LOGS, ["*"]))
    if traced is True:
        allow(world, role, granted(XRAY, ["*"]))
    for each in world.constructs.values():
        needs = each.told.get("needs")
        if needs and each.stack is made.stack:  # several machines of a stack: not told apart
            allow(world, role, needs)


@method(*RIGHTS)
def grant(world: World, made: Construct, called: Called) -> None:
    place = world.attribute(made, "stateMachineArn")
    allow(world, argument(called, 0), granted(RIGHTS[called.name], [place]))


@method("aws_stepfunctions.StateMachine.fromStateMachineArn")
def imported(world: World, made: Construct, called: Called) -> Construct:
    made.attributes["stateMachineArn"] = world.value(imported_as(called))
    return made
