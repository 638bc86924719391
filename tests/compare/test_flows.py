"""``checkrein flows`` from outside: what it says of an app, a function, a class and a resource."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run

# Orders come in by an API, go through a queue and a table, and out to a host, a log and callers.
SHOP = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, Handler: index.handler}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Parcels:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 3}
  Lost:
    Type: AWS::SQS::Queue
  TakeOrder:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {ORDERS: !Ref Orders, PARCELS: !Ref Parcels}}
      InlineCode: |
        import boto3, json, os
        def handler(event, context):
            order = json.loads(event["body"])
            boto3.resource("dynamodb").Table(os.environ["ORDERS"]).put_item(
                Item={"id": order["id"], "email": order["email"], "sum": order["price"] * 1.2})
            parcel = {"home_address": order["home_address"], "full_name": order["full_name"]}
            boto3.client("sqs").send_message(
                QueueUrl=os.environ["PARCELS"], MessageBody=json.dumps(parcel))
            return {"statusCode": 200}
      Events:
        Order: {Type: Api, Properties: {Path: /orders, Method: post}}
  ShowOrder:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {ORDERS: !Ref Orders}}
      InlineCode: |
        import boto3, os
        def handler(event, context):
            key = {"id": event["pathParameters"]["id"]}
            found = boto3.resource("dynamodb").Table(os.environ["ORDERS"]).get_item(Key=key)
            return {"statusCode": 200, "body": {"email": found["Item"]["email"]}}
      Events:
        Show: {Type: Api, Properties: {Path: "/orders/{id}", Method: get}}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        import json, os, requests
        def handler(event, context):
            for record in event["Records"]:
                parcel = json.loads(record["body"])
                print(parcel["full_name"])
                requests.post("https://api.parcel.example/send", json={"to": parcel["home_address"]})
                os.system("label " + parcel["full_name"])
      Events:
        Parcel: {Type: SQS, Properties: {Queue: !GetAtt Parcels.Arn}}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flows")
    (folder / "shop.yaml").write_text(SHOP)
    return folder


@pytest.fixture
def told(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask for flows, and return what is printed; the exit code must be 0."""
    monkeypatch.setenv("COLUMNS", "200")

    def ask(*arguments: str) -> str:
        code = run(["flows", *arguments, "--in", str(shop)])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, "")
        return printed.out

    return ask


def at(text: str) -> str:
    """Return the place of a text in the template."""
    return f"shop.yaml:{line(text)}"


def line(text: str) -> int:
    return next(n for n, line in enumerate(SHOP.splitlines(), 1) if text in line)


def test_an_app_is_told_function_by_function_with_places_and_data(told: Any) -> None:
    printed = told().splitlines()

    assert printed[0] == "13 flows of data, 3 functions"
    start = printed.index("TakeOrder  POST /orders (anyone)  shop.yaml")
    assert printed[start : start + 8] == [
        "TakeOrder  POST /orders (anyone)  shop.yaml",
        f"  to Parcels (sqs:SendMessage, {at('.send_message(')})",
        "      body.home_address -> home_address  postal address",
        "      body.full_name -> full_name        name of a person",
        f"  to Orders (dynamodb:PutItem, {at('.put_item(')})",
        "      body.email -> email           e-mail address",
        "      body.price -> sum (computed)  price or amount",
        "      body.id -> id                 orders and purchases",
    ]


def test_uses_inside_the_process_are_ends_and_stand_first(told: Any) -> None:
    printed = told().splitlines()

    start = printed.index("Ship  queue Parcels  shop.yaml")
    assert printed[start + 1 : start + 3] == [
        f"  to os.system (command, {at('os.system')})",
        "      Parcels.full_name -> command  name of a person, goods and offers; chosen by anyone",
    ]


def test_a_class_is_followed_from_its_entry_through_queue_and_table(told: Any) -> None:
    head, empty, *tree = told("pii.address").splitlines()
    given = f"given to Ship at {at('Parcel: {')}"

    assert head == "postal address: from 1 place to Parcels, Lost and api.parcel.example"
    assert empty == ""
    assert tree == [
        f"POST /orders body.home_address  postal address  anyone, {at('Order: {')}",
        f"  -> Parcels.home_address  (TakeOrder, sqs:SendMessage, {at('.send_message(')})",
        f"    -> Lost.home_address  (Parcels gives up messages to Lost, {at('Redrive')})",
        f"    -> api.parcel.example body.to  ({given}, POST, {at('requests.post')})",
    ]


def test_a_function_stands_in_chains_from_entry_to_the_last_place(told: Any) -> None:
    answered = ", ".join(["ShowOrder", at('"body": {'), at("Show: {")])

    assert told("ShowOrder").splitlines()[2:] == [
        f"POST /orders body.email  e-mail address  anyone, {at('Order: {')}",
        f"  -> Orders.email  (TakeOrder, dynamodb:PutItem, {at('.put_item(')})",
        f"    -> the caller of GET /orders/{{id}} body.email  ({answered})",
    ]


