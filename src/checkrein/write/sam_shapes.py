"""What SAM asks for beside a property that CloudFormation has alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from checkrein.model import App, Change, Resource, Symbol

QUEUE = "DeadLetterQueue"  # of a SAM function; its Type says what stands at TargetArn
KINDS = {"AWS::SQS::Queue": "SQS", "AWS::SNS::Topic": "SNS"}


def in_sam(changes: tuple[Change, ...], app: App) -> tuple[Change, ...]:
    """Return changes with the type of each dead-letter queue that they set, where it is known."""
    added = {c.resource: c.value.get("Type") for c in changes if c.operation == "add"}
    return tuple(each for change in changes for each in _typed(change, added, app))


def _typed(change: Change, added: Mapping[str, Any], app: App) -> tuple[Change, ...]:
    if change.operation != "set" or change.path not in ((QUEUE,), (QUEUE, "TargetArn")):
        return (change,)
    target = change.value.get("TargetArn") if change.path == (QUEUE,) else change.value
    kind = _kind(target, added, app)
    if not kind:
        return (change,)
    if change.path == (QUEUE,):
        return (replace(change, value={"Type": kind, **change.value}),)
    return (replace(change, path=(QUEUE, "Type"), value=kind), change)


def _kind(target: Any, added: Mapping[str, Any], app: App) -> str:
    if not isinstance(target, Symbol):
        return ""
    found = next(iter(app.alternatives(Resource, target.owner)), None)
    return KINDS.get(added.get(target.owner) or (found.type if found else ""), "")
