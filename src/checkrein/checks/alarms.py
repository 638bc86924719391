"""Alarms: which metric of what they watch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks.context import is_open, owners, resources
from checkrein.model import App, Path, Resource, Value
from checkrein.model.asking import of_app

ALARM = "AWS::CloudWatch::Alarm"


def metrics(alarm: Resource) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield what an alarm looks at (``MetricName``, ``Dimensions``), each with its path."""
    if alarm.value("MetricName") is not None:
        yield (), alarm.properties
    listed = alarm.value("Metrics")
    for index, query in enumerate(listed if isinstance(listed, list) else ()):
        stat = query.get("MetricStat") if isinstance(query, dict) else None
        metric = stat.get("Metric") if isinstance(stat, dict) else None
        if isinstance(metric, dict):
            yield ("Metrics", index, "MetricStat", "Metric"), metric


def dimensions(path: Path, metric: dict[str, Any]) -> Iterator[tuple[Path, str, Value]]:
    """Yield the dimensions of a metric: where the value stands, the name, the value."""
    listed = metric.get("Dimensions")
    for index, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("Name"), str):
            yield (*path, "Dimensions", index, "Value"), each["Name"], each.get("Value")


def watched(app: App, id: str) -> frozenset[str]:
    """Return the metrics of a resource that alarms watch; ``*`` where one is open."""
    return frozenset(_watched(app).get(id, ()))


@of_app
def _watched(app: App) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for alarm in resources(app, ALARM):
        for path, metric in metrics(alarm):
            name = metric.get("MetricName")
            told = "*" if is_open(name) else str(name)
            for _, _, value in dimensions(path, metric):
                for owner in owners(app, value):
                    found.setdefault(owner, set()).add(told)
    return found
