"""Events that Lambda fetches itself: streams, queues, Kafka topics and message brokers."""

from __future__ import annotations

import json
from typing import Any

from checkrein.model.values import Undecided, Value
from checkrein.model.values import plain as plain_json
from checkrein.read.serverless.document import Document
from checkrein.read.serverless.functions import Deployed, role_id, uses
from checkrein.read.serverless.naming import capital, letters, normalised
from checkrein.read.serverless.parts import Part, word

MAPPING = "AWS::Lambda::EventSourceMapping"
FILTERS = "filterPatterns"
COMMON = {  # property by the setting that becomes it as it is
    "batchSize": "BatchSize",
    "enabled": "Enabled",
    "maximumBatchingWindow": "MaximumBatchingWindowInSeconds",
}
OF_STREAMS = {
    "parallelizationFactor": "ParallelizationFactor",
    "batchWindow": "MaximumBatchingWindowInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
    "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
    "tumblingWindowInSeconds": "TumblingWindowInSeconds",
    "startingPositionTimestamp": "StartingPositionTimestamp",
}
FROM_TABLES = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"]
SHARED = ["GetRecords", "GetShardIterator", "DescribeStreamSummary", "ListShards"]
NETWORK = {
    "Effect": "Allow",
    "Action": [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcs",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ],
    "Resource": "*",
}
KAFKA_ACCESS = {  # type, what stands before the value, and whether it is a secret
    "vpcSubnet": ("VPC_SUBNET", "subnet:"),
    "vpcSecurityGroup": ("VPC_SECURITY_GROUP", "security_group:"),
    "saslPlainAuth": ("BASIC_AUTH", ""),
    "saslScram256Auth": ("SASL_SCRAM_256_AUTH", ""),
    "saslScram512Auth": ("SASL_SCRAM_512_AUTH", ""),
    "clientCertificateTlsAuth": ("CLIENT_CERTIFICATE_TLS_AUTH", ""),
    "serverRootCaCertificate": ("SERVER_ROOT_CA_CERTIFICATE", ""),
}


def as_json(value: Value) -> Value:
    """Return a value as the text of it in JSON."""
    try:
        return json.dumps(plain_json(value), separators=(",", ":"), ensure_ascii=False)
    except Undecided:
        return {"Fn::ToJsonString": value}


def source_of(event: Part) -> Part:
    """Return the ARN of what an event comes from."""
    return event["arn"] if event.is_map and "arn" in event.value else event


def source_name(source: Part, sign: str, position: int) -> str:
    """Return what the framework calls a source: its logical id, export's name, or last words."""
    if source.is_map:
        for key in ("Fn::GetAtt", "Fn::ImportValue", "Ref"):
            if key in source.value:
                found = source[key][0] if isinstance(source[key].value, list) else source[key]
                return word(found.value)
        listed = source["Fn::Join"][1].value
        last = word(listed[-1]) if isinstance(listed, list) and listed else ""
        return last.split("/")[-1].split(":")[-1] or word(source.value).split(sign)[-1]
    parts = word(source.value).split(sign)
    return parts[position] if position < len(parts) else parts[-1]


def mapping(
    document: Document, function: Deployed, id: str, properties: dict[str, Any], event: Part
) -> None:
    """Add an event source mapping with its filters."""
    patterns = event[FILTERS] if event.is_map else None
    filters = [
        {"Pattern": Part(as_json(pattern.value), pattern.path)} for pattern in patterns or ()
    ]
    role = role_id(document, function)
    document.put(
        id, MAPPING,
        {
            "FunctionName": function.target,
            **properties,
            "FilterCriteria": {"Filters": filters} if filters else None,
        },
        event, DependsOn=[each for each in (role, function.alias_id) if each],
    )  # fmt: skip


def settings(event: Part, names: dict[str, str]) -> dict[str, Any]:
    """Return the settings of an event that are properties as they are."""
    found = {name: event[key] for key, name in names.items() if event.is_map}
    if event.is_map and event["functionResponseType"]:
        found["FunctionResponseTypes"] = Part(
            [event["functionResponseType"].value], event["functionResponseType"].path
        )
    return found


def add_streams(document: Document, functions: list[Deployed]) -> None:
    """Add what reads streams of tables and of Kinesis, and the rights to."""
    for function, event, _, _ in uses(functions, "stream"):
        source = source_of(event)
        name = source_name(source, "/", 1)
        kind = event["type"].word if event.is_map else ""
        kind = kind or [*word(source.value).split(":"), "", "", ""][2]
        if kind not in ("dynamodb", "kinesis"):
            reason = f"whether {source.value} is a stream of DynamoDB or Kinesis cannot be told"
            document.lose(reason, "the right to read it may be missing", event)
        consumed = event["consumer"] if event.is_map and kind == "kinesis" else None
        where = _consumer(document, function, event, name) if consumed else source
        mapping(
            document, function,
            f"{function.normalised}EventSourceMapping{capital(kind)}{letters(name)}",
            {
                "BatchSize": 10,
                "Enabled": True,
                "StartingPosition": (event.is_map and event["startingPosition"]) or "TRIM_HORIZON",
                "EventSourceArn": where,
                **_given(settings(event, {**COMMON, **OF_STREAMS})),
                "DestinationConfig": _on_failure(document, event),
            },
            event,
        )  # fmt: skip
        _let_read(document, kind, source, where if consumed else None)


def _given(found: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in found.items() if not part.is_absent}


def _consumer(document: Document, function: Deployed, event: Part, stream: str) -> Any:
    if event["consumer"].value is not True:
        return event["consumer"]
    service, stage = word(document.name), word(document.stage)
    named = document.provider.at("kinesis", "consumerNamingMode")
    name = f"{function.key}{stream}{f'{service}{stage}' if named else ''}Consumer"
    properties = {"StreamARN": source_of(event), "ConsumerName": name}
    id = f"{normalised(name)}StreamConsumer"
    return {"Ref": document.put(id, "AWS::Kinesis::StreamConsumer", properties, event)}


def _on_failure(document: Document, event: Part) -> Any:
    asked = event.at("destinations", "onFailure") if event.is_map else None
    if not asked:
        return None
    target = source_of(asked)
    kind = asked["type"].word if asked.is_map else ""
    topic = "sns" in (kind, *word(target.value).split(":")[2:3])
    actions = ["sns:Publish"] if topic else ["sqs:ListQueues", "sqs:SendMessage"]
    document.allow({"Effect": "Allow", "Action": actions, "Resource": [target]})
    return {"OnFailure": {"Destination": target}}


def _let_read(document: Document, kind: str, source: Part, consumer: Any) -> None:
    names = SHARED if consumer is not None else FROM_TABLES
    service = "dynamodb" if kind == "dynamodb" else "kinesis"
    actions = [f"{service}:{name}" for name in names]
    document.allow({"Effect": "Allow", "Action": actions, "Resource": [source]})
    if consumer is not None:
        subscribe = ["kinesis:SubscribeToShard"]
        document.allow({"Effect": "Allow", "Action": subscribe, "Resource": [consumer]})


def add_queues(document: Document, functions: list[Deployed]) -> None:
    """Add what reads queues, and the right to."""
    sources = []
    for function, event, _, _ in uses(functions, "sqs"):
        source = source_of(event)
        sources.append(source)
        most = event["maximumConcurrency"] if event.is_map else None
        mapping(
            document, function,
            f"{function.normalised}EventSourceMappingSQS{letters(source_name(source, ':', -1))}",
            {
                "BatchSize": 10,
                "EventSourceArn": source,
                "Enabled": True,
                **_given(settings(event, COMMON)),
                "ScalingConfig": {"MaximumConcurrency": most} if most else None,
            },
            event,
        )  # fmt: skip
    if sources:
        actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        document.allow({"Effect": "Allow", "Action": actions, "Resource": sources})


def add_brokers(document: Document, functions: list[Deployed]) -> None:
    """Add what reads queues of ActiveMQ and RabbitMQ."""
    for key, name in (("activemq", "ActiveMQ"), ("rabbitmq", "RabbitMQ")):
        for function, event, _, _ in uses(functions, key):
            access = [{"Type": "BASIC_AUTH", "URI": event["basicAuthArn"]}]
            if event["virtualHost"]:
                access.append({"Type": "VIRTUAL_HOST", "URI": event["virtualHost"]})
            queue = letters(event["queue"].value)[:150]
            mapping(
                document, function, f"{function.normalised}EventSourceMapping{name}{queue}",
                {
                    "EventSourceArn": event["arn"],
                    "Queues": [event["queue"]],
                    "SourceAccessConfigurations": access,
                    **settings(event, COMMON),
                },
                event,
            )  # fmt: skip
            secret = ["secretsmanager:GetSecretValue"]
            document.allow(
                {"Effect": "Allow", "Action": secret, "Resource": [event["basicAuthArn"]]},
                {"Effect": "Allow", "Action": ["mq:DescribeBroker"], "Resource": [event["arn"]]},
                NETWORK,
            )


def add_kafka(document: Document, functions: list[Deployed]) -> None:
    """Add what reads topics of Kafka: of MSK, and of clusters that others run."""
    for function, event, _, _ in uses(functions, "msk"):
        _add_msk(document, function, event)
    for function, event, _, _ in uses(functions, "kafka"):
        _add_own_kafka(document, function, event)


def _add_msk(document: Document, function: Deployed, event: Part) -> None:
    cluster = letters(source_name(event["arn"], "/", 1))[:79]
    topic = letters(event["topic"].value)[:79]
    secret, group = event["saslScram512"], event["consumerGroupId"]
    access = [{"Type": "SASL_SCRAM_512_AUTH", "URI": secret}] if secret else None
    mapping(
        document, function, f"{function.normalised}EventSourceMappingMSK{cluster}{topic}",
        {
            "EventSourceArn": event["arn"],
            "StartingPosition": event["startingPosition"] or "TRIM_HORIZON",
            "StartingPositionTimestamp": event["startingPositionTimestamp"],
            "Topics": [event["topic"]],
            "SourceAccessConfigurations": access,
            "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": group} if group else None,
            "ProvisionedPollerConfig": _pollers(event),
            **settings(event, COMMON),
        },
        event,
    )  # fmt: skip
    actions = ["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"]
    document.allow({"Effect": "Allow", "Action": actions, "Resource": [event["arn"]]}, NETWORK)


