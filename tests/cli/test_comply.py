"""``checkrein comply``, asked from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run

SHOP = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Payments}
      Environment: {Variables: {PAYMENTS: !Ref Payments}}
      Events: {Post: {Type: HttpApi, Properties: {Path: /pay, Method: post}}}
  Payments:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: graph, AuthenticationType: AWS_IAM}
  Lookup:
    Type: AWS::Nowhere::Thing
"""
CODE = """
import json, os, boto3
table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS"])

def handler(event, context):
    body = json.loads(event["body"])
    table.put_item(Item={"id": body["id"], "cardNumber": body["cardNumber"]})
    boto3.client("bedrock-runtime").invoke_model(modelId="m", body=body["cardNumber"])
    return {"statusCode": 200}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(SHOP)
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["comply", *arguments])
    return code, capsys.readouterr().out


def services(said: str) -> dict[str, dict[str, Any]]:
    [program] = json.loads(said)["programs"]
    return {one["service"]: one for one in program["services"]}


def test_cards_ask_for_pci(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = asked(capsys, str(shop))

    assert code == 0
    assert said.startswith("PCI DSS: no service out of scope holds its data; unknown for Bedrock")
    assert "asked for by the data found: payment card number" in said
    assert "Lambda                   2022-07, AWS services in scope" in said
    assert "fedramp-high" in said  # a line for each of the others


def test_what_holds_and_what_could_hold(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, said = asked(capsys, str(shop), "--program", "pci", "--format", "json")
    found = services(said)

    assert found["DynamoDB"]["holds"] == ["pay.pan"]
    assert found["DynamoDB"]["holding"] == ["template/Payments"]
    assert found["DynamoDB"]["standing"] == "in scope"
    assert found["DynamoDB"]["date"] == "2022-07"
    assert found["Bedrock"]["could"] == ["pay.pan"]
    assert found["Bedrock"]["callers"] == found["Bedrock"]["able"] == ["template/Pay"]
    assert found["Bedrock"]["standing"] == "unknown"
    assert found["AppSync"]["holds"] == []
    assert all(not {*one["holds"]} & {*one["could"]} for one in found.values())
    assert found["Nowhere"]["note"] == "checkrein does not know on which list to look"
    assert next(iter(found)) == "Bedrock"  # unknown, with the data, before all that is in scope


def test_a_service_out_of_scope_that_holds_the_data_fails(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = tmp_path / "newer.csv"
    newer.write_text("service,pci\nDynamoDB,N@2026-11\nAppSync,N@2026-11\n")
    code, said = asked(capsys, str(shop), "--program", "pci", "--table", str(newer))

    assert code == 1
    assert said.startswith("PCI DSS: DynamoDB holds its data and is not in scope\n")
    assert said.index("DynamoDB  ") < said.index("AppSync  ")


def test_out_of_scope_without_the_data_does_not_fail(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = asked(capsys, str(shop), "--program", "fedramp-high")

    assert code == 0
    assert "AppSync                  2026-04, FedRAMP Marketplace (GSA)" in said
    assert "Class D" in said
    _, said = asked(capsys, str(shop), "--program", "fedramp-high", "--format", "json")
    order = list(services(said))
    assert order.index("DynamoDB") < order.index("AppSync") < order.index("Nowhere")
    assert order.index("Nowhere") < order.index("IAM")


def test_wrong_use(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comply", str(shop), "--program", "pcii"]) == 2
    assert "no program is called 'pcii'; there are pci, hipaa" in capsys.readouterr().err
