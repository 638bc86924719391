"""What ``diff`` says of a change: the most valuable first, the line that brings it, good news last."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checkrein.cli import run
from tests.difference.conftest import LIST, PUT, TEMPLATE, WIDER, Ask, Write

AUTHORIZER = "            Auth: {Authorizer: People}\n"


def test_data_that_could_come_where_anyone_reads(write: Write, ask: Ask) -> None:
    code, said, _ = ask(write("before"), write("after", (PUT, WIDER)))

    assert code == 0
    lines = said.splitlines()
    assert lines[0] == (
        "This change lets payment card number get into S3 Photos, which anyone may read."
    )
    assert lines[3:7] == [
        (
            "~ S3 Photos could also hold: nothing -> card data, personal, business, unchecked input  "
            "(public: anyone reads, ★ -> ★★★)"
        ),
        "+ OrderRole may write to S3 Photos (s3:PutObject)",
        "    because Order (OrderRole) may write Photos: s3:PutObject (template.yaml:38)",
        "",
    ]
    assert lines[7] == "2 findings new or worse"
    assert lines[8].startswith("+ medium[potential-beyond-intent]: Photos could come to hold")


def test_what_is_taken_away_is_good_news(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before", (PUT, WIDER)), write("after"))

    lines = said.splitlines()
    assert lines[0] == (
        "This change only takes away: S3 Photos could also hold: "
        "card data, personal, business, unchecked input -> nothing."
    )
    assert lines[3] == "Taken away"
    assert "- OrderRole may no longer write to S3 Photos (s3:PutObject)" in lines
    assert "+ " not in said


def test_a_route_that_opens(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before"), write("after", (AUTHORIZER, "")))

    lines = said.splitlines()
    assert lines[0] == "This change lets anyone use GET /orders, which handles payment card number."
    assert lines[3] == "~ GET /orders: callers signed in to Staff -> anyone may use it (runs List)"


def test_a_new_log(write: Write, ask: Ask) -> None:
    added = ("    table = boto3", "    print(event)\n    table = boto3")
    _, said, _ = ask(write("before"), write("after", added))

    lines = said.splitlines()
    assert lines[0] == "This change writes payment card number to the log of Order."
    assert lines[3] == "~ the log of Order holds: nothing -> card data, personal, business"
    assert lines[5] == "    because Order logs event (code/order.py:5)"
    assert "+ high[data-in-logs]: the log of Order receives payment card number" in said


def test_many_rights_of_one_statement_are_one_line(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before"), write("after", ("dynamodb:PutItem", "dynamodb:*")))

    assert said.splitlines()[3] == "+ OrderRole may fully control DynamoDB Cards (dynamodb:*)"


NEUTRAL = {
    "a comment": ("Resources:\n", "# all of them\nResources:\n"),
    "another layout": (
        "Properties: {BucketName: shop-photos}",
        "Properties:\n      BucketName: shop-photos",
    ),
    "another name for a variable": ("found", "all_of_them"),
    "another order": (
        "Handler: order.handler\n      CodeUri: code/",
        "CodeUri: code/\n      Handler: order.handler",
    ),
}


@pytest.mark.parametrize("change", NEUTRAL.values(), ids=NEUTRAL)
def test_what_changes_nothing_is_one_line(change: tuple[str, str], write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after", change)

    assert ask(before, after)[1] == (
        "Nothing changes: who can do what with which data is as it was, and so is what is found.\n"
        f"{before} -> {after}\n\n"
    )


def test_a_narrower_pattern_is_taken_away(write: Write, ask: Ask) -> None:
    def mailing(where: str) -> tuple[str, str]:
        return (
            PUT,
            f'{PUT}\n            - {{Effect: Allow, Action: ses:SendEmail, Resource: "{where}"}}',
        )

    wide, narrow = mailing("*"), mailing("arn:aws:ses:*:*:identity/example.org")
    _, said, _ = ask(write("before", wide), write("after", narrow))

    assert "OrderRole may no longer call ses:SendEmail on *" in said
    assert "OrderRole may call" not in said
    assert said.startswith("This change only takes away: ")


def test_a_renamed_template_is_the_same(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after")
    (after / "template.yaml").rename(after / "shop.yaml")
    _, said, _ = ask(before, after)

    assert said.startswith("Nothing changes")
    assert "renamed: template -> shop\n" in said


def test_a_renamed_resource_is_the_same(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before"), write("after", ("Cards", "Payments")))

    assert "renamed: template/Cards -> template/Payments\n" in said
    assert "DynamoDB Payments" not in said


def test_nothing_before_is_all_new(write: Write, ask: Ask) -> None:
    empty = write("empty")
    (empty / "template.yaml").unlink()
    _, said, _ = ask(empty, write("after"))

    assert said.startswith("Everything is new: 9 services, with password, ")
    assert "+ DynamoDB Cards holds: nothing -> card data, business" in said
    assert "no template found" not in said


def test_a_finding_that_moved_is_neither_new_nor_gone(write: Write, ask: Ask) -> None:
    logs = ("    table = boto3", "    print(event)\n    table = boto3")
    moved = ("    table = boto3", "    # the table\n    print(event)\n    table = boto3")
    _, said, _ = ask(write("before", logs), write("after", moved), "--format", "json")

    assert json.loads(said)["findings"] == {"new": [], "worse": [], "other": [], "gone": []}


def test_an_accepted_finding_is_not_gone(write: Write, ask: Ask) -> None:
    logs = ("    table = boto3", "    print(event)\n    table = boto3")
    why = "# checkrein: ignore[data-in-logs] the shop was told"
    ignored = ("    table = boto3", f"    print(event)  {why}\n    table = boto3")
    _, said, _ = ask(write("before", logs), write("after", ignored))

    assert "data-in-logs" not in said
    assert "note: 1 finding of before stands and has been accepted since" in said


def test_the_gate(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after", (AUTHORIZER, ""))

    assert ask(before, after, "--fail-on", "critical")[0] == 1
    assert ask(after, before, "--fail-on", "medium")[0] == 0
    assert ask(before, before, "--fail-on", "low")[0] == 0


def test_what_cannot_be_read(write: Write, ask: Ask) -> None:
    broken = write("after")
    (broken / "template.yaml").write_text(TEMPLATE + "  Broken: [\n")
    code, said, _ = ask(write("before"), broken)

    assert code == 3
    assert "could not read template.yaml: " in said


def test_all_shows_what_a_screen_holds_back(write: Write, ask: Ask) -> None:
    before, after = (
        write("before"),
        write("after", (LIST, LIST.replace("found", "every")), (AUTHORIZER, "")),
    )
    _, short, _ = ask(before, after)
    _, long, _ = ask(before, after, "--all")

    assert "Not shown: " in short
    assert "Not shown: " not in long
    assert len(long) > len(short)


def test_a_resource_that_holds_nothing_yet(write: Write, ask: Ask) -> None:
    spare = ("  Cards:\n", "  Spare: {Type: AWS::SQS::Queue}\n  Cards:\n")
    _, said, _ = ask(write("before"), write("after", spare))

    assert said.splitlines()[0] == "This change adds SQS Spare."
    assert "+ SQS Spare is new\n    template.yaml:13\n" in said


def test_nothing_that_could_be_read_is_no_answer(tmp_path: Path, ask: Ask) -> None:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cdk.json").write_text('{"app": "python app.py"}')
    _, said, _ = ask(tmp_path / "before", tmp_path / "after")

    assert said.splitlines()[0].endswith(" What could not be read may differ.")
    assert "CDK is used" in said


FILTERED = """\
  Told:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [shop], detail-type: [Sent, Lost]}
      Targets: [{Id: list, Arn: !GetAtt List.Arn}]
  Order:
