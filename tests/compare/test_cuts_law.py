"""The law of cuts: exactly the irreducible sets, as an exhaustive search with whole derivations."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein import derive
from checkrein.compare.cuts.proof import without
from checkrein.compare.cuts.search import Goal, Limit, Search
from checkrein.compare.cuts.world import Worlds, parts_of
from checkrein.model import App, Row
from checkrein.pipeline import reading

STORES = {
    "Customers": ("dynamodb", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:*"]),
    "Files": ("s3", ["s3:GetObject", "s3:PutObject", "s3:*"]),
    "Mails": ("sqs", ["sqs:ReceiveMessage", "sqs:SendMessage"]),
}
SMALL = 7  # things to take away, of which all sets of four are tried
CODE = {
    "Reader": 'boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["x"]})',
    "Mailer": 'boto3.client("s3").get_object(Bucket="pages", Key="a")',
}


def template(grants: list[tuple[str, str, int]], parts: frozenset[str]) -> str:
    """Return an application of two functions with some rights, and other parts; JSON is YAML.

    With "idle" there is a role that nobody runs as, and Reader may become; with "open" anyone may
    write some files; with "conditional" a right stands under a condition.
    """
    resources: dict[str, Any] = {
        "Customers": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "customers",
                "AttributeDefinitions": [{"AttributeName": "email", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
            },
        },
        "Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}},
        "Mails": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "mails"}},
    }
    for name, line in CODE.items():
        said = [statement(action, store) for who, store, at in grants if who == name
                for action in [STORES[store][1][at % len(STORES[store][1])]]]  # fmt: skip
        if "takeover" in parts and name == "Mailer":
            said.append({
                "Effect": "Allow",
                "Action": "lambda:UpdateFunctionCode",
                "Resource": {"Fn::GetAtt": ["Reader", "Arn"]},
            })  # fmt: skip
        said.append({"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
                     "Resource": {"Fn::GetAtt": ["Customers", "Arn"]}})  # fmt: skip
        if "conditional" in parts and name == "Mailer":
            other = [statement("s3:PutObject", "Files"), {"Ref": "AWS::NoValue"}]
            said.append({"Fn::If": ["Wide", *other]})
        if "idle" in parts and name == "Reader":
            arn = {"Fn::GetAtt": ["Keeper", "Arn"]}
            said.append({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn})
        resources[f"{name}Role"] = role(said)
        resources[name] = function(name, line)
    if "idle" in parts:
        keeper = role([statement("dynamodb:*", "Customers"), statement("s3:PutObject", "Files")])
        trusted = {"AWS": {"Fn::GetAtt": ["ReaderRole", "Arn"]}}
        keeper["Properties"]["AssumeRolePolicyDocument"] = {
            "Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}]
        }
        resources["Keeper"] = keeper
    if "open" in parts:
        resources["Policy"] = opened()
    if "trigger" in parts:
        resources["Mapping"] = {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Mails", "Arn"]},
                "FunctionName": {"Ref": "Mailer"},
            },
        }
    return json.dumps({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"Wide": {"Fn::Equals": [{"Ref": "Stage"}, "test"]}},
        "Resources": resources,
    })  # fmt: skip


def opened() -> dict[str, Any]:
    """Return a policy by which anyone may write two parts of a bucket."""
    said = [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject",
         "Resource": {"Fn::Sub": f"${{Files.Arn}}/{part}/*"}}
        for part in "ab"
    ]  # fmt: skip
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Files"}, "PolicyDocument": {"Statement": said}},
    }


def statement(action: str, store: str) -> dict[str, Any]:
    whole = {"Fn::GetAtt": [store, "Arn"]}
    parts = [whole, {"Fn::Sub": f"${{{store}.Arn}}/*"}] if store == "Files" else whole
    return {"Effect": "Allow", "Action": action, "Resource": parts}


def role(statements: list[Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = {"PolicyName": "own", "PolicyDocument": document}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {}, "Policies": [policy]},
    }


def function(name: str, line: str) -> dict[str, Any]:
    text = f"import boto3\ndef handler(event, context):\n    return {line}\n"
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]},
            "Code": {"ZipFile": text},
        },
    }


def read(text: str) -> tuple[App, App, Worlds]:
    """Return what is read of a template, what is derived from it, and its worlds."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.json").write_text(text)
        facts = App(reading.read([Path(folder)], lambda _: None).facts)
        app = derive.derive(facts)
        return facts, app, Worlds(facts, app, Path(folder))


PARTS = ("trigger", "takeover", "idle", "open", "conditional")
GRANTS = st.lists(
    st.tuples(st.sampled_from(list(CODE)), st.sampled_from(list(STORES)), st.integers(0, 2)),
    min_size=1,
    max_size=4,
    unique=True,
)


@pytest.mark.parametrize("store", ["Files", "Mails"])
@settings(max_examples=5)
@given(
    grants=GRANTS,
    parts=st.frozensets(st.sampled_from(PARTS)),
    switching=st.booleans(),
)
def test_cuts_are_the_irreducible_sets(
    store: str,
    grants: list[tuple[str, str, int]],
    parts: frozenset[str],
    *,
    switching: bool,
) -> None:
    facts, app, worlds = read(template(grants, parts))
    row = next(row for row in app.every(Row) if row.id.endswith(store))
    search = Search(worlds, switching=switching)
    excess = frozenset(row.potential) - frozenset(row.intended) - frozenset(row.coded)
    nodes = parts_of(row.id, row.type)
    goal = Goal(nodes, excess - search.everything(Goal(nodes, excess)))
    found = set(search.cuts(goal, Limit(60, enough=1000))) if goal.wanted else set()
    most = 4 if len(search.useful()) <= SMALL else 2
    small = {cut for cut in found if len(cut) <= most}
    assert small == set(exhaustive(facts, row.id, search, goal, most))


def exhaustive(
    facts: App, row: str, search: Search, goal: Goal, most: int
) -> Iterator[frozenset[str]]:
    """Yield the irreducible sets of some size, by deriving without every set there is."""
    if not goal.wanted:
        return
    keys = [each.key for each in search.useful()]
    enough: list[frozenset[str]] = []
    for size in range(1, most + 1):
        for some in combinations(keys, size):
            cut = frozenset(some)
            if not is_one_form(search, cut):
                continue
            after = without(facts, [search.all[key] for key in cut])
            now = next(each for each in after.every(Row) if each.id == row)
            if not goal.wanted & frozenset(now.potential):
                enough.append(cut)
    for cut in enough:
        others = (other for other in enough if other != cut)
        if not any(is_less(search, other, cut) for other in others):
            yield cut


def is_one_form(search: Search, cut: frozenset[str]) -> bool:
    """Tell whether a set takes each statement away in one form, or items of one list."""
    for left, right in combinations([search.all[key] for key in cut], 2):
        if left.key == right.whole or right.key == left.whole:
            return False
        same = left.whole and left.whole == right.whole
        if same and {c.operation for c in (*left.changes, *right.changes)} != {"remove"}:
            return False
    return True


def is_less(search: Search, small: frozenset[str], large: frozenset[str]) -> bool:
    return all(key in large or search.all[key].whole in large for key in small)
