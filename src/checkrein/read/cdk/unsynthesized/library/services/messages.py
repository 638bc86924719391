"""SQS and SNS: queues, topics, subscriptions, and rights to them; streams of Kinesis too."""

from __future__ import annotations

from checkrein.model.values import SPECIAL, Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    document,
    granted,
    resource_statement,
    statement,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.core import kept
from checkrein.read.cdk.unsynthesized.library.services.permissions import permit
from checkrein.read.cdk.unsynthesized.library.services.secrets import key_arn, let_key
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    imported_as,
    is_unknown,
    last_name,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

QUEUE = {
    "queueName": "QueueName",
    "visibilityTimeout": ("VisibilityTimeout", seconds),
    "retentionPeriod": ("MessageRetentionPeriod", seconds),
    "deliveryDelay": ("DelaySeconds", seconds),
    "receiveMessageWaitTime": ("ReceiveMessageWaitTimeSeconds", seconds),
    "maxMessageSizeBytes": "MaximumMessageSize",
    "contentBasedDeduplication": "ContentBasedDeduplication",
}
ENCRYPTED: dict[str, dict[str, Value]] = {
    "KMS_MANAGED": {"KmsMasterKeyId": "alias/aws/sqs"},
    "SQS_MANAGED": {"SqsManagedSseEnabled": True},
    "UNENCRYPTED": {"SqsManagedSseEnabled": False},
}
ON_QUEUE = {
    "grantSendMessages": ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
    "grantConsumeMessages": [
        "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueUrl",
        "sqs:DeleteMessage", "sqs:GetQueueAttributes",
    ],
    "grantPurge": ["sqs:PurgeQueue", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
}  # fmt: skip
silent("addReadOnlyAccess")


@makes("aws_sqs.Queue")
def queue(world: World, made: Construct) -> None:
    given = made.given
    properties = shaped(world, given, QUEUE) or {}
    name = properties.get("QueueName")
    ordered = world.value(prop(given, "fifo"))
    if isinstance(name, str) and name.endswith(".fifo"):
        ordered = True
    if ordered is True or is_unknown(ordered):
        properties["FifoQueue"] = ordered
    dead = prop(given, "deadLetterQueue")
    if dead is not None:
        target = world.construct(prop(dead, "queue"))
        properties["RedrivePolicy"] = {
            "deadLetterTargetArn": world.attribute(target, "queueArn")
            if target
            else Open("a queue"),
            "maxReceiveCount": world.value(prop(dead, "maxReceiveCount")),
        }
    properties |= _encrypted(world, made, given)
    made.put("AWS::SQS::Queue", properties, "Resource", **kept(world, made, "Delete"))
    secure = prop(given, "enforceSSL")
    if isinstance(world.value(secure), SPECIAL):
        add_statement(made, Open("whether only TLS is let in"))
    elif secure is True:
        add_statement(made, {
            "Action": "sqs:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            "Effect": "Deny", "Principal": {"AWS": "*"}, "Resource": made.of("Arn"),
        })  # fmt: skip


def _encrypted(world: World, made: Construct, given: Traced) -> dict[str, Value]:
    key, said = prop(given, "encryptionMasterKey"), prop(given, "encryption")
    if key is not None:
        made.told["key"] = world.construct(key)
        return {"KmsMasterKeyId": key_arn(world, key)}
    if said is None:
        return {}
    return ENCRYPTED.get(last_name(said), {"KmsMasterKeyId": Open("how it is encrypted")})


def add_statement(made: Construct, stated: Value) -> None:
    """Write a statement into a queue's or topic's policy, which is made for the first."""
    if not made.key:
        return
    policy = made.parts.get("policy")
    if policy is None:
        policy = made.child("Policy", kind="policy")
        queue = made.kind.startswith("aws_sqs")
        type = "AWS::SQS::QueuePolicy" if queue else "AWS::SNS::TopicPolicy"
        of = {"Queues": [made.of()]} if queue else {"Topics": [made.of()]}
        policy.put(type, {"PolicyDocument": document([]), **of}, "Resource")
        made.parts["policy"] = policy
    policy.properties["PolicyDocument"]["Statement"].append(stated)


def let_service(world: World, made: Construct, service: str, source: Value) -> None:
    """Let a service write to a queue or topic for one source."""
    is_queue = made.kind.startswith("aws_sqs")
    actions = ON_QUEUE["grantSendMessages"] if is_queue else ["sns:Publish"]
    add_statement(
        made,
        {
            "Action": list(actions) if is_queue else "sns:Publish",
            "Condition": {"ArnLike": {"aws:SourceArn": source}},
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Resource": world.attribute(made, "queueArn" if is_queue else "topicArn"),
        },
    )


@method("addToResourcePolicy", of=("aws_sqs", "aws_sns"))
def add_to_policy(world: World, made: Construct, called: Called) -> None:
    add_statement(made, statement(world, argument(called, 0)))


@method(*ON_QUEUE, of=("aws_sqs",))
def grant_queue(world: World, made: Construct, called: Called) -> None:
    actions = list(ON_QUEUE[called.name])
    _grant(world, made, argument(called, 0), actions, world.attribute(made, "queueArn"))
    on_key = ["kms:Decrypt"]
    if called.name == "grantSendMessages":
        on_key += ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
    let_key(world, made, argument(called, 0), on_key)


@method("grant", of=("aws_sqs", "aws_sns"))
def grant_some(world: World, made: Construct, called: Called) -> None:
    name = "queueArn" if made.kind.startswith("aws_sqs") else "topicArn"
    actions = [world.text(each) for each in called.arguments[1:]]
    _grant(world, made, argument(called, 0), actions, world.attribute(made, name))


def _grant(
    world: World, made: Construct, grantee: Traced, actions: list[str], place: Value
) -> None:
    if not allow(world, grantee, granted(actions, [place])) and isinstance(grantee, New):
        add_statement(made, resource_statement(world, grantee, actions, [place]))


@makes("aws_sns.Topic")
def topic(world: World, made: Construct) -> None:
    given = made.given
    key = prop(given, "masterKey")
    if key is not None:
        made.told["key"] = world.construct(key)
    made.put(
        "AWS::SNS::Topic",
        {
            "TopicName": world.value(prop(given, "topicName")),
            "DisplayName": world.value(prop(given, "displayName")),
            "FifoTopic": world.value(prop(given, "fifo")),
            "ContentBasedDeduplication": world.value(prop(given, "contentBasedDeduplication")),
            "KmsMasterKeyId": None if key is None else key_arn(world, key),
        },
        "Resource",
    )


@method("grantPublish", "grantSubscribe")
def grant_topic(world: World, made: Construct, called: Called) -> None:
    actions = ["sns:Publish"] if called.name == "grantPublish" else ["sns:Subscribe"]
    _grant(world, made, argument(called, 0), actions, world.attribute(made, "topicArn"))
    let_key(world, made, argument(called, 0), ["kms:Decrypt", "kms:GenerateDataKey*"])


PROTOCOLS = {"EmailSubscription": "email", "UrlSubscription": "https", "SmsSubscription": "sms"}


@method("addSubscription", of=("aws_sns",))
def add_subscription(world: World, made: Construct, called: Called) -> None:
    target = argument(called, 0)
    kind = getattr(target, "kind", "").rpartition(".")[2]
    end = world.construct(argument(target, 0)) if isinstance(target, New) else None
    given = argument(target, 1) if isinstance(target, New) else None
    if kind == "LambdaSubscription" and end:
        subscribe_function(world, made, end, given)
    elif kind == "SqsSubscription" and end:
        properties = {"Protocol": "sqs", "Endpoint": world.attribute(end, "queueArn")}
        raw = world.value(prop(given, "rawMessageDelivery"))
        _subscribe(world, made, end, {**properties, "RawMessageDelivery": raw}, given)
        add_statement(end, {
            "Action": "sqs:SendMessage",
            "Condition": {"ArnEquals": {"aws:SourceArn": world.attribute(made, "topicArn")}},
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
            "Resource": world.attribute(end, "queueArn"),
        })  # fmt: skip
    elif kind in PROTOCOLS:
        name = world.text(argument(target, 0))
        scope = made.child(name or "TokenSubscription:1", place=called.place)
        end_point = world.value(argument(target, 0))
        scope.put(
            "AWS::SNS::Subscription",
            {
                "Protocol": PROTOCOLS[kind],
                "Endpoint": end_point,
                "TopicArn": world.attribute(made, "topicArn"),
            },
            "Resource",
        )
    else:
        world.note(f"a subscription of {kind or 'a topic'}", called.place)


def subscribe_function(world: World, made: Construct, end: Construct, given: Traced) -> None:
    """Have a topic run a function."""
    properties = {"Protocol": "lambda", "Endpoint": world.attribute(end, "functionArn")}
    _subscribe(world, made, end, properties, given)
    place = world.attribute(made, "topicArn")
    permit(end, end, f"AllowInvoke:{'/'.join(made.path)}", "sns.amazonaws.com", place)


def _subscribe(
    world: World, made: Construct, end: Construct, properties: dict[str, Value], given: Traced
) -> None:
    policy = prop(given, "filterPolicy")
    if policy is not None:
        properties["FilterPolicy"] = Open("a filter of messages")
    properties["TopicArn"] = world.attribute(made, "topicArn")
    end.child("/".join(made.path) or "Topic", place=world.at).put(
        "AWS::SNS::Subscription", properties, "Resource"
    )


@makes("aws_sns.Subscription")
def subscription(world: World, made: Construct) -> None:
    topic = world.construct(world.props(made, "topic"))
    protocol = last_name(world.props(made, "protocol")).lower().replace("_", "-")
    made.put(
        "AWS::SNS::Subscription",
        {
            "Endpoint": world.given(made, "endpoint"),
            "Protocol": protocol or Open("a protocol"),
            "TopicArn": world.attribute(topic, "topicArn") if topic else Open("a topic"),
        },
        "Resource",
    )


@method(
    "aws_sqs.Queue.fromQueueArn",
    "aws_sqs.Queue.fromQueueAttributes",
    "aws_sns.Topic.fromTopicArn",
    "aws_kinesis.Stream.fromStreamArn",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    place = world.value(prop(told, "queueArn") if called.name == "fromQueueAttributes" else told)
    name = place.rpartition(":")[2] if isinstance(place, str) else Open("an imported name")
    which = {"Queue": "queue", "Topic": "topic", "Stream": "stream"}[made.kind.rpartition(".")[2]]
    made.attributes |= {f"{which}Arn": place, f"{which}Name": name}
    if which == "queue":
        made.attributes["queueUrl"] = Open("an imported queue's URL")
    return made


# ------------------------------------------------------------------------------ streams

READS = [
    "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator",
    "kinesis:ListShards", "kinesis:SubscribeToShard", "kinesis:DescribeStream",
    "kinesis:ListStreams", "kinesis:DescribeStreamConsumer",
]  # fmt: skip
WRITES = ["kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords"]


@makes("aws_kinesis.Stream")
def stream(world: World, made: Construct) -> None:
    given = made.given
    mode = world.value(prop(given, "streamMode"))
    word, key = last_name(prop(given, "encryption")), prop(given, "encryptionKey")
    encrypted: Value = {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
    if key is not None:
        encrypted = {"EncryptionType": "KMS", "KeyId": key_arn(world, key)}
    elif word == "UNENCRYPTED":
        encrypted = None
    elif isinstance(world.value(prop(given, "encryption")), SPECIAL):
        encrypted = Open("how it is encrypted")
    made.put(
        "AWS::Kinesis::Stream",
        {
            "Name": world.value(prop(given, "streamName")),
            "ShardCount": world.value(prop(given, "shardCount"))
            or (None if mode == "ON_DEMAND" else 1),
            "StreamModeDetails": {"StreamMode": mode} if mode else None,
            "StreamEncryption": encrypted,
        },
        "Resource",
    )


@method("grantRead", "grantWrite", "grantReadWrite", of=("aws_kinesis",))
def grant_stream(world: World, made: Construct, called: Called) -> None:
    actions = {"grantRead": READS, "grantWrite": WRITES}.get(called.name)
    found = actions or list(dict.fromkeys([*READS, *WRITES]))
    allow(world, argument(called, 0), granted(list(found), [world.attribute(made, "streamArn")]))