def test_programs_get_flows_and_chains(told: Any) -> None:
    found = json.loads(told("pii.email", "--format", "json"))

    assert (found["schema"], found["subject"], found["kind"]) == (1, "pii.email", "data")
    (written,) = (each for each in found["flows"] if each["to"] == "Orders.email")
    assert written["source"] == {"node": "shop/TakeOrder", "path": "event.body.email"}
    assert written["target"] == {"node": "shop/Orders", "path": "email"}
    assert (written["via"], written["data"], written["certain"]) == (
        "shop/TakeOrder",
        ["pii.email"],
        True,
    )
    assert written["steps"] == [
        {
            "text": "TakeOrder puts event.body.email into Orders (dynamodb:PutItem)",
            "path": "shop.yaml",
            "line": line(".put_item("),
        }
    ]
    (chain,) = found["chains"]
    ends = [found["flows"][number] for number in chain["flows"]]
    assert [f"{each['from']} > {each['to']}" for each in ends] == [
        "POST /orders body.email > Orders.email",
        "Orders.email > the caller of GET /orders/{id} body.email",
        "the answer of ShowOrder > ServerlessRestApi.response",
    ]


def test_the_same_question_has_the_same_answer_byte_for_byte(told: Any) -> None:
    assert told("--format", "json") == told("--format", "json")


EDGE = re.compile(r'  n\d+ (-->|-\.->)(\|"[^"|<>\[\]{}]*"\|)? n\d+')
NODE = re.compile(r'  (  )?n\d+[\[({>]+/?"[^"<>\[\]{}]*"/?[\])}]+')
FRAME = re.compile(r'  subgraph d\d+\["[^"]*"\]|  end')


def test_a_picture_is_a_mermaid_flowchart(told: Any) -> None:
    first, *lines = told("--format", "mermaid").splitlines()

    assert first == "flowchart LR"
    assert [line for line in lines if not any(p.fullmatch(line) for p in (EDGE, NODE, FRAME))] == []
    names = {m[1]: m[2] for m in re.finditer(r'(n\d+)[^"\n]*"([^"]*)"[\])/}]', "\n".join(lines))}
    edges = [re.fullmatch(r"  (n\d+) \S+?(?:\|\"(.*)\"\|)? (n\d+)", line) for line in lines]
    said = {(names[e[1]], e[2], names[e[3]]) for e in edges if e}
    assert ("ServerlessRestApi", "POST /orders", "TakeOrder") in said
    assert ("TakeOrder", "postal address, name of a person", "Parcels") in said
    assert ("Ship", "postal address", "api.parcel.example") in said
    assert ("Ship", "name of a person, goods and offers", "command in Ship") in said


def test_a_picture_of_a_class_names_no_other(told: Any) -> None:
    printed = told("pii.email", "--format", "mermaid")

    assert "e-mail address" in printed
    assert "postal address" not in printed


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("TakeOrders", "nothing here is called TakeOrders; did you mean TakeOrder"),
        ("TakeOrderRole", "TakeOrderRole is a role: data flows through functions"),
    ],
)
def test_wrong_words_get_one_sentence(
    word: str, said: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["flows", word, "--in", str(shop)])

    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert said in error


def test_a_class_that_nobody_moves_is_said_in_one_line(told: Any) -> None:
    assert told("phi.record") == "no data flow of phi.record was seen in code or wiring\n"


def test_explaining_a_class_lists_every_place_with_the_way_there(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["explain", "pii.name", "--in", str(shop), "--format", "json"])
    goes = json.loads(capsys.readouterr().out)["parts"]["goes"]

    assert [way["text"] for way in goes] == [
        "it goes from POST /orders body.full_name to os.system (command)",
        "it goes from POST /orders body.full_name to the log of Ship",
        "it goes from POST /orders body.full_name to Parcels",
        "it goes from POST /orders body.full_name to Lost",
    ]
    assert [step["place"]["line"] for step in goes[0]["steps"]] == [
        line(text) for text in (".send_message(", "Parcel: {", "os.system(")
    ]


HANDED_ON = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: nodejs22.x, Handler: index.handler}
Resources:
  Visits:
    Type: AWS::SQS::Queue
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {VISITS: !Ref Visits}}
      InlineCode: |
        const { SQS } = require("@aws-sdk/client-sqs");
        exports.handler = async (event) => {
          const { who } = JSON.parse(event.body);
          await new SQS().sendMessage({ QueueUrl: process.env.VISITS, MessageBody: JSON.stringify({ who }) });
        };
      Events:
        Visit: {Type: Api, Properties: {Path: /visits, Method: post}}
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        exports.handler = async (event) => {
          for (const record of event.Records) console.log(JSON.parse(record.body).who.email);
        };
      Events:
        Visit: {Type: SQS, Properties: {Queue: !GetAtt Visits.Arn}}
"""


def test_what_only_a_later_reader_names_is_followed_back_to_its_entry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "visits.yaml").write_text(HANDED_ON)

    run(["flows", "pii.email", "--in", str(tmp_path)])

    printed = capsys.readouterr().out.splitlines()
    assert [line.partition("  (")[0].partition("  e-mail")[0] for line in printed[2:]] == [
        "POST /visits body.who.email",
        "  -> Visits.who.email",
        "    -> the log of Greet",
    ]


def test_a_chain_is_only_as_certain_as_its_flows(told: Any) -> None:
    price = json.loads(told("fin.price", "--format", "json"))["chains"]
    email = json.loads(told("pii.email", "--format", "json"))["chains"]

    assert [chain["certain"] for chain in price] == [False]
    assert [chain["certain"] for chain in email] == [True]
    assert "-> Orders.sum, computed  (TakeOrder" in told("fin.price")