"""


def lock(folder: Path) -> None:
    """Accept a folder's application as it is, with the word of this folder."""
    assert run(["init", str(folder)]) == 0


def test_what_is_only_taken_away_is_no_alarm(write: Write, ask: Ask) -> None:
    before = write("before", (PUT, WIDER))
    lock(before)
    after = write("after")
    for name in ("checkrein.lock", "checkrein.yaml"):
        (after / name).write_text((before / name).read_text())
    said = ask(before, after)[1].splitlines()

    headline = next(line for line in said if line.startswith("This change"))
    assert headline.startswith("This change only takes away: ")
    assert not any(" new or worse" in line for line in said)
    assert (
        "note: checkrein.lock still accepts what is gone; `checkrein accept` takes it out" in said
    )


def test_a_deed_is_told_before_the_lock_that_does_not_know_it(write: Write, ask: Ask) -> None:
    before = write("before")
    lock(before)
    after = write("after", ("            Auth: {Authorizer: People}\n", ""))
    for name in ("checkrein.lock", "checkrein.yaml"):
        (after / name).write_text((before / name).read_text())
    said = ask(before, after)[1]
    headline = next(line for line in said.splitlines() if line.startswith("This change"))

    assert headline.startswith("This change lets anyone use GET /orders")
    assert "[entry-not-in-lock]: anyone may use GET /orders" in said


