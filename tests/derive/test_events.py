"""Which events of a bus come to whom: by source and kind, as senders and rules say them."""

from collections.abc import Callable

import pytest

from checkrein.derive.surface import lines
from checkrein.model import App, Element, Flow, Kind

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
  Kept: {Type: AWS::DynamoDB::Table, Properties: {TableName: kept}}
  People:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: people.handler, CodeUri: src}
  Payments:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: payments.handler
      CodeUri: src
      Environment: {Variables: {SOURCE: payments}}
  Keeper:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: keeper.handler
      CodeUri: src
      Environment: {Variables: {TABLE: !Ref Kept}}
      Events:
        Told:
          Type: EventBridgeRule
          Properties: {EventBusName: !Ref Bus, Pattern: PATTERN}
"""
PEOPLE = """
import json, boto3
def handler(event, context):
    boto3.client("events").put_events(Entries=[{
        "EventBusName": "bus", "Source": "people", "DetailType": "came",
        "Detail": json.dumps({"first_name": event["a"]}),
    }])
"""
PAYMENTS = """
import json, os, boto3
def handler(event, context):
    boto3.client("events").put_events(Entries=[{
        "EventBusName": "bus", "Source": SOURCE, "DetailType": "went",
        "Detail": json.dumps({"iban": event["b"]}),
    }])
"""
KEEPER = """
import os, boto3
def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=event["detail"])
"""
NAME, ACCOUNT = "pii.name", "bank.account"


def kept(app: App, node: str = "template/Kept") -> set[str]:
    return {e.data for e in app.every(Element) if e.slot.node == node} & {NAME, ACCOUNT}


def app_of(derived: Scan, pattern: str, source: str = '"payments"') -> App:
    return derived({
        "template.yaml": TEMPLATE.replace("PATTERN", pattern),
        "src/people.py": PEOPLE,
        "src/payments.py": PAYMENTS.replace("SOURCE", source, 1),
        "src/keeper.py": KEEPER,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{source: [people]}", {NAME}),
        ("{source: [payments]}", {ACCOUNT}),
        ("{detail-type: [went]}", {ACCOUNT}),
        ("{source: [people, payments]}", {NAME, ACCOUNT}),
        ("{source: [people], detail-type: [went]}", set()),
        ("{source: [{prefix: p}]}", {NAME, ACCOUNT}),
        ("{source: [people, {prefix: pay}]}", {NAME, ACCOUNT}),
        ("{detail: {a: [b]}}", {NAME, ACCOUNT}),
    ],
)
def test_only_events_that_a_rule_lets_through_come(
    derived: Scan, pattern: str, expected: set[str]
) -> None:
    app = app_of(derived, pattern)

    assert kept(app) == expected
    assert kept(app, "template/Bus") == {NAME, ACCOUNT}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('os.environ["SOURCE"]', {NAME}),  # the template says that it is another
        ('event["source"]', {NAME, ACCOUNT}),
        ('"people" if event["c"] else "payments"', {NAME, ACCOUNT}),
    ],
)
def test_a_source_that_is_not_told_may_be_any(
    derived: Scan, source: str, expected: set[str]
) -> None:
    assert kept(app_of(derived, "{source: [people]}", source)) == expected


def test_what_a_receiver_reads_is_told_of_its_own_events_only(derived: Scan) -> None:
    """Another's receiver, which keeps all of its events, does not get the field."""
    template = (
        TEMPLATE.replace("PATTERN", "{source: [payments]}")
        + """
  Greeter:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: greeter.handler
      CodeUri: src
      Events:
        Told:
          Type: EventBridgeRule
          Properties: {EventBusName: !Ref Bus, Pattern: {source: [people]}}
"""
    )
    greeter = 'def handler(event, context):\n    print(event["detail"]["user"]["first_name"])\n'
    quiet = PEOPLE.replace('{"first_name": event["a"]}', 'event["a"]')

    app = derived({
        "template.yaml": template,
        "src/people.py": quiet,
        "src/payments.py": PAYMENTS.replace("SOURCE", '"payments"', 1),
        "src/keeper.py": KEEPER,
        "src/greeter.py": greeter,
    })  # fmt: skip

    assert kept(app) == {ACCOUNT}
    assert kept(app, "template/Bus") == {NAME, ACCOUNT}


RELAYED = """
  Other: {Type: AWS::Events::EventBus, Properties: {Name: other}}
  On:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {source: [people, payments]}
      Targets: [{Id: on, Arn: !GetAtt Other.Arn}]
"""


def test_an_event_is_the_same_on_the_next_bus(derived: Scan) -> None:
    template = TEMPLATE.replace("{EventBusName: !Ref Bus,", "{EventBusName: !Ref Other,")

    app = derived({
        "template.yaml": template.replace("PATTERN", "{source: [payments]}") + RELAYED,
        "src/people.py": PEOPLE,
        "src/payments.py": PAYMENTS.replace("SOURCE", '"payments"', 1),
        "src/keeper.py": KEEPER,
    })  # fmt: skip

    assert kept(app, "template/Other") == {NAME, ACCOUNT}
    assert kept(app) == {ACCOUNT}


def test_a_flow_says_which_events_it_moves(derived: Scan) -> None:
    app = app_of(derived, "{source: [people]}")

    said = {flow.target.node: flow.events for flow in app.every(Flow) if flow.events}
    assert said["template/Keeper"] == (("source", ("people",)),)
    assert said["template/Bus"][-1][0] == "detail-type"


ASKING = """
import requests
def handler(event, context):
    known = requests.get("https://cards.example.com/latest").json()
    requests.get("https://cards.example.com/" + event["card_number"])
    requests.get("https://cards.example.com/" + known["number"])
"""


def test_an_address_says_nothing_of_what_another_call_puts_into_it(derived: Scan) -> None:
    app = derived({
        "template.yaml": """
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: ask.handler, CodeUri: src}
""",
        "src/ask.py": ASKING,
    })  # fmt: skip

    said = {line.key: line.values for line in lines(app) if line.kind is Kind.FLOW}
    host = "host:cards.example.com"
    assert said[f"event.card_number -> {host} url"] == ("pay.pan",)
    assert said[f"{host} response.number -> {host} url"] == ()
