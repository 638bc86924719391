"""What hands data on without code: pipes, rules of IoT, filters of logs; and calls of AWS."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    document,
    granted,
    statement,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.services.iam import make_role
from checkrein.read.cdk.unsynthesized.library.services.permissions import INVOKE, permit
from checkrein.read.cdk.unsynthesized.library.services.sources import (
    CONSUMES,
    READS_KINESIS,
    READS_STREAM,
)
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    items,
    prop,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

Ends = dict[str, tuple[str, list[str]]]  # class -> the attribute that it names, what it may do
SOURCES: Ends = {
    "SqsSource": ("queueArn", CONSUMES),
    "DynamoDBSource": ("tableStreamArn", READS_STREAM),
    "KinesisSource": ("streamArn", READS_KINESIS),
}
TARGETS: Ends = {
    "LambdaFunction": ("functionArn", [INVOKE]),
    "SfnStateMachine": ("stateMachineArn", ["states:StartExecution"]),
    "SqsTarget": ("queueArn", ["sqs:SendMessage"]),
    "SnsTarget": ("topicArn", ["sns:Publish"]),
    "EventBridgeTarget": ("eventBusArn", ["events:PutEvents"]),
    "KinesisTarget": ("streamArn", ["kinesis:PutRecord", "kinesis:PutRecords"]),
    "CloudWatchLogsTarget": ("logGroupArn", ["logs:CreateLogStream", "logs:PutLogEvents"]),
    "LambdaEnrichment": ("functionArn", [INVOKE]),
    "StepFunctionsEnrichment": ("stateMachineArn", ["states:StartSyncExecution"]),
}


@makes("aws_pipes.Pipe")
def pipe(world: World, made: Construct) -> None:
    given = made.given
    said = prop(given, "role")
    role = world.construct(said)
    if said is None:
        role = make_role(world, made.child("PipeRole"), "pipes.amazonaws.com")
    if role:
        made.parts["role"] = role
    filtered = prop(given, "filter")
    enriched = prop(given, "enrichment")
    made.put(
        "AWS::Pipes::Pipe",
        {
            "Name": world.value(prop(given, "pipeName")),
            "RoleArn": world.attribute(role, "roleArn") if role else Open("a role"),
            "Source": _end(world, made, prop(given, "source"), SOURCES),
            "SourceParameters": None if filtered is None else Open("a filter"),
            "Enrichment": None if enriched is None else _end(world, made, enriched, TARGETS),
            "Target": _end(world, made, prop(given, "target"), TARGETS),
            "DesiredState": world.value(prop(given, "desiredState")),
        },
        "Resource",
    )


def _end(world: World, made: Construct, traced: Traced, ends: Ends) -> Value:
    """Return the ARN of an end of a pipe, and let the pipe's role do what it does there."""
    kind = traced.kind.rpartition(".")[2] if isinstance(traced, New) else ""
    end = world.construct(argument(traced, 0)) if kind in ends else None
    if end is None:
        return Open(f"an end of a pipe: {kind or 'one that is not plain'}")
    name, actions = ends[kind]
    found = world.attribute(end, name)
    if "role" in made.parts:
        allow(world, made.parts["role"], granted(list(actions), [found]))
    return found


# ------------------------------------------------------------------------------ IoT

IOT = "iot.amazonaws.com"


@makes("aws_iot.TopicRule")
def topic_rule(world: World, made: Construct) -> None:
    given = made.given
    sql = prop(given, "sql")
    enabled = world.value(prop(given, "enabled"))
    actions = items(world, prop(given, "actions"), "actions of a TopicRule")
    made.put(
        "AWS::IoT::TopicRule",
        {
            "RuleName": world.value(prop(given, "topicRuleName")),
            "TopicRulePayload": {
                "Sql": world.value(argument(sql, 0)) if isinstance(sql, Called) else Open("SQL"),
                "RuleDisabled": enabled if isinstance(enabled, Open) else enabled is False,
                "Actions": [],
            },
        },
        "Resource",
    )
    listed = made.properties["TopicRulePayload"]["Actions"]
    listed += [_action(world, made, each) for each in actions]


@method("addAction", of=("aws_iot",))
def add_action(world: World, made: Construct, called: Called) -> None:
    listed = made.properties["TopicRulePayload"]["Actions"]
    listed.append(_action(world, made, argument(called, 0)))


def _action(world: World, made: Construct, traced: Traced) -> Value:
    kind = traced.kind.rpartition(".")[2] if isinstance(traced, New) else ""
    end = world.construct(argument(traced, 0)) if isinstance(traced, New) else None
    if kind == "LambdaFunctionAction" and end:
        permit(end, made, f"{end.path[-1]}LambdaFunctionAction", IOT, made.of("Arn"))
        return {"Lambda": {"FunctionArn": world.attribute(end, "functionArn")}}
    if kind == "SqsQueueAction" and end:
        role = _let(world, made, end, "queueArn", "sqs:SendMessage")
        return {"Sqs": {"QueueUrl": world.attribute(end, "queueUrl"), "RoleArn": role}}
    if kind == "SnsTopicAction" and end:
        role = _let(world, made, end, "topicArn", "sns:Publish")
        return {"Sns": {"TargetArn": world.attribute(end, "topicArn"), "RoleArn": role}}
    return Open(f"an action of a rule: {kind or 'one that is not plain'}")