def test_fewer_who_may_use_a_route_is_taken_away(write: Write, ask: Ask) -> None:
    before = write("before", ("            Auth: {Authorizer: People}\n", ""))
    lock(before)
    after = write("after")
    for name in ("checkrein.lock", "checkrein.yaml"):
        (after / name).write_text((before / name).read_text())
    said = ask(before, after)[1]

    assert (
        "~ GET /orders: anyone -> callers signed in to Staff may use it"
        in said.split("Taken away")[1]
    )
    assert "entry-not-in-lock" not in said


@pytest.mark.parametrize(
    ("before", "after", "headline"),
    [
        ("[Sent, Lost]", "[Lost]", "takes away: Told hands on only what has detail-type Lost"),
        (
            "[Lost]",
            "[Sent, Lost]",
            "makes Told let through detail-type Lost or Sent instead of Lost",
        ),
    ],
)
def test_a_filter_that_lets_in_less_denies_more(
    before: str, after: str, headline: str, write: Write, ask: Ask
) -> None:
    def filtered(types: str) -> tuple[str, str]:
        return ("  Order:\n", FILTERED.replace("[Sent, Lost]", types))

    _, said, _ = ask(write("before", filtered(before)), write("after", filtered(after)))

    assert headline in said.splitlines()[0]


OFF = "State: DISABLED\n      EventPattern"


@pytest.mark.parametrize("on_first", [True, False])
def test_a_rule_that_is_switched_off_hands_on_nothing(
    *, on_first: bool, write: Write, ask: Ask
) -> None:
    rules = (FILTERED, FILTERED.replace("EventPattern", OFF))
    sides = rules if on_first else rules[::-1]
    before, after = (
        write(name, ("  Order:\n", rule))
        for name, rule in zip(("before", "after"), sides, strict=True)
    )
    said = ask(before, after)[1]

    wider, _, less = said.partition("Taken away")
    assert ("~ Told is now switched off" in less) is on_first
    assert ("Told is no longer switched off" in wider) is not on_first
    assert "by its filter" not in said


def test_a_filter_that_lets_in_something_else(write: Write, ask: Ask) -> None:
    before = write("before", ("  Order:\n", FILTERED.replace("[Sent, Lost]", "[Sent]")))
    after = write("after", ("  Order:\n", FILTERED.replace("[Sent, Lost]", "[Lost]")))

    said = ask(before, after)[1]

    assert said.startswith("This change makes Told let through detail-type Lost instead of Sent.")
    assert "~ Told lets through detail-type Lost instead of Sent by its filter" in said


OLD = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]
  First: &function
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs16.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "exports.handler = async () => 1"}
  Second: *function
  Third: *function
"""


def test_a_template_that_is_gone_is_told_before_its_parts(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after")
    (before / "old.yaml").write_text(OLD)

    lines = ask(before, after)[1].splitlines()

    assert lines[0] == "This change only takes away: all of old."


def test_what_is_found_of_several_subjects_is_told_once(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after")
    (before / "old.yaml").write_text(OLD)

    _, all_of_it, _ = ask(before, after, "--all")
    _, new, _ = ask(after, before)

    assert all_of_it.count("nodejs16.x has had no security fixes") == 1
    assert "since 2024-06-12: First, Second and Third (old.yaml:" in all_of_it
    assert "3 findings new or worse" in new


TOLD_TWICE = """\
  Order:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref List, Principal: events.amazonaws.com, SourceArn: SOURCE}
"""


def test_one_of_two_ways_to_do_the_same_that_is_gone(write: Write, ask: Ask) -> None:
    arn = "arn:aws:events:eu-west-1:111122223333:rule/"
    one = TOLD_TWICE.replace("Order", "One").replace("SOURCE", f"{arn}one")
    two = TOLD_TWICE.replace("Order", "Two").replace("SOURCE", f"{arn}two")
    both = write("both", ("  Order:\n", f"{one}{two}  Order:\n"))
    single = write("single", ("  Order:\n", f"{one}  Order:\n"))
    none = write("none")

    said = "events.amazonaws.com may in fewer ways run Lambda List (lambda:InvokeFunction)"
    assert said in ask(both, single, "--all")[1]
    assert "events.amazonaws.com may no longer run Lambda List" in ask(single, none, "--all")[1]


def test_what_moves_to_other_fields_of_the_same_is_neither_new_nor_gone(
    write: Write, ask: Ask
) -> None:
    moved = ('"cardNumber": body["cardNumber"]', '"card": {"cardNumber": body["cardNumber"]}')
    _, said, _ = ask(write("before"), write("after", moved), "--all")

    place = "to DynamoDB Cards (payment card number), to other fields than before"
    assert f"~ Lambda Order moves event.body.cardNumber {place}" in said
    assert "no longer moves" not in said


def test_a_parameter_is_called_by_all_of_its_name(write: Write, ask: Ask) -> None:
    asks = (
        'boto3.client("ssm").get_parameter(Name="/shop/live/key")\n    return {"statusCode": 200}'
    )
    _, said, _ = ask(write("before"), write("after", ('return {"statusCode": 200}', asks)), "--all")

    assert "calls ssm:GetParameter on /shop/live/key" in said


def test_a_condition_that_comes_or_goes_is_a_limit(write: Write, ask: Ask) -> None:
    condition = ", Condition: {StringEquals: {aws:RequestedRegion: eu-west-1}}}"
    limited = write("limited", (PUT, PUT.removesuffix("}") + condition))
    free = write("free")

    assert "OrderRole may only within limits write to DynamoDB Cards" in ask(free, limited)[1]
    freed = "OrderRole may write to DynamoDB Cards without the limits of before"
    assert freed in ask(limited, free)[1]


SERVICE = """\
service: shop
provider: {name: aws, runtime: nodejs22.x}
functions:
  List:
    handler: list.handler
