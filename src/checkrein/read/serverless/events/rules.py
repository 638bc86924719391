"""Events of EventBridge and of time: rules, schedules, buses; and subscriptions to logs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import md5
from typing import Any

from checkrein.model.values import Value, text
from checkrein.read.serverless.custom import add_handler, handler_id
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.events.permission import permit
from checkrein.read.serverless.events.polled import as_json
from checkrein.read.serverless.functions import Deployed, execution_role, uses
from checkrein.read.serverless.naming import letters, normalised
from checkrein.read.serverless.parts import Part, word

RULE = "AWS::Events::Rule"
EVENTS = "events.amazonaws.com"
LONGEST = 64
LOGS = joined("logs.", {"Ref": "AWS::Region"}, ".amazonaws.com")
RETRIES = {
    "maximumEventAge": "MaximumEventAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
}
TRANSFORMER = {"inputTemplate": "InputTemplate", "inputPathsMap": "InputPathsMap"}
CUSTOM_RIGHTS = (
    ("events", "rule/*", ["PutRule", "RemoveTargets", "PutTargets", "DeleteRule"]),
    ("lambda", "function:*", ["AddPermission", "RemovePermission"]),
)


def add_schedules(document: Document, functions: list[Deployed]) -> None:
    """Add what runs functions at given times: rules, or schedules of EventBridge Scheduler."""
    scheduled: dict[str, Deployed] = {}
    counts: dict[str, int] = {}
    for function, event, _, _ in uses(functions, "schedule"):
        for rate in event["rate"] if event.is_map else event:
            number = counts[function.key] = counts.get(function.key, 0) + 1
            if event.is_map and event["method"].value == "scheduler":
                scheduled[function.key] = function
                _add_schedule(document, function, event, rate, number)
            else:
                _add_timed_rule(document, function, event, rate, number)
    if scheduled:
        names = [
            arn("lambda", "function:", f.name, end)
            for f in scheduled.values()
            for end in ("", ":*")
        ]
        document.allow({"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": names})
        document.trust("scheduler.amazonaws.com")


def state_of(event: Part) -> Any:
    """Return whether an event is on, as rules and schedules say it."""
    asked = event["enabled"] if event.is_map else None
    if asked is not None and asked.is_open:
        return asked
    return "DISABLED" if asked is not None and asked.value is False else "ENABLED"


def _optional(event: Part, **names: str) -> dict[str, Any]:
    return {name: event[key] or None for name, key in names.items() if event.is_map}


def _add_schedule(
    document: Document, function: Deployed, event: Part, rate: Part, number: int
) -> None:
    role = event["roleArn"] or execution_role(document, function)[0]
    target = {"Arn": function.target, "RoleArn": role, **given_input(event)}
    document.put(
        f"{function.normalised}SchedulerSchedule{number}", "AWS::Scheduler::Schedule",
        {
            "ScheduleExpression": rate,
            "State": state_of(event),
            "Target": target,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            **_optional(
                event, Name="name", GroupName="groupName", Description="description",
                ScheduleExpressionTimezone="timezone",
            ),
        },
        event, DependsOn=function.alias_id,
    )  # fmt: skip


def _add_timed_rule(
    document: Document, function: Deployed, event: Part, rate: Part, number: int
) -> None:
    properties = {
        "ScheduleExpression": rate,
        "State": state_of(event),
        **_optional(event, Name="name", Description="description"),
        "Targets": [
            {**given_input(event), "Arn": function.target, "Id": f"{function.key}Schedule"}
        ],
    }
    _add_rule(document, function, f"EventsRuleSchedule{number}", properties, event)


def _add_rule(
    document: Document, function: Deployed, suffix: str, properties: dict[str, Any], event: Part
) -> None:
    id = f"{function.normalised}{suffix}"
    document.put(id, RULE, properties, event, DependsOn=function.alias_id)
    permission = f"{function.normalised}LambdaPermission{suffix}"
    permit(document, function, permission, EVENTS, event, SourceArn=attribute(id))


def given_input(event: Part) -> dict[str, Any]:
    """Return what a target gets instead of the event."""
    if not event.is_map:
        return {}
    given, path, changed = event["input"], event["inputPath"], event["inputTransformer"]
    value: Any = None
    if given:
        value = given if given.word else Part(as_json(given.value), given.path)
    found = {"Input": value, "InputPath": path or None}
    if changed:
        found["InputTransformer"] = {
            TRANSFORMER.get(key, key): part for key, part in changed.items()
        }
    return found


def add_patterns(document: Document, functions: list[Deployed]) -> None:
    """Add rules of the default bus (``cloudwatchEvent``)."""
    for function, event, _, number in uses(functions, "cloudwatchEvent"):
        properties = {
            "EventPattern": event["event"],
            "State": state_of(event),
            **_optional(event, Description="description", Name="name"),
            "Targets": [
                {
                    **given_input(event),
                    "Arn": function.target,
                    "Id": f"{function.key}CloudWatchEvent",
                }
            ],
        }
        _add_rule(document, function, f"EventsRuleCloudWatchEvent{number}", properties, event)


def add_bus_rules(document: Document, functions: list[Deployed]) -> None:
    """Add rules of any bus (``eventBridge``), and the buses that only they name."""
    found = list(uses(functions, "eventBridge"))
    for function, event, position, _ in found:
        stub = text([function.name, f"-rule-{position}"])
        name = event["name"] or _short(stub, f"rule-{position}")
        _add_bus_rule(document, function, event, (stub, name, position))
    if found and not _native(document):
        _add_custom(document, found)


def _add_bus_rule(
    document: Document, function: Deployed, event: Part, named: tuple[Value, Any, int]
) -> None:
    stub, name, position = named
    bus = event["eventBus"]
    made = _add_bus(document, bus)
    id = f"{letters(stub)}EventBridgeRule"
    rule_name = name.value if isinstance(name, Part) else name
    target = {
        "Arn": function.target,
        "Id": _short(text([rule_name, "-target"]), "target"),
        "RetryPolicy": _renamed(event["retryPolicy"], RETRIES),
        "DeadLetterConfig": _dead_letters(event),
        **given_input(event),
    }
    default = not bus or bus.value == "default"
    document.put(
        id, RULE,
        {
            "Description": event["description"],
            "EventBusName": None if default else _bus_name(bus),
            "EventPattern": event["pattern"],
            "Name": name,
            "ScheduleExpression": event["schedule"],
            "State": state_of(event),
            "Targets": [target],
        },
        event, DependsOn=[each for each in (function.alias_id, made) if each],
    )  # fmt: skip
    where = [] if default else [plain_bus(bus), "/"]
    permit(
        document, function, f"{function.normalised}EventBridgeLambdaPermission{position}",
        EVENTS, event, SourceArn=arn("events", "rule/", *where, rule_name),
    )  # fmt: skip


def _renamed(part: Part, names: dict[str, str]) -> dict[str, Any] | None:
    return {name: part[key] for key, name in names.items()} if part else None


def _dead_letters(event: Part) -> dict[str, Any] | None:
    queue = event["deadLetterQueueArn"]
    return {"Arn": queue} if queue else None


def _bus_name(bus: Part) -> Part:
    return Part(plain_bus(bus), bus.path)


def plain_bus(bus: Part) -> Value:
    """Return a bus's name where its ARN is given as text, else what is given."""
    return bus.word.partition("/")[2] if bus.word.startswith("arn") else bus.value


