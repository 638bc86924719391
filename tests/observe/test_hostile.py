"""Records that somebody made to do harm: they cost a sentence, never the scan, its time or a terminal."""

from __future__ import annotations

import gzip
import json
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein import archives
from checkrein.model import App, Unread
from checkrein.observe import Given, observed, tallied
from checkrein.observe.records import CUT, STRANGE
from checkrein.observe.sightings import TOO_LONG, Tally

from .conftest import Told

DIGITS = "1" * 5_000  # more than Python takes for a number
TABLE = "shop-Orders-1ABCDEFGHIJKL"


def trail(**more: Any) -> dict[str, Any]:
    who = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ann"}
    said = {"eventSource": "dynamodb.amazonaws.com", "eventName": "Scan", "userIdentity": who}
    return {**said, "requestParameters": {"tableName": TABLE}, **more}


def read(folder: Path, text: str) -> Tally:
    (folder / "f").write_text(text)
    return tallied([Given(folder / "f")])


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (f'{{\n"a": {DIGITS}}}', []),
        (f'{{"a": {DIGITS}}}\n{{"a": 1}}\n', []),
        (f'{{"a": 1}}\n{{"a": {DIGITS}}}\n', [CUT]),
        (f'took {{"a": {DIGITS}}}\n', []),
        (json.dumps({"Events": [{"CloudTrailEvent": f'{{"a":{DIGITS}}}'}]}), []),
        (json.dumps({"TraceSegmentDocuments": [f'{{"a":{DIGITS}}}']}), [CUT]),
        ('{"a":' * 50_000, []),
        ("[" * 50_000, []),
        (f"{'x' * 200_000}\nto ada@at-home.org\n", []),
        ("10%\r20%,a\nb\n", []),
        (f"id,email\n{'x' * 200_000},b\n1,ada@at-home.org\n", [CUT]),
        (json.dumps(trail(requestParameters={"tableName": "x" * 20_000})), [TOO_LONG]),
    ],
)  # fmt: skip
def test_it_costs_a_sentence(tmp_path: Path, text: str, lost: list[str]) -> None:
    assert [reason for _, reason in read(tmp_path, text).lost] == lost


