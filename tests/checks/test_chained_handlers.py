"""Handlers that serverless-middleware runs before others: what they refuse gets no further."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.asked import JAVASCRIPT, told

SERVICE = """service: shop
plugins: [PLUGIN]
provider:
  name: aws
  runtime: nodejs22.x
  iam: {role: {statements: [{Effect: Allow, Action: ['dynamodb:*'], Resource: '*'}]}}
custom: CUSTOM
functions:
  save:
    RUNS
    events: [{httpApi: {path: '/customers/{id}', method: post}}]
resources:
  Resources:
    Customers:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: customers
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
"""
OWN = "handler: src/app.handler"
PRE = "{middleware: {pre: [src/first.check]}}"
ASKS = "if (event.headers['x-api-key'] !== process.env.API_KEY) throw new Error('no');"
MAY = "if (!(await rules.decide(event.path))) throw new Error('no');"
ENDS = "if (!(await rules.decide(event.path))) context.end();"
TELLS = "console.log(event.path);"


@pytest.mark.parametrize(
    ("custom", "runs", "first", "expected"),
    [
        ("{}", OWN, ASKS, "open"),
        (PRE, OWN, ASKS, "known"),
        (PRE, OWN, MAY, "perhaps"),
        (PRE, OWN, ENDS, "perhaps"),
        (PRE, OWN, TELLS, "open"),
        (PRE.replace("first", "gone"), OWN, TELLS, "perhaps"),
        ("{}", "middleware: [src/first.check, {then: src/app.handler}]", ASKS, "known"),
        ("{}", "handler: [src/first.check, src/app.handler, {catch: src/app.no}]", ASKS, "known"),
        ("{}", "handler: [src/first.check, src/app.handler]", TELLS, "open"),
    ],
)
def test_what_runs_first_may_ask(
    tmp_path: Path, custom: str, runs: str, first: str, expected: str
) -> None:
    assert chained(tmp_path, custom, runs, first) == expected


def test_without_the_plugin_nothing_runs_first(tmp_path: Path) -> None:
    assert chained(tmp_path, PRE, OWN, ASKS, plugin="serverless-offline") == "open"


def chained(
    root: Path, custom: str, runs: str, first: str, plugin: str = "serverless-middleware"
) -> str:
    service = SERVICE.replace("CUSTOM", custom).replace("RUNS", runs).replace("PLUGIN", plugin)
    code = f"module.exports.check = async (event, context) => {{ {first} }};"
    own = f"{JAVASCRIPT}module.exports.handler = (event) => save(event);"
    files = {"serverless.yml": service, "src/first.js": code, "src/app.js": own}
    return told(root, files)