def _add_bus(document: Document, bus: Part) -> str:
    """Add a bus that is named, and is neither the default one nor made elsewhere."""
    name = word(bus.value)
    if not bus or bus.is_map or name == "default" or name.startswith("arn"):
        return ""
    if not isinstance(bus.value, str) and not name:
        return ""
    id = f"{normalised(name)}EventBridgeEventBus"
    return document.put(id, "AWS::Events::EventBus", {"Name": bus}, bus, title=name, called=name)


def _short(name: Value, suffix: str) -> Value:
    """Return a name that is short enough, by the hash that the framework shortens with."""
    if not isinstance(name, str) or len(name) <= LONGEST:
        return name
    digest = md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: 31 - len(suffix)]}{digest}-{suffix}"


def _native(document: Document) -> bool:
    """Tell whether the framework makes rules as resources, and not by a function of its own."""
    options = document.provider["eventBridge"]
    if options.is_map:
        return bool(options["useCloudFormation"])
    return major(document) > 2  # noqa: PLR2004 - versions 1 and 2 made them by a function


def major(document: Document) -> int:
    """Return the newest version of the framework that the service asks for; 3 if it says none."""
    asked = str(document.root["frameworkVersion"].value or "")
    found = re.findall(r"(?<![\d.<])(\d+)", asked)
    return max(map(int, found), default=3)


