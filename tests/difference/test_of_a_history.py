"""What readers of a real history stumbled over: graver for nothing, said twice, a log told first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein.cli import run
from checkrein.compare.difference.found import findings
from checkrein.model import Severity
from checkrein.model.difference import Known
from tests.difference.conftest import LIST, ORDER, PUT, Ask, Write

FORWARD = """\
import json, os, urllib.request

def handler(event, context):
    for record in event["Records"]:
        told = {"a": RECORD, "b": RECORD}
        urllib.request.urlopen(os.environ["OTHER"], json.dumps(told).encode())
"""
OLD_RUNTIME = (
    "Runtime: python3.13\n      Handler: order.handler",
    "Runtime: python3.8\n      Handler: order.handler",
)
READS = (PUT, PUT.replace("PutItem", "Scan"))
FEW = """\
def handler(event, context):
    return {"statusCode": 200, "body": event["bookingId"]}
"""
NONE = """\
def handler(event, context):
    return {"statusCode": 200}
"""
EOL = "runtime-end-of-life"


def test_what_is_moved_in_part_to_several_fields_is_told_once(write: Write, ask: Ask) -> None:
    before = write("before", (ORDER, FORWARD.replace("RECORD", "record")))
    after = write("after", (ORDER, FORWARD.replace("RECORD", 'record["messageId"]')))

    said = ask(before, after, "--all")[1].splitlines()

    only = [line for line in said if line.startswith("~") and "moves only" in line]
    assert len(only) == 1
    assert "moves only event.Records[].messageId of event.Records[] to" in only[0]


def test_what_a_new_function_handles_is_told_before_what_its_log_could_hold(
    write: Write, ask: Ask
) -> None:
    file = Path("template.yaml")
    before, after = write("before"), write("after")
    text = (after / file).read_text()
    function = text[text.index("  List:\n") :].replace("  List:", "  Again:")
    function = function.replace("/orders", "/again").replace(
        "            Auth: {Authorizer: People}\n", ""
    )
    (after / file).write_text(text + function.replace("        Get:", "        GetAgain:"))

    told = json.loads(ask(before, after, "--format", "json")[1])

    rows = [each["text"] for each in told["points"] if each["part"] == "table"]
    handled = next(n for n, each in enumerate(rows) if each.startswith("Lambda Again handles"))
    logged = next(n for n, each in enumerate(rows) if each.startswith("the log of Again could"))
    assert handled < logged
    entry = next(each["text"] for each in told["points"] if each["part"] == "entry")
    assert entry.startswith("GET /again: anyone may use it")


def test_what_holds_nothing_any_more_is_no_graver_for_what_it_could_hold(
    write: Write, ask: Ask
) -> None:
    before = write("before", OLD_RUNTIME, READS, (ORDER, FEW), (LIST, ORDER))
    more = ORDER.replace("    table =", '    boto3.client("sns").list_topics()\n    table =')
    after = write("after", OLD_RUNTIME, READS, (ORDER, NONE), (LIST, more))

    found = json.loads(ask(before, after, "--format", "json")[1])["findings"]

    assert [each["check"] for each in found["worse"]] == []
    assert EOL in [each["check"] for each in found["other"]]


def test_what_is_graver_where_somebody_gets_at_more_is_worse() -> None:
    held, could = "low: a fault; postcode (value 3)", "high: a fault; could hold a card (value 10)"
    low = Known("a-check", "template/Order", ("it",), Severity.LOW, "it is", reason=held)
    high = Known("a-check", "template/Order", ("it",), Severity.HIGH, "it is", reason=could)
    fault = Known("a-check", "template/Order", ("it",), Severity.HIGH, "it is", reason="high: ...")

    assert findings([low], [high]).worse == (high,)
    assert findings([low], [high], settled=True).other == (high,)
    assert findings([low], [fault], settled=True).worse == (fault,)


POST = "Properties: {RestApiId: !Ref Api, Path: /orders, Method: post}"
KEYED = (POST, POST.replace("post}", "post, Auth: {ApiKeyRequired: true}}"))


def test_a_route_that_asks_for_no_api_key_any_more_is_open_to_more(write: Write, ask: Ask) -> None:
    with_key, without = write("with", KEYED), write("without")

    opened = ask(with_key, without)[1].splitlines()
    assert opened[0].startswith("This change lets anyone use POST /orders")
    said = "~ POST /orders: anyone with an API key -> anyone may use it (runs Order)"
    assert said in opened

    closed = ask(without, with_key)[1].splitlines()
    at = closed.index("Taken away")
    said = "~ POST /orders: anyone -> anyone with an API key may use it (runs Order)"
    assert said in closed[at:]


def test_the_lock_knows_that_a_route_asks_for_an_api_key(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write("locked", KEYED)
    assert run(["init", str(folder)]) == 0
    assert "@anyone if an API key is sent" in (folder / "checkrein.lock").read_text()
    write("locked")
    capsys.readouterr()
    run(["scan", str(folder), "--format", "csv", "--no-cache"])
    told = [line.split(",")[3] for line in capsys.readouterr().out.splitlines()]
    assert "entry-not-in-lock" in told
    assert "gone-from-app" not in told

    run(["accept", "Order", "--reason", "for all", "--by", "Ada", "--in", str(folder)])
    write("locked", KEYED)
    capsys.readouterr()
    run(["scan", str(folder), "--format", "csv", "--no-cache"])
    told = [line for line in capsys.readouterr().out.splitlines() if "gone-from-app" in line]
    assert "anyone may now only under a condition use POST /orders of Order" in told[0]


def test_a_service_that_may_act_as_a_role_is_named_by_its_host(write: Write, ask: Ask) -> None:
    role = "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n"
    role += "        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}]\n"
    after = write("after", ("  Staff:\n", f"{role}  Staff:\n"))

    assert "+ Role lets ec2.amazonaws.com act as it" in ask(write("before"), after, "--all")[1]


def test_what_another_stack_gives_is_named_in_what_is_not_in_the_lock(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write("locked")
    assert run(["init", str(folder)]) == 0
    theirs = PUT.replace("!GetAtt Cards.Arn", "!ImportValue their-table")
    write("locked", (PUT, f"{PUT}\n            - {theirs}"))
    capsys.readouterr()
    run(["scan", str(folder), "--format", "csv", "--no-cache"])
    told = [line for line in capsys.readouterr().out.splitlines() if "right-not-in-lock" in line]
    assert "on ${their-table}" in told[0]
