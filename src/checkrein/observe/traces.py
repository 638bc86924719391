"""Traces: AWS X-Ray's segments, and spans of OpenTelemetry.

Sources: X-Ray's reference of segment documents and ``BatchGetTraces``; the OTLP/JSON encoding and
OpenTelemetry's semantic conventions for AWS SDKs, functions, messaging and databases, older names
too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.model.workloads import LAMBDA
from checkrein.observe.requests import named_in, operation_named, service_named
from checkrein.observe.shapes import mapping, mappings, parsed
from checkrein.observe.sightings import Actor, Named, Sighting

XRAY, OTEL = "X-Ray", "OpenTelemetry"
DEEPEST = 50
REFUSED = 400  # status codes from here on
ACTING = ("aws.lambda.invoked_arn", "faas.arn", "faas.id", "cloud.resource_id")
NAMED = ("faas.name", "service.name")
TABLES = ("aws.dynamodb.table_names", "aws.table.name", "aws.dynamodb.table_name")
MEMBERS = {  # attribute -> the member as requests call it
    "aws.s3.bucket": "bucket_name",
    "aws.bucket.name": "bucket_name",
    "aws.sqs.queue.url": "queue_url",
    "aws.queue_url": "queue_url",
    "aws.queue.url": "queue_url",
    "aws.sqs.queue_url": "queue_url",
    "aws.queue.name": "queue_name",
    "aws.sns.topic.arn": "topic_arn",
    "aws.kinesis.stream_name": "stream_name",
    "aws.stream.name": "stream_name",
    "aws.lambda.function.name": "function_name",
    "faas.invoked_name": "function_name",
    "aws.step_functions.state_machine.arn": "state_machine_arn",
    "aws.secretsmanager.secret.arn": "secret_id",
    **dict.fromkeys(TABLES, "table_name"),
}
SENDING = {"aws_sqs": ("sqs", "queue_name"), "aws.sqs": ("sqs", "queue_name")}


# ------------------------------------------------------------------------------ X-Ray


def is_segment(value: dict[str, Any]) -> bool:
    return "start_time" in value and "name" in value and ("trace_id" in value or "id" in value)


def segments_in(value: dict[str, Any]) -> Iterator[dict[str, Any] | None]:
    """Yield the segments of a document; None for one whose text is no JSON."""
    listed = [item for name in ("Traces", "Segments") for item in mappings(value.get(name))]
    for each in listed:
        inner = (
            [*mappings(each.get("Segments")), each] if "Document" in each else each.get("Segments")
        )
        for item in mappings(inner):
            yield _parsed(item.get("Document"))
    documents = value.get("TraceSegmentDocuments")
    for text in documents if isinstance(documents, list) else ():
        yield _parsed(text)
    if is_segment(value):
        yield value


def of_segment(segment: dict[str, Any]) -> Iterator[Sighting]:
    """Yield the requests to AWS that a segment and all below it tell."""
    yield from _below(segment, _of_function(segment), 0)


def _of_function(segment: dict[str, Any]) -> Actor:
    arn = segment.get("resource_arn") or mapping(segment.get("aws")).get("function_arn")
    origin = str(segment.get("origin", ""))
    name = str(segment.get("name", ""))
    names = [Named(arn)] if isinstance(arn, str) and ":function:" in arn else []
    if not origin or origin.startswith(("AWS::Lambda", "AWS::ECS")):
        names.append(Named(name, LAMBDA))
    return Actor(tuple(names), name)


def _below(segment: dict[str, Any], actor: Actor, depth: int) -> Iterator[Sighting]:
    told = mapping(segment.get("aws"))
    operation = told.get("operation")
    if isinstance(operation, str) and segment.get("namespace", "aws") == "aws":
        service = service_named(str(segment.get("name", "")).partition(".")[0])
        request = {**told, **_plural(told)}
        status = mapping(mapping(segment.get("http")).get("response")).get("status")
        asked = service, operation_named(operation), request
        yield from _told(XRAY, status, asked, actor)
    for each in mappings(segment.get("subsegments")) if depth < DEEPEST else ():
        yield from _below(each, actor, depth + 1)


def _plural(told: dict[str, Any]) -> dict[str, Any]:
    """Return what stands under a plural, and the names of X-Ray's SDKs that list resources."""
    found = told.get("table_names") or told.get("resource_names")
    return {"table_name": found} if isinstance(found, list) else {}