def _add_custom(document: Document, found: list[tuple[Deployed, Part, int, int]]) -> None:
    """Add what sets rules up for the framework without CloudFormation's resources."""
    rights = [
        (service, on, [f"{service}:{action}" for action in actions])
        for service, on, actions in CUSTOM_RIGHTS
    ]
    if any(event["eventBus"] for _, event, _, _ in found):
        rights.append(("events", "event-bus/*", ["events:CreateEventBus", "events:DeleteEventBus"]))
    statements: list[Mapping[str, Any]] = [
        {"Effect": "Allow", "Resource": arn(service, on), "Action": actions}
        for service, on, actions in rights
    ]
    add_handler(document, "bus", statements, found[0][1])
    for function, event, position, _ in found:
        document.put(
            f"{function.normalised}CustomEventBridge{position}", "Custom::EventBridge",
            {
                "ServiceToken": attribute(handler_id("bus")),
                "FunctionName": function.name,
                "EventBridgeConfig": _config(function, event, position),
            },
            event, added="to make the rule", DependsOn=[function.id, handler_id("bus")],
        )  # fmt: skip


def _config(function: Deployed, event: Part, position: int) -> dict[str, Any]:
    stub = text([function.name, f"-rule-{position}"])
    names = {"EventBus": "eventBus", "Schedule": "schedule", "Pattern": "pattern"}
    return {
        "RuleName": event["name"] or _short(stub, f"rule-{position}"),
        "State": state_of(event),
        **{name: event[key] for name, key in names.items()},
    }


def add_log_subscriptions(document: Document, functions: list[Deployed]) -> None:
    """Add what sends log groups to functions."""
    groups: dict[str, list[str]] = {}
    for function, event, _, number in uses(functions, "cloudwatchLog"):
        group = event["logGroup"] if event.is_map else event
        named = groups.setdefault(function.key, [])
        named.append(word(group.value))
        permission = f"{function.normalised}LambdaPermissionLogsSubscriptionFilterCloudWatchLog"
        document.put(
            f"{function.normalised}LogsSubscriptionFilterCloudWatchLog{number}",
            "AWS::Logs::SubscriptionFilter",
            {
                "LogGroupName": group,
                "FilterPattern": (event.is_map and event["filter"]) or "",
                "DestinationArn": function.target,
            },
            event, DependsOn=[each for each in (permission, function.alias_id) if each],
        )  # fmt: skip
        common = group.value if len(named) == 1 else _common(named)
        permit(
            document, function, permission, LOGS,
            event, SourceArn=arn("logs", "log-group:", common, ":*"),
        )  # fmt: skip


def _common(names: list[str]) -> str:
    first, last = min(names), max(names)
    same = next((i for i, c in enumerate(first) if last[i : i + 1] != c), len(first))
    return first[:same].rstrip("*") + "*"
