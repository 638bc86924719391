"""Who may choose what goes round: content that is read, changed and written back."""

import time
from collections.abc import Callable

from checkrein.derive.content import flows
from checkrein.model import App, Element, Flow, Taint

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Resources:
  Items: {Type: AWS::DynamoDB::Table}
  Start:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: start.handler
      CodeUri: src
      Events: {Api: {Type: HttpApi, Properties: {Path: /items, Method: post}}}
      Environment: {Variables: {ITEMS: !Ref Items}}
  Round:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: round.handler
      CodeUri: src
      Environment: {Variables: {ITEMS: !Ref Items}}
"""
START = """
import json, os, boto3
table = boto3.resource("dynamodb").Table(os.environ["ITEMS"])
def handler(event, context):
    table.put_item(Item={"id": "1", "field0": json.loads(event["body"])["text"]})
"""
ROUND = """
import os, subprocess, boto3, mergers
table = boto3.resource("dynamodb").Table(os.environ["ITEMS"])
def handler(event, context):
    row = table.get_item(Key={"id": "1"})["Item"]
    table.put_item(Item=mergers.merge(FIELDS))
    subprocess.run(row["field0"], shell=True)
"""
MANY = 40
COPIES = "template/Copies"
SECONDS = 5  # of processor time; it took minutes, for paths like field0.field7.field3.field9


def test_content_that_goes_round_is_followed_to_its_end(derived: Scan) -> None:
    fields = ", ".join(f'row["field{n}"]' for n in range(MANY))
    began = time.process_time()

    app = derived(
        {
            "template.yaml": TEMPLATE,
            "src/start.py": START,
            "src/round.py": ROUND.replace("FIELDS", fields),
        }
    )

    assert time.process_time() - began < SECONDS
    found = {
        (each.enters.rpartition("/")[2], each.field.path)
        for each in app.every(Taint)
        if each.function.endswith("Round") and each.argument == "args"
    }
    assert ("Start", "event.body.text") in found


BUS = """
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
"""
STEP = """
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: {module}.handler
      CodeUri: src
      Events:
        Told:
          Type: EventBridgeRule
          Properties: {{EventBusName: !Ref Bus, Pattern: {{detail-type: [told]}}}}
"""
PUT = """
import json, boto3, requests
def handler(event, context):
    boto3.client("events").put_events(Entries=[{
        "EventBusName": "bus", "Source": "shop", "DetailType": "told", "Detail": json.dumps(DETAIL),
    }])
"""
FIELDS = '"first_name": event["a"], "email": event["b"], "phone_number": event["c"]'
DETAILS = {
    "Start": f"{{{FIELDS}}}",
    "User": '{"user": event["detail"]}',
    "Client": '{"client": event["detail"]}',
    "Person": '{"person": event["detail"]}',
}


def test_an_event_in_which_events_are_wrapped_is_not_wrapped_without_end(derived: Scan) -> None:
    files = {
        f"src/{name.lower()}.py": PUT.replace("DETAIL)", f"{detail})")
        for name, detail in DETAILS.items()
    }
    steps = "".join(STEP.format(name=name, module=name.lower()) for name in DETAILS)

    app = derived({"template.yaml": BUS + steps, **files})

    names = {
        each.slot.path
        for each in app.every(Element)
        if each.slot.node == "template/Bus" and each.data == "pii.name"
    }
    assert names == {"first_name", "user.first_name", "client.first_name", "person.first_name"}


def test_code_that_computes_each_part_from_every_part_has_few_flows(derived: Scan) -> None:
    every = ", ".join(f'row["field{n}"]["email"]' for n in range(MANY))
    parts = ", ".join(f'"part{n}": {{"of": mergers.merge({every})}}' for n in range(MANY))
    copying = f"""
import os, boto3, mergers
items = boto3.resource("dynamodb").Table(os.environ["ITEMS"])
copies = boto3.resource("dynamodb").Table("copies")
def handler(event, context):
    row = items.get_item(Key={{"id": "1"}})["Item"]
    copies.put_item(Item={{"id": "1", {parts}}})
"""
    copies = "  Copies: {Type: AWS::DynamoDB::Table, Properties: {TableName: copies}}"
    start = START.replace('json.loads(event["body"])["text"]', '{"email": "a@example.com"}')

    app = derived(
        {"template.yaml": f"{TEMPLATE}{copies}", "src/start.py": start, "src/round.py": copying}
    )

    ways = [
        f for f in app.every(Flow) if (f.source.node, f.target.node) == ("template/Items", COPIES)
    ]
    assert 0 < len(ways) <= flows.MOST_WAYS
    held = {e.data for e in app.every(Element) if e.slot.node == COPIES}
    assert "pii.email" in held


PARTS = 20  # of what is sent and of what is kept: more pairs than flows keep apart
MANY_WAYS = """
import os, boto3, mergers
copies = boto3.resource("dynamodb").Table("copies")
def handler(event, context):
    user = event["user"]
    PARTS
    known = event["all"]
    rest = {key: value for key, value in known.items() if key != "email"}
    copies.put_item(Item={"id": "1", "a": {"b": {"c": {"d": {"less": rest, "whole": known}}}}})
"""


def test_what_is_told_less_deep_keeps_its_places_and_loses_no_field(derived: Scan) -> None:
    every = ", ".join(f'user["field{n}"]' for n in range(PARTS))
    parts = ", ".join(f'"part{n}": {{"of": mergers.merge({every})}}' for n in range(PARTS))
    put = f'copies.put_item(Item={{"id": "1", {parts}}})'
    code = MANY_WAYS.replace("PARTS", f"{put}\n    {put}")
    copies = "  Copies: {Type: AWS::DynamoDB::Table, Properties: {TableName: copies}}"

    app = derived(
        {"template.yaml": f"{TEMPLATE}{copies}", "src/round.py": code, "src/start.py": ""}
    )

    ways = [flow for flow in app.every(Flow) if flow.target.node == COPIES]
    of_user = [flow for flow in ways if ".user" in flow.source.path]
    whole = [flow for flow in ways if flow.source.path.endswith("all") and not flow.lacking]
    assert len({flow.evidence[0].place.line for flow in of_user}) == 2
    assert len({(flow.source, flow.target) for flow in ways}) <= flows.MOST_WAYS
    assert whole


def test_many_lines_that_say_the_same_fields_say_them_as_deep_as_they_are(derived: Scan) -> None:
    said = ", ".join(f'event["user"]["a"]["b"]["c"]["field{n}"]' for n in range(PARTS))
    lines = "\n".join(f"    print({said})" for _ in range(PARTS))
    code = f"def handler(event, context):\n{lines}\n"

    app = derived({"template.yaml": TEMPLATE, "src/round.py": code, "src/start.py": ""})

    ways = [flow for flow in app.every(Flow) if flow.target.node.endswith("Round@logs")]
    assert len({flow.evidence[0].place.line for flow in ways}) == PARTS
    assert len({flow.source.path for flow in ways}) == PARTS