def _told(
    source: str, status: Any, asked: tuple[str, str, dict[str, Any]], actor: Actor
) -> Iterator[Sighting]:
    """Yield a request to AWS for each resource that it names, refused or not by its status."""
    service, operation, request = asked
    refused = isinstance(status, int) and status >= REFUSED
    named = named_in(service, operation, request)
    for targets in ([each] for each in named) if named else ([],):
        yield Sighting(
            kind="refused" if refused else "call",
            source=source,
            targets=tuple(targets),
            actor=actor,
            service=service,
            operation=operation,
        )


# ------------------------------------------------------------------------------ OpenTelemetry


def is_span(value: dict[str, Any]) -> bool:
    """Tell whether a value is a span as exporters write it flat, one a line."""
    known = "traceId" in value or "trace_id" in value or "context" in value
    return known and "name" in value and isinstance(value.get("attributes"), (dict, list))


def spans_in(value: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the spans of a document, each with the attributes of what it ran in."""
    for resource in mappings(value.get("resourceSpans")):
        around = _attributes(mapping(resource.get("resource")).get("attributes"))
        scopes = resource.get("scopeSpans") or resource.get("instrumentationLibrarySpans")
        for scope in mappings(scopes):
            yield from ((span, around) for span in mappings(scope.get("spans")))
    if is_span(value):
        yield value, _attributes(mapping(value.get("resource")).get("attributes"))


def of_span(span: dict[str, Any], around: dict[str, Any]) -> Iterator[Sighting]:
    """Yield the request to AWS that a span tells, if it tells one."""
    told = _attributes(span.get("attributes"))
    asked = _asked(span, told)
    if asked is None:
        return
    every = {**around, **told}
    names = [Named(str(every[key])) for key in ACTING if ":function:" in str(every.get(key))]
    names += [Named(str(every[key]), LAMBDA) for key in NAMED if every.get(key)]
    actor = Actor(tuple(dict.fromkeys(names)), str(every.get("service.name", "")))
    status = told.get("http.response.status_code", told.get("http.status_code"))
    yield from _told(OTEL, status, asked, actor)


def _asked(span: dict[str, Any], told: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    """Return the service, operation and request of a span that asks AWS."""
    request = {member: told[key] for key, member in MEMBERS.items() if key in told}
    is_aws = told.get("rpc.system") == "aws-api" or told.get("rpc.system.name") == "aws-api"
    service, operation = told.get("rpc.service"), told.get("rpc.method")
    if not (service and operation) and is_aws:
        service, _, operation = str(span.get("name", "")).partition(".")
    if is_aws and service and operation:
        return (
            service_named(str(service)),
            operation_named(str(operation).rpartition("/")[2]),
            request,
        )
    if str(told.get("db.system", told.get("db.system.name"))) in {"dynamodb", "aws.dynamodb"}:
        operation = told.get("db.operation") or told.get("db.operation.name")
        request.setdefault("table_name", told.get("db.collection.name") or told.get("db.name"))
        return ("dynamodb", operation_named(str(operation)), request) if operation else None
    sent = SENDING.get(str(told.get("messaging.system")))
    kind = str(span.get("kind"))
    if sent and kind in {"4", "SPAN_KIND_PRODUCER", "PRODUCER", "SpanKind.PRODUCER"}:
        name = told.get("messaging.destination.name") or told.get("messaging.destination")
        return sent[0], "SendMessage", {sent[1]: name}
    return None


def _attributes(told: Any) -> dict[str, Any]:
    """Return attributes by name, of OTLP's list or of a plain object."""
    if isinstance(told, dict):
        return told
    return {str(each.get("key")): _value(each.get("value")) for each in mappings(told)}


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "arrayValue" in value:
        return [_value(each) for each in mappings(mapping(value["arrayValue"]).get("values"))]
    found = next(iter(value.values()), None)
    return parsed(str(found)) if "intValue" in value else found


def _parsed(text: Any) -> dict[str, Any] | None:
    found = parsed(text) if isinstance(text, str) else text
    return found if isinstance(found, dict) else None
