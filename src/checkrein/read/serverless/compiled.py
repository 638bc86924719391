"""A Serverless Framework service as the CloudFormation document that the framework deploys.

Source: the framework's documentation and published schema, and what its MIT-licensed version 3
makes of services; tests hold a few of its facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from checkrein.read.made import Made
from checkrein.read.serverless.document import Document
from checkrein.read.serverless.events.balancers import add_balanced, add_edge
from checkrein.read.serverless.events.http_api import add_http_api
from checkrein.read.serverless.events.polled import (
    add_brokers,
    add_kafka,
    add_queues,
    add_streams,
)
from checkrein.read.serverless.events.rest import add_rest_api
from checkrein.read.serverless.events.rules import (
    add_bus_rules,
    add_log_subscriptions,
    add_patterns,
    add_schedules,
)
from checkrein.read.serverless.events.stores import add_buckets, add_pools, connect
from checkrein.read.serverless.events.topics import add_things, add_topics, add_voices
from checkrein.read.serverless.events.websockets import add_websockets
from checkrein.read.serverless.functions import Deployed, add_function, functions
from checkrein.read.serverless.iam import begin_role, end_role
from checkrein.read.serverless.invocation import add_results, add_url
from checkrein.read.serverless.layers import add_layers
from checkrein.read.serverless.plugins.construct_ids import given_by_constructs
from checkrein.read.serverless.plugins.registry import (
    apply_plugins,
    chains,
    days_of_logs,
    folder_of_handlers,
    folders_beside,
    make_constructs,
    plugin_functions,
    wrapped_handlers,
)
from checkrein.read.serverless.resources import (
    add_bucket,
    add_log_groups,
    merge_declared,
    name_exports,
)
from checkrein.read.serverless.service import Service

AWS = "aws"
EVENTS: dict[str, Callable[[Document, list[Deployed]], None]] = {
    "http": add_rest_api,
    "httpApi": add_http_api,
    "websocket": add_websockets,
    "s3": add_buckets,
    "cognitoUserPool": add_pools,
    "sns": add_topics,
    "sqs": add_queues,
    "stream": add_streams,
    "schedule": add_schedules,
    "eventBridge": add_bus_rules,
    "cloudwatchEvent": add_patterns,
    "cloudwatchLog": add_log_subscriptions,
    "kafka": add_kafka,
    "msk": add_kafka,
    "activemq": add_brokers,
    "rabbitmq": add_brokers,
    "iot": add_things,
    "iotFleetProvisioning": add_things,
    "alexaSkill": add_voices,
    "alexaSmartHome": add_voices,
    "alb": add_balanced,
    "cloudFront": add_edge,
}


def compiled(root: File, service: Service) -> tuple[dict[str, Any], Made]:
    """Return the document that a service compiles to, and what is told of it.

    ``root`` is the scanned folder. What cannot be read is in the second's ``lost``. A service of
    another provider has no resources.
    """
    settled = replace(service, value=given_by_constructs(service.value))
    document = Document(root, settled)
    if document.provider["name"].word not in ("", AWS):
        return document.finished(), document.made
    document.wrapped = wrapped_handlers(document)
    document.chained = chains(document)
    document.days_of_logs = days_of_logs(document)
    document.folder_of_handlers = folder_of_handlers(document)
    document.folders_beside = folders_beside(document)
    found = functions(document, plugin_functions(document))
    add_bucket(document)
    add_log_groups(document, found)
    begin_role(document, found)
    others = {function.key: function for function in found}
    for function in found:
        add_function(document, function)
        add_url(document, function)
        add_results(document, function, others)
    add_layers(document)
    for add in dict.fromkeys(EVENTS.values()):
        add(document, found)
    _note_events(document, found)
    make_constructs(document, found)
    end_role(document, found)
    apply_plugins(document, found)
    merge_declared(document)
    connect(document, found)
    name_exports(document)
    return document.finished(), document.made


def _note_events(document: Document, found: list[Deployed]) -> None:
    """Say which events are of kinds that are not known, or cannot be told."""
    for function in found:
        for event in function.part["events"]:
            for kind, part in event.items():
                if kind not in EVENTS:
                    reason = f"events of the kind {kind} are not known"
                    document.lose(reason, f"what runs {function.key} is not complete", part)
            if not event.is_map and not event.is_absent and event.word not in EVENTS:
                reason = f"an event of {function.key} cannot be told ({event.value})"
                document.lose(reason, f"what runs {function.key} is not complete", event)
