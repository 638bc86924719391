"""Where failures and results of functions go."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    granted,
)
from checkrein.read.cdk.unsynthesized.library.services.permissions import INVOKE
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Traced

DESTINATIONS = {
    "SqsDestination": (
        "queueArn", ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
    ),
    "SnsDestination": ("topicArn", ["sns:Publish"]),
    "LambdaDestination": ("functionArn", [INVOKE]),
    "EventBridgeDestination": ("eventBusArn", ["events:PutEvents"]),
    "S3Destination": ("bucketArn", ["s3:PutObject*"]),
}  # fmt: skip


def destination(world: World, made: Construct, traced: Traced) -> Value:
    """Return the ARN that failures or results go to, and let the function write there."""
    kind = getattr(traced, "kind", "").rpartition(".")[2].replace("Dlq", "Destination")
    kind = {"SqsDlq": "SqsDestination", "SnsDlq": "SnsDestination"}.get(kind, kind)
    target = world.construct(argument(traced, 0)) if kind in DESTINATIONS else None
    if target is None:
        return Open("a destination that is not plain")
    name, actions = DESTINATIONS[kind]
    found = world.attribute(target, name)
    allow(world, made, granted(actions, [found]))
    return found
