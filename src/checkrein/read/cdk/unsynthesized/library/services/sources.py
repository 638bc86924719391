"""What functions poll: queues, streams, and what else is mapped to them."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.services.destinations import destination
from checkrein.read.cdk.unsynthesized.library.services.messages import subscribe_function
from checkrein.read.cdk.unsynthesized.library.services.notifications import notify
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import argument, prop, seconds, shaped
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

MAPPING = "AWS::Lambda::EventSourceMapping"
CONSUMES = [
    "sqs:ReceiveMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueUrl",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
]
READS_STREAM = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
]
READS_KINESIS = [
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:SubscribeToShard",
    "kinesis:DescribeStream",
    "kinesis:ListStreams",
    "kinesis:DescribeStreamConsumer",
]
SHAPE = {
    "batchSize": "BatchSize",
    "enabled": "Enabled",
    "startingPosition": "StartingPosition",
    "bisectBatchOnError": "BisectBatchOnFunctionError",
    "maxBatchingWindow": ("MaximumBatchingWindowInSeconds", seconds),
    "maxRecordAge": ("MaximumRecordAgeInSeconds", seconds),
    "retryAttempts": "MaximumRetryAttempts",
    "parallelizationFactor": "ParallelizationFactor",
    "maxConcurrency": "ScalingConfig.MaximumConcurrency",
    "tumblingWindow": ("TumblingWindowInSeconds", seconds),
}


@method("addEventSource")
def add_event_source(world: World, made: Construct, called: Called) -> None:
    add_source(world, made, argument(called, 0))


def add_source(world: World, made: Construct, traced: Traced) -> None:
    """Have a function run for what a source holds."""
    if not isinstance(traced, New):
        world.note("an event source", world.at)
        return
    kind = traced.kind.rpartition(".")[2]
    source = world.construct(argument(traced, 0))
    given = argument(traced, 1)
    if kind in ("S3EventSource", "S3EventSourceV2", "SnsEventSource"):
        _pushed(world, made, kind, source, given)
    elif kind == "ApiEventSource":
        world.note(traced.kind, traced.place)
    elif source is None:
        _map(world, made, kind, Open(f"the source of {kind}"), given)
    elif kind == "SqsEventSource":
        queue = world.attribute(source, "queueArn")
        _map(world, made, f"SqsEventSource:{source.path[-1]}", queue, given)
        allow(world, made, granted(CONSUMES, [queue]))
    elif kind == "DynamoEventSource":
        stream = world.attribute(source, "tableStreamArn")
        _map(world, made, f"DynamoDBEventSource:{source.path[-1]}", stream, given)
        allow(world, made, granted(["dynamodb:ListStreams"], ["*"]))
        allow(world, made, granted(READS_STREAM, [stream]))
    elif kind == "KinesisEventSource":
        stream = world.attribute(source, "streamArn")
        _map(world, made, f"KinesisEventSource:{source.path[-1]}", stream, given)
        allow(world, made, granted(READS_KINESIS, [stream]))
    else:
        world.note(traced.kind, traced.place)


def _pushed(
    world: World, made: Construct, kind: str, source: Construct | None, given: Traced
) -> None:
    if source is None:
        return
    if kind == "SnsEventSource":
        subscribe_function(world, source, made, given)
        return
    filters = prop(given, "filters")
    for event in prop(given, "events") or ():
        notify(world, source, world.value(event), made, "function", filters or [])


def _map(world: World, made: Construct, id: str, source: Value, given: Traced) -> None:
    properties = shaped(world, given, SHAPE) or {}
    if prop(given, "reportBatchItemFailures") is True:
        properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    filters = prop(given, "filters")
    if filters is not None:
        properties["FilterCriteria"] = {"Filters": world.value(filters)}
    failure = prop(given, "onFailure")
    if failure is not None:
        end = destination(world, made, failure)
        properties["DestinationConfig"] = {"OnFailure": {"Destination": end}}
    target = made.of() if made.key else world.attribute(made, "functionArn")
    mapping = made.child(id, place=world.at)
    mapping.condition = world.condition
    mapping.put(
        MAPPING, {"EventSourceArn": source, "FunctionName": target, **properties}, "Resource"
    )


@makes("aws_lambda.EventSourceMapping")
def mapping(world: World, made: Construct) -> None:
    target = world.construct(world.props(made, "target"))
    properties = shaped(world, made.given, SHAPE) or {}
    properties["EventSourceArn"] = world.given(made, "eventSourceArn")
    properties["FunctionName"] = target.of() if target and target.key else Open("a function")
    made.put(MAPPING, properties, "Resource")


@method("addEventSourceMapping")
def add_mapping(world: World, made: Construct, called: Called) -> None:
    given = argument(called, 1)
    source = world.value(prop(given, "eventSourceArn"))
    _map(world, made, world.text(argument(called, 0)), source, given)
