"""Events of SNS topics, of IoT, and of Alexa."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Value
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.events.permission import permit
from checkrein.read.serverless.events.polled import as_json
from checkrein.read.serverless.functions import Deployed, uses
from checkrein.read.serverless.naming import letters
from checkrein.read.serverless.parts import Part, word

SUBSCRIPTION = "AWS::SNS::Subscription"


def add_topics(document: Document, functions: list[Deployed]) -> None:
    """Add subscriptions to topics, and the topics that are only named."""
    for function, event, _, _ in uses(functions, "sns"):
        given = event.is_map and bool({"arn", "topicName"} & set(event.value))
        topic = event["arn"] if given else event
        named = word(event["topicName"].value) if given else ""
        elsewhere = bool(topic) and (given or word(topic.value).startswith("arn:"))
        if not elsewhere and not given:
            named = word(event.value)
        name = named or word(topic.value).split(":")[-1]
        if not name:
            reason = f"which topic {topic.value} is cannot be told"
            document.lose(reason, "its subscription may have another name", event)
        source = _subscribe(document, function, event, (name, topic if elsewhere else None))
        id = f"{function.normalised}LambdaPermission{letters(name)}SNS"
        permit(document, function, id, "sns.amazonaws.com", event, SourceArn=source)


def _subscribe(
    document: Document, function: Deployed, event: Part, topic: tuple[str, Part | None]
) -> Any:
    """Add a subscription; return the topic's ARN."""
    name, elsewhere = topic
    id = f"{function.normalised}SnsSubscription{letters(name)}"
    own = f"SNSTopic{letters(name)}"
    given: Any = elsewhere or arn("sns", name)
    redrive = _redrive(document, function, event, (name, given))
    filters = event["filterPolicy"] if event.is_map else None
    properties = {
        "Protocol": "lambda",
        "Endpoint": function.target,
        "FilterPolicy": filters,
        "FilterPolicyScope": event["filterPolicyScope"] if event.is_map else None,
        "RedrivePolicy": redrive,
    }
    if elsewhere:
        found = {**properties, "TopicArn": elsewhere, "Region": _region(document, elsewhere.value)}
        document.put(id, SUBSCRIPTION, found, event, DependsOn=function.alias_id)
        return given
    if own not in document.resources:
        shown = event["displayName"] if event.is_map else None
        named = event["topicName"] if event.is_map else event
        topics = {"TopicName": named, "DisplayName": shown}
        document.put(own, "AWS::SNS::Topic", topics, event, title=name, called=name)
    if filters or redrive:
        found = {**properties, "TopicArn": {"Ref": own}}
        document.put(id, SUBSCRIPTION, found, event, DependsOn=function.alias_id)
    else:
        plain = {"Endpoint": function.target, "Protocol": "lambda"}
        document.append(own, ("Subscription",), plain)
    return given


def _region(document: Document, topic: Value) -> str | None:
    parts = topic.split(":") if isinstance(topic, str) else []
    found = parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - where an ARN has its region
    default = document.provider["region"].value or "us-east-1"
    return found if found and "{" not in found and found != default else None


def _redrive(
    document: Document, function: Deployed, event: Part, topic: tuple[str, Any]
) -> dict[str, Any] | None:
    """Return where messages go that a function fails on; let the topic send them there."""
    asked = event["redrivePolicy"] if event.is_map else None
    if not asked:
        return None
    target, url = _dead_letters(asked)
    id = f"{letters(topic[0])}To{function.normalised}DLQPolicy"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": target,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic[1]}},
    }
    policy = {"Version": "2012-10-17", "Id": id, "Statement": [statement]}
    properties = {"PolicyDocument": policy, "Queues": [url]}
    document.put(id, "AWS::SQS::QueuePolicy", properties, asked)
    return {"deadLetterTargetArn": target}


def _dead_letters(asked: Part) -> tuple[Any, Any]:
    given, own, imported = (asked[f"deadLetterTarget{kind}"] for kind in ("Arn", "Ref", "Import"))
    if own:
        return attribute(own.word), {"Ref": own.word}
    if imported:
        arn_of, url_of = imported["arn"].value, imported["url"].value
        return {"Fn::ImportValue": arn_of}, {"Fn::ImportValue": url_of}
    region, account, name = (["", "", *word(given.value).split(":")])[-3:]
    url = joined(f"https://sqs.{region}.", {"Ref": "AWS::URLSuffix"}, f"/{account}/{name}")
    return given, url


def add_things(document: Document, functions: list[Deployed]) -> None:
    """Add rules for messages of things, and hooks of their provisioning."""
    for function, event, _, number in uses(functions, "iot"):
        id = f"{function.normalised}IotTopicRule{number}"
        payload = {
            "RuleDisabled": event["enabled"].value is False,
            "Sql": event["sql"],
            "Actions": [{"Lambda": {"FunctionArn": function.target}}],
            "Description": event["description"],
            "AwsIotSqlVersion": event["sqlVersion"],
        }
        rule = {"TopicRulePayload": payload, "RuleName": event["name"]}
        document.put(id, "AWS::IoT::TopicRule", rule, event, DependsOn=function.alias_id)
        permit(
            document, function, f"{function.normalised}LambdaPermissionIotTopicRule{number}",
            "iot.amazonaws.com", event, SourceArn=arn("iot", "rule/", {"Ref": id}),
        )  # fmt: skip
    for function, event, _, _ in uses(functions, "iotFleetProvisioning"):
        _add_provisioning(document, function, event)


def _add_provisioning(document: Document, function: Deployed, event: Part) -> None:
    permission = f"{function.normalised}LambdaPermissionIotProvisioningTemplate"
    body, enabled = event["templateBody"], event["enabled"]
    document.put(
        f"{function.normalised}IotProvisioningTemplate", "AWS::IoT::ProvisioningTemplate",
        {
            "Enabled": True if enabled.is_absent else enabled,
            "PreProvisioningHook": {"TargetArn": function.target},
            "ProvisioningRoleArn": event["provisioningRoleArn"],
            "TemplateBody": Part(as_json(body.value), body.path),
            "TemplateName": event["templateName"],
        },
        event, DependsOn=[permission],
    )  # fmt: skip
    permit(document, function, permission, "iot.amazonaws.com", event)


def add_voices(document: Document, functions: list[Deployed]) -> None:
    """Add the permissions of Alexa's skills and smart homes."""
    for key, name, principal in (
        ("alexaSkill", "AlexaSkill", "alexa-appkit.amazon.com"),
        ("alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com"),
    ):
        for function, event, _, number in uses(functions, key):
            off = event.is_map and event["enabled"].value is False
            permit(
                document, function, f"{function.normalised}LambdaPermission{name}{number}",
                principal, event, EventSourceToken=_token(event),
                action=f"lambda:{'Disable' if off else ''}InvokeFunction",
            )  # fmt: skip


def _token(event: Part) -> Part | None:
    """Return the skill that may call; one without is open to every skill."""
    token = event["appId"] if event.is_map else event
    return token if token and token.value is not True else None