def _pollers(event: Part) -> dict[str, Any] | None:
    asked = event["provisionedPollerConfig"]
    if not asked:
        return None
    return {
        "MinimumPollers": asked["minimumPollers"],
        "MaximumPollers": asked["maximumPollers"],
    }


def _add_own_kafka(document: Document, function: Deployed, event: Part) -> None:
    access, secrets = [], []
    for key, values in event["accessConfigurations"].items():
        kind, before = KAFKA_ACCESS.get(key, (key, ""))
        for value in values:
            named = Part(f"{before}{value.value}", value.path) if before else value
            access.append({"Type": kind, "URI": named})
            secrets += [] if before else [value]
    servers = {"Endpoints": {"KafkaBootstrapServers": event["bootstrapServers"]}}
    failed, group = event["onFailureDestination"], event["consumerGroupId"]
    topic = letters(event["topic"].value)[:158]
    mapping(
        document, function, f"{function.normalised}EventSourceMappingKafka{topic}",
        {
            "StartingPosition": event["startingPosition"] or "TRIM_HORIZON",
            "StartingPositionTimestamp": event["startingPositionTimestamp"],
            "SelfManagedEventSource": servers,
            "Topics": [event["topic"]],
            "SourceAccessConfigurations": access,
            "SelfManagedKafkaEventSourceConfig": {"ConsumerGroupId": group} if group else None,
            "DestinationConfig": {"OnFailure": {"Destination": failed}} if failed else None,
            "ProvisionedPollerConfig": _pollers(event),
            **settings(event, COMMON),
        },
        event,
    )  # fmt: skip
    if secrets:
        secret = ["secretsmanager:GetSecretValue"]
        document.allow({"Effect": "Allow", "Action": secret, "Resource": secrets})
    if len(secrets) < len(access):
        document.allow(NETWORK)