def _let(world: World, made: Construct, end: Construct, name: str, action: str) -> Value:
    role = made.parts.get("role")
    if role is None:
        role = made.parts["role"] = make_role(world, made.child("TopicRuleActionRole"), IOT)
    allow(world, role, granted([action], [world.attribute(end, name)]))
    return role.of("Arn")


# ------------------------------------------------------------------------------ logs


@makes("aws_logs.SubscriptionFilter")
def log_filter(world: World, made: Construct) -> None:
    _filter(world, made, world.construct(world.props(made, "logGroup")), made.given)


@method("addSubscriptionFilter", of=("aws_logs",))
def add_filter(world: World, made: Construct, called: Called) -> None:
    found = made.child(world.text(argument(called, 0)), kind="aws_logs.SubscriptionFilter")
    found.place = called.place
    _filter(world, found, made, argument(called, 1))


def _filter(world: World, made: Construct, group: Construct | None, given: Traced) -> None:
    to = prop(given, "destination")
    kind = to.kind.rpartition(".")[2] if isinstance(to, New) else ""
    end = world.construct(argument(to, 0)) if isinstance(to, New) else None
    names = {"LambdaDestination": "functionArn", "KinesisDestination": "streamArn"}
    known = end is not None and kind in names
    made.put(
        "AWS::Logs::SubscriptionFilter",
        {
            "LogGroupName": world.attribute(group, "logGroupName") if group else Open("logs"),
            "FilterPattern": Open("a pattern"),
            "DestinationArn": world.attribute(end, names[kind])
            if end is not None and known
            else Open("where logs go"),
        },
        "Resource",
    )
    if end is not None and group and kind == "LambdaDestination":
        source = world.attribute(group, "logGroupArn")
        permit(end, made, "CanInvokeLambda", "logs.amazonaws.com", source)


# ------------------------------------------------------------------------------ custom resources


@makes("custom_resources.AwsCustomResource")
def aws_call(world: World, made: Construct) -> None:
    """Make what calls AWS while a stack is deployed, and the rights that it has for that."""
    given = made.given
    statements = _statements(world, given)
    made.put("Custom::AWS", {"ServiceToken": Open("CDK's own function")}, "Resource")
    made.told["identity"] = False
    policy = made.child("CustomResourcePolicy", kind="aws_iam.Policy")
    role = world.construct(prop(given, "role"))
    policy.put(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": document(statements),
            "Roles": [role.of() if role and role.key else Open("the role of CDK's own function")],
        },
        "Resource",
    )
    policy.properties["PolicyName"] = policy.key.rpartition("|")[2]


def _statements(world: World, given: Traced) -> list[Value]:
    said = prop(given, "policy")
    if isinstance(said, Called) and said.name == "fromStatements":
        return [statement(world, each) for each in items(world, argument(said, 0), "statements")]
    if said is not None and not (isinstance(said, Called) and said.name == "fromSdkCalls"):
        return [Open("rights of a custom resource")]
    resources = prop(argument(said, 0), "resources") if isinstance(said, Called) else ["*"]
    places = _places(world, resources)
    found: list[Value] = []
    for name in ("onCreate", "onUpdate", "onDelete"):
        call = prop(given, name)
        if call is not None:
            action = _action_name(world.value(prop(call, "service")), prop(call, "action"))
            stated = {**granted([], places), "Action": action}
            found += [] if stated in found else [stated]
    return found


def _places(world: World, traced: Traced) -> list[Value]:
    if isinstance(traced, list):
        return [world.value(each) for each in traced]
    name = getattr(traced, "name", "")
    return ["*"] if name.endswith("ANY_RESOURCE") else [Open("what a call works on")]


def _action_name(service: Value, action: Traced) -> Value:
    if not isinstance(service, str) or not isinstance(action, str):
        return Open("what is called")
    name = service.lower().removeprefix("@aws-sdk/client-").replace("-", "")
    verb = action.removesuffix("Command")
    return f"{OWN_PREFIX.get(name, name)}:{verb[:1].upper()}{verb[1:]}"


OWN_PREFIX = {"cognitoidentityserviceprovider": "cognito-idp", "cognitoidentityprovider":
              "cognito-idp", "cloudwatchlogs": "logs", "eventbridge": "events",
              "cognitoidentity": "cognito-identity", "sesv2": "ses", "apigatewayv2": "apigateway",
              "stepfunctions": "states", "sfn": "states"}  # fmt: skip
