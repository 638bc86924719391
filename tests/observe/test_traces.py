"""Traces of X-Ray and OpenTelemetry: which function asked AWS for what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Told

NAME = "shop-SaveOrderOfCustomer-1ABCDEFGHIJKL"
FUNCTION = "template/SaveOrderOfCustomer"
TABLE = "shop-Orders-1ABCDEFGHIJKL"


def segment(status: int = 200, **aws: Any) -> dict[str, Any]:
    asked = {
        "id": "2",
        "name": "DynamoDB",
        "namespace": "aws",
        "start_time": 1.0,
        "http": {"response": {"status": status}},
        "aws": {"operation": "PutItem", "table_name": TABLE, **aws},
    }
    inner = {"id": "3", "name": "## handler", "start_time": 1.0, "subsegments": [asked]}
    return {
        "id": "1",
        "trace_id": "1-5f29ab21-d4ebf299219a65bd5c31d6da",
        "name": NAME,
        "origin": "AWS::Lambda::Function",
        "start_time": 1.0,
        "subsegments": [inner],
    }


@pytest.mark.parametrize(
    "document",
    [
        {"Traces": [{"Id": "1-5f", "Segments": [{"Id": "1", "Document": json.dumps(segment())}]}]},
        {"TraceSegmentDocuments": [json.dumps(segment())]},
        segment(),
    ],
)
def test_segments(told: Told, document: object) -> None:
    expected = [("call", FUNCTION, "dynamodb:PutItem", "template/Orders", ("X-Ray",))]
    fields = ("kind", "actor", "operation", "node", "source")

    assert told(document, *fields) == expected
    assert told(json.dumps(document, indent=2), *fields) == expected


def test_a_failed_request_is_refused(told: Told) -> None:
    assert told(segment(400), "kind") == [("refused",)]


@pytest.mark.parametrize(
    ("service", "asked", "node", "operation"),
    [
        ("S3", {"operation": "GetObject", "bucket_name": "uploads-live-of-shop", "key": "ada"},
         "template/Uploads", "s3:GetObject"),
        ("SQS", {"operation": "SendMessage", "queue_url": "https://sqs.eu-west-1.amazonaws.com/1/jobs"},
         "template/Jobs", "sqs:SendMessage"),
        ("DynamoDB", {"operation": "BatchGetItem", "table_name": None, "table_names": [TABLE]},
         "template/Orders", "dynamodb:BatchGetItem"),
        ("Lambda", {"operation": "Invoke", "function_name": "shop-mail-live"},
         "template/Mail", "lambda:Invoke"),
    ],
)  # fmt: skip
def test_what_segments_name(
    told: Told, service: str, asked: dict[str, Any], node: str, operation: str
) -> None:
    document = segment()
    document["subsegments"][0]["subsegments"][0].update(name=service, aws=asked)

    assert told(document, "node", "operation") == [(node, operation)]


def test_requests_to_others_are_none_of_aws(told: Told) -> None:
    document = segment()
    document["subsegments"][0]["subsegments"][0]["namespace"] = "remote"

    assert told(document, "kind") == []


def test_segments_without_origin_and_resources_of_older_recorders(told: Told) -> None:
    document = segment(table_name=None, resource_names=[TABLE])
    del document["origin"]

    assert told(document, "actor", "node") == [(FUNCTION, "template/Orders")]


def attribute(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {
            "key": key,
            "value": {"arrayValue": {"values": [{"stringValue": v} for v in value]}},
        }
    kind = "intValue" if isinstance(value, int) else "stringValue"
    return {"key": key, "value": {kind: str(value) if kind == "intValue" else value}}


def otlp(scope: str = "scopeSpans", **attributes: Any) -> dict[str, Any]:
    named = [attribute(key.replace("__", "."), value) for key, value in attributes.items()]
    span = {
        "traceId": "a",
        "spanId": "b",
        "name": "DynamoDB.PutItem",
        "kind": 3,
        "attributes": named,
    }
    resource = {"attributes": [attribute("faas.name", NAME), attribute("service.name", "orders")]}
    return {"resourceSpans": [{"resource": resource, scope: [{"spans": [span]}]}]}


ASKED = {"rpc__system": "aws-api", "rpc__service": "DynamoDB", "rpc__method": "PutItem"}


@pytest.mark.parametrize(
    "line",
    [
        otlp(**ASKED, aws__dynamodb__table_names=[TABLE]),
        otlp("instrumentationLibrarySpans", **ASKED, aws__dynamodb__table_names=[TABLE]),
        otlp(rpc__system="aws-api", aws__table__name=TABLE),
        otlp(db__system="dynamodb", db__operation="PutItem", db__name=TABLE),
        otlp(db__system__name="aws.dynamodb", db__operation__name="PutItem", aws__dynamodb__table_names=[TABLE]),
    ],
)  # fmt: skip
def test_spans(told: Told, line: dict[str, Any]) -> None:
    lines = f"{json.dumps(line)}\n{json.dumps(line)}\n"

    assert told(lines, "actor", "operation", "node", "count") == [
        (FUNCTION, "dynamodb:PutItem", "template/Orders", 2)
    ]


def test_flat_spans_of_other_exporters(told: Told) -> None:
    span = {
        "name": "orders publish",
        "context": {"trace_id": "0x1", "span_id": "0x2"},
        "kind": "SpanKind.PRODUCER",
        "attributes": {"messaging.system": "aws_sqs", "messaging.destination.name": "jobs"},
        "resource": {"attributes": {"service.name": "shop-mail-live"}},
    }

    assert told(span, "actor", "operation", "node") == [
        ("template/Mail", "sqs:SendMessage", "template/Jobs")
    ]


def test_a_span_that_failed(told: Told) -> None:
    line = otlp(**ASKED, aws__dynamodb__table_names=[TABLE], http__status_code=403)

    assert told(line, "kind") == [("refused",)]
