"""Lambda: functions of every class, layers, aliases, URLs, what invokes them."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.code import code, entry_code, image
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    granted,
    statement,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.destinations import destination
from checkrein.read.cdk.unsynthesized.library.services.iam import BASIC, make_role
from checkrein.read.cdk.unsynthesized.library.services.network import in_vpc
from checkrein.read.cdk.unsynthesized.library.services.sources import add_source
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    imported_as,
    is_unknown,
    items,
    joined,
    last_name,
    mebibytes,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced

FUNCTION = "AWS::Lambda::Function"
OWN_LOGS = "@aws-cdk/aws-lambda:useCdkManagedLogGroup"
IN_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"
XRAY = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
SHAPE = {
    "functionName": "FunctionName",
    "description": "Description",
    "handler": "Handler",
    "runtime": "Runtime",
    "memorySize": "MemorySize",
    "timeout": ("Timeout", seconds),
    "reservedConcurrentExecutions": "ReservedConcurrentExecutions",
    "ephemeralStorageSize": ("EphemeralStorage.Size", mebibytes),
    "architecture": ("Architectures", lambda world, each: [world.value(each)]),
    "layers": "Layers",
    "environment": "Environment.Variables",
    "tracing": "TracingConfig.Mode",
    "logGroup": "LoggingConfig.LogGroup",
    "recursiveLoop": "RecursiveLoop",
}
NODE, PYTHON, IMAGE = (
    "aws_lambda_nodejs.NodejsFunction",
    "aws_lambda_python.PythonFunction",
    "aws_lambda.DockerImageFunction",
)
silent(
    "aws_lambda.CodeSigningConfig", "configureProvisionedConcurrency",
    "addAutoScaling", "scaleOnUtilization", "scaleOnSchedule", "autoScaleProvisionedConcurrency",
    "warnInvokeFunctionPermissions",
)  # fmt: skip


@makes(
    "aws_lambda.Function",
    "aws_lambda.SingletonFunction",
    "aws_cloudfront.experimental.EdgeFunction",
    "triggers.TriggerFunction",
    NODE,
    PYTHON,
    IMAGE,
)
def function(world: World, made: Construct) -> None:
    given = made.given
    properties = shaped(world, given, SHAPE) or {}
    if properties.get("Environment") == {"Variables": {}}:
        del properties["Environment"]
    mode = last_name(prop(given, "tracing"))
    if mode == "DISABLED":
        properties.pop("TracingConfig", None)
    metadata = _code(world, made, properties)
    role = _role(world, made, given)
    if role:
        made.parts["role"] = role
        properties["Role"] = world.attribute(role, "roleArn")
    else:
        properties["Role"] = Open("a role that is not plain")
    vpc = prop(given, "vpc")
    if vpc is not None:
        properties["VpcConfig"] = in_vpc(world, made, given)
    queue = _dead_letters(world, made, given)
    if queue is not None:
        properties["DeadLetterConfig"] = {"TargetArn": queue}
    made.put(FUNCTION, properties, "Resource", Metadata=metadata)
    _add_to(world, made, mode)


def _code(world: World, made: Construct, properties: dict[str, Value]) -> Value:
    """Set a function's code, and return how its image is built, if it is one."""
    if made.kind == IMAGE:
        properties["PackageType"] = "Image"
        properties["Code"], metadata = image(world, prop(made.given, "code"))
        properties.pop("Runtime", None)
        return metadata
    if made.kind in (NODE, PYTHON):
        entry_code(world, made, properties)
    else:
        properties["Code"] = code(world, prop(made.given, "code"))
    return None


def _add_to(world: World, made: Construct, mode: str) -> None:
    """Add what a function has beside itself: rights, logs, what runs it and what it ends in."""
    given, role = made.given, made.parts.get("role")
    if mode == "ACTIVE" and role:
        allow(world, role, {**granted(XRAY, ["*"])})
    if world.flags.get(OWN_LOGS) is True and not _keeps_logs(given):
        _log_group(made)
    rights = prop(given, "initialPolicy")
    for each in items(world, rights, "rights of a function"):
        allow(world, made, statement(world, each))
    if rights is not None and not isinstance(rights, list):
        allow(world, made, Open("rights of a function"))
    for each in items(world, prop(given, "events"), "what a function runs for"):
        add_source(world, made, each)
    _results(world, made, given)


def _keeps_logs(given: Traced) -> bool:
    return any(prop(given, name) is not None for name in ("logGroup", "logRetention"))