NAMES = (
    *("Records", "Events", "events", "logEvents", "results", "Traces", "Segments", "Items", "Item"),
    *("TraceSegmentDocuments", "resourceSpans", "eventSource", "eventName", "userIdentity"),
    *("resources", "ARN", "requestParameters", "userAgent", "type", "arn", "accountId"),
    *("sessionContext", "sessionIssuer", "invokedBy", "attributes", "CloudTrailEvent", "detail"),
    *("message", "timestamp", "id", "logGroup", "field", "value", "Document", "name", "start_time"),
    *("aws", "operation", "table_names", "subsegments", "http", "response", "status", "traceId"),
    *("key", "stringValue", "intValue", "arrayValue", "values", "db.system", "messaging.system"),
    *("kind", "scopeSpans", "spans", "resource", "M", "L", "S", "function_name"),
)
VALUES = st.recursive(
    st.sampled_from([None, True, 5, "", "aws_sqs", "dynamodb", "²", DIGITS, "{", "arn:aws:sts::1:assumed-role/a/b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip
WHOLE = {
    "trail": trail(resources=[{"ARN": "arn:aws:s3:::a"}]),
    "segment": {"id": "1", "name": "S3", "start_time": 1, "aws": {"operation": "GetObject"},
                "http": {"response": {"status": 200}}, "subsegments": []},
    "span": {"traceId": "1", "name": "S3.GetObject", "kind": 4, "resource": {"attributes": {}},
             "attributes": {"rpc.system": "aws-api", "db.system": "x", "messaging.system": "aws_sqs"}},
    "row": {"results": [[{"field": "@message", "value": "hello"}]]},
    "event": {"logGroup": "g", "events": [{"message": "m", "timestamp": 1, "id": "1"}]},
}  # fmt: skip


def damaged(whole: Any, at: int, value: Any) -> Any:
    """Return a document with one of its values, counted from the outside, replaced."""
    left = [at]

    def inside(each: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 <= left[0] + 1:
            return value
        if isinstance(each, dict):
            return {name: inside(inner) for name, inner in each.items()}
        return [inside(inner) for inner in each] if isinstance(each, list) else each

    return inside(whole)


@settings(max_examples=50, deadline=None)
@given(
    st.builds(
        damaged, st.sampled_from([*WHOLE.values()]), st.integers(1, 14), VALUES
    ) | VALUES,
)  # fmt: skip
def test_no_shape_is_unexpected(document: Any) -> None:
    with TemporaryDirectory() as folder:
        tally = read(Path(folder), json.dumps(document))

    assert STRANGE not in {reason for _, reason in tally.lost}


@pytest.mark.parametrize(
    "text",
    [
        f"a@{'aa.' * 33_000}aa@",
        '{"Records": [' + "{}," * 40_000 + "{}]}",
        json.dumps({"Records": [1] * 4_000, "results": [[]] * 4_000}) + "\n{}\n",
        json.dumps({"logGroup": "a", "x": [["y"]] * 8_000, "results": [1] * 8_000}) + "\n{}\n",
    ],
    ids=["labels", "small", "lists", "beside"],
)
def test_time_grows_with_the_size_only(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    read(tmp_path, text)

    assert time.process_time() - start < 2.5  # a multiple of what it takes; it took 5 to 60


def test_what_unpacks_to_any_size_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MUCH", 1 << 20)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * (3 << 20)))
    (tmp_path / "honest.gz").write_bytes(gzip.compress(b"to ada@at-home.org\n"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.log", b"x" * (3 << 20))
    tally = tallied([Given(tmp_path)])

    assert sorted((Path(file).name, reason) for file, reason in tally.lost) == [
        ("a.gz", f"cannot be read: {archives.BOMB}"),
        ("b.log", f"cannot be read: {archives.BOMB}"),
    ]
    assert sum(tally.counts.values()) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b]0;x\x07\x1b[31mred", "user/\ufffd]0;x\ufffd\ufffd[31mred"),
        ("a\u202eb", "user/a\ufffdb"),
        ("two\nlines", "user/two\ufffdlines"),
        ("x" * 3_000, f"user/{'x' * 195}…"),
    ],
)
def test_names_are_told_as_far_as_they_can_be_seen(told: Told, name: str, shown: str) -> None:
    who = {"type": "IAMUser", "arn": f"arn:aws:iam::1:user/{name}"}

    assert told({"Records": [trail(userIdentity=who)]}, "actor") == [(shown,)]


def test_half_a_character_ends_no_report(told: Told) -> None:
    who = {"type": "IAMUser", "arn": "arn:aws:iam::1:user/\ud800"}

    assert told({"Records": [trail(userIdentity=who)]}, "actor") == [("user/\ufffd",)]


@pytest.mark.parametrize(
    ("more", "operation"),
    [
        ({"eventName": "=cmd|' /C calc'!A0"}, ""),
        ({"eventName": "Scan\x1b[31m"}, ""),
        ({"eventSource": "dynamo db\n.amazonaws.com"}, ""),
        ({}, "dynamodb:Scan"),
    ],
)
def test_what_is_no_operation_is_not_told(told: Told, more: dict[str, Any], operation: str) -> None:
    assert told({"Records": [trail(**more)]}, "operation") == [(operation,)]


def test_segments_are_no_addresses_of_people(told: Told) -> None:
    asked = {"operation": "PutItem", "table_name": TABLE}
    call = {"id": "2", "name": "DynamoDB", "namespace": "aws", "start_time": 1, "aws": asked}
    segment = {"id": "1", "name": "ada@at-home.org", "start_time": 1, "subsegments": [call]}

    assert told(segment, "actor") == [("…@at-home.org",)]


def test_files_are_called_by_what_can_be_seen(shop: App, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.json").write_text('{"a": 1}\n{"b\n')
    app = observed(shop, [Given(tmp_path)])

    lost = [each.path for each in app.every(Unread) if each.path != "records"]
    assert lost == [f"{tmp_path}/a\ufffd[31m.json"]


def test_the_first_row_of_a_table_without_heads_is_no_name(told: Told) -> None:
    text = "Ada,Lovelace,active\nGrace,grace@at-home.org,active\n"

    assert told(text, "data", "path", name="Uploads/people.csv") == [("pii.email", "")]


def test_a_span_with_events_is_one_span(told: Told) -> None:
    asked = {"rpc.system": "aws-api", "rpc.service": "DynamoDB", "rpc.method": "PutItem"}
    span = {"name": "x", "context": {"trace_id": "1"}, "kind": 3,
            "attributes": {**asked, "aws.dynamodb.table_names": [TABLE]}}  # fmt: skip
    for events in ([], [{"name": "retry"}, {"name": "again"}]):
        document = {**span, "events": events, "resource": {"attributes": {}}}
        assert told(document, "operation", "count") == [("dynamodb:PutItem", 1)]
        assert told(json.dumps(document, indent=1), "operation", "count") == [
            ("dynamodb:PutItem", 1)
        ]


@pytest.mark.parametrize("indent", [None, 1])
def test_what_stands_beside_a_list_is_looked_at_once(told: Told, indent: int | None) -> None:
    who = {"email": "ada@at-home.org"}
    for document in (
        {"customer": who, "results": [{"a": 1}, {"a": 2}]},
        {"results": [{"a": 1}, {"a": 2}], "customer": who},
        {"customer": who, "results": []},
    ):
        text = json.dumps(document, indent=indent) + ("" if indent else "\n{}\n")
        assert told(text, "data", "count", name="Uploads/a.json") == [("pii.email", 1)]


def test_one_record_never_ends_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("checkrein.observe.cloudtrail.sightings", fails)
    tally = read(tmp_path, f"{json.dumps(trail())}\nto ada@at-home.org\n")

    assert [reason for _, reason in tally.lost] == [STRANGE]
    assert sum(tally.counts.values()) == 1
