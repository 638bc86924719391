"""Logs, access logs and stored items: which classes were seen where, and nothing of the values."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checkrein.errors import UsageError
from checkrein.model import App, Observation, Row, Unread
from checkrein.observe import Given, observed, tallied

from .conftest import Told

LOG = "template/SaveOrderOfCustomer@logs"
GROUP = "/aws/lambda/shop-SaveOrderOfCustomer-1ABCDEFGHIJKL"
MAIL = "ada@at-home.org"
FIELDS = ("node", "data", "path", "count")


def event(message: str) -> dict[str, object]:
    return {"id": "1", "timestamp": 1767225600000, "message": message}


@pytest.mark.parametrize(
    "document",
    [
        {"messageType": "DATA_MESSAGE", "logGroup": GROUP, "logEvents": [event(f"for {MAIL}")]},
        {"results": [[{"field": "@message", "value": f"for {MAIL}"},
                      {"field": "@log", "value": f"111122223333:{GROUP}"}]]},
        {"events": [{**event(f"for {MAIL}"), "logGroupName": GROUP}]},
    ],
)  # fmt: skip
def test_events_with_their_group(told: Told, document: object) -> None:
    assert told(document, *FIELDS) == [(LOG, "pii.email", "", 1)]


def test_events_without_a_group_are_of_what_their_path_names(told: Told) -> None:
    document = {"events": [{**event(f"for {MAIL}"), "logStreamName": "2026/01/01/[$LATEST]1"}]}
    name = f"{GROUP.strip('/')}.json"

    assert told(document, *FIELDS, name=name) == [(LOG, "pii.email", "", 1)]


def test_lines_of_text(told: Told) -> None:
    lines = [
        "2026-01-01T00:00:00Z START RequestId: 5f0c Version: $LATEST",
        f"[INFO]\t2026-01-01T00:00:00Z\t5f0c\tsaved for {MAIL}",
        json.dumps({"level": "info", "customer": {"email": MAIL, "password": "S3cr3t!pw9"}}),
        "password=S3cr3t!pw9 retries=3",
        "nothing to see",
    ]

    assert told("\n".join(lines), *FIELDS, name="SaveOrderOfCustomer.log") == [
        (LOG, "cred.password", "customer.password", 1),
        (LOG, "cred.password", "password", 1),
        (LOG, "pii.email", "", 1),
        (LOG, "pii.email", "customer.email", 1),
    ]


def test_a_structured_line_says_whose_it_is(told: Told) -> None:
    line = {"level": "INFO", "function_name": "shop-mail-live", "email": MAIL}

    assert told(line, *FIELDS) == [("template/Mail@logs", "pii.email", "email", 1)]


def test_records_that_a_log_holds_are_records(told: Told) -> None:
    trail = {
        "eventSource": "dynamodb.amazonaws.com",
        "eventName": "Scan",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::1:user/ann"},
        "requestParameters": {"tableName": "shop-Orders-1ABCDEFGHIJKL"},
    }
    document = {"logGroup": "trail", "logEvents": [event(json.dumps(trail))]}

    assert told(document, "kind", "actor", "node") == [("call", "user/ann", "template/Orders")]


def test_items_as_dynamodb_writes_them(told: Told) -> None:
    item = {"id": {"S": "1"}, "who": {"M": {"email": {"S": MAIL}}}, "paid": {"BOOL": True}}
    lines = f"{json.dumps({'Item': item})}\n{json.dumps({'Item': item})}\n"

    assert told(lines, *FIELDS, name="Orders/data/part.json") == [
        ("template/Orders", "pii.email", "who.email", 2)
    ]
    assert told({"Items": [item], "Count": 1}, *FIELDS, name="Orders/data/part.json") == [
        ("template/Orders", "pii.email", "who.email", 1)
    ]


def test_an_export_says_its_table(shop: App, tmp_path: Path) -> None:
    data = tmp_path / "AWSDynamoDB" / "01700000000-abcdef" / "data"
    data.mkdir(parents=True)
    arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/shop-Orders-1ABCDEFGHIJKL"
    (data.parent / "manifest-summary.json").write_text(json.dumps({"tableArn": arn}))
    (data / "x.json").write_text(json.dumps({"Item": {"email": {"S": MAIL}}}) + "\n")
    app = observed(shop, [Given(tmp_path)])

    assert [each.node for each in app.every(Observation)] == ["template/Orders"]


def test_tables_of_comma_separated_values(told: Told) -> None:
    text = f"id,email,card_number\n1,{MAIL},4539578763621486\n2,,\n3"

    assert told(text, *FIELDS, name="Uploads/export.csv") == [
        ("template/Uploads", "pay.pan", "card_number", 1),
        ("template/Uploads", "pii.email", "email", 1),
    ]


def test_a_resource_may_be_named_beside_the_path(shop: App, tmp_path: Path) -> None:
    (tmp_path / "sample.txt").write_text(f"dear {MAIL}")
    app = observed(shop, [Given.said(f"Uploads={tmp_path}")])

    assert [(each.node, each.data) for each in app.every(Observation)] == [
        ("template/Uploads", "pii.email")
    ]


OWNER = "36c1f05b76016b78528454e6e0c60e2b7ff7aa20c0a5e4c748276e5b0a2debd2"


def test_access_log_of_s3(told: Told) -> None:
    head = f"{OWNER} uploads-live-of-shop [01/Aug/2026:00:24:41 +0000] 192.0.2.1"
    tail = '- 142 - 17 - "-" "curl" - x= SigV4 ECDHE AuthHeader h TLSv1.2'
    lines = [
        f'{head} - 1 REST.GET.OBJECT a "GET /a?email=ada%40at-home.org HTTP/1.1" 200 {tail}',
        f"{head} arn:aws:iam::1:user/ann 1 BATCH.DELETE.OBJECT a - 204 {tail}",
        f'{head} svc:delivery.logs.amazonaws.com 1 REST.PUT.OBJECT a "PUT /a HTTP/1.1" 200 {tail}',
        f'{head} - 1 REST.GET.OBJECT a "GET /b HTTP/1.1" 403 {tail}',
    ]

    assert told("\n".join(lines), "kind", "actor", "known", "operation", "data") == [
        ("call", "anyone", False, "s3:GetObject", ""),
        ("call", "service delivery.logs.amazonaws.com", True, "s3:PutObject", ""),
        ("call", "user/ann", False, "s3:DeleteObject", ""),
        ("content", "", False, "", "pii.email"),
        ("refused", "anyone", False, "s3:GetObject", ""),
    ]


def test_access_log_of_load_balancers(tmp_path: Path) -> None:
    head = (
        "https 2026-07-02T22:23:00.186641Z app/shop/50dc6c495c0c9188 192.0.2.1:1 10.0.0.1:80 0 0 0"
    )
    lines = [
        f'{head} {status} {status} 0 57 "GET https://a/ HTTP/1.1" "curl"' for status in (200, 403)
    ]
    (tmp_path / "a.log").write_text("\n".join(lines))

    found = tallied([Given(tmp_path)]).counts
    assert sorted((each.kind, each.targets[0].text) for each in found) == [
        ("call", "shop"),
        ("refused", "shop"),
    ]


def test_log_of_cloudfront(told: Told) -> None:
    text = (
        "#Version: 1.0\n#Fields: date time cs-method cs(Host) cs-uri-stem sc-status cs-uri-query x-host-header\n"
        f"2026-01-01\t21:02:31\tGET\td1.cloudfront.net\t/a\t200\temail={MAIL}\tshop.at-home.org\n"
        "2026-01-01\t21:02:31\tGET\td1.clou\n"
        "2026-01-01\t21:02:31\tGET\td1.cloudfront.net\t/a\t200\t-\tshop.at-home.org\tmore\n"
        f"2026-01-01\t21:02:31\tGET\td1.cloudfront.net\t/a\t403\temail={MAIL.replace('@', '%2540')}\tshop.at-home.org\n"
    )

    assert told(text, "kind", "node", "data", "count") == [
        ("call", "template/Edge", "", 1),
        ("content", "template/Edge", "pii.email", 2),
        ("refused", "template/Edge", "", 1),
    ]


def test_lists_in_items_are_looked_into(told: Told) -> None:
    item = {"people": {"L": [{"M": {"email": {"S": MAIL}}}]}}

    assert told(json.dumps({"Item": item}) + "\n", *FIELDS, name="Orders/a.json") == [
        ("template/Orders", "pii.email", "people.email", 1)
    ]


def test_a_function_is_named_by_its_arn_with_a_version(told: Told) -> None:
    line = {"function_arn": "arn:aws:lambda:eu-west-1:1:function:shop-mail-live:7", "email": MAIL}

    assert told(line, *FIELDS) == [("template/Mail@logs", "pii.email", "email", 1)]


def test_hidden_files_and_files_given_twice(shop: App, tmp_path: Path) -> None:
    (tmp_path / "Mail.log").write_text(f"to {MAIL}\n")
    (tmp_path / ".Mail.log").write_text(f"to {MAIL}\n")
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "Mail.log").symlink_to(tmp_path / "Mail.log")
    app = observed(shop, [Given(tmp_path), Given(tmp_path / "Mail.log")])

    assert [each.count for each in app.every(Observation)] == [1]


def test_what_is_cut_off_is_counted(shop: App, tmp_path: Path) -> None:
    (tmp_path / "lines.json").write_text('{"a": 1}\n{"b": \n{"c": 3}\n')
    (tmp_path / "whole.json").write_text('{\n "Records": [\n  {"a": 1},\n  {"b": ')
    (tmp_path / "image.png").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "packed.gz").write_bytes(b"\x1f\x8b\x08\0broken")
    app = observed(shop, [Given(tmp_path)])

    lost = [each for each in app.every(Unread) if each.path != "records"]
    assert sorted((Path(each.path).name, each.reason) for each in lost) == [
        ("image.png", "holds no text"),
        ("lines.json", "is cut off, or no JSON"),
        ("packed.gz", "cannot be read: it is damaged"),
        ("whole.json", "is cut off, or no JSON"),
    ]


def test_content_of_nothing_here_is_counted(shop: App, tmp_path: Path) -> None:
    (tmp_path / "some.log").write_text(f"to {MAIL}\nnothing\nto {MAIL}\n")
    (tmp_path / "Mail.log").write_text("of Mail, which is here\n")
    app = observed(shop, [Given(tmp_path)])

    told = "3 lines or documents are of nothing here by content or path, first in"
    assert [(each.reason, each.fatal) for each in app.every(Unread)] == [
        (f"{told} {tmp_path}/some.log", False)
    ]


def test_cells_of_the_table(shop: App, tmp_path: Path) -> None:
    (tmp_path / "Mail.log").write_text(f"to {MAIL}\n")
    rows = {row.id: row for row in observed(shop, [Given(tmp_path)]).every(Row)}

    assert rows["template/Mail@logs"].observed == ("pii.email",)
    assert [(r.data, r.basis) for r in rows["template/Mail@logs"].seen] == [
        ("pii.email", "observed")
    ]
    assert rows["template/Orders"].observed == ()


def test_no_value_is_kept(shop: App, tmp_path: Path) -> None:
    secrets = (MAIL, "S3cr3t!pw9", "4539578763621486", "Lovelace")
    record = {"email": MAIL, "password": "S3cr3t!pw9", "cardNumber": "4539578763621486",
              "user": {"name": "Ada Lovelace"}, MAIL: {"phone": "+49 170 1234567"}}  # fmt: skip
    (tmp_path / "Uploads.json").write_text(json.dumps(record) + f"\n{MAIL} paid\n")
    app = observed(shop, [Given(tmp_path)])
    told = repr([*app])

    assert len(app.every(Observation)) == 6
    assert [value for value in secrets if value in told] == []


def test_what_is_given_for_a_function_is_its_log(shop: App, tmp_path: Path) -> None:
    (tmp_path / "any.log").write_text(f"to {MAIL}\n")
    (tmp_path / "any.json").write_text(f'{{"email": "{MAIL}"}}')
    seen = observed(
        shop, [Given(tmp_path / "any.log", "Mail"), Given(tmp_path / "any.json", "Orders")]
    )

    assert sorted((each.node, each.data) for each in seen.every(Observation)) == [
        ("template/Mail@logs", "pii.email"),
        ("template/Orders", "pii.email"),
    ]


def test_a_resource_that_is_not_there_is_refused(shop: App, tmp_path: Path) -> None:
    (tmp_path / "any.log").write_text(f"to {MAIL}\n")

    with pytest.raises(UsageError, match=r"^nothing here is called Oders; give RESOURCE=PATH"):
        observed(shop, [Given(tmp_path / "any.log", "Oders")])


def test_where_no_record_is_that_is_told(shop: App, tmp_path: Path) -> None:
    told = [each.reason for each in observed(shop, [Given(tmp_path)]).every(Unread)]

    assert told == ["none are in what was given"]


def test_an_interrupt_ends_a_worker_without_a_word() -> None:
    code = "import os, signal; from checkrein.observe import sources; sources.obey_interrupts()"
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}; os.kill(os.getpid(), signal.SIGINT)"],
        capture_output=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, b"")
