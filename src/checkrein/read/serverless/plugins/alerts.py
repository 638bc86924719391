"""Alarms of functions and the topics that they tell (serverless-plugin-aws-alerts)."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.document import Document
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.parts import Part

ACTIONS = {
    "ok": "OKActions",
    "alarm": "AlarmActions",
    "insufficientData": "InsufficientDataActions",
}
EACH = ("alarms", "global", "function")  # of the settings: alarms that every function gets
USUAL = {"statistic": "Sum", "threshold": 1, "evaluationPeriods": 1, "period": 60}
BY_DEFAULT: dict[str, dict[str, Any]] = {
    "functionInvocations": {"metric": "Invocations", "threshold": 100},
    "functionErrors": {"metric": "Errors"},
    "functionDuration": {"metric": "Duration", "threshold": 500, "statistic": "Average"},
    "functionThrottles": {"metric": "Throttles"},
}
PROPERTIES = {
    "ActionsEnabled": "actionsEnabled",
    "AlarmDescription": "description",
    "ComparisonOperator": "comparisonOperator",
    "DatapointsToAlarm": "datapointsToAlarm",
    "EvaluationPeriods": "evaluationPeriods",
    "Period": "period",
    "Statistic": "statistic",
    "Threshold": "threshold",
    "TreatMissingData": "treatMissingData",
}


def add_alerts(document: Document, functions: list[Deployed]) -> None:
    """Add the topics that the service names, and the alarms of each function."""
    asked = document.root.at("custom", "alerts")
    stages = [stage.word for stage in asked["stages"]]
    if not asked or (stages and document.stage not in stages):
        return
    topics = _topics(document, asked["topics"])
    for function in functions:
        wanted = [part for key in EACH for part in asked[key]]
        for alarm in (*wanted, *function.part["alarms"]):
            name = alarm.word or alarm["name"].word
            if name and alarm["enabled"].value is not False:
                _add_alarm(document, function, alarm, _settings(asked, name, alarm), topics)


def _topics(document: Document, asked: Part) -> dict[str, Any]:
    """Add topics that are named, and return what each kind of action tells."""
    found: dict[str, Any] = {}
    for key, part in asked.items():
        if key in ACTIONS:
            found[key] = _topic(document, f"AwsAlerts{_upper(key)}", part)
        else:
            for inner, below in part.items():
                _topic(document, f"AwsAlerts{_upper(key)}{_upper(inner)}", below)
    return found


def _topic(document: Document, id: str, part: Part) -> Any:
    named = part["topic"] if part.is_map and part["topic"] else part
    if named.is_map or named.word.startswith("arn:"):
        return named
    listed = part["notifications"] if part.is_map else Part([], part.path)
    subscriptions = [
        {"Protocol": each["protocol"], "Endpoint": each["endpoint"]} for each in listed
    ]
    properties = {"TopicName": named, "Subscription": subscriptions}
    return {"Ref": document.put(id, "AWS::SNS::Topic", properties, part)}


def _settings(asked: Part, name: str, alarm: Part) -> dict[str, Any]:
    own = asked.at("definitions", name)
    said = {**USUAL, "comparisonOperator": "GreaterThanOrEqualToThreshold", "actionsEnabled": True}
    said |= BY_DEFAULT.get(name, {})
    for part in (own, alarm):
        said |= dict(part.items()) if part.is_map else {}
    return said


def _add_alarm(
    document: Document,
    function: Deployed,
    alarm: Part,
    said: dict[str, Any],
    topics: dict[str, Any],
) -> None:
    name = alarm.word or alarm["name"].word
    ordinary = not said.get("pattern")
    stack = text([document.name, "-", document.stage])
    properties: dict[str, Any] = {
        property: said[key] for property, key in PROPERTIES.items() if key in said
    }
    properties |= {ACTIONS[key]: [topic] for key, topic in topics.items()}
    metric = said.get("metric")
    properties["Namespace"] = said.get("namespace", "AWS/Lambda") if ordinary else stack
    properties["MetricName"] = metric if ordinary else text([_word(metric), function.id])
    if ordinary:
        dimension = {"Name": "FunctionName", "Value": {"Ref": function.id}}
        properties["Dimensions"] = [dimension]
    else:
        _add_filter(document, function, name, said["pattern"], properties)
    id = f"{function.normalised}{_upper(name)}Alarm"
    document.put(id, "AWS::CloudWatch::Alarm", properties, alarm)


def _add_filter(
    document: Document, function: Deployed, name: str, pattern: Any, alarm: dict[str, Any]
) -> None:
    """Add what counts the lines of a function's log that fit a pattern."""
    counted = {
        "MetricName": alarm["MetricName"],
        "MetricNamespace": alarm["Namespace"],
        "MetricValue": 1,
    }
    properties = {
        "FilterPattern": pattern,
        "LogGroupName": {"Ref": f"{function.normalised}LogGroup"},
        "MetricTransformations": [counted],
    }
    id = f"{function.id}{_upper(name)}LogMetricFilterALERT"
    document.put(id, "AWS::Logs::MetricFilter", properties, function.part)


def _word(value: Any) -> Any:
    return value.value if isinstance(value, Part) else value


def _upper(name: str) -> str:
    dashed = name.replace("-", "Dash").replace("_", "Underscore")
    return dashed[:1].upper() + dashed[1:]