"""
ROUTE = """\
    events:
      - http:
          path: orders
          method: get
          authorizer: {type: CUSTOM, authorizerId: !ImportValue shared-authorizer}
"""


def test_an_authorizer_of_another_stack_has_a_name(tmp_path: Path, ask: Ask) -> None:
    for name, text in (("before", SERVICE), ("after", SERVICE + ROUTE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "serverless.yml").write_text(text)
    _, said, _ = ask(tmp_path / "before", tmp_path / "after")
    assert "GET /orders: callers whom shared-authorizer of another stack lets in may use it" in said
    assert "${" not in said


MOVES = re.compile(r"Lambda Order (no longer )?moves (\S+) to DynamoDB Cards")
MOVING = """\
import boto3, json, os

def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["CARDS"]).put_item(Item=json.loads(event["body"])WHAT)
"""


@pytest.mark.parametrize(
    ("before", "after", "come", "gone"),
    [
        ('["user"]', "", {"event.body"}, set()),  # still moved, as a part of all
        ("", '["user"]', {"event.body.user"}, set()),  # it says more of what it is
        ("", '["day"]', set(), set()),
        ('["user"]', '["users"]', {"event.body.users"}, {"event.body.user"}),
        ('["users"]', '["users"]["list"]', set(), set()),
    ],
)
def test_a_part_of_what_is_moved_is_neither_new_nor_gone(
    before: str, after: str, come: set[str], gone: set[str], write: Write, ask: Ask
) -> None:
    folders = [write("before"), write("after")]
    for folder, what in zip(folders, (before, after), strict=True):
        (folder / "code" / "order.py").write_text(MOVING.replace("WHAT", what))

    told = json.loads(ask(*folders, "--format", "json")[1])["points"]

    moved = MOVES.findall("\n".join(each["text"] for each in told))
    assert {field for no, field in moved if not no} == come
    assert {field for no, field in moved if no} == gone
    less = f"moves only event.body{after} of event.body{before} to DynamoDB Cards"
    less = less.replace('["', ".").replace('"]', "")
    assert any(less in each["text"] for each in told) == (after not in {"", '["users"]'})


CHOOSING = """\
import boto3, os
NAMES = {"dev": "/dev/shop", "test": "/test/shop", "prod": "/prod/shop"}

def handler(event, context):
    name = NAMES[os.environ["STAGE"]]
    boto3.client("ssm").get_parameter(Name=name)
"""


def test_one_call_of_one_of_several_is_one_line(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after")
    (after / "code" / "order.py").write_text(CHOOSING)

    said = ask(before, after, "--all")[1].replace("\n", " ")

    assert (
        "Lambda Order calls ssm:GetParameter on any of /dev/shop, /prod/shop and /test/shop" in said
    )
    assert said.count("calls ssm:GetParameter") == 1


def test_a_finding_at_two_places_names_its_subject_once(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after")
    raising = (
        "    try:\n        event['a']\n    except KIND:\n        return {'body': format_exc()}\n"
    )
    (after / "code" / "order.py").write_text(
        "from traceback import format_exc\n\ndef handler(event, context):\n"
        + raising.replace("KIND", "KeyError")
        + raising.replace("KIND", "ValueError")
    )

    told = json.loads(ask(before, after, "--format", "json")[1])["points"]

    said = [each["text"] for each in told if "[error-in-answer]" in each["text"]]
    assert said == [
        "medium[error-in-answer]: Order answers callers with the stack trace of an error"
    ]
