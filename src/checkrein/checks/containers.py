"""Containers and machines as compute: what they run as, and the valuable data they may touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkrein.checks.context import owners
from checkrein.checks.questions import grouped, treasures
from checkrein.checks.worth import valuable
from checkrein.model import Access, App, Path, Resource, Row, Value

TASK = "AWS::ECS::TaskDefinition"
CONTENT = frozenset({"read", "write", "delete"})


def containers(task: Resource) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the containers of a task definition with their paths."""
    listed = task.value("ContainerDefinitions")
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(each, dict):
            yield ("ContainerDefinitions", index), each


def name_of(container: Mapping[str, Any], task: Resource) -> str:
    """Return a container's name, or its task's where it is open."""
    name = container.get("Name")
    return name if isinstance(name, str) else task.name


def touched(app: App, role: Value) -> tuple[str, ...]:
    """Return the valuable classes that whoever acts as a role may read or change, worst first."""
    rows = _touched_rows(app, role)
    return tuple(valuable(app, {data for row in rows for data in treasures(app, row)}))


def targets_of(app: App, role: Value) -> tuple[str, ...]:
    """Return the resources with valuable data that whoever acts as a role may touch."""
    return tuple(sorted(row.id for row in _touched_rows(app, role) if treasures(app, row)))


def _touched_rows(app: App, role: Value) -> list[Row]:
    targets = {
        access.target
        for id in owners(app, role)
        for access in grouped(app, Access, "identity").get(id, [])
        if access.right in CONTENT and access.certain
    }
    return [row for target in targets if (row := app.get(Row, target))]