def _log_group(made: Construct) -> None:
    """Make the log group that CDK makes for a function where the app asks for that."""
    group = made.child("LogGroup", kind="aws_logs.LogGroup")
    name = joined("/aws/lambda/", made.of())
    group.put(
        "AWS::Logs::LogGroup",
        {"LogGroupName": name, "RetentionInDays": 731},
        "Resource",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
    )
    made.parts["logGroup"] = group


def _role(world: World, made: Construct, given: Traced) -> Construct | None:
    """Return the role that a function is given, or that it has by itself."""
    said = prop(given, "role")
    if said is not None:
        return world.construct(said)
    names = [BASIC]
    if prop(given, "vpc") is not None:
        names.append(IN_VPC)
    return make_role(world, made.child("ServiceRole"), "lambda.amazonaws.com", tuple(names))


def _dead_letters(world: World, made: Construct, given: Traced) -> Value:
    said = prop(given, "deadLetterQueue")
    topic = prop(given, "deadLetterTopic")
    own = world.value(prop(given, "deadLetterQueueEnabled"))
    if said is None and topic is None and is_unknown(own):
        return Open("whether it has a dead-letter queue")
    if said is None and topic is None and own is True:
        queue = made.child("DeadLetterQueue", kind="aws_sqs.Queue")
        queue.put("AWS::SQS::Queue", {"MessageRetentionPeriod": 1209600}, "Resource")
        return queue.of("Arn")
    construct = world.construct(said)
    if construct:
        found = world.attribute(construct, "queueArn")
        allow(world, made, granted(["sqs:SendMessage"], [found]))
        return found
    construct = world.construct(topic)
    if construct:
        found = world.attribute(construct, "topicArn")
        allow(world, made, granted(["sns:Publish"], [found]))
        return found
    return None if said is None and topic is None else Open("a dead-letter target")


@method("configureAsyncInvoke", of=("aws_lambda", "aws_lambda_nodejs", "aws_lambda_python"))
def configure_results(world: World, made: Construct, called: Called) -> None:
    _results(world, made, argument(called, 0))


def _results(world: World, made: Construct, given: Traced) -> None:
    """Make what a function's asynchronous runs end in."""
    found: dict[str, Value] = {}
    for name, to in (("onFailure", "OnFailure"), ("onSuccess", "OnSuccess")):
        said = prop(given, name)
        if said is not None:
            found[to] = {"Destination": destination(world, made, said)}
    retries = world.value(prop(given, "retryAttempts"))
    age = seconds(world, prop(given, "maxEventAge"))
    if not found and retries is None and age is None:
        return
    made.child("EventInvokeConfig").put(
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": made.of(),
            "Qualifier": "$LATEST",
            "DestinationConfig": found or None,
            "MaximumRetryAttempts": retries,
            "MaximumEventAgeInSeconds": age,
        },
        "Resource",
    )


@method("addEnvironment", of=("aws_lambda", "aws_lambda_nodejs", "aws_lambda_python", "triggers"))
def add_environment(world: World, made: Construct, called: Called) -> None:
    name = world.text(argument(called, 0))
    value = world.value(argument(called, 1))
    variables = made.properties.setdefault("Environment", {}).setdefault("Variables", {})
    if isinstance(variables, dict) and name and value is not None:
        if world.condition and world.condition != made.condition:
            value = {"Fn::If": [world.condition, value, {"Ref": "AWS::NoValue"}]}
        variables[name] = value


@method("addLayers")
def add_layers(world: World, made: Construct, called: Called) -> None:
    listed = made.properties.setdefault("Layers", [])
    if isinstance(listed, list):
        listed += [world.value(each) for each in called.arguments]


@makes("aws_lambda.LayerVersion", "aws_lambda_python.PythonLayerVersion")
def layer(world: World, made: Construct) -> None:
    given = made.given
    entry = prop(given, "entry")
    content = code(world, prop(given, "code")) if entry is None else world.value(entry)
    properties = {
        "Content": content,
        "CompatibleRuntimes": world.given(made, "compatibleRuntimes"),
        "CompatibleArchitectures": world.given(made, "compatibleArchitectures"),
        "Description": world.given(made, "description"),
        "LayerName": world.given(made, "layerVersionName"),
    }
    made.put("AWS::Lambda::LayerVersion", properties, "Resource")


@method("aws_lambda.LayerVersion.fromLayerVersionArn")
def imported_layer(world: World, made: Construct, called: Called) -> Value:
    return world.value(imported_as(called))


@method("aws_lambda.LayerVersion.fromLayerVersionAttributes")
def imported_layer_by(world: World, made: Construct, called: Called) -> Value:
    return world.value(prop(imported_as(called), "layerVersionArn"))
