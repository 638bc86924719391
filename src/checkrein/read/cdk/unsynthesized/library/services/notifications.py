"""What a bucket tells others of its objects."""

from __future__ import annotations

from checkrein.model.values import Symbol, Value
from checkrein.read.cdk.unsynthesized.library.registry import method
from checkrein.read.cdk.unsynthesized.library.services.messages import let_service
from checkrein.read.cdk.unsynthesized.library.services.permissions import permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    prop,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced


@method("addEventNotification", "addObjectCreatedNotification", "addObjectRemovedNotification")
def add_notification(world: World, made: Construct, called: Called) -> None:
    given = list(called.arguments)
    event: Value = {
        "addObjectCreatedNotification": "s3:ObjectCreated:*",
        "addObjectRemovedNotification": "s3:ObjectRemoved:*",
    }.get(called.name, "")
    if not event:
        event = world.value(given.pop(0))
    target = given[0] if given else None
    kind = getattr(target, "kind", "").rpartition(".")[2]
    which = {"LambdaDestination": "function", "SqsDestination": "queue", "SnsDestination": "topic"}
    end = None
    if isinstance(target, New) and kind in which:
        end = world.construct(argument(target, 0))
    if end is None:
        world.note("a notification's destination", called.place)
        return
    notify(world, made, event, end, which[kind], given[1:])


WHERE = {
    "function": ("LambdaFunctionConfigurations", "LambdaFunctionArn", "functionArn"),
    "queue": ("QueueConfigurations", "QueueArn", "queueArn"),
    "topic": ("TopicConfigurations", "TopicArn", "topicArn"),
}


def notify(
    world: World, made: Construct, event: Value, end: Construct, which: str, filters: list[Traced]
) -> None:
    """Have a bucket tell a target of an event, by the custom resource that CDK makes for it."""
    section, name, attribute = WHERE[which]
    rules = []
    for each in filters:
        for key in ("prefix", "suffix"):
            said = world.value(prop(each, key))
            if said is not None:
                rules.append({"Name": key, "Value": said})
    found: dict[str, Value] = {"Events": [event], name: world.attribute(end, attribute)}
    if rules:
        found["Filter"] = {"Key": {"FilterRules": rules}}
    custom = made.parts.get("notifications")
    if custom is None:
        custom = made.child("Notifications", kind="Notifications")
        bucket = world.attribute(made, "bucketName")
        properties = {
            "BucketName": bucket,
            "NotificationConfiguration": {},
            "Managed": bool(made.key),
        }
        custom.put("Custom::S3BucketNotifications", properties, "Resource")
        made.parts["notifications"] = custom
    custom.properties["NotificationConfiguration"].setdefault(section, []).append(found)
    place = world.attribute(made, "bucketArn")
    if which == "function":
        id = f"AllowBucketNotificationsTo{'/'.join(end.path)}"
        permit(end, made, id, "s3.amazonaws.com", place, Symbol("@aws", "AccountId"))
    elif end.key:
        let_service(world, end, "s3.amazonaws.com", place)
