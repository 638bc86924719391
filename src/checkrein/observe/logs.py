"""Logs of CloudWatch: events as its APIs, exports and subscriptions give them, and their messages.

Sources: the references of ``FilterLogEvents``, ``GetLogEvents``, ``GetQueryResults``, of exports
to S3 and of subscription filters; what the runtimes of Lambda print themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkrein.observe.shapes import mapping
from checkrein.observe.sightings import Named

SOURCE = "CloudWatch Logs"
LOG_GROUP = "log group"  # a type of name
PLATFORM = re.compile(
    r"^(?:\S+Z?\s+)?(?:START RequestId|END RequestId|REPORT RequestId|INIT_START|EXTENSION\s|"
    r"TELEMETRY\s|XRAY TraceId)"
)
RUNNING = ("function_arn", "functionArn", "invokedFunctionArn", "function_name", "functionName")
OF_FUNCTIONS = "/aws/lambda/"


def messages_in(value: dict[str, Any]) -> Iterator[tuple[str, tuple[Named, ...]]] | None:
    """Return the messages in a document with the log groups it names, None for no log events."""
    for name in ("events", "logEvents"):
        listed = value.get(name)
        if isinstance(listed, list) and all(map(_is_event, listed)):
            group = value.get("logGroup") or value.get("logGroupName")
            return _events(listed, group)
    if isinstance(value.get("results"), list) and all(map(_is_row, value["results"])):
        return _rows(value["results"])
    return _events([value], value.get("logGroup")) if _is_event(value) else None


def running(value: dict[str, Any]) -> tuple[Named, ...]:
    """Return the log group of the function that a structured line says it is of."""
    found = (value[key] for key in RUNNING if isinstance(value.get(key), str) and value[key])
    return tuple(dict.fromkeys(Named(f"{OF_FUNCTIONS}{_bare(name)}", LOG_GROUP) for name in found))


def _bare(name: str) -> str:
    return name.partition(":function:")[2].partition(":")[0] or name


def _is_event(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("message"), str):
        return False
    known = value.keys() & {"ingestionTime", "logStreamName", "eventId", "id"}
    return isinstance(value.get("timestamp"), int) and bool(known)


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(mapping(e).get("field"), str) for e in value)


def _events(listed: list[Any], group: Any) -> Iterator[tuple[str, tuple[Named, ...]]]:
    named = (Named(group, LOG_GROUP),) if isinstance(group, str) and group else ()
    for each in listed:
        own = each.get("logGroupName") or each.get("logGroupIdentifier")
        yield each["message"], (Named(own, LOG_GROUP),) if isinstance(own, str) else named


def _rows(listed: list[Any]) -> Iterator[tuple[str, tuple[Named, ...]]]:
    for row in listed:
        cells = {each["field"]: each.get("value") for each in row}
        log = str(cells.get("@log") or "").partition(":")[2]
        yield str(cells.get("@message") or ""), (Named(log, LOG_GROUP),) if log else ()
